package account

import (
	"sync"
	"time"
)

// recent remembers values for a while, a bounded number of them. It is safe for concurrent use.
//
// It has two maps: when the younger is full it becomes the older, and the older is dropped. So what is asked for stays, and nothing is counted or linked.
type recent[V any] struct {
	mu          sync.Mutex
	young, old  map[string]remembered[V]
	max         int // of both maps
	ttl         time.Duration
	now         func() time.Time
	forgettings uint64 // how often something was forgotten
}

type remembered[V any] struct {
	value V
	until time.Time
}

func newRecent[V any](maxEntries int, ttl time.Duration, now func() time.Time) *recent[V] {
	return &recent[V]{young: make(map[string]remembered[V]), max: maxEntries, ttl: ttl, now: now}
}

// get returns the value of a key. When there is none, ticket is what put wants to have.
func (r *recent[V]) get(key string) (value V, ok bool, ticket uint64) {
	now := r.now()

	r.mu.Lock()
	defer r.mu.Unlock()

	entry, ok := r.young[key]
	if !ok {
		if entry, ok = r.old[key]; ok {
			r.add(key, entry)
		}
	}

	if !ok || !now.Before(entry.until) {
		return value, false, r.forgettings
	}

	return entry.value, true, r.forgettings
}

// put remembers a value that was looked up since get gave the ticket. It does not when something was forgotten in the meantime: the value may be from before.
func (r *recent[V]) put(key string, value V, ticket uint64) {
	until := r.now().Add(r.ttl)

	r.mu.Lock()
	defer r.mu.Unlock()

	if ticket == r.forgettings {
		r.add(key, remembered[V]{value, until})
	}
}

func (r *recent[V]) add(key string, entry remembered[V]) {
	if len(r.young) >= r.max/2 {
		r.old, r.young = r.young, make(map[string]remembered[V])
	}

	r.young[key] = entry
}

// forget forgets everything, and what is being looked up.
func (r *recent[V]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.forgettings++
	clear(r.young)
	clear(r.old)
}
