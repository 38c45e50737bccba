package model

import (
	"time"

	"sidereal/event"
	"sidereal/graph/relay"
	"sidereal/resilience"
)

// Breaker is the view of a circuit breaker. Counts that outgrow GraphQL's 32-bit Int are floats.
type Breaker struct {
	Name                                                                                      string
	State                                                                                     resilience.State
	Mode                                                                                      resilience.Mode
	Since                                                                                     time.Time
	RetryAt                                                                                   *time.Time
	RecentCalls, RecentFailures                                                               float64
	LastFailure                                                                               *resilience.Failure
	Calls, Tries, Retries, Probes, Successes, Failures, Abandoned, InFlight, Rejected, Opened float64
}

// NewBreaker returns the view of a dependency's status.
func NewBreaker(s resilience.Status) *Breaker {
	c := s.Counters
	b := &Breaker{
		Name: s.Name, State: s.State, Mode: s.Mode, Since: s.Since, RecentCalls: float64(s.Recent), RecentFailures: float64(s.RecentFails),
		Calls: float64(c.Calls), Tries: float64(c.Tries), Retries: float64(c.Retries), Probes: float64(c.Probes), Successes: float64(c.Successes),
		Failures: float64(c.Failures), Abandoned: float64(c.Abandoned), InFlight: float64(c.InFlight), Rejected: float64(c.Rejected), Opened: float64(c.Opened),
	}

	if !s.RetryAt.IsZero() {
		b.RetryAt = &s.RetryAt
	}

	if s.LastFailure.Text != "" {
		b.LastFailure = &s.LastFailure
	}

	return b
}

// NewBreakers returns the views of the status of several.
func NewBreakers(all []resilience.Status) []Breaker {
	views := make([]Breaker, len(all))
	for i := range all {
		views[i] = *NewBreaker(all[i])
	}

	return views
}

// SystemBreakerSet is the view of system.breaker_set.
type SystemBreakerSet struct {
	Happened

	Breaker string
	Mode    resilience.Mode
	Reset   bool
	By      string // a global id
}

func newBreakerSet(p *event.Placed, h Happened) (Event, error) {
	data, err := decode[event.BreakerSetData](p)

	return &SystemBreakerSet{h, data.Breaker, resilience.Mode(data.Mode), data.Reset, relay.GlobalID(UserType, data.By)},
		orIncomplete(err, data.Breaker != "" && resilience.Mode(data.Mode).Known())
}
