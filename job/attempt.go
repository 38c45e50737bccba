package job

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"sidereal/fault"
)

// attempt is a job that a worker of this process has.
type attempt struct {
	job     Job
	cancel  context.CancelCauseFunc
	renewed time.Time // when the lease was last asked for with success; guarded by Engine.mu
}

// begin starts an attempt at a job that was asked for at a time, and tells freed when it has ended.
func (e *Engine) begin(ctx context.Context, kind *Kind, j Job, asked time.Time, freed chan<- struct{}) {
	ctx, cancel := context.WithCancelCause(ctx)
	a := &attempt{job: j, cancel: cancel, renewed: asked}

	e.mu.Lock()
	earlier := e.running[j.ID]
	e.running[j.ID] = a
	e.mu.Unlock()

	if earlier != nil { // its lease lapsed, and came back to this process
		earlier.cancel(ErrLost)
	}

	e.attempts.Go(func() {
		defer func() {
			cancel(nil)
			e.forget(a)

			freed <- struct{}{} // there is room for all workers
		}()

		run := &Run{engine: e, kind: kind, attempt: a, job: j}

		if j.Attempt > j.MaxAttempts {
			e.settle(ctx, run, spent(j))

			return
		}

		e.settle(ctx, run, e.attempt(ctx, kind, j, run))
	})
}

// spent is the error of a job whose last worker died in the last attempt.
func spent(j Job) error {
	return fault.New(fault.Timeout, "the worker stopped answering in attempt %d of %d", j.MaxAttempts, j.MaxAttempts)
}

// attempt calls the handler. Its panic is an error.
func (e *Engine) attempt(ctx context.Context, kind *Kind, j Job, run *Run) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("job: panic: %v\n%s", panicked, debug.Stack())
		}
	}()

	if ctx.Err() != nil { // it was claimed while the engine was being stopped
		return context.Cause(ctx)
	}

	return kind.Handler(ctx, j, run)
}

// settle writes what an attempt came to.
func (e *Engine) settle(ctx context.Context, run *Run, err error) {
	j := &run.job
	log := e.config.Log.With("job", j.ID, "kind", j.Kind, "attempt", j.Attempt)

	switch {
	case run.over():
		if err != nil {
			log.WarnContext(ctx, "a job's handler failed after the end of its job", "error", err)
		}

		return
	case errors.Is(context.Cause(ctx), ErrLost):
		log.InfoContext(ctx, "a job was lost to another worker, or cancelled")

		return
	}

	change := e.outcome(ctx, run, err)

	switch {
	case change.Status == Failed:
		log.ErrorContext(ctx, "a job failed", "error", err)
	case change.Status == Queued && !change.Uncount:
		log.WarnContext(ctx, "an attempt at a job failed", "again_in", change.Delay, "error", err)
	}

	if err := e.insist(ctx, run, change); err != nil && !errors.Is(err, ErrLost) {
		log.ErrorContext(ctx, "the end of an attempt at a job was not written", "status", change.Status, "error", err)
	}
}

// outcome returns what becomes of a job after an attempt that ended with an error, or without one.
func (e *Engine) outcome(ctx context.Context, run *Run, err error) Change {
	j := &run.job

	switch {
	case err == nil:
		return Change{Status: Completed, Result: []byte("null")}
	case j.Attempt > j.MaxAttempts: // no attempt was made
		return Change{Status: Failed, Reason: reason(err), Uncount: true}
	case errors.Is(context.Cause(ctx), ErrStopping):
		return Change{Status: Queued, Uncount: true}
	case isPermanent(err):
		return Change{Status: Failed, Reason: reason(err)}
	case j.Attempt >= j.MaxAttempts:
		return Change{Status: Failed, Reason: fmt.Sprintf("given up after %d attempts: %s", j.Attempt, reason(err))}
	default:
		return Change{Status: Queued, Reason: reason(err), Delay: run.kind.wait(j.Attempt, err)}
	}
}

// firstPause is how long a write that failed waits for its second try; each one more waits twice as long.
const firstPause = 25 * time.Millisecond

// insist writes a change, again and again while the store cannot be reached and the lease is ours: the work is done, and would be done anew. It does so also while
// the engine is being stopped. To try again is safe: what was kept after all, unknown to us, is answered with ErrLost.
func (e *Engine) insist(ctx context.Context, run *Run, change Change) error {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.config.Timeout)
	defer cancel()

	for pause := firstPause; ; pause *= 2 {
		err := run.write(bounded, change, nil)

		code := fault.CodeOf(err)
		if err == nil || code != fault.UpstreamUnavailable && code != fault.Timeout || errors.Is(context.Cause(ctx), ErrLost) {
			return err
		}

		select {
		case <-bounded.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// held returns what runs here.
func (e *Engine) held() []*attempt {
	e.mu.Lock()
	defer e.mu.Unlock()

	return slices.Collect(maps.Values(e.running))
}

// forget takes an attempt out, unless a later one has its place.
func (e *Engine) forget(a *attempt) {
	e.mu.Lock()
	defer e.mu.Unlock()

	if e.running[a.job.ID] == a {
		delete(e.running, a.job.ID)
	}
}

// lose ends the attempt at a job, if there is one here.
func (e *Engine) lose(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()

	if a := e.running[id]; a != nil {
		a.cancel(ErrLost)
	}
}
