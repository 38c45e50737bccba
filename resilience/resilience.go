// Package resilience stands between this program and every service outside it: a language model, a geocoder, whoever may be slow, away or overrun.
//
// Do calls a dependency: each try has a time limit; a try that failed for a reason which may pass is made again, after a pause that grows and is drawn by chance
// (exponential backoff with full jitter), never sooner than the service asked for, and never when it could not end before the caller's deadline. In front of
// the tries stands a circuit breaker: when too many failed it opens, and calls are refused at once; after a while it lets a few through, its probes, and
// closes when they succeed. A Registry holds the dependencies, and shows and steers their breakers.
//
// Its promises: while a dependency fails and its breaker is not closed, no more than Policy.Probes tries are made in each Policy.OpenFor, however many ask (but
// for probes whose callers went away before they knew: those are made again, no more than Policy.Probes at once). A dependency that is well again is called
// again, at the latest, when the open period in which it recovered, or the pause that it asked for, is over. What a try brings counts for the period of the
// breaker in which it began, and for no other; what a service asks for (Retry-After) holds whenever it is heard. A panic counts as a failure and goes on.
//
// Time is that of the runtime, as it is in the libraries beneath and in the deadlines of contexts: tests run in a bubble of testing/synctest.
package resilience

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/avast/retry-go/v4"
)

// Do calls a dependency, as often as its policy allows, and returns what the first try brought that succeeded. The call must end when its context does; what
// that context carries is the caller's.
//
// Errors: a *RejectedError when nothing was sent (errors.Is ErrOpen or ErrFull); an *ExhaustedError when tries failed for a reason that may pass and there is no
// other; the call's own error, as it is, when another try would not help; one that wraps the context's error when it ended before the first try.
func Do[T any](ctx context.Context, dependency *Dependency, call func(ctx context.Context) (T, error)) (T, error) {
	r := dependency.begin()

	value, err := retry.DoWithData(
		func() (T, error) { return try(ctx, r, call) },
		retry.Context(ctx),
		retry.Attempts(uint(dependency.policy.Tries)),
		retry.LastErrorOnly(true),
		retry.RetryIf(func(err error) bool { return r.goesOn(ctx, err) }),
		retry.DelayType(func(uint, error, *retry.Config) time.Duration { return r.pause }),
	)
	if err != nil {
		var none T

		return none, r.failure(ctx)
	}

	return value, nil
}

// try calls once.
func try[T any](ctx context.Context, r *run, call func(ctx context.Context) (T, error)) (value T, err error) {
	t, err := r.start(ctx)
	if err != nil {
		return value, err
	}

	bounded, cancel := context.WithTimeout(ctx, r.dependency.policy.Timeout)
	defer cancel()

	returned := false // stays so when the call panics or ends its goroutine

	defer func() { r.end(ctx, t, err, returned) }()

	value, err = call(bounded)
	returned = true

	return value, err
}

// run is one call of Do.
type run struct {
	dependency *Dependency
	rounds     int           // ended, whether a try was made in them or refused
	tries      int           // made
	last       error         // of the last try
	verdict    Verdict       // on it
	stopped    error         // what kept the last round from a try, or the next round from being: a refusal, or the caller's context; nil for neither
	pause      time.Duration // before the next round
	pausing    bool          // it has been reached
}

// start asks for a try.
func (r *run) start(ctx context.Context) (t ticket, err error) {
	r.pausing = false

	if r.stopped = ctx.Err(); r.stopped != nil {
		return t, r.stopped
	}

	if t, r.stopped = r.dependency.admit(ctx, r.tries > 0); r.stopped != nil {
		return t, r.stopped
	}

	r.tries++

	return t, nil
}

// end notes what a try brought. Where the caller went away, that says nothing about the dependency; where the caller's deadline passed, it does: a service
// that hangs must not be taken for well because all who call it are in a hurry.
func (r *run) end(ctx context.Context, t ticket, err error, returned bool) {
	policy := &r.dependency.policy
	o := outcome{verdict: Failed, text: "a panic"} // in the call, which may also have ended its goroutine, or in the policy's functions

	defer func() { r.dependency.settle(t, o) }()

	switch {
	case !returned:
	case err == nil:
		o = outcome{verdict: Answered}
	case errors.Is(ctx.Err(), context.Canceled):
		o = outcome{verdict: Neutral}
	default:
		o = outcome{verdict: policy.Classify(err), text: policy.Describe(err), wait: RetryAfter(err)}
	}

	r.last, r.verdict = err, o.verdict
}

// goesOn decides after a round that failed whether there is another, and how long the pause before it is. retry-go asks it before it counts the rounds.
func (r *run) goesOn(ctx context.Context, err error) bool {
	r.rounds++

	if !r.mayPass() || r.rounds >= r.dependency.policy.Tries {
		return false
	}

	wait := RetryAfter(err)
	r.pause = wait + r.jitter()

	if stopped := r.obstacle(ctx, wait); stopped != nil {
		if r.stopped == nil {
			r.stopped = stopped
		}

		return false
	}

	r.pausing = true

	return true
}

// mayPass tells whether what ended a round may be over before the next: a failure that passes, or the service's wish to be left alone for a while.
func (r *run) mayPass() bool {
	if r.stopped == nil {
		return r.verdict == Transient
	}

	var rejected *RejectedError

	return errors.As(r.stopped, &rejected) && rejected.Reason == ReasonToldToWait
}

// jitter draws a pause: between nothing and Policy.Backoff before the second round, twice that before the third, and so on up to Policy.MaxBackoff.
func (r *run) jitter() time.Duration {
	var config retry.Config

	// The cap is set here and not where the pause is handed to retry-go: there it would cut what the service asks for as well.
	retry.Delay(r.dependency.policy.Backoff)(&config)
	retry.MaxDelay(r.dependency.policy.MaxBackoff)(&config)

	return retry.FullJitterBackoffDelay(uint(r.rounds-1), nil, &config)
}

// obstacle is what makes it useless to wait for the next round, of which wait is what the service asked for; nil when there is nothing.
func (r *run) obstacle(ctx context.Context, wait time.Duration) error {
	policy := &r.dependency.policy

	if wait > policy.MaxWait {
		return &RejectedError{Dependency: r.dependency.name, Reason: ReasonToldToWait, After: wait}
	}

	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < r.pause+policy.MinTry {
		return context.DeadlineExceeded
	}

	if refused := r.dependency.breaker.refusesAfter(r.pause); refused != nil {
		return refused
	}

	return nil
}

// failure is what Do returns for a run that brought nothing.
func (r *run) failure(ctx context.Context) error {
	if r.pausing || r.rounds == 0 {
		r.stopped = ctx.Err() // retry-go saw it end: in a pause, or before the first round
	}

	var rejected *RejectedError

	switch {
	case r.tries == 0 && errors.As(r.stopped, &rejected):
		return rejected
	case r.tries == 0:
		return fmt.Errorf("resilience: %s was not called: %w", r.dependency.name, r.stopped)
	case r.stopped == nil && r.verdict != Transient:
		return r.last
	default:
		return &ExhaustedError{Dependency: r.dependency.name, Tries: r.tries, Last: r.last, Stopped: r.stopped}
	}
}
