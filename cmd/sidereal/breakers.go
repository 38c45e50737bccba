package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"sidereal/db"
	"sidereal/event"
	"sidereal/event/hub"
	"sidereal/fault"
	"sidereal/resilience"
)

// ordersInterval is how often the process looks for orders of which no event told it: the stream may be down.
const ordersInterval = 5 * time.Second

// breakerStore keeps operators' orders: db.Breakers.
type breakerStore interface {
	Order(ctx context.Context, order resilience.Order, by string, told event.Event) (db.BreakerOrders, error)
	All(ctx context.Context) ([]db.BreakerOrders, error)
}

// breakers lets the breakers of this process obey what operators order in any. Rows are what counts; an event only says that there is something new in them. So neither
// the order in which processes hear of two orders matters, nor whether they hear of them at all.
type breakers struct {
	registry *resilience.Registry
	store    breakerStore
	hub      *hub.Hub
	now      func() time.Time
	log      *slog.Logger
	wake     chan struct{} // holds one: look for orders

	mu     sync.Mutex
	obeyed map[string]db.BreakerOrders // by the name

	heard *hub.Subscription // of Run; nil while there is none
}

func newBreakers(registry *resilience.Registry, store breakerStore, events *hub.Hub, log *slog.Logger) *breakers {
	return &breakers{
		registry: registry, store: store, hub: events, now: time.Now, log: log,
		wake: make(chan struct{}, 1), obeyed: make(map[string]db.BreakerOrders),
	}
}

// Set implements resolvers.Breakers. An order that could not be kept is not obeyed.
func (b *breakers) Set(ctx context.Context, order resilience.Order, by string) (resilience.Status, error) {
	if _, err := b.registry.Status(order.Dependency); err != nil {
		return resilience.Status{}, b.unknown()
	}

	told := event.New(event.BreakerSet, b.now(), order.Dependency, "", event.BreakerSetData{
		Breaker: order.Dependency, Mode: string(order.Mode), Reset: order.Reset, By: by,
	})

	kept, err := b.store.Order(ctx, order, by, told)
	if err != nil {
		return resilience.Status{}, err
	}

	if err := b.obey(kept); err != nil {
		return resilience.Status{}, err
	}

	return b.registry.Status(order.Dependency)
}

// unknown names the breakers that there are.
func (b *breakers) unknown() error {
	all := b.registry.List()
	if len(all) == 0 {
		return fault.Invalid("name", "there is no circuit breaker: the configuration names no service outside")
	}

	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Name
	}

	return fault.Invalid("name", "is not a circuit breaker; there are: %s", strings.Join(names, ", "))
}

// Load obeys all orders that are kept.
func (b *breakers) Load(ctx context.Context) error {
	all, err := b.store.All(ctx)
	if err != nil {
		return err
	}

	errs := make([]error, len(all))
	for i, kept := range all {
		errs[i] = b.obey(kept)
	}

	return errors.Join(errs...)
}

// obey applies what this process has not obeyed yet. A service that this process does not call is passed over.
func (b *breakers) obey(kept db.BreakerOrders) error {
	b.mu.Lock()
	defer b.mu.Unlock()

	before := b.obeyed[kept.Name]
	if kept.Orders <= before.Orders {
		return nil
	}

	err := b.registry.Apply(resilience.Order{Dependency: kept.Name, Mode: kept.Mode, Reset: kept.Resets > before.Resets})
	if errors.Is(err, resilience.ErrUnknown) {
		return nil
	}

	if err == nil {
		b.obeyed[kept.Name] = kept
	}

	return err
}

// Run obeys orders given elsewhere until ctx ends.
func (b *breakers) Run(ctx context.Context) error {
	ticker := time.NewTicker(ordersInterval)
	defer ticker.Stop()

	defer b.deafen()

	for {
		b.listen(ctx) // first, so that nothing is missed between

		if err := b.Load(ctx); err != nil && ctx.Err() == nil {
			b.log.WarnContext(ctx, "orders of circuit breakers cannot be read", "error", err)
		}

		select {
		case <-b.wake:
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// listen takes what was heard, so that the next event wakes Run. It subscribes when there is no subscription.
func (b *breakers) listen(ctx context.Context) {
	if b.heard == nil {
		filter := event.Filter{Types: []event.Type{event.BreakerSet}, Owners: []string{""}}

		heard, err := b.hub.Subscribe(ctx, filter, hub.Place{}, b.rouse)
		if err != nil {
			return // the ticker wakes Run, which tries again
		}

		b.heard = heard
	}

	for {
		told, err := b.heard.Next(ctx)
		if err != nil {
			b.deafen()
		}

		if told == nil {
			return
		}
	}
}

// deafen gives the subscription up.
func (b *breakers) deafen() {
	if b.heard != nil {
		b.heard.Close()
		b.heard = nil
	}
}

// rouse wakes Run.
func (b *breakers) rouse() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}
