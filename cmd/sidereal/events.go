package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"sidereal/db"
	"sidereal/event/hub"
	"sidereal/event/relay"
	"sidereal/telemetry"
)

// relayStop bounds how long the relay may take to note what it has published when the process ends.
const relayStop = 10 * time.Second

// hubStop bounds how long the hub may take to end.
const hubStop = 10 * time.Second

// startHub begins to hand the events of the stream to those who subscribe. A stream that is down does not stop the process.
func (a *app) startHub(ctx context.Context) error {
	a.hub = hub.New(a.broker.Events(), hub.Config{Log: a.log})

	a.stopHub = func() error {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), hubStop)
		defer cancel()

		return a.hub.Stop(ending)
	}

	return a.hub.Start(ctx)
}

// hubFigures is what the hub says of itself.
func (a *app) hubFigures() telemetry.HubFigures {
	s := a.hub.Stats()

	return telemetry.HubFigures{EventsIn: s.Events, Replays: s.Replays, SlowConsumers: s.FellBehind}
}

// watchHealth begins to tell administrators when the process is no longer ready, and when it is again.
func (a *app) watchHealth() error {
	node, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("name of the host: %w", err)
	}

	h := &health{node: node, check: a.check, append: db.NewOutbox(a.database).Append, now: time.Now, log: a.log}
	a.work.Go("watching the health", h.Run)

	return nil
}

// startRelay begins to carry events from the outbox into the stream. Neither a stream that is down nor one that fails later stops the process: events wait.
func (a *app) startRelay(ctx context.Context) error {
	outbox := db.NewOutbox(a.database)
	carrier := relay.New(outbox, a.broker.Events(), relay.Config{
		Hints: outbox.Appended(), Reconnected: a.broker.Reconnected(), Keep: a.config.keep(), Log: a.log,
	})

	a.stopRelay = func() error {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), relayStop)
		defer cancel()

		return carrier.Stop(ending)
	}

	return carrier.Start(ctx)
}
