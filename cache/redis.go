package cache

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"sidereal/chart"
)

const (
	// redisTimeout bounds what a request may lose to a Redis that does not answer. The database behind it takes about a millisecond.
	redisTimeout = 100 * time.Millisecond
	// redisPause is how long a Redis that failed is left alone.
	redisPause = time.Second
	// redisExpiry frees what nobody asks for; charts themselves never become stale.
	redisExpiry = 24 * time.Hour
	// redisPrefix carries the version of the encoding, so that programs of different versions do not read each other's.
	redisPrefix = "sidereal:chart:1:"
)

// shared is the level that processes share. A failure is a miss: it is logged when it begins and when it ends, and never reaches a caller.
type shared struct {
	client  *redis.Client
	log     *slog.Logger
	now     func() time.Time
	retryAt atomic.Int64 // Unix nanoseconds; 0 while it is well
}

func newShared(url string, log *slog.Logger) (*shared, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("cache: redis: %w", err)
	}

	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = redisTimeout, redisTimeout, redisTimeout
	options.MaxRetries = -1
	options.ContextTimeoutEnabled = true

	return &shared{client: redis.NewClient(options), log: log, now: time.Now}, nil
}

// get returns the records that are there.
func (s *shared) get(ctx context.Context, hashes []chart.Hash) []chart.Record {
	keys := make([]string, len(hashes))
	for i, hash := range hashes {
		keys[i] = redisPrefix + string(hash)
	}

	var records []chart.Record

	s.attempt(ctx, func(ctx context.Context) error {
		values, err := s.client.MGet(ctx, keys...).Result()

		for i, value := range values {
			var r chart.Record

			text, ok := value.(string)
			if ok && json.Unmarshal([]byte(text), &r) == nil && r.Hash == hashes[i] && r.Birth.Hash() == r.Hash {
				records = append(records, r)
			}
		}

		return err
	})

	return records
}

// set keeps records.
func (s *shared) set(ctx context.Context, records []chart.Record) {
	s.attempt(ctx, func(ctx context.Context) error {
		_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, r := range records {
				text, err := json.Marshal(r)
				if err != nil {
					return err
				}

				p.Set(ctx, redisPrefix+string(r.Hash), text, redisExpiry)
			}

			return nil
		})

		return err
	})
}

// attempt runs a command within its time, unless Redis failed a moment ago.
func (s *shared) attempt(ctx context.Context, command func(context.Context) error) {
	retryAt := s.retryAt.Load()
	if s.now().UnixNano() < retryAt {
		return
	}

	bounded, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()

	err := command(bounded)

	switch {
	case ctx.Err() != nil: // the caller gave up; that says nothing about Redis
	case err != nil:
		if s.retryAt.Swap(s.now().Add(redisPause).UnixNano()) == 0 {
			s.log.WarnContext(ctx, "redis failed; going on without it", "error", err)
		}
	case retryAt != 0 && s.retryAt.CompareAndSwap(retryAt, 0):
		s.log.InfoContext(ctx, "redis is back")
	}
}
