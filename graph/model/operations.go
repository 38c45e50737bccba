package model

import (
	"time"

	"sidereal/telemetry"
)

// Operations is the view of how the service runs.
type Operations struct {
	Connections *ConnectionFigures
	Breakers    []Breaker
}

// NewOperations returns the view of a snapshot.
func NewOperations(s telemetry.Snapshot) *Operations {
	return &Operations{NewConnectionFigures(s.Connections), NewBreakers(s.Breakers)}
}

// ConnectionFigures is the view of who is connected and what was sent. Counts that outgrow GraphQL's 32-bit Int are floats.
type ConnectionFigures struct {
	WebSockets        int
	EventStreams      int
	Subscriptions     []SubscriptionCount
	EventsIn          float64
	EventsOut         float64
	Replays           float64
	SlowConsumers     float64
	ClosedForSlowness float64
	DeliveryLatency   *LatencyFigures
}

// SubscriptionCount is how many subscriptions a field has.
type SubscriptionCount struct {
	Field string
	Open  int
}

// LatencyFigures is the view of how long something took.
type LatencyFigures struct {
	Count                      float64
	P50Ms, P95Ms, P99Ms, MaxMs float64
	Buckets                    []LatencyBucket
}

// LatencyBucket is how many took so long.
type LatencyBucket struct {
	UpToMs *float64
	Count  float64
}

// NewConnectionFigures returns the view of a snapshot.
func NewConnectionFigures(s telemetry.ConnectionsSnapshot) *ConnectionFigures {
	figures := &ConnectionFigures{
		WebSockets:        int(s.WebSockets),
		EventStreams:      int(s.EventStreams),
		Subscriptions:     make([]SubscriptionCount, len(s.Subscriptions)),
		EventsIn:          float64(s.EventsIn),
		EventsOut:         float64(s.EventsOut),
		Replays:           float64(s.Replays),
		SlowConsumers:     float64(s.SlowConsumers),
		ClosedForSlowness: float64(s.ClosedForSlowness),
		DeliveryLatency:   newLatencyFigures(s.Latency),
	}

	for i, of := range s.Subscriptions {
		figures.Subscriptions[i] = SubscriptionCount{Field: of.Field, Open: int(of.Open)}
	}

	return figures
}

func newLatencyFigures(s telemetry.LatencySnapshot) *LatencyFigures {
	figures := &LatencyFigures{
		Count: float64(s.Count), P50Ms: milliseconds(s.P50), P95Ms: milliseconds(s.P95), P99Ms: milliseconds(s.P99), MaxMs: milliseconds(s.Max),
		Buckets: make([]LatencyBucket, len(s.Buckets)),
	}

	for i, b := range s.Buckets {
		figures.Buckets[i].Count = float64(b.Count)

		if b.UpTo > 0 {
			figures.Buckets[i].UpToMs = new(milliseconds(b.UpTo))
		}
	}

	return figures
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
