// Package presence is who is connected: how many long connections there may be, and how long each goes on being its viewer's.
package presence

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"sidereal/account"
	"sidereal/fault"
)

// Limits bounds the connections that are open at once. A zero limit is none.
type Limits struct {
	All        int
	PerAccount int // of those who signed in
	PerNetwork int // of those who did not, by account.NetworkFrom
}

// Admission counts connections and refuses those beyond the limits. It is safe for concurrent use.
type Admission struct {
	limits Limits

	mu   sync.Mutex
	all  int
	each map[guest]int // no entry is zero
}

// guest is whose connections are counted together: an account or, without one, a network. Those of whom neither is known are one.
type guest struct {
	subject string
	network netip.Prefix
}

// NewAdmission returns an admission that nobody has come through.
func NewAdmission(limits Limits) *Admission {
	return &Admission{limits: limits, each: make(map[guest]int)}
}

const (
	leastPause = 5 * time.Second // before a refused client can come again with some hope
	pauseSpan  = 10 * time.Second
)

// Admit makes room for one more connection of all; release, which may be called more than once, gives it back. Beyond the limit it is an UPSTREAM_UNAVAILABLE fault
// that says when to come again, each time another moment, so that those who were refused together do not come back together.
func (a *Admission) Admit(context.Context) (release func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()

	if a.limits.All > 0 && a.all >= a.limits.All {
		return nil, pause(fault.New(fault.UpstreamUnavailable, "the server has as many connections as it takes; try again later"))
	}

	a.all++

	return sync.OnceFunc(func() {
		a.mu.Lock()
		defer a.mu.Unlock()

		a.all--
	}), nil
}

// AdmitViewer makes room for one more connection of the context's viewer or, when nobody signed in, of its network; release as Admit's. Beyond the limit it is a
// RATE_LIMITED fault.
func (a *Admission) AdmitViewer(ctx context.Context) (release func(), err error) {
	viewer, signedIn := account.ViewerFrom(ctx)

	who, largest, whose := guest{subject: viewer.Subject}, a.limits.PerAccount, "your account"
	if !signedIn {
		network, _ := account.NetworkFrom(ctx)
		who, largest, whose = guest{network: network}, a.limits.PerNetwork, "your network address"
	}

	a.mu.Lock()
	defer a.mu.Unlock()

	if largest > 0 && a.each[who] >= largest {
		return nil, pause(fault.New(fault.RateLimited, "%s has %d connections, as many as it may; close one or try again later", whose, largest))
	}

	a.each[who]++

	return sync.OnceFunc(func() { a.leave(who) }), nil
}

func (a *Admission) leave(who guest) {
	a.mu.Lock()
	defer a.mu.Unlock()

	if a.each[who]--; a.each[who] == 0 {
		delete(a.each, who)
	}
}

// pause says when to try again.
func pause(f *fault.Error) *fault.Error {
	f.RetryAfter = leastPause + rand.N(pauseSpan) //nolint:gosec // spreading needs no secret

	return f
}
