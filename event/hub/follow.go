package hub

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"sidereal/event"
)

const (
	minBackoff = 100 * time.Millisecond // the first wait after a failure; each one more doubles it
	// settled is how long the stream must be followed until a disturbance is over.
	settled = time.Second
)

// work follows the stream until ctx ends.
func (h *Hub) work(ctx context.Context) {
	defer h.stopped()

	disturbance := disturbance{log: h.config.Log}
	expired := false

	for ctx.Err() == nil {
		err := h.attempt(ctx, expired, &disturbance)
		h.figures.reached.Store(false)

		if ctx.Err() != nil {
			return
		}

		if expired = errors.Is(err, event.ErrExpired) && !expired; expired {
			continue // the stream is there, and is asked at once what it holds now
		}

		disturbance.failed(ctx, err)

		select {
		case <-time.After(backoff(disturbance.failures, h.config.MaxBackoff)):
		case <-ctx.Done():
		}
	}
}

// stopped takes no more subscriptions.
func (h *Hub) stopped() {
	h.mu.Lock()
	defer h.mu.Unlock()

	h.ready = false
}

// backoff is the wait after so many failures in a row: twice as long each time, less up to a half by chance, so that nodes do not all come at once.
func backoff(failures int, longest time.Duration) time.Duration {
	wait := min(longest, minBackoff<<min(failures-1, 16))

	return wait - rand.N(wait/2+1) //nolint:gosec // spreads load, guards nothing
}

// attempt follows the stream until it is lost, and returns why. Expired says that the stream does not know the place of the hub any more.
func (h *Hub) attempt(ctx context.Context, expired bool, d *disturbance) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("hub: panic: %v\n%s", panicked, debug.Stack())
		}
	}()

	state, err := h.state(ctx)
	found := gone

	if err == nil && !expired {
		found, err = h.find(ctx, state)
	}

	if err == nil && found != known {
		h.adopt(ctx, state, found)
	}

	h.firstTry()

	if err != nil {
		return fmt.Errorf("hub: %w", err)
	}

	h.figures.reached.Store(true)

	defer d.settling(ctx)()

	if err := h.broker.Follow(ctx, h.seen.Epoch, h.seen.Sequence, h.deliver); err != nil { // only this goroutine writes seen
		return fmt.Errorf("hub: follow: %w", err)
	}

	return errEnded
}

// firstTry lets in who waits to subscribe.
func (h *Hub) firstTry() {
	select {
	case <-h.tried:
	default:
		close(h.tried)
	}
}

// standing is what the stream is to somebody who has seen it before.
type standing int

const (
	known    standing = iota
	gone              // it is another one, or has lost what comes behind the last event seen
	wentBack          // it has lost its newest events and gave their sequences anew: a server that lost power
)

// find tells what the stream is to the hub. That it has lost what comes behind the last event seen, Follow tells.
func (h *Hub) find(ctx context.Context, state event.State) (standing, error) {
	switch {
	case !h.ready || state.Epoch != h.seen.Epoch:
		return gone, nil
	case state.Last < h.seen.Sequence:
		return wentBack, nil
	case h.last == "" || h.seen.Sequence < state.First:
		return known, nil // as far as can be told
	}

	events, _, err := h.read(ctx, state.Epoch, event.Filter{Everybody: true}, h.seen.Sequence-1, h.seen.Sequence)

	switch {
	case errors.Is(err, event.ErrExpired):
		return known, nil // it went while we looked
	case len(events) == 1 && events[0].ID != h.last:
		return wentBack, nil
	}

	return known, err
}

// adopt begins at the end of the stream as it is now. Subscriptions that may have missed an event end, others read what comes behind their place.
func (h *Hub) adopt(ctx context.Context, state event.State, found standing) {
	h.mu.Lock()

	before, first, lost := h.seen, !h.ready, 0

	h.seen, h.last, h.ready = event.Cursor{Epoch: state.Epoch, Sequence: state.Last}, "", true
	h.adopted++

	h.index.each(func(s *Subscription) {
		wake, ended := s.adopt(before, state, found)
		if ended {
			lost++
		}

		if wake {
			h.woken = append(h.woken, s)
		}
	})
	h.mu.Unlock()

	h.figures.head.Store(state.Last)
	h.wake()

	if !first {
		h.config.Log.WarnContext(ctx, "the stream of events has lost what came behind the last one seen", "seen", before, "now", h.seen, "subscriptions ended", lost)
	}
}

// deliver gives an event to who wants it. What a broker repeats is left out.
func (h *Hub) deliver(p *event.Placed) {
	if p.Cursor.Epoch != h.seen.Epoch || p.Cursor.Sequence <= h.seen.Sequence {
		return
	}

	h.figures.events.Add(1)
	h.figures.head.Store(p.Cursor.Sequence)
	h.push(p)
	h.wake()
}

func (h *Hub) push(p *event.Placed) {
	h.mu.Lock()
	defer h.mu.Unlock()

	h.seen, h.last = p.Cursor, p.ID

	h.index.wanting(&p.Event, func(s *Subscription) {
		if s.push(p) {
			h.woken = append(h.woken, s)
		}
	})
}

// wake notifies those who have something to read now, under no lock.
func (h *Hub) wake() {
	for _, s := range h.woken {
		s.wake()
	}

	clear(h.woken)
	h.woken = h.woken[:0]
}
