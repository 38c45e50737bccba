package cache

import (
	"context"
	"time"

	"github.com/eko/gocache/lib/v4/store"
	"github.com/maypok86/otter/v2"
)

// otterStore is gocache's store interface over otter, which is bounded by entries, keeps what is asked for often, and shows a value as soon as it
// is set. Values do not expire: what is kept never changes.
type otterStore struct{ entries *otter.Cache[string, any] }

func newOtterStore(maxEntries int) *otterStore {
	return &otterStore{otter.Must(&otter.Options[string, any]{MaximumSize: maxEntries})}
}

// Get implements store.StoreInterface; a miss is a store.NotFound.
func (s *otterStore) Get(_ context.Context, key any) (any, error) {
	k, _ := key.(string)

	value, ok := s.entries.GetIfPresent(k)
	if !ok {
		return nil, &store.NotFound{}
	}

	return value, nil
}

// GetWithTTL implements store.StoreInterface; the time to live is always 0.
func (s *otterStore) GetWithTTL(ctx context.Context, key any) (any, time.Duration, error) {
	value, err := s.Get(ctx, key)

	return value, 0, err
}

// Set implements store.StoreInterface; options are ignored.
func (s *otterStore) Set(_ context.Context, key, value any, _ ...store.Option) error {
	k, _ := key.(string)
	s.entries.Set(k, value)

	return nil
}

// Delete implements store.StoreInterface.
func (s *otterStore) Delete(_ context.Context, key any) error {
	k, _ := key.(string)
	s.entries.Invalidate(k)

	return nil
}

// Invalidate implements store.StoreInterface: there are no tags, so it removes nothing.
func (s *otterStore) Invalidate(context.Context, ...store.InvalidateOption) error { return nil }

// Clear implements store.StoreInterface.
func (s *otterStore) Clear(context.Context) error {
	s.entries.InvalidateAll()

	return nil
}

// GetType implements store.StoreInterface.
func (s *otterStore) GetType() string { return "otter" }
