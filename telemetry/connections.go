package telemetry

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The kinds of connections.
const (
	WebSocket   = "websocket"
	EventStream = "sse"
)

// HubFigures is what the hub of events says of itself since it started.
type HubFigures struct {
	EventsIn      uint64 // events of the stream that came to this process
	Replays       uint64 // times that a subscription had the stream read for it: to resume, or to catch up
	SlowConsumers uint64 // times that a subscription fell behind and was switched to catching up
}

// ConnectionsSnapshot is who is connected at one moment, and what was sent since the start.
type ConnectionsSnapshot struct {
	HubFigures

	WebSockets        int64
	EventStreams      int64                // open by Server-Sent Events
	Subscriptions     []FieldSubscriptions // by name of the field; fields that nobody has subscribed to since the start are left out
	EventsOut         uint64               // results of subscriptions that were written to a connection
	ClosedForSlowness uint64               // connections that were closed because their client did not keep up
	Latency           LatencySnapshot      // from an event's publishing until it was written to a connection
}

// FieldSubscriptions is how many subscriptions to a field are open.
type FieldSubscriptions struct {
	Field string
	Open  int64
}

// Connections counts connections, their subscriptions, and what is sent to them. It is safe for concurrent use, and never waits.
type Connections struct {
	hub           func() HubFigures
	sockets       atomic.Int64
	streams       atomic.Int64
	subscriptions sync.Map // of field names to *atomic.Int64; there are as many as the schema has
	out, slow     atomic.Uint64
	latency       *Latency
}

// NewConnections returns counters at zero. Hub is asked for its figures at each snapshot; nil for none.
func NewConnections(hub func() HubFigures) *Connections {
	return &Connections{hub: hub, latency: NewLatency()}
}

// SocketOpened counts a connection, of the kind WebSocket or EventStream.
func (c *Connections) SocketOpened(kind string) { c.connected(kind).Add(1) }

// SocketClosed counts its end.
func (c *Connections) SocketClosed(kind string) { c.connected(kind).Add(-1) }

func (c *Connections) connected(kind string) *atomic.Int64 {
	if kind == EventStream {
		return &c.streams
	}

	return &c.sockets
}

// SubscriptionOpened counts a subscription to a field of the schema.
func (c *Connections) SubscriptionOpened(field string) { c.subscribed(field).Add(1) }

// SubscriptionClosed counts its end.
func (c *Connections) SubscriptionClosed(field string) { c.subscribed(field).Add(-1) }

func (c *Connections) subscribed(field string) *atomic.Int64 {
	open, ok := c.subscriptions.Load(field)
	if !ok {
		open, _ = c.subscriptions.LoadOrStore(field, new(atomic.Int64))
	}

	counter, _ := open.(*atomic.Int64)

	return counter
}

// EventSent counts a result of a subscription that was written to a connection, that long after its event was published; a negative time is not known.
func (c *Connections) EventSent(latency time.Duration) {
	c.out.Add(1)

	if latency >= 0 {
		c.latency.Observe(latency)
	}
}

// SlowConsumer counts a connection that is closed because its client does not keep up.
func (c *Connections) SlowConsumer() { c.slow.Add(1) }

// Snapshot reads the figures of this moment.
func (c *Connections) Snapshot() ConnectionsSnapshot {
	s := ConnectionsSnapshot{
		WebSockets: c.sockets.Load(), EventStreams: c.streams.Load(), EventsOut: c.out.Load(), ClosedForSlowness: c.slow.Load(), Latency: c.latency.Snapshot(),
	}

	if c.hub != nil {
		s.HubFigures = c.hub()
	}

	c.subscriptions.Range(func(field, open any) bool {
		name, _ := field.(string)
		counter, _ := open.(*atomic.Int64)
		s.Subscriptions = append(s.Subscriptions, FieldSubscriptions{name, counter.Load()})

		return true
	})

	slices.SortFunc(s.Subscriptions, func(a, b FieldSubscriptions) int { return strings.Compare(a.Field, b.Field) })

	return s
}
