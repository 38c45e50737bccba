package live

import (
	"math/rand/v2"
	"sync"
	"time"
)

// The pauses before a source is asked again that could not be reached.
const (
	firstPause  = 100 * time.Millisecond
	longestWait = 5 * time.Second
)

// retry notifies after a pause that grows with every failure, until it is stopped.
type retry struct {
	notify func()

	mu      sync.Mutex
	timer   *time.Timer // nil before the first failure
	pause   time.Duration
	stopped bool
}

// later notifies after a pause. A random half of it keeps the many that failed together from asking together.
func (r *retry) later() {
	r.mu.Lock()
	defer r.mu.Unlock()

	if r.stopped {
		return
	}

	r.pause = min(max(2*r.pause, firstPause), longestWait)
	wait := r.pause/2 + rand.N(r.pause/2) //nolint:gosec // not a secret

	if r.timer == nil {
		r.timer = time.AfterFunc(wait, r.notify)
	} else {
		r.timer.Reset(wait)
	}
}

// succeeded makes the next pause the shortest.
func (r *retry) succeeded() {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.pause = 0
}

// stop ends it; false when it was stopped before.
func (r *retry) stop() bool {
	r.mu.Lock()
	defer r.mu.Unlock()

	if r.stopped {
		return false
	}

	r.stopped = true

	if r.timer != nil {
		r.timer.Stop()
	}

	return true
}
