package eventtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sidereal/event"
)

var (
	everything = event.Filter{Everybody: true}
	moment     = time.Date(2026, 1, 1, 12, 0, 0, 123_456_000, time.UTC)
)

// fixture is one test of a broker.
type fixture struct {
	*testing.T

	ctx    context.Context //nolint:containedctx // of the test
	broker event.Broker
}

// frail returns the broker as one that can be harmed; the test ends where it cannot.
func (f *fixture) frail() Frail {
	f.Helper()

	frail, can := f.broker.(Frail)
	if !can {
		f.Skipf("%T has not the methods of eventtest.Frail", f.broker)
	}

	return frail
}

func (f *fixture) publish(list ...event.Event) {
	f.Helper()

	for _, e := range list {
		ctx, cancel := context.WithTimeout(f.ctx, patience)
		err := f.broker.Publish(ctx, e)

		cancel()

		if err != nil {
			f.Fatalf("publish: %v", err)
		}
	}
}

func (f *fixture) state() event.State {
	f.Helper()

	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()

	state, err := f.broker.State(ctx)
	if err != nil {
		f.Fatalf("state: %v", err)
	}

	return state
}

// read returns all that the stream holds and that passes, in one page.
func (f *fixture) read(filter event.Filter) []*event.Placed {
	f.Helper()

	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()

	state := f.state()

	got, reached, err := f.broker.Read(ctx, state.Epoch, filter, state.First-1, state.Last, 10_000)
	if err != nil || reached != state.Last {
		f.Fatalf("%+v: want to read up to %d, got to %d, %v", filter, state.Last, reached, err)
	}

	return got
}

func (f *fixture) readError(epoch string, after uint64) error {
	f.Helper()

	ctx, cancel := context.WithTimeout(f.ctx, patience)
	defer cancel()

	_, _, err := f.broker.Read(ctx, epoch, everything, after, after+5, 10)

	return err
}

// unwanted is for followers that must not hear anything.
func (f *fixture) unwanted(p *event.Placed) { f.Errorf("want no event, got %v", p.Cursor) }

// follower is somebody who follows.
type follower struct {
	f      *fixture
	events chan *event.Placed
	ended  chan error
	cancel context.CancelFunc
}

func (f *fixture) follow(epoch string, after uint64) *follower {
	ctx, cancel := context.WithCancel(f.ctx)
	follower := &follower{f: f, events: make(chan *event.Placed, 10_000), ended: make(chan error, 1), cancel: cancel}

	go func() {
		follower.ended <- f.broker.Follow(ctx, epoch, after, func(p *event.Placed) { follower.events <- p })
	}()

	return follower
}

// next returns the next event that the follower hears.
func (w *follower) next() *event.Placed {
	w.f.Helper()

	return within(w.f, w.events)
}

// wait returns why it ended.
func (w *follower) wait() error {
	w.f.Helper()
	defer w.cancel()

	return within(w.f, w.ended)
}

// end ends it; it must have heard nothing more.
func (w *follower) end() {
	w.f.Helper()
	w.cancel()

	_ = within(w.f, w.ended) // why it ended is told elsewhere

	select {
	case p := <-w.events:
		w.f.Errorf("want nothing more, got %v", p.Cursor)
	default:
	}
}

// within receives, or ends the test when patience does.
func within[T any](f *fixture, from <-chan T) T {
	f.Helper()

	timer := time.NewTimer(patience)
	defer timer.Stop()

	select {
	case got := <-from:
		return got
	case <-timer.C:
		f.Fatal("nothing came in time")

		panic("unreachable")
	}
}

// sample is an event that its number tells from others.
func sample(n int) event.Event {
	return event.New(event.ChartCalculated, moment, fmt.Sprintf("chart-%d", n), "", n)
}

func samples(n int) []event.Event {
	list := make([]event.Event, n)
	for i := range list {
		list[i] = sample(i)
	}

	return list
}

// mixture is events of several types, subjects and owners, in every combination.
func mixture() []event.Event {
	var list []event.Event

	for _, t := range []event.Type{event.ReadingStarted, event.ReadingCompleted, event.SystemWarning} {
		for _, subject := range []string{"", "chart-1", "chart.2 >"} {
			for _, owner := range []string{"", "ann", "b.*"} {
				list = append(list, event.New(t, moment, subject, owner, nil))
			}
		}
	}

	return list
}

// filters are those that are tried on mixture.
func filters() []event.Filter {
	return []event.Filter{
		{},
		{Everybody: true},
		{Everybody: true, Owners: []string{"ann"}},
		{Owners: []string{"ann"}},
		{Owners: []string{""}},
		{Owners: []string{"", "b.*"}},
		{Owners: []string{"nobody"}},
		{Owners: []string{"*"}},
		{Everybody: true, Subject: "chart-1"},
		{Everybody: true, Subject: "chart.2 >"},
		{Everybody: true, Subject: "chart-"},
		{Owners: []string{"ann", ""}, Subject: "chart-1"},
		{Everybody: true, Types: []event.Type{event.SystemWarning}},
		{Everybody: true, Types: []event.Type{event.UserLoggedIn}},
		{Owners: []string{"b.*"}, Types: []event.Type{event.ReadingStarted, event.ReadingCompleted}},
		{Owners: []string{"b.*", "ann"}, Types: []event.Type{event.ReadingStarted, event.SystemWarning}, Subject: "chart.2 >"},
	}
}

func events(placed []*event.Placed) []event.Event {
	list := make([]event.Event, len(placed))
	for i, p := range placed {
		list[i] = p.Event
	}

	return list
}

func ids(list []event.Event) []string {
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = e.ID
	}

	return texts
}
