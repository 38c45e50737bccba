package resolvers

import (
	"context"
	"io"

	"sidereal/event"
	"sidereal/event/hub"
	"sidereal/fault"
	"sidereal/graph/live"
	"sidereal/graph/model"
)

// following is the live.Source of one course of events, a reading or a job, that ends behind its last event. Several readings of a chart may be under way at once: it
// is one of them that is followed. It has no place before its first event: who has had none comes back without a cursor, and gets the course from its start.
type following struct {
	EventSubscription

	views     *views
	replaying bool            // what is kept is still being read, to find the latest course
	resumed   event.Cursor    // the event that the client had last; zero when it had none, or when that was seen to
	waiting   []*event.Placed // of the latest course, while and after replaying
	course    string          // what is followed; empty until an event tells
	ended     bool
}

// follow opens the latest course of the events that pass, from its start, or the one that an event belongs to, behind that.
func (r *Resolver) follow(f event.Filter, after event.Cursor) live.Open {
	return func(ctx context.Context, notify func()) (live.Source, error) {
		if after.IsZero() {
			s, err := r.events.Subscribe(ctx, f, hub.Place{Beginning: true}, notify)
			if err != nil {
				return nil, err
			}

			return &following{EventSubscription: s, views: r.views, replaying: true}, nil
		}

		s, err := r.resume(ctx, f, after, notify)
		if err != nil {
			return nil, err
		}

		return &following{EventSubscription: s, views: r.views, resumed: after}, nil
	}
}

// resume subscribes from the event with the cursor on, which tells what is followed; from behind it when the stream has lost that one.
func (r *Resolver) resume(ctx context.Context, f event.Filter, after event.Cursor, notify func()) (EventSubscription, error) {
	if after.Sequence > 0 {
		before := event.Cursor{Epoch: after.Epoch, Sequence: after.Sequence - 1}

		s, err := r.events.Subscribe(ctx, f, hub.Place{After: before}, notify)
		if fault.CodeOf(err) != fault.CursorExpired {
			return s, err
		}
	}

	return r.events.Subscribe(ctx, f, hub.Place{After: after}, notify)
}

// Next implements live.Source.
func (s *following) Next(ctx context.Context) (*live.Item, error) {
	if s.replaying {
		if err := s.replay(ctx); err != nil {
			return nil, err
		}
	}

	for !s.ended {
		p, err := s.next(ctx)
		if p == nil || err != nil {
			return nil, err
		}

		course, ok := s.courseOf(p)
		if !ok || s.isResumed(p, course) || s.course != "" && s.course != course {
			continue
		}

		s.course, s.ended = course, ends(p.Type)

		return item(p, s.views.of(p)), nil
	}

	return nil, io.EOF
}

// next returns what waits, and then what comes.
func (s *following) next(ctx context.Context) (*event.Placed, error) {
	if len(s.waiting) == 0 {
		s.waiting = nil

		return s.EventSubscription.Next(ctx)
	}

	p := s.waiting[0]
	s.waiting[0], s.waiting = nil, s.waiting[1:]

	return p, nil
}

// replay reads all that is kept, and keeps what belongs to the latest course. An error may be followed by another try.
func (s *following) replay(ctx context.Context) error {
	for {
		p, err := s.EventSubscription.Next(ctx)
		if err != nil {
			return err
		}

		if p == nil {
			s.replaying = false

			return nil
		}

		course, ok := s.courseOf(p)

		switch {
		case !ok:
		case begins(p.Type):
			s.course, s.waiting = course, append(s.waiting[:0], p)
		case s.course == "" || s.course == course: // the start of the first may be lost
			s.course, s.waiting = course, append(s.waiting, p)
		}
	}
}

// isResumed tells whether an event is the one that the client had last, and follows what it belongs to, unless it has ended.
func (s *following) isResumed(p *event.Placed, course string) bool {
	if p.Cursor != s.resumed {
		return false
	}

	if !ends(p.Type) {
		s.course = course
	}

	return true
}

// courseOf returns what an event belongs to; false when this version does not know it.
func (s *following) courseOf(p *event.Placed) (string, bool) {
	view, ok := s.views.of(p).(model.Followed)
	if !ok {
		return "", false
	}

	return view.Course(), true
}

// begins tells whether a type of event is the first of its course.
func begins(t event.Type) bool { return t == event.ReadingStarted || t == event.BatchJobStarted }

// ends tells whether a type of event is the last of its course.
func ends(t event.Type) bool {
	switch t { //nolint:exhaustive // the others end nothing
	case event.ReadingCompleted, event.ReadingFailed, event.ReadingCancelled, event.BatchJobCompleted, event.BatchJobFailed:
		return true
	default:
		return false
	}
}
