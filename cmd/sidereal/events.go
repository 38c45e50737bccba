package main

import (
	"context"
	"time"

	"sidereal/db"
	"sidereal/event/relay"
)

// relayStop bounds how long the relay may take to note what it has published when the process ends.
const relayStop = 10 * time.Second

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
