package cache

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"

	"github.com/maypok86/otter/v2"
	"github.com/redis/go-redis/v9"
)

// documentPrefix begins the key of a document in Redis. The rest is its hash, which is checked when it comes back.
const documentPrefix = "sidereal:document:1:"

// DocumentsConfig says how much is kept and where.
type DocumentsConfig struct {
	MaxDocuments int    // in the process; at least 1
	MaxBytes     int    // of their texts, in the process; a longer document is not kept at all
	RedisURL     string // of the level that processes share; empty for none
	Log          *slog.Logger
}

// Documents keeps the texts of GraphQL documents by their SHA-256, in hexadecimal digits of lower case. It implements document.Store of the room graph.
type Documents struct {
	maxBytes int
	local    *otter.Cache[string, string]
	shared   *shared // nil without Redis
}

// NewDocuments returns an empty store.
func NewDocuments(cfg DocumentsConfig) (*Documents, error) {
	if cfg.MaxDocuments < 1 || cfg.MaxBytes < 1 {
		return nil, errors.New("cache: documents need room for at least one")
	}

	// An entry weighs its text, and at least its share of the whole: so that both bounds hold.
	share := (cfg.MaxBytes + cfg.MaxDocuments - 1) / cfg.MaxDocuments

	d := &Documents{maxBytes: cfg.MaxBytes, local: otter.Must(&otter.Options[string, string]{
		MaximumWeight: uint64(cfg.MaxBytes),
		Weigher:       func(_, text string) uint32 { return uint32(max(len(text), share)) },
	})}

	if cfg.RedisURL != "" {
		var err error

		if d.shared, err = newShared(cfg.RedisURL, cfg.Log); err != nil {
			return nil, err
		}
	}

	return d, nil
}

// Close closes the connection to Redis.
func (d *Documents) Close() error {
	if d.shared == nil {
		return nil
	}

	if err := d.shared.client.Close(); err != nil {
		return fmt.Errorf("cache: close: %w", err)
	}

	return nil
}

// Get returns the document with that hash. One from Redis is believed only when it has it.
func (d *Documents) Get(ctx context.Context, hash string) (text string, ok bool) {
	if text, ok = d.local.GetIfPresent(hash); ok || d.shared == nil {
		return text, ok
	}

	d.shared.attempt(ctx, func(ctx context.Context) (err error) {
		if text, err = d.shared.client.Get(ctx, documentPrefix+hash).Result(); errors.Is(err, redis.Nil) {
			return nil
		}

		return err
	})

	if sum := sha256.Sum256([]byte(text)); hex.EncodeToString(sum[:]) != hash {
		return "", false
	}

	d.keepLocal(hash, text)

	return text, true
}

// Set keeps a document under its hash.
func (d *Documents) Set(ctx context.Context, hash, text string) {
	if _, kept := d.local.GetIfPresent(hash); kept || len(text) > d.maxBytes {
		return
	}

	d.keepLocal(hash, text)

	if d.shared != nil {
		d.shared.attempt(ctx, func(ctx context.Context) error {
			return d.shared.client.Set(ctx, documentPrefix+hash, text, redisExpiry).Err()
		})
	}
}

func (d *Documents) keepLocal(hash, text string) {
	if len(text) <= d.maxBytes {
		d.local.Set(hash, text)
	}
}
