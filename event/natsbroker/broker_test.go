package natsbroker

import (
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"sidereal/event"
	"sidereal/event/eventtest"
	"sidereal/internal/natstest"
)

// frail is a stream that can be harmed.
type frail struct {
	*Stream

	t *testing.T
}

// Lose implements eventtest.Frail.
func (f frail) Lose(n int) {
	f.t.Helper()

	info, err := f.info(bounded(f.t))
	if err != nil {
		f.t.Fatal(err)
	}

	stream, err := f.open(bounded(f.t))
	if err != nil {
		f.t.Fatal(err)
	}

	if err := stream.Purge(bounded(f.t), jetstream.WithPurgeSequence(info.State.FirstSeq+uint64(n))); err != nil {
		f.t.Fatal(err)
	}
}

// Renew implements eventtest.Frail.
func (f frail) Renew() {
	f.t.Helper()

	if err := f.connection.js.DeleteStream(bounded(f.t), streamName); err != nil {
		f.t.Fatal(err)
	}

	if _, err := f.connection.ensure(bounded(f.t)); err != nil { // as another node does
		f.t.Fatal(err)
	}
}

func TestTheStreamIsABroker(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		eventtest.Run(t, func(t *testing.T) event.Broker { return frail{opened(t, t.TempDir()).Events(), t} })
	})
	t.Run("outside", func(t *testing.T) {
		eventtest.Run(t, func(t *testing.T) event.Broker { return frail{connected(t, natstest.Start(t).URL()).Events(), t} })
	})
}
