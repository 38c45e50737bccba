package hub

import (
	"context"
	"errors"
	"sync"

	"sidereal/event"
)

// Subscription is somebody's place in the stream.
//
// What it has to give are, in this order: the page that was read last; what the stream still holds up to upTo; what was buffered since; and, when it is behind, what the
// stream holds behind that.
type Subscription struct {
	hub    *Hub
	filter event.Filter
	notify func()
	seats  []seat // guarded by the hub's lock

	mu      sync.Mutex
	place   event.Cursor // behind the last event given out; where it began before that
	page    queue        // read from the stream
	reached uint64       // up to this sequence the stream was read, where it had to be
	upTo    uint64       // the stream is to be read up to this sequence; what comes behind it is buffered
	buffer  queue        // what came while nobody asked
	behind  bool         // events behind those in the buffer were left out:
	through uint64       // those behind this sequence
	idle    bool         // Next returned nothing, and notify was not called since
	slack   uint64       // how far behind it began, until it is up to date for the first time
	ended   error        // what there is to say when all before is given out
	closed  bool
}

// Next returns the next event; nil when there is none now, and after Close. It may read the stream, bounded by ctx. One goroutine at a time. Errors: CURSOR_EXPIRED when
// the subscription stayed behind until the stream lost its next event; RATE_LIMITED with the detail "resumeAfter" (text of a cursor) when it has fallen too far behind;
// UPSTREAM_UNAVAILABLE, after which Next may be called again.
func (s *Subscription) Next(ctx context.Context) (*event.Placed, error) {
	for {
		p, then, err := s.take()

		switch then {
		case nothing:
			return p, err
		case rejoin:
			s.hub.rejoin(s)
		case read:
			if err := s.read(ctx); err != nil {
				return nil, err
			}
		}
	}
}

// step is what must be done before there can be a next event.
type step int

const (
	nothing step = iota
	rejoin
	read
)

// take returns what Next is to return, or what it must do first.
func (s *Subscription) take() (*event.Placed, step, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	switch {
	case s.closed:
		return nil, nothing, nil
	case s.page.len() > 0:
		return s.give(&s.page), nothing, nil
	case s.reached < s.upTo:
		return nil, read, nil
	case s.buffer.len() > 0:
		return s.give(&s.buffer), nothing, nil
	case s.ended != nil:
		return nil, nothing, s.ended
	case s.behind:
		return nil, rejoin, nil
	}

	s.idle, s.slack = true, 0

	return nil, nothing, nil
}

// give returns the next event of a queue. The lock is held.
func (s *Subscription) give(from *queue) *event.Placed {
	p := from.take()
	s.place = p.Cursor

	return p
}

// read reads the next page of the stream. What it looks at without the lock, nobody but Next changes while there is something to read.
func (s *Subscription) read(ctx context.Context) error {
	if s.hub.distance(s) > s.slack+s.hub.config.MaxBehind {
		s.hub.figures.slow.Add(1)

		return s.end(tooSlow(s.place))
	}

	events, reached, err := s.hub.read(ctx, s.place.Epoch, s.filter, s.reached, s.upTo)
	if errors.Is(err, event.ErrExpired) {
		state, err := s.hub.state(ctx)
		if err != nil {
			return unavailable(err)
		}

		return s.end(expired(state))
	}

	if err != nil {
		return unavailable(err)
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	if !s.closed {
		s.page, s.reached = queue{events: events}, reached
	}

	return nil
}

// end gives up what there is, and says why from now on.
func (s *Subscription) end(reason error) error {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.ended, s.upTo, s.buffer = reason, 0, queue{}

	return reason
}

// push takes an event that passes the filter, and tells whether to call wake. The hub's lock is held.
func (s *Subscription) push(p *event.Placed) bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	switch {
	case s.closed || s.ended != nil || s.behind:
		return false
	case p.Cursor.Epoch != s.place.Epoch || p.Cursor.Sequence <= s.place.Sequence:
		return false // it began behind this event: the hub has not come that far yet
	case s.buffer.len() >= s.hub.config.Buffer:
		s.behind, s.through = true, p.Cursor.Sequence-1
		s.hub.figures.behind.Add(1)
	default:
		s.buffer.put(p)
	}

	return s.rouse()
}

// adopt says that the hub, which had seen everything up to a place, begins at the end of the stream as it is now. It tells whether to call wake, and whether the
// subscription may have missed an event and ends. The hub's lock is held.
func (s *Subscription) adopt(seen event.Cursor, state event.State, found standing) (wake, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.closed || s.ended != nil {
		return false, false
	}

	has := s.place.Sequence // what passes the filter, up to here
	if seen.Epoch == s.place.Epoch {
		has = max(has, seen.Sequence)
	}

	switch {
	case s.place.Epoch != state.Epoch, found == wentBack, has < earliest(state).Sequence, has > state.Last:
		s.ended, ended = expired(state), true
	case has == state.Last:
		return false, false
	default:
		if !s.behind {
			s.behind, s.through = true, has
		}

		s.slack += state.Last - has // this distance is not its fault
	}

	return s.rouse(), ended
}

// rouse tells whether somebody waits for what there is now. The lock is held.
func (s *Subscription) rouse() bool {
	was := s.idle
	s.idle = false

	return was
}

// wake calls notify. What goes wrong there must not keep events from others.
func (s *Subscription) wake() {
	defer func() {
		if panicked := recover(); panicked != nil {
			s.hub.config.Log.Error("hub: notify panicked", "panic", panicked)
		}
	}()

	s.notify()
}

// Cursor returns the place behind the last event that Next returned; where it began before that.
func (s *Subscription) Cursor() event.Cursor {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.place
}

// Close ends the subscription. It may be called at any time, and more than once.
func (s *Subscription) Close() {
	s.mu.Lock()
	repeated := s.closed
	s.closed, s.page, s.buffer = true, queue{}, queue{}
	s.mu.Unlock()

	if !repeated {
		s.hub.remove(s)
		s.hub.figures.subscriptions.Add(-1)
	}
}
