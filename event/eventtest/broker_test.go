package eventtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sidereal/event"
	"sidereal/event/eventtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheBrokerInMemoryIsABroker(t *testing.T) {
	eventtest.Run(t, func(*testing.T) event.Broker { return eventtest.New() })
}

func TestTheBrokerInMemoryIsABrokerWithGaps(t *testing.T) {
	eventtest.Run(t, func(*testing.T) event.Broker { return &gappy{eventtest.New()} })
}

// gappy leaves out sequences before each event.
type gappy struct{ *eventtest.Broker }

func (g *gappy) Publish(ctx context.Context, e event.Event) error {
	g.Skip(2)

	return g.Broker.Publish(ctx, e)
}

func TestFaultsAreInjected(t *testing.T) {
	b := eventtest.New()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

	for range 3 {
		if err := b.Publish(t.Context(), event.New(event.SystemError, at, "", "", nil)); err != nil {
			t.Fatal(err)
		}
	}

	state, err := b.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	heard, ended := make(chan *event.Placed), make(chan error)
	follow := func() {
		ended <- b.Follow(t.Context(), state.Epoch, state.Last-1, func(p *event.Placed) { heard <- p })
	}

	go follow()
	<-heard
	b.Cut()

	if err := <-ended; !errors.Is(err, eventtest.ErrCut) {
		t.Errorf("want the follower to be cut off, got %v", err)
	}

	go follow() // a cut is for those who follow when it comes
	<-heard
	b.Unreachable(true)

	if err := <-ended; !errors.Is(err, eventtest.ErrUnreachable) {
		t.Errorf("want the follower to lose the stream, got %v", err)
	}

	if _, err := b.State(t.Context()); !errors.Is(err, eventtest.ErrUnreachable) {
		t.Errorf("want no state, got %v", err)
	}

	b.Unreachable(false)
	b.Rewind(2)

	if got, err := b.State(t.Context()); err != nil || got != (event.State{Epoch: state.Epoch, First: 1, Last: 1}) {
		t.Errorf("want the first event alone, got %+v, %v", got, err)
	}
}
