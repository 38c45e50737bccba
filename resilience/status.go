package resilience

import "time"

// Counters count since the dependency was added. Tries is Successes, Failures, Abandoned and InFlight together.
type Counters struct {
	Calls     int64 // of Do
	Tries     int64 // made
	Retries   int64 // of them, those that were not a call's first
	Probes    int64 // of them, those made half open
	Successes int64 // tries that the dependency answered, be it with a no
	Failures  int64 // tries that failed
	Abandoned int64 // tries that say nothing, as the caller went away
	InFlight  int64 // tries under way
	Rejected  int64 // tries that were refused
	Opened    int64 // how often the breaker opened by itself
}

// Failure is an error as operators see it.
type Failure struct {
	Text string // without anything secret; empty when there was none
	At   time.Time
}

// Status is what there is to see of a dependency.
type Status struct {
	Name        string
	State       State // what happens to calls: in a forced mode, what it forces
	Mode        Mode
	Since       time.Time // of the state, and of the mode
	RetryAt     time.Time // until when calls are refused: the next probe, or the end of a pause that the service asked for; zero when they are not, or nobody knows
	Recent      int64     // results in the window
	RecentFails int64     // of them, failures
	LastFailure Failure   // since the breaker was restarted
	Counters    Counters
}

// status returns what there is to see.
func (b *breaker) status(name string) Status {
	b.mu.Lock()
	defer b.mu.Unlock()

	now := time.Now()
	b.look(now)

	s := Status{Name: name, State: b.shown(), Mode: b.mode, Since: b.since, LastFailure: b.failure, Counters: b.counters}
	counts := b.window.count(now)
	s.Recent, s.RecentFails = counts.Successes+counts.Failures, counts.Failures

	if refused := b.refusal(now); refused != nil && refused.After > 0 && refused.Reason != ReasonProbing {
		s.RetryAt = now.Add(refused.After)
	}

	return s
}
