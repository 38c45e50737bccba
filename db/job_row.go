package db

import (
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"sidereal/job"
)

// jobRow is a row of the table job.
type jobRow struct {
	bun.BaseModel `bun:"table:job"`

	ID             string  `bun:"id,pk"`
	Kind           string  `bun:"kind"`
	Key            string  `bun:"key"`
	Owner          string  `bun:"owner"`
	Payload        string  `bun:"payload"`
	Status         string  `bun:"status"`
	Turn           int64   `bun:"turn"`
	Attempt        int     `bun:"attempt"`
	MaxAttempts    int     `bun:"max_attempts"`
	Claim          int64   `bun:"claim"`
	Worker         string  `bun:"worker"`
	RunAfterMicros int64   `bun:"run_after_us"`
	LeaseMicros    *int64  `bun:"lease_until_us"`
	Progress       *string `bun:"progress"`
	Result         *string `bun:"result"`
	Reason         string  `bun:"reason"`
	CreatedMicros  int64   `bun:"created_at_us"`
	StartedMicros  *int64  `bun:"started_at_us"`
	EndedMicros    *int64  `bun:"ended_at_us"`
}

// jobColumns are the columns that make a job.Job, and its turn.
const jobColumns = "id, kind, key, owner, payload, status, turn, attempt, max_attempts, claim, worker, progress, result, reason, created_at_us, started_at_us, ended_at_us"

// newJobRow returns the row of a job that is new. What depends on the database, its turn and times, is left to the statement.
func newJobRow(s job.Spec) *jobRow {
	row := &jobRow{
		ID: s.ID, Kind: s.Kind, Key: s.Key, Owner: s.Owner, Payload: string(s.Payload), Status: string(job.Queued), MaxAttempts: s.MaxAttempts,
	}

	if len(s.Payload) == 0 {
		row.Payload = "null"
	}

	if row.MaxAttempts == 0 {
		row.MaxAttempts = job.DefaultMaxAttempts
	}

	return row
}

func (r *jobRow) job() job.Job {
	return job.Job{
		ID: r.ID, Kind: r.Kind, Key: r.Key, Owner: r.Owner, Payload: json.RawMessage(r.Payload), Status: job.Status(r.Status),
		Attempt: r.Attempt, MaxAttempts: r.MaxAttempts, Claim: r.Claim, Worker: r.Worker, Progress: document(r.Progress), Result: document(r.Result), Reason: r.Reason,
		CreatedAt: fromMicros(r.CreatedMicros), StartedAt: maybeMicros(r.StartedMicros), EndedAt: maybeMicros(r.EndedMicros),
	}
}

// document returns a JSON text, nil when there is none.
func document(text *string) json.RawMessage {
	if text == nil {
		return nil
	}

	return json.RawMessage(*text)
}

// maybeMicros returns a time, zero when there is none.
func maybeMicros(us *int64) time.Time {
	if us == nil {
		return time.Time{}
	}

	return fromMicros(*us)
}
