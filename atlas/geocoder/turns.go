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

	mu     sync.Mutex
	next   time.Time // when the next may go
	paused time.Time // until when nobody may
}

func newTurns(interval, maxWait time.Duration) *turns {
	return &turns{interval: interval, maxWait: maxWait}
}

func (*turns) now() time.Time { return time.Now() }

// wait returns when it is the caller's turn. Callers whose turn would come too late are turned away at once, and told when to come back.
func (t *turns) wait(ctx context.Context) error {
	delay, err := t.take(t.now())
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

	if rest := t.paused.Sub(now); rest > 0 {
		e := fault.New(fault.UpstreamUnavailable, "the geocoding service asked to be left alone for a while")
		e.RetryAfter = rest

		return 0, e
	}

	delay := max(t.next.Sub(now), 0)
	if delay > t.maxWait {
		e := fault.New(fault.RateLimited, "too many places are being looked up at once")
		e.RetryAfter = delay - t.maxWait

		return 0, e
	}

	t.next = now.Add(delay + t.interval)

	return delay, nil
}

// pause turns everybody away for a while.
func (t *turns) pause(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()

	if until := t.now().Add(d); until.After(t.paused) {
		t.paused = until
	}
}
