package resilience

import (
	"fmt"
	"sync"
	"time"

	"github.com/mercari/go-circuitbreaker"
)

// outcome is what a try brought.
type outcome struct {
	verdict Verdict
	text    string        // of the error, for operators
	wait    time.Duration // how long the service wants to be left alone
}

// ticket is the leave to try.
type ticket struct {
	period uint64 // of the breaker, in which it was given
}

// breaker decides which tries are made. The library's breaker in it is the machine of states. This one puts in front of it what that lacks: it lets no more than
// the probes through half open, takes no result for another period's than its try's own, counts in a window that moves, and tells of changes when no lock is held.
type breaker struct {
	name   string
	policy *Policy
	tell   func(Change) // called under mu: must not wait
	woken  func()       // an open period has ended; called under the lock of the library: must not wait

	mu       sync.Mutex
	core     *circuitbreaker.CircuitBreaker // told of results under mu only, so that only the end of an open period comes from elsewhere
	state    State                          // of core when it was last looked at
	mode     Mode
	period   uint64    // grows with every change of state or mode
	since    time.Time // when the state or mode began
	reopens  time.Time // end of the open period
	held     time.Time // until when the service wants to be left alone
	openFor  time.Duration
	probes   int // that may still begin
	window   window
	counters Counters
	failure  Failure
}

func newBreaker(name string, policy *Policy, tell func(Change), woken func()) *breaker {
	b := &breaker{name: name, policy: policy, tell: tell, woken: woken, mode: Auto}
	b.restart(time.Now())

	return b
}

// restart makes b as new, in the mode that it has: closed, with nothing counted or held. The timer of an old core may still go off: it opens that one's door.
func (b *breaker) restart(now time.Time) {
	b.core = circuitbreaker.New(
		circuitbreaker.WithTripFunc(b.trips()),
		circuitbreaker.WithCounterResetInterval(-1), // the window forgets
		circuitbreaker.WithOpenTimeoutBackOff((*openPeriods)(b)),
		circuitbreaker.WithHalfOpenMaxSuccesses(int64(b.policy.Probes)),
		circuitbreaker.WithOnStateChangeHookFn(func(_, to circuitbreaker.State) {
			if to == circuitbreaker.StateHalfOpen {
				b.woken()
			}
		}),
	)
	b.window = newWindow(b.policy.Window, now)
	b.held = time.Time{}
	b.failure = Failure{}
	b.state = Closed
	b.since = now
	b.period++
}

// trips is the library's rule of a failure rate, on the counts of the window, and its rule of failures in a row.
func (b *breaker) trips() circuitbreaker.TripFunc {
	rate := circuitbreaker.NewTripFuncFailureRate(int64(b.policy.MinCalls), b.policy.FailureRate)
	inRow := circuitbreaker.NewTripFuncConsecutiveFailures(int64(b.policy.InRow))

	return func(all *circuitbreaker.Counters) bool {
		recent := b.window.count(time.Now())

		return rate(&recent) || inRow(all)
	}
}

// admit gives leave for a try, or a *RejectedError.
func (b *breaker) admit(again bool) (ticket, *RejectedError) {
	b.mu.Lock()
	defer b.mu.Unlock()

	now := time.Now()
	b.look(now)

	if refused := b.refusal(now); refused != nil {
		b.counters.Rejected++

		return ticket{}, refused
	}

	b.counters.Tries++
	b.counters.InFlight++

	if again {
		b.counters.Retries++
	}

	if b.mode == Auto && b.state == HalfOpen {
		b.counters.Probes++
		b.probes--
	}

	return ticket{period: b.period}, nil
}

// refusal is why no try may be made, nil when one may.
func (b *breaker) refusal(now time.Time) *RejectedError {
	refused := func(reason Reason, after time.Duration) *RejectedError {
		return &RejectedError{Dependency: b.name, Reason: reason, After: after}
	}

	switch {
	case b.mode == ForceClosed:
		return nil
	case b.mode == ForceOpen:
		return refused(ReasonForcedOpen, 0)
	case b.state == Open:
		return refused(ReasonOpen, max(b.reopens.Sub(now), b.held.Sub(now), time.Millisecond)) // the timer may be late
	case b.held.After(now):
		return refused(ReasonToldToWait, b.held.Sub(now))
	case b.state == HalfOpen && b.probes == 0:
		return refused(ReasonProbing, b.policy.OpenFor) // should the probes fail
	default:
		return nil
	}
}

