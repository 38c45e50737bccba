package chart

import "sync"

// Recent keeps the results of a pure function that were asked for last: there is nothing to invalidate. It holds size results at least, and twice as many at most,
// in two generations; when the young one is full it becomes the old one, and what is asked for of the old one becomes young again. It is safe for concurrent use;
// who gets a result must not change it.
type Recent[K comparable, V any] struct {
	size int

	mu         sync.Mutex
	young, old map[K]V
}

// NewRecent returns an empty keeper of size results.
func NewRecent[K comparable, V any](size int) *Recent[K, V] {
	return &Recent[K, V]{size: size, young: make(map[K]V)}
}

// Get returns the result for a key, false when it is not kept.
func (r *Recent[K, V]) Get(key K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()

	value, ok := r.young[key]

	if !ok {
		if value, ok = r.old[key]; ok {
			r.put(key, value)
		}
	}

	return value, ok
}

// Add keeps a result.
func (r *Recent[K, V]) Add(key K, value V) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.put(key, value)
}

// put is called under the lock.
func (r *Recent[K, V]) put(key K, value V) {
	if len(r.young) >= r.size {
		r.young, r.old = make(map[K]V, r.size), r.young
	}

	r.young[key] = value
}

// Of returns the result for a key and finds it where it is not kept. Errors are not kept.
func (r *Recent[K, V]) Of(key K, find func() (V, error)) (V, error) {
	if value, ok := r.Get(key); ok {
		return value, nil
	}

	value, err := find()
	if err == nil {
		r.Add(key, value)
	}

	return value, err
}
