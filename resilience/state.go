package resilience

import "time"

// State is that of a breaker.
type State string

// The states.
const (
	Closed   State = "CLOSED"    // calls pass
	Open     State = "OPEN"      // calls are refused
	HalfOpen State = "HALF_OPEN" // probes pass, other calls are refused
)

// Mode says who decides about a breaker.
type Mode string

// The modes.
const (
	Auto        Mode = "AUTO"         // its results
	ForceOpen   Mode = "FORCE_OPEN"   // an operator: nothing passes
	ForceClosed Mode = "FORCE_CLOSED" // an operator: everything passes
)

// Known tells whether m is one of the three.
func (m Mode) Known() bool { return m == Auto || m == ForceOpen || m == ForceClosed }

// Change is a breaker's change of state or of mode.
type Change struct {
	Dependency string
	From, To   State // equal when only the mode changed
	Mode       Mode  // from now on
	At         time.Time
	Why        string // in words for operators, without anything secret
}
