package resilience

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Policy says how a dependency is called. Its zero values are good for a service over HTTP that answers within seconds.
type Policy struct {
	Timeout time.Duration // of a try; 0 is 30 s

	Tries      int           // at most, the first one counted; 0 is 3
	Backoff    time.Duration // the longest pause before the second try; each one more doubles it; 0 is 250 ms
	MaxBackoff time.Duration // the longest pause before any try, unless the service asks for more; 0 is 10 s
	MaxWait    time.Duration // a service that asks to wait for longer is not waited for: the call ends; 0 is 30 s
	MinTry     time.Duration // no try but the first is made, nor waited for, with less time than this before the caller's deadline; 0 is 50 ms
	// MaxHold is for how long at most all calls are held back when a service asks for it (Retry-After); 0 is 5 min. A call that comes in the meantime waits, if
	// MaxWait, its deadline and its tries allow.
	MaxHold time.Duration

	Window      time.Duration // the time in which calls and failures are counted, in ten steps; 0 is 30 s
	MinCalls    int           // below so many results in the window a breaker stays closed; 0 is 5
	FailureRate float64       // it opens on a failure that brings the failures to this share of the results, 1 at most; 0 is 0.5
	// InRow is how many failures without a success between them open it as well: so an outage is noticed when the window is full of better times; 0 is 10.
	InRow      int
	OpenFor    time.Duration // how long it stays open before probes; 0 is 10 s
	MaxOpenFor time.Duration // after each probe that failed it stays open for twice as long as before, up to this; 0 is OpenFor: no longer
	Probes     int           // tries let through half open; when all succeed it closes, when one fails it opens; 0 is 1

	AtOnce   int           // tries under way at most; 0 is any number
	QueueFor time.Duration // how long a try waits for its place among them; 0 is not at all

	Classify func(error) Verdict // what an error means, where no verdict that there is counts as Failed; nil is Classify
	// Describe is an error in words for operators, without anything secret; nil is Describe.
	Describe func(error) string
}

// complete returns the policy with its zero values replaced.
func (p Policy) complete() (Policy, error) {
	if p.Tries < 0 || p.MinCalls < 0 || p.InRow < 0 || p.Probes < 0 || p.AtOnce < 0 ||
		min(p.Timeout, p.Backoff, p.MaxBackoff, p.MaxWait, p.MinTry, p.MaxHold, p.Window, p.OpenFor, p.MaxOpenFor, p.QueueFor) < 0 {
		return p, errors.New("a number or a time is negative")
	}

	if !(p.FailureRate >= 0 && p.FailureRate <= 1) {
		return p, fmt.Errorf("the failure rate %v is not between 0 and 1", p.FailureRate)
	}

	p.Timeout = cmp.Or(p.Timeout, 30*time.Second)
	p.Tries = cmp.Or(p.Tries, 3)
	p.Backoff = cmp.Or(p.Backoff, 250*time.Millisecond)
	p.MaxBackoff = cmp.Or(p.MaxBackoff, 10*time.Second)
	p.MaxWait = cmp.Or(p.MaxWait, 30*time.Second)
	p.MinTry = cmp.Or(p.MinTry, 50*time.Millisecond)
	p.MaxHold = cmp.Or(p.MaxHold, 5*time.Minute)
	p.Window = cmp.Or(p.Window, 30*time.Second)
	p.MinCalls = cmp.Or(p.MinCalls, 5)
	p.FailureRate = cmp.Or(p.FailureRate, 0.5)
	p.InRow = cmp.Or(p.InRow, 10)
	p.OpenFor = cmp.Or(p.OpenFor, 10*time.Second)
	p.MaxOpenFor = max(p.MaxOpenFor, p.OpenFor)
	p.Probes = cmp.Or(p.Probes, 1)

	if p.Classify == nil {
		p.Classify = Classify
	}

	if p.Describe == nil {
		p.Describe = Describe
	}

	return p, nil
}
