// Package cache keeps what is asked for often: in the process, and in a Redis that processes share.
package cache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	gocache "github.com/eko/gocache/lib/v4/cache"

	"sidereal/chart"
	"sidereal/event"
)

// Config says how much is kept and where.
type Config struct {
	MaxCharts int    // in the process; 0 keeps none
	RedisURL  string // of the level that processes share; empty for none
	Log       *slog.Logger
}

// Charts is a chart.Store whose records are kept on the way. Records are content-addressed and never change, so there is nothing to invalidate. What is
// not there is not remembered: it may be saved the next moment.
type Charts struct {
	chart.Store // what is behind the cache; pages and counts go there

	local        *gocache.Cache[chart.Record] // nil when none are kept
	shared       *shared                      // nil without Redis
	hits, misses atomic.Uint64
}

// NewCharts returns a cache in front of store.
func NewCharts(store chart.Store, cfg Config) (*Charts, error) {
	c := &Charts{Store: store}

	if cfg.MaxCharts > 0 {
		c.local = gocache.New[chart.Record](newOtterStore(cfg.MaxCharts))
	}

	if cfg.RedisURL != "" {
		var err error

		if c.shared, err = newShared(cfg.RedisURL, cfg.Log); err != nil {
			return nil, err
		}
	}

	return c, nil
}

// Close closes the connection to Redis; what is behind the cache stays open.
func (c *Charts) Close() error {
	if c.shared == nil {
		return nil
	}

	if err := c.shared.client.Close(); err != nil {
		return fmt.Errorf("cache: close: %w", err)
	}

	return nil
}

// Stats are how many records were asked for and found in a level of the cache, or not.
type Stats struct{ Hits, Misses uint64 }

// Stats returns the counts since the start.
func (c *Charts) Stats() Stats { return Stats{Hits: c.hits.Load(), Misses: c.misses.Load()} }

// Save implements chart.Store. It always reaches the store: a Redis may outlive the database that it once stood before, and what it holds is no proof
// that a record was saved.
func (c *Charts) Save(ctx context.Context, r chart.Record, events ...event.Event) (stored chart.Record, created bool, err error) {
	stored, created, err = c.Store.Save(ctx, r, events...)
	if err == nil {
		c.keep(ctx, stored)
	}

	return stored, created, err
}

// ByHashes implements chart.Store.
func (c *Charts) ByHashes(ctx context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Record, error) {
	found := make(map[chart.Hash]chart.Record, len(hashes))
	missing := c.fromLocal(ctx, hashes, found)

	if c.shared != nil && len(missing) > 0 {
		for _, r := range c.shared.get(ctx, missing) {
			found[r.Hash] = r
			c.keepLocal(ctx, r)
		}

		missing = without(missing, found)
	}

	c.hits.Add(uint64(len(found)))
	c.misses.Add(uint64(len(missing)))

	if len(missing) == 0 {
		return found, nil
	}

	loaded, err := c.Store.ByHashes(ctx, missing)
	if err != nil {
		return nil, err
	}

	records := make([]chart.Record, 0, len(loaded))

	for hash, r := range loaded {
		found[hash] = r
		records = append(records, r)
	}

	c.keep(ctx, records...)

	return found, nil
}

// fromLocal adds the records that the process keeps to found, and returns the hashes of the others.
func (c *Charts) fromLocal(ctx context.Context, hashes []chart.Hash, found map[chart.Hash]chart.Record) (missing []chart.Hash) {
	if c.local == nil {
		return hashes
	}

	for _, hash := range hashes {
		if r, err := c.local.Get(ctx, string(hash)); err == nil {
			found[hash] = r
		} else {
			missing = append(missing, hash)
		}
	}

	return missing
}

func without(hashes []chart.Hash, found map[chart.Hash]chart.Record) []chart.Hash {
	var rest []chart.Hash

	for _, hash := range hashes {
		if _, ok := found[hash]; !ok {
			rest = append(rest, hash)
		}
	}

	return rest
}

func (c *Charts) keep(ctx context.Context, records ...chart.Record) {
	for _, r := range records {
		c.keepLocal(ctx, r)
	}

	if c.shared != nil && len(records) > 0 {
		c.shared.set(ctx, records)
	}
}

func (c *Charts) keepLocal(ctx context.Context, r chart.Record) {
	if c.local == nil {
		return
	}

	if err := c.local.Set(ctx, string(r.Hash), r); err != nil {
		panic(errors.Join(errors.New("cache: the store in the process cannot fail"), err))
	}
}
