package job

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"sidereal/event"
	"sidereal/fault"
)

// Handler works on a job: one attempt. It begins at the job's Progress, saves checkpoints and the result through the run, and returns soon when ctx ends, whose
// cause says why: ErrLost, or ErrStopping, after which the job goes back to the queue. A nil error completes the job, where run.Complete has not yet; another
// one, or a panic, ends the attempt, and the job is tried again unless the error is Permanent or this was the last attempt. The message of a fault is
// shown to the caller; other errors are for the log.
type Handler func(ctx context.Context, j Job, run *Run) error

// Kind is a kind of work.
type Kind struct {
	Name    string
	Handler Handler
	// Ended returns the events that tell of an end, which are kept with it: j is COMPLETED, FAILED or CANCELLED, and Result or Reason say what came of it. Nil tells
	// nobody. It is called for each try to write the end, on any node, so it must depend on the job alone.
	Ended       func(j Job) []event.Event
	Workers     int                             // at once in this process; 0 is 4
	MaxAttempts int                             // of jobs whose Spec does not say; 0 is DefaultMaxAttempts
	Backoff     func(attempt int) time.Duration // how long to wait after so many attempts; nil is a second, twice as long each time up to a minute, less up to a half by chance
}

const (
	defaultWorkers = 4
	minBackoff     = time.Second
	maxBackoff     = time.Minute
)

func backoff(attempt int) time.Duration {
	wait := min(maxBackoff, minBackoff<<min(attempt-1, 16))

	return wait - rand.N(wait/2+1) //nolint:gosec // spreads load, guards nothing
}

// permanentError is an error that another attempt would meet again.
type permanentError struct{ cause error }

func (e *permanentError) Error() string { return e.cause.Error() }
func (e *permanentError) Unwrap() error { return e.cause }

// Permanent makes the error of a handler one after which the job is not tried again.
func Permanent(err error) error { return &permanentError{err} }

func isPermanent(err error) bool {
	_, ok := errors.AsType[*permanentError](err)

	return ok
}

// wait returns how long the job waits for its next attempt: at least as long as the error itself asks for.
func (k *Kind) wait(attempt int, err error) time.Duration {
	wait := k.Backoff(attempt)

	if f, ok := fault.As(err); ok {
		wait = max(wait, f.RetryAfter)
	}

	return wait
}

// unexpected is what callers are told of an error that is not meant for them.
const unexpected = "the work failed unexpectedly"

// reason returns what callers may know of an error.
func reason(err error) string {
	if f, ok := fault.As(err); ok && f.Code != fault.Internal {
		return f.Message
	}

	return unexpected
}
