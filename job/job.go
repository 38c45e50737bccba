// Package job does work that must not be lost: a job is a row in the database before anybody works on it, and a worker on any node does it under a lease.
//
// Its promises: a job that was committed comes to exactly one end, COMPLETED, FAILED or CANCELLED, and the events that tell of it are committed with it. A job
// under way that has the same kind and key is the same job, however many ask for it at once, on however many nodes. What a worker writes (a checkpoint, events, a
// result) is one transaction that fails with ErrLost once the job is another's, so no checkpoint is written twice; the next attempt gets the last one. A worker that
// dies loses its job to another within a lease and a poll, and after so many attempts the job has failed. What is outside the database may be done twice:
// a worker that is cut off works on until its lease is over.
package job

import (
	"encoding/json"
	"time"

	"sidereal/event"
	"sidereal/fault"
)

// Status is where a job is.
type Status string

// The statuses. The last three are ends: a job that has one keeps it.
const (
	Queued    Status = "QUEUED" // also between two attempts
	Running   Status = "RUNNING"
	Completed Status = "COMPLETED"
	Failed    Status = "FAILED"
	Cancelled Status = "CANCELLED"
)

// Ended says whether nothing more happens to a job.
func (s Status) Ended() bool { return s == Completed || s == Failed || s == Cancelled }

var (
	// ErrLost is the answer to a worker whose job is no longer its own: the lease went to another, or the job was cancelled.
	ErrLost = fault.New(fault.Conflict, "the job is not this worker's any more")
	// ErrUnknown is the answer to an id that no job has.
	ErrUnknown = fault.New(fault.NotFound, "there is no such job")
)

// DefaultMaxAttempts is how often a job is tried whose Spec does not say.
const DefaultMaxAttempts = 5

// Spec is a job to be done.
type Spec struct {
	ID          string          // a UUID of version 7, as NewSpec makes it
	Kind        string          // what kind of work it is
	Key         string          // what it is about: of one kind and key, at most one job is under way. Empty for a job that is like no other
	Owner       string          // the account that it is done for, by which workers are fair; all jobs of nobody count as one owner's
	Payload     json.RawMessage // what is to be done; nil is null
	MaxAttempts int             // after so many it has failed; 0 is DefaultMaxAttempts
	Delay       time.Duration   // how long no worker may have it
}

// NewSpec returns a job of a kind with an id of its own. Payload is what encodes as JSON.
func NewSpec(now time.Time, kind, key, owner string, payload any) (Spec, error) {
	text, err := encode("payload", payload)

	return Spec{ID: event.NewID(now), Kind: kind, Key: key, Owner: owner, Payload: text}, err
}

// Job is a job as it is kept. Its times are those of the database's clock.
type Job struct {
	ID, Kind, Key, Owner string
	Payload              json.RawMessage
	Status               Status
	Attempt              int             // how often it was begun, without those that were given back
	MaxAttempts          int             // after so many it has failed
	Claim                int64           // how often a worker has taken it, all told: by it a lease is told from an earlier one
	Worker               string          // who has it, or had it when it ended; empty in the queue
	Progress             json.RawMessage // the last checkpoint; nil before the first one
	Result               json.RawMessage // nil before it is COMPLETED
	Reason               string          // a sentence for the caller: why it FAILED, or why the last attempt did; empty otherwise
	CreatedAt            time.Time       // UTC, to the microsecond, as are the others
	StartedAt            time.Time       // of the first attempt; zero before it
	EndedAt              time.Time       // zero before it
}

// Lease is the right of a worker to work on a job. It lasts until it lapses and another worker takes the job, or the job ends.
type Lease struct {
	JobID string
	Claim int64
}

// Lease returns the lease under which a job was claimed.
func (j Job) Lease() Lease { return Lease{j.ID, j.Claim} }

// maxDocument bounds a payload, a checkpoint and a result, in bytes of JSON: a row that is written at each step should not be a file.
const maxDocument = 1 << 20

// encode returns a value as JSON; nil where there is no value.
func encode(what string, value any) (json.RawMessage, error) {
	if value == nil {
		return nil, nil
	}

	text, err := json.Marshal(value)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the job's %s cannot be kept", what)
	}

	if len(text) > maxDocument {
		return nil, fault.New(fault.Internal, "the job's %s has %d bytes of JSON, at most %d", what, len(text), maxDocument)
	}

	return text, nil
}
