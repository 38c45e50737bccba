package hub

import (
	"context"

	"sidereal/event"
)

// Place is where a subscription begins.
type Place struct {
	After     event.Cursor // behind this event; zero for what happens from now on
	Beginning bool         // at the oldest event that the stream holds, when After is zero
}

// attempts is how often a subscription is tried whose stream is made anew meanwhile.
const attempts = 3

// Subscribe returns a subscription to the events that pass the filter. Notify is called, from any goroutine and without waiting for it, when there is something to read
// after Next returned nothing; it must return at once. Errors: CURSOR_EXPIRED with the detail "earliest" (text of a cursor), UPSTREAM_UNAVAILABLE.
//
// A hub that has just been started is waited for until it has asked the stream once. While the stream is out of reach later, only subscriptions to what happens from now
// on are taken.
func (h *Hub) Subscribe(ctx context.Context, f event.Filter, from Place, notify func()) (*Subscription, error) {
	if err := h.await(ctx); err != nil {
		return nil, err
	}

	s := &Subscription{hub: h, filter: f, notify: notify}

	if from.After.IsZero() && !from.Beginning {
		if !h.joinLive(s) {
			return nil, unavailable(nil)
		}

		return s, nil
	}

	for range attempts {
		adopted := h.adoptions()

		place, err := h.place(ctx, from)
		if err != nil {
			return nil, err
		}

		if h.join(s, place, adopted) {
			return s, nil
		}
	}

	return nil, unavailable(nil)
}

// Now returns the place behind the last event that was seen: whoever subscribes behind it later gets every event from now on. It is zero while the stream was never
// reached, and after Stop. As in Subscribe, a hub that has just been started is waited for.
func (h *Hub) Now(ctx context.Context) event.Cursor {
	if h.await(ctx) != nil {
		return event.Cursor{}
	}

	h.mu.Lock()
	defer h.mu.Unlock()

	if !h.ready {
		return event.Cursor{}
	}

	return h.seen
}

// await waits until the stream was asked for the first time.
func (h *Hub) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, h.config.Timeout)
	defer cancel()

	select {
	case <-h.tried:
		return nil
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
}

// place returns where the stream holds what a subscription wants to begin with.
func (h *Hub) place(ctx context.Context, from Place) (event.Cursor, error) {
	state, err := h.state(ctx)

	switch {
	case err != nil:
		return event.Cursor{}, unavailable(err)
	case from.After.IsZero():
		return earliest(state), nil
	case from.After.Epoch != state.Epoch, from.After.Sequence < earliest(state).Sequence, from.After.Sequence > state.Last:
		return event.Cursor{}, expired(state)
	}

	return from.After, nil
}

// earliest is the place before the oldest event.
func earliest(state event.State) event.Cursor {
	return event.Cursor{Epoch: state.Epoch, Sequence: state.First - 1}
}

// adoptions returns a number that is another one after the hub has begun at another place.
func (h *Hub) adoptions() int {
	h.mu.Lock()
	defer h.mu.Unlock()

	return h.adopted
}

// joinLive lets a subscription begin behind the last event seen.
func (h *Hub) joinLive(s *Subscription) bool {
	h.mu.Lock()
	defer h.mu.Unlock()

	if h.ready {
		s.place, s.reached = h.seen, h.seen.Sequence
		h.add(s)
	}

	return h.ready
}

// join lets a subscription begin at a place that was good after the hub had begun anew so many times; it fails when the hub did again. A place of another epoch than the
// hub's is then that of a stream that the hub is about to find.
func (h *Hub) join(s *Subscription, place event.Cursor, adopted int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()

	if !h.ready || h.adopted != adopted {
		return false
	}

	s.place, s.reached = place, place.Sequence

	if place.Epoch == h.seen.Epoch && place.Sequence < h.seen.Sequence {
		s.upTo, s.slack = h.seen.Sequence, h.seen.Sequence-place.Sequence
		h.figures.replays.Add(1)
	}

	h.add(s)

	return true
}

func (h *Hub) add(s *Subscription) {
	h.index.add(s)
	h.figures.subscriptions.Add(1)
}

// remove takes a subscription out; it does nothing the second time.
func (h *Hub) remove(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()

	h.index.remove(s)
}

// rejoin lets a subscription that is behind read up to the last event seen, and buffer what comes from now on.
func (h *Hub) rejoin(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()

	s.mu.Lock()
	defer s.mu.Unlock()

	if s.ended == nil {
		s.behind, s.reached, s.upTo = false, s.through, h.seen.Sequence
	}
}

// distance is how many events a subscription is behind the last one seen, gaps included.
func (h *Hub) distance(s *Subscription) uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()

	if s.place.Epoch != h.seen.Epoch || s.reached > h.seen.Sequence {
		return 0
	}

	return h.seen.Sequence - s.reached
}