// refuses is what admit would refuse now, nil when it would not.
func (b *breaker) refuses() *RejectedError {
	b.mu.Lock()
	defer b.mu.Unlock()

	now := time.Now()
	b.look(now)

	refused := b.refusal(now)
	if refused != nil {
		b.counters.Rejected++
	}

	return refused
}

// refusesAfter is why a try will be refused after a pause, as far as that is certain; nil when it is not.
func (b *breaker) refusesAfter(pause time.Duration) *RejectedError {
	b.mu.Lock()
	defer b.mu.Unlock()

	now := time.Now()
	b.look(now)

	if b.mode == Auto && b.state != Open {
		return nil
	}

	if refused := b.refusal(now); refused != nil && (refused.After == 0 || refused.After > pause) {
		return refused
	}

	return nil
}

// settle notes the outcome of a try.
func (b *breaker) settle(t ticket, o outcome) {
	if o.verdict < Failed || o.verdict > Neutral {
		o.verdict = Failed
	}

	b.mu.Lock()
	defer b.mu.Unlock()

	now := time.Now()
	b.look(now)
	b.count(now, o)

	if b.mode != Auto {
		return
	}

	if o.verdict == Transient && o.wait > 0 {
		b.hold(now.Add(min(o.wait, b.policy.MaxHold)))
	}

	if t.period != b.period {
		return
	}

	switch o.verdict {
	case Neutral:
		b.probes++ // that was half open; closed, nobody asks
	case Answered:
		b.window.add(now, false)
		b.core.Success()
	case Failed, Transient:
		b.window.add(now, true)
		b.core.Fail()
	}

	b.look(now)
}

func (b *breaker) count(now time.Time, o outcome) {
	b.counters.InFlight--

	switch o.verdict {
	case Neutral:
		b.counters.Abandoned++
	case Answered:
		b.counters.Successes++
	case Failed, Transient:
		b.counters.Failures++
		b.failure = Failure{Text: o.text, At: now}
	}
}

// hold keeps calls back until a moment.
func (b *breaker) hold(until time.Time) {
	if until.After(b.held) {
		b.held = until
	}
}

// look notes a state of core that it has not seen. An open period may have ended; every other change comes from a result, behind which b looks at once.
func (b *breaker) look(now time.Time) {
	from := b.state

	switch b.core.State() {
	case circuitbreaker.StateClosed:
		b.state = Closed
	case circuitbreaker.StateOpen:
		b.state = Open
	case circuitbreaker.StateHalfOpen:
		b.state = HalfOpen
	}

	if b.state == from {
		return
	}

	b.period++
	b.since = now
	why := "its probes succeeded"

	switch b.state {
	case Open:
		why = b.whyOpen(now, from)
		b.counters.Opened++
	case HalfOpen:
		why = "it is time for a probe"
		b.probes = b.policy.Probes
	case Closed:
		b.window = newWindow(b.policy.Window, now)
	}

	b.changed(from, why)
}

func (b *breaker) whyOpen(now time.Time, from State) string {
	if from == HalfOpen {
		return "a probe failed: " + b.failure.Text
	}

	if inRow := b.core.Counters().ConsecutiveFailures; inRow >= int64(b.policy.InRow) {
		return fmt.Sprintf("%d calls in a row failed, the last one: %s", inRow, b.failure.Text)
	}

	counts := b.window.count(now)

	return fmt.Sprintf("%d of %d calls failed, the last one: %s", counts.Failures, counts.Failures+counts.Successes, b.failure.Text)
}

func (b *breaker) changed(from State, why string) {
	b.tell(Change{Dependency: b.name, From: from, To: b.shown(), Mode: b.mode, At: b.since, Why: why})
}

// shown is the state as operators see it.
func (b *breaker) shown() State {
	switch b.mode {
	case ForceOpen:
		return Open
	case ForceClosed:
		return Closed
	case Auto:
	}

	return b.state
}
