package resilience

import "time"

// called counts a call of Do.
func (b *breaker) called() {
	b.mu.Lock()
	b.counters.Calls++
	b.mu.Unlock()
}

// setMode obeys an operator. Another mode than before restarts the breaker: what it counted before says nothing about afterwards.
func (b *breaker) setMode(mode Mode) {
	b.mu.Lock()
	defer b.mu.Unlock()

	now := time.Now()
	b.look(now)

	if mode == b.mode {
		return
	}

	from := b.shown()
	b.mode = mode
	b.restart(now)
	b.changed(from, "an operator set its mode")
}

// reset restarts the breaker. The mode stays, and so do the counters.
func (b *breaker) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()

	now := time.Now()
	b.look(now)

	from, since := b.shown(), b.since
	b.restart(now)

	if from == b.shown() {
		b.since = since

		return
	}

	b.changed(from, "an operator reset it")
}

// turnedAway counts a try for which there was no place.
func (b *breaker) turnedAway() {
	b.mu.Lock()
	b.counters.Rejected++
	b.mu.Unlock()
}
