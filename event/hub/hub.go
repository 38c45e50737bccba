// Package hub hands the events of the stream to those in this process who wait for them: one follower of the stream, any number of subscriptions.
package hub

import (
	"context"
	"log/slog"

	"sidereal/event"
)

// Config says how a hub works. Its zero values are good for everything but tests.
type Config struct {
	Log *slog.Logger // required
}

// Hub hands out events. Use it once: Start, then Stop.
type Hub struct{}

// New returns a hub over a stream.
func New(event.Broker, Config) *Hub { return &Hub{} }

// Start begins to follow the stream in the background, whether or not it can be reached.
func (h *Hub) Start(context.Context) error { return nil }

// Stop ends that, and returns when it has ended.
func (h *Hub) Stop(context.Context) error { return nil }

// Place is where a subscription begins.
type Place struct {
	After     event.Cursor // behind this event; zero for what happens from now on
	Beginning bool         // at the oldest event that the stream holds, when After is zero
}

// Subscribe returns a subscription to the events that pass the filter. Notify is called, from any goroutine and without waiting for it, when there is something to read
// after Next returned nothing; it must return at once. Errors: CURSOR_EXPIRED with the detail "earliest" (text of a cursor), UPSTREAM_UNAVAILABLE.
func (h *Hub) Subscribe(ctx context.Context, f event.Filter, from Place, notify func()) (*Subscription, error) {
	return nil, nil
}

// Subscription is somebody's place in the stream.
type Subscription struct{}

// Next returns the next event; nil when there is none now. It may read the stream, bounded by ctx. One goroutine at a time. Errors: CURSOR_EXPIRED when the subscription
// stayed behind until the stream lost its next event; UPSTREAM_UNAVAILABLE, after which Next may be called again.
func (s *Subscription) Next(ctx context.Context) (*event.Placed, error) { return nil, nil }

// Cursor returns the place behind the last event that Next returned; where it began before that.
func (s *Subscription) Cursor() event.Cursor { return event.Cursor{} }

// Close ends the subscription. It may be called at any time, and more than once.
func (s *Subscription) Close() {}
