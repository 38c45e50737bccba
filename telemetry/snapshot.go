package telemetry

import (
	"runtime/metrics"
	"sync/atomic"
	"time"

	"sidereal/resilience"
)

// Snapshot is what the process is doing at one moment.
type Snapshot struct {
	At               time.Time
	Uptime           time.Duration
	Goroutines       int
	HeapBytes        uint64 // live and not yet collected heap objects
	MemoryBytes      uint64 // held from the system by the Go runtime, less what it gave back
	GCCycles         uint64
	Operations       uint64 // GraphQL operations answered
	FailedOperations uint64 // those answered with errors
	Connections      ConnectionsSnapshot
	Breakers         []resilience.Status // by name
}

// Process watches the process that it is part of. It is safe for concurrent use.
type Process struct {
	started            time.Time
	now                func() time.Time
	connections        *Connections
	breakers           func() []resilience.Status
	operations, failed atomic.Uint64
}

// NewProcess returns a watch that counts from now(), with the figures of its connections and of its circuit breakers.
func NewProcess(now func() time.Time, connections *Connections, breakers func() []resilience.Status) *Process {
	return &Process{started: now(), now: now, connections: connections, breakers: breakers}
}

// CountOperation counts one GraphQL operation.
func (p *Process) CountOperation(failed bool) {
	p.operations.Add(1)

	if failed {
		p.failed.Add(1)
	}
}

// Snapshot reads the figures of this moment. It does not stop the world.
func (p *Process) Snapshot() Snapshot {
	samples := []metrics.Sample{
		{Name: "/sched/goroutines:goroutines"},
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
		{Name: "/gc/cycles/total:gc-cycles"},
	}
	metrics.Read(samples)

	now := p.now()

	return Snapshot{
		At:               now,
		Uptime:           now.Sub(p.started),
		Goroutines:       int(samples[0].Value.Uint64()),
		HeapBytes:        samples[1].Value.Uint64(),
		MemoryBytes:      samples[2].Value.Uint64() - samples[3].Value.Uint64(),
		GCCycles:         samples[4].Value.Uint64(),
		Operations:       p.operations.Load(),
		FailedOperations: p.failed.Load(),
		Connections:      p.connections.Snapshot(),
		Breakers:         p.breakers(),
	}
}
