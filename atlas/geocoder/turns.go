package geocoder

import (
	"context"
	"sync"
	"time"

	"sidereal/fault"
)

// turns lets one through at a time, at least an interval apart.
type turns struct {
	interval, maxWait time.Duration

	mu   sync.Mutex
	next time.Time // when the next may go
}

func newTurns(interval, maxWait time.Duration) *turns {
	return &turns{interval: interval, maxWait: maxWait}
}

// wait returns when it is the caller's turn. Callers whose turn would come too late are turned away at once, and told when to come back.
func (t *turns) wait(ctx context.Context) error {
	delay, err := t.take(time.Now())
	if err != nil {
		return err
	}

	timer := time.NewTimer(delay)
	defer timer.Stop()

	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fault.Wrap(ctx.Err(), fault.Timeout, "the request ended before the geocoding service could be asked")
	}
}

// take reserves a turn and returns how long it is until then.
func (t *turns) take(now time.Time) (time.Duration, error) {
	t.mu.Lock()
	defer t.mu.Unlock()

	delay := max(t.next.Sub(now), 0)
	if delay > t.maxWait {
		e := fault.New(fault.RateLimited, "too many places are being looked up at once")
		e.RetryAfter = delay - t.maxWait

		return 0, e
	}

	t.next = now.Add(delay + t.interval)

	return delay, nil
}
