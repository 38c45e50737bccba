package resolvers

import (
	"context"
	"io"
	"time"

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

	over  func(ctx context.Context) (bool, error) // whether nothing more will be told of the course that was asked for; nil where none was named
	heard bool                                    // whether an event of the course has come
}

// follow opens the latest course of the events that pass, from its start, or the one that an event belongs to, behind that.
func (r *Resolver) follow(f event.Filter, after event.Cursor) live.Open {
	return func(ctx context.Context, notify func()) (live.Source, error) {
		s, err := r.subscribe(ctx, f, after, notify)
		if err != nil {
			return nil, err
		}

		return &following{EventSubscription: s, views: r.views, replaying: after.IsZero(), resumed: after}, nil
	}
}

// followReading is follow for the reading with a global id, one of the chart that is the subject of the events that pass. Any other id is a NOT_FOUND fault.
func (r *Resolver) followReading(f event.Filter, id string, after event.Cursor) live.Open {
	return func(ctx context.Context, notify func()) (live.Source, error) {
		key, _ := readingKey(id) // an id of something else is that of no reading

		known, err := r.readings.ByIDs(ctx, []string{key})
		if err != nil {
			return nil, err
		}

		if asked, ok := known[key]; !ok || string(asked.Request.Chart) != f.Subject {
			return nil, readingAt("readingId", id, fault.New(fault.NotFound, "the chart has no such reading"))
		}

		s, err := r.subscribe(ctx, f, after, notify)
		if err != nil {
			return nil, err
		}

		over := func(ctx context.Context) (bool, error) { return r.readingIsOver(ctx, key) }

		return &following{EventSubscription: s, views: r.views, resumed: after, course: id, over: over}, nil
	}
}

// onTheirWay is how long the events of a reading that has ended may take into the stream.
const onTheirWay = time.Minute

// readingIsOver tells whether a reading ended so long ago that events of it, which the stream does not have, do not come any more.
func (r *Resolver) readingIsOver(ctx context.Context, key string) (bool, error) {
	known, err := r.readings.ByIDs(ctx, []string{key})
	if err != nil {
		return false, err
	}

	asked, ok := known[key]

	return !ok || asked.Status.Ended() && r.now().Sub(asked.EndedAt) > onTheirWay, nil
}

// subscribe subscribes from all that is kept on, or from the event that the client had last.
func (r *Resolver) subscribe(ctx context.Context, f event.Filter, after event.Cursor, notify func()) (EventSubscription, error) {
	if after.IsZero() {
		return r.events.Subscribe(ctx, f, hub.Place{Beginning: true}, notify)
	}

	return r.resume(ctx, f, after, notify)
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
		if err != nil {
			return nil, err
		}

		if p == nil {
			return nil, s.missed(ctx)
		}

		course, ok := s.courseOf(p)
		if !ok || s.isResumed(p, course) || s.course != "" && s.course != course {
			continue
		}

		s.course, s.heard, s.ended = course, true, ends(p.Type)

		return item(p, s.views.of(p)), nil
	}

	return nil, io.EOF
}

// missed returns io.EOF where nothing was heard of the course that was asked for, and nothing will be.
func (s *following) missed(ctx context.Context) error {
	if s.over == nil || s.heard {
		return nil
	}

	over, err := s.over(ctx)
	if err == nil && over {
		return io.EOF
	}

	return err
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

// isResumed tells whether an event is the one that the client had last, and follows what it belongs to, unless it has ended: then the next course, or none where this
// one was asked for.
func (s *following) isResumed(p *event.Placed, course string) bool {
	if p.Cursor != s.resumed {
		return false
	}

	switch {
	case s.over == nil && !ends(p.Type):
		s.course = course
	case s.over != nil && s.course == course:
		s.heard, s.ended = true, ends(p.Type)
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
