package job

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"sidereal/event"
)

// Run is an attempt at a job, as its handler sees it. It is safe for concurrent use.
type Run struct {
	engine  *Engine
	kind    *Kind
	mu      sync.Mutex // held while something is written: checkpoints come one after the other
	attempt *attempt
	job     Job // with the last checkpoint
	ended   bool
}

// Lease returns the lease, under which stores may write more in the transaction of a checkpoint.
func (r *Run) Lease() Lease { return r.job.Lease() }

// Save commits a checkpoint and events, which the next attempt gets, should there be one. Progress is what encodes as JSON; nil leaves the last checkpoint.
// With ErrLost the job is another's and ctx ends. After another error it is not known whether the checkpoint was kept: the attempt should end with it.
func (r *Run) Save(ctx context.Context, progress any, events ...event.Event) error {
	return r.SaveWith(ctx, progress, nil, events...)
}

// SaveWith is Save, and does more in the same transaction: see Change.Also.
func (r *Run) SaveWith(ctx context.Context, progress any, also func(ctx context.Context) error, events ...event.Event) error {
	text, err := encode("progress", progress)
	if err != nil {
		return err
	}

	return r.write(ctx, Change{Status: Running, Progress: text, Also: also}, events)
}

// Complete commits the end of the job: its result, which encodes as JSON, events, and behind them those of Kind.Ended. It is known as soon as this returns.
func (r *Run) Complete(ctx context.Context, result any, events ...event.Event) error {
	return r.CompleteWith(ctx, result, nil, events...)
}

// CompleteWith is Complete, and does more in the same transaction: see Change.Also.
func (r *Run) CompleteWith(ctx context.Context, result any, also func(ctx context.Context) error, events ...event.Event) error {
	text, err := encode("result", result)
	if err != nil {
		return err
	}

	if text == nil {
		text = json.RawMessage("null")
	}

	return r.write(ctx, Change{Status: Completed, Result: text, Also: also}, events)
}

// write writes a change, and notes what it made of the job.
func (r *Run) write(ctx context.Context, change Change, events []event.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()

	if r.ended {
		return ErrLost
	}

	if change.Status.Ended() {
		ended := r.job
		ended.Status, ended.Result, ended.Reason = change.Status, change.Result, change.Reason
		events = append(slices.Clip(events), r.engine.endings(ctx, r.kind, ended)...)
	}

	err := r.engine.store.Write(ctx, r.Lease(), change, events...)

	switch {
	case errors.Is(err, ErrLost):
		r.attempt.cancel(ErrLost)
	case err != nil:
	case change.Status != Running:
		r.ended = true
	case change.Progress != nil:
		r.job.Progress = change.Progress
	}

	return err
}

// over says whether the job has its end, or is back in the queue.
func (r *Run) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()

	return r.ended
}
