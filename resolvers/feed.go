package resolvers

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"sidereal/chart"
	"sidereal/event"
	"sidereal/event/hub"
	"sidereal/graph/live"
	"sidereal/graph/loader"
	"sidereal/graph/model"
)

// feed is the live.Source of events as a hub gives them.
type feed struct {
	EventSubscription

	views *views
}

// feed opens the events that pass, behind a cursor or from now on.
func (r *Resolver) feed(f event.Filter, after event.Cursor) live.Open {
	return func(ctx context.Context, notify func()) (live.Source, error) {
		s, err := r.events.Subscribe(ctx, f, hub.Place{After: after}, notify)
		if err != nil {
			return nil, err
		}

		return &feed{s, r.views}, nil
	}
}

// Next implements live.Source.
func (s *feed) Next(ctx context.Context) (*live.Item, error) {
	for {
		p, err := s.EventSubscription.Next(ctx)
		if p == nil || err != nil {
			return nil, err
		}

		if view := s.views.of(p); view != nil {
			return item(p, view), nil
		}
	}
}

// Cursor returns where a client resumes that has had no event yet.
func (s *feed) Cursor() string { return s.EventSubscription.Cursor().String() }

func item(p *event.Placed, view model.Event) *live.Item {
	cursor := p.Cursor.String()

	return &live.Item{Key: cursor, Value: view, Cursor: cursor, At: p.StoredAt}
}

// views makes the view of an event once for all who hear of it at about the same time. It is safe for concurrent use.
type views struct {
	log    *slog.Logger
	recent [256]atomic.Pointer[viewed] // by the sequence
	passed sync.Map                    // of the types that events were passed over of
}

// viewed is an event with its view, nil when this version has none.
type viewed struct {
	placed *event.Placed
	view   model.Event
}

// of returns the view of an event; nil for one that this version does not know, which is told to the log once for its type.
func (v *views) of(p *event.Placed) model.Event {
	slot := &v.recent[p.Cursor.Sequence%uint64(len(v.recent))]
	if known := slot.Load(); known != nil && known.placed == p {
		return known.view
	}

	view, err := model.NewEvent(p, model.Load{Chart: chartOf, Reading: readingOf, Sections: sectionsOf})
	if err != nil {
		view = nil

		if _, told := v.passed.LoadOrStore(p.Type, true); !told {
			v.log.Warn("events are passed over", "type", p.Type, "first", p.ID, "error", err)
		}
	}

	slot.Store(&viewed{p, view})

	return view
}

// chartOf loads a chart by the operation's loader.
func chartOf(ctx context.Context, hash chart.Hash) (*chart.Stored, error) {
	return loader.From(ctx).Chart(ctx, hash)
}
