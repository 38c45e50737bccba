package resolvers

import (
	"context"
	"slices"

	"sidereal/account"
	"sidereal/chart"
	"sidereal/event"
	"sidereal/event/hub"
	"sidereal/fault"
	"sidereal/graph/live"
	"sidereal/graph/model"
)

// Events is where subscriptions to events come from: a hub.Hub, as HubEvents wraps it.
type Events interface {
	Subscribe(ctx context.Context, f event.Filter, from hub.Place, notify func()) (EventSubscription, error)
}

// EventSubscription is what resolvers ask of a hub.Subscription.
type EventSubscription interface {
	Next(ctx context.Context) (*event.Placed, error)
	Cursor() event.Cursor
	Close()
}

// HubEvents are the Events of a hub.
type HubEvents struct{ *hub.Hub }

// Subscribe implements Events.
func (h HubEvents) Subscribe(ctx context.Context, f event.Filter, from hub.Place, notify func()) (EventSubscription, error) {
	s, err := h.Hub.Subscribe(ctx, f, from, notify)
	if err != nil { // and no nil subscription that is not nil
		return nil, err
	}

	return s, nil
}

// Events resolves Subscription.events.
func (r subscriptions) Events(ctx context.Context, types []event.Type, after *string) (<-chan model.Event, error) {
	if types != nil && len(types) == 0 {
		return nil, fault.Invalid("types", "needs at least one type; leave it out for all")
	}

	from, err := place(ctx, after)
	if err != nil {
		return nil, err
	}

	filter := heardBy(ctx, event.Everyone)
	slices.Sort(types)
	filter.Types = slices.Compact(types)

	return live.Stream(ctx, r.feed(filter, from), viewAs[model.Event])
}

// ReadingEvents resolves Subscription.readingEvents. Whoever has the hash of a chart may follow its readings, so the hash is all that is asked for.
func (r subscriptions) ReadingEvents(ctx context.Context, chartHash chart.Hash, readingID, after *string) (<-chan model.ReadingEvent, error) {
	from, err := place(ctx, after)
	if err != nil {
		return nil, err
	}

	filter := event.Filter{Types: model.ReadingEventTypes(), Subject: string(chartHash), Everybody: true}
	if readingID == nil {
		return live.Stream(ctx, r.follow(filter, from), viewAs[model.ReadingEvent])
	}

	return live.Stream(ctx, r.followReading(filter, *readingID, from), viewAs[model.ReadingEvent])
}

// BatchEvents resolves Subscription.batchEvents.
func (r subscriptions) BatchEvents(ctx context.Context, jobID string, after *string) (<-chan model.BatchEvent, error) {
	from, err := place(ctx, after)
	if err != nil {
		return nil, err
	}

	key, ok := keyOf(model.BatchJobType, jobID)
	if !ok {
		return nil, fault.Invalid("jobId", "is not the id of a job")
	}

	filter := heardBy(ctx)
	filter.Types, filter.Subject = model.BatchEventTypes(), key

	return live.Stream(ctx, r.follow(filter, from), viewAs[model.BatchEvent])
}

// heardBy returns the filter of the events that the viewer may hear of: the viewer's own and those of the owners given, or everybody's. An API key hears of its owner's
// with the scope READ, and of everybody's with ADMIN as well.
func heardBy(ctx context.Context, owners ...string) event.Filter {
	if account.Require(ctx, account.Need{Role: account.Admin, Scope: account.ScopeRead | account.ScopeAdmin}) == nil {
		return event.Filter{Everybody: true}
	}

	if v, ok := account.ViewerFrom(ctx); ok && account.Require(ctx, account.Need{Role: account.User, Scope: account.ScopeRead}) == nil {
		owners = append(owners, v.Subject)
	}

	return event.Filter{Owners: owners}
}

// place returns where a subscription resumes; zero when it does not.
func place(ctx context.Context, after *string) (event.Cursor, error) {
	after = live.After(ctx, after)
	if after == nil {
		return event.Cursor{}, nil
	}

	c, err := event.ParseCursor(*after)
	if err != nil {
		return event.Cursor{}, fault.Invalid("after", "is not the cursor of an event")
	}

	return c, nil
}

// viewAs returns the view that an item of a source holds.
func viewAs[T model.Event](value any) T { return value.(T) } //nolint:forcetypeassert // a filter of types let it through
