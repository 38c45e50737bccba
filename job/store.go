package job

import (
	"context"
	"encoding/json"
	"time"

	"sidereal/event"
)

// Queue is what those who want work done need of a store. Events that come with a change are kept with it or not at all.
//
// All times are those of the store: of the database's clock, which all nodes share, so that a node whose clock is wrong takes no job from another. What
// crosses this interface are lengths of time.
type Queue interface {
	// Enqueue keeps a job and its events, and wakes workers. Where a job of that kind and key is under way, nothing is kept and that one returned.
	Enqueue(ctx context.Context, spec Spec, events ...event.Event) (j Job, created bool, err error)
	// Find returns a job, or ErrUnknown.
	Find(ctx context.Context, id string) (Job, error)
	// Cancel ends a job that has not ended, and keeps the events. A job that has ended is returned as it is, and the events are not kept. ErrUnknown where there
	// is none.
	Cancel(ctx context.Context, id string, events ...event.Event) (j Job, cancelled bool, err error)
}

// Leases is what workers need of a store.
type Leases interface {
	// Claim takes jobs of a kind for a worker: first those whose lease has lapsed, then those in the queue, of the owners in turn and of one owner the oldest first. Each
	// begins an attempt, also past the last one: who claims such a job is to end it. A job that another worker is just taking is passed over.
	Claim(ctx context.Context, request Request) ([]Job, error)
	// Beat makes the leases that a worker has on jobs last for so long from now, and returns those that it still has. A lease that has lapsed, but is nobody
	// else's yet, is still the worker's.
	Beat(ctx context.Context, worker string, jobs []string, length time.Duration) ([]Lease, error)
	// Write changes a job and keeps events with it, under a lease; ErrLost where that is no longer the worker's, also when the job has ended.
	Write(ctx context.Context, lease Lease, change Change, events ...event.Event) error
}

// Store keeps jobs.
type Store interface {
	Queue
	Leases
}

// Request asks for jobs.
type Request struct {
	Kind   string
	Worker string        // who asks; no two processes have one name
	Limit  int           // at most so many
	Length time.Duration // of the lease
}

// Change is what a worker writes about its job.
type Change struct {
	Status   Status          // Running for a checkpoint, Queued for another attempt, Completed, Failed
	Progress json.RawMessage // the checkpoint; nil leaves the last one
	Result   json.RawMessage
	Reason   string
	Delay    time.Duration // how long no worker may have it, where it is Queued
	Uncount  bool          // this attempt does not count
	// Also is done in the same transaction, in which stores of the same database join by the context that it is given. When it fails, nothing is kept. It may be called
	// again after a transaction that came to nothing. Nil is nothing more.
	Also func(ctx context.Context) error
}
