package model

import (
	"time"

	"sidereal/telemetry"
)

// OperationsSnapshot is the view of what the process is doing. Counts that outgrow GraphQL's 32-bit Int are floats.
type OperationsSnapshot struct {
	At               time.Time
	UptimeMs         float64
	Goroutines       int
	HeapBytes        float64
	MemoryBytes      float64
	GcCycles         float64
	Operations       float64
	FailedOperations float64
	Connections      *ConnectionFigures
	Breakers         []Breaker
}

// NewOperationsSnapshot returns the view of a snapshot.
func NewOperationsSnapshot(s telemetry.Snapshot) *OperationsSnapshot {
	return &OperationsSnapshot{
		At:               s.At,
		UptimeMs:         float64(s.Uptime) / float64(time.Millisecond),
		Goroutines:       s.Goroutines,
		HeapBytes:        float64(s.HeapBytes),
		MemoryBytes:      float64(s.MemoryBytes),
		GcCycles:         float64(s.GCCycles),
		Operations:       float64(s.Operations),
		FailedOperations: float64(s.FailedOperations),
		Connections:      NewConnectionFigures(s.Connections),
		Breakers:         NewBreakers(s.Breakers),
	}
}
