package resilience

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrOpen is what a *RejectedError is when the breaker refused: it is open, forced open, waits for its probes, or holds calls back as the service asked.
	ErrOpen = errors.New("resilience: the circuit breaker is open")
	// ErrFull is what a *RejectedError is when as many tries as Policy.AtOnce allows were under way.
	ErrFull = errors.New("resilience: too many calls at once")
	// ErrUnknown says that a registry has no dependency of a name.
	ErrUnknown = errors.New("resilience: no such dependency")
	// ErrMode says that a mode is none of the three.
	ErrMode = errors.New("resilience: no such mode")
)

// Reason says why a try was refused.
type Reason string

// The reasons.
const (
	ReasonOpen       Reason = "OPEN"         // too many tries failed
	ReasonProbing    Reason = "PROBING"      // half open, and as many probes as may be are under way
	ReasonForcedOpen Reason = "FORCED_OPEN"  // an operator's order
	ReasonToldToWait Reason = "TOLD_TO_WAIT" // the service asked for a pause (Retry-After)
	ReasonFull       Reason = "FULL"         // too many at once
)

// RejectedError says that a dependency was not called.
type RejectedError struct {
	Dependency string
	Reason     Reason
	After      time.Duration // when it may be worth another call: until the next probe, or the end of the pause; 0 when nobody knows
}

// Error implements error.
func (e *RejectedError) Error() string {
	if e.After > 0 {
		return fmt.Sprintf("resilience: %s is not called: %s, for %v", e.Dependency, e.Reason, e.After)
	}

	return fmt.Sprintf("resilience: %s is not called: %s", e.Dependency, e.Reason)
}

// Is tells whether target is the sentinel of e's reason.
func (e *RejectedError) Is(target error) bool {
	if e.Reason == ReasonFull {
		return target == ErrFull
	}

	return target == ErrOpen
}

// RetryAfter implements what the function RetryAfter asks.
func (e *RejectedError) RetryAfter() time.Duration { return e.After }

// ExhaustedError says that tries failed for a reason that may pass, and that no other was made. It is its last try's error and what stopped it
// (errors.Is, errors.As).
type ExhaustedError struct {
	Dependency string
	Tries      int   // made
	Last       error // of the last try
	// Stopped says why no other try was made: a *RejectedError, or the error of the caller's context, which may be context.DeadlineExceeded before the deadline
	// when no try could have ended by then; nil when there were as many as the policy allows.
	Stopped error
}

// Error implements error.
func (e *ExhaustedError) Error() string {
	if e.Stopped != nil {
		return fmt.Sprintf("resilience: %s failed in %d tries: %v; not tried again: %v", e.Dependency, e.Tries, e.Last, e.Stopped)
	}

	return fmt.Sprintf("resilience: %s failed in %d tries: %v", e.Dependency, e.Tries, e.Last)
}

// Unwrap returns the last try's error, and what stopped e where something did.
func (e *ExhaustedError) Unwrap() []error {
	if e.Stopped != nil {
		return []error{e.Last, e.Stopped}
	}

	return []error{e.Last}
}

// RetryAfter is the longer wait of the two errors that e is.
func (e *ExhaustedError) RetryAfter() time.Duration {
	return max(RetryAfter(e.Last), RetryAfter(e.Stopped))
}

// RetryAfter returns how long to wait before another call can help, as the outermost error in the chain says that has a method RetryAfter; 0 when none does.
func RetryAfter(err error) time.Duration {
	var says interface{ RetryAfter() time.Duration }
	if errors.As(err, &says) {
		return max(says.RetryAfter(), 0)
	}

	return 0
}
