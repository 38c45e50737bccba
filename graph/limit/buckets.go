package limit

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

const (
	shards   = 64   // locks
	perShard = 1600 // buckets that a shard keeps, so 100 000 in all and about 15 MB
	samples  = 8    // buckets that are looked at for one that can be forgotten
)

// Local is buckets in the memory of the process. Of too many, those that are full are forgotten first, which changes nothing, and then the fullest of a few.
type Local struct {
	now    func() time.Time
	seed   maphash.Seed
	shards [shards]shard
}

type shard struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

// bucket held a level of points at a time.
type bucket struct {
	level, capacity, perSecond float64
	at                         time.Time
}

var _ Buckets = (*Local)(nil)

// NewLocal returns buckets that fill by a clock.
func NewLocal(now func() time.Time) *Local {
	l := &Local{now: now, seed: maphash.MakeSeed()}
	for i := range l.shards {
		l.shards[i].buckets = make(map[string]*bucket)
	}

	return l
}

// Take implements Buckets.
func (l *Local) Take(_ context.Context, key string, capacity, perSecond, points float64) (left float64, ok bool) {
	l.with(key, capacity, perSecond, func(b *bucket) {
		if ok = b.level >= points; ok {
			b.level -= points
		}

		left = b.level
	})

	return left, ok
}

// Settle implements Buckets.
func (l *Local) Settle(_ context.Context, key string, capacity, perSecond, points float64) (left float64) {
	l.with(key, capacity, perSecond, func(b *bucket) {
		b.level = max(min(b.level-points, capacity), -capacity)
		left = b.level
	})

	return left
}

// with calls change with the bucket of a key, filled up to now.
func (l *Local) with(key string, capacity, perSecond float64, change func(*bucket)) {
	now := l.now()
	s := &l.shards[maphash.String(l.seed, key)%shards]

	s.mu.Lock()
	defer s.mu.Unlock()

	b, ok := s.buckets[key]
	if !ok {
		if len(s.buckets) >= perShard {
			s.forget(now)
		}

		b = &bucket{level: capacity, at: now}
		s.buckets[key] = b
	}

	b.capacity, b.perSecond = capacity, perSecond
	b.level, b.at = b.filled(now), now

	change(b)
}

// filled returns the level that a bucket has now. A clock that goes back fills nothing.
func (b *bucket) filled(now time.Time) float64 {
	return min(b.capacity, b.level+max(now.Sub(b.at).Seconds(), 0)*b.perSecond)
}

// forget makes room: of a few buckets, in the random order of a map, the full ones go, or else the one that lacks least.
func (s *shard) forget(now time.Time) {
	var (
		fullest string
		lacks   = -1.0
		seen    int
	)

	for key, b := range s.buckets {
		missing := b.capacity - b.filled(now)

		switch {
		case missing <= 0:
			delete(s.buckets, key)
		case lacks < 0 || missing < lacks:
			fullest, lacks = key, missing
		}

		if seen++; seen == samples {
			break
		}
	}

	if len(s.buckets) >= perShard {
		delete(s.buckets, fullest)
	}
}
