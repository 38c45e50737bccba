package presence_test

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/account/presence"
	"sidereal/fault"
)

func from(address string) context.Context {
	return account.WithAddress(context.Background(), netip.MustParseAddr(address))
}

func as(subject string) context.Context {
	return account.WithViewer(from("192.0.2.1"), account.Viewer{Subject: subject, Role: account.User})
}

// wantRefused checks that nobody came in, and was told when to come again.
func wantRefused(t *testing.T, release func(), err error, code fault.Code) {
	t.Helper()

	f, ok := fault.As(err)
	if release != nil || !ok || f.Code != code || f.RetryAfter < 5*time.Second || f.RetryAfter > 15*time.Second {
		t.Errorf("want %s and a time from 5 s to 15 s, got %+v", code, err)
	}
}

func TestNoMoreConnectionsThanTheLimitComeIn(t *testing.T) {
	a := presence.NewAdmission(presence.Limits{All: 2})

	first, _ := a.Admit(t.Context())
	if _, err := a.Admit(t.Context()); err != nil {
		t.Fatal(err)
	}

	release, err := a.Admit(t.Context())
	wantRefused(t, release, err, fault.UpstreamUnavailable)

	first()
	first() // gives nothing back that it has not

	if _, err = a.Admit(t.Context()); err != nil {
		t.Errorf("want the place that was given back, got %v", err)
	}

	release, err = a.Admit(t.Context())
	wantRefused(t, release, err, fault.UpstreamUnavailable)
}

func TestConnectionsAreCountedByAccountOrElseByNetwork(t *testing.T) {
	a := presence.NewAdmission(presence.Limits{PerAccount: 2, PerNetwork: 1})

	for name, test := range map[string]struct {
		ctx   context.Context //nolint:containedctx // who asks
		large int
		alike context.Context //nolint:containedctx // counted together with it
	}{
		"an account, wherever it is": {as("a"), 2, account.WithAddress(as("a"), netip.MustParseAddr("198.51.100.7"))},
		"another account":            {as("b"), 2, account.WithViewer(as("b"), account.Viewer{Subject: "b", Key: "k"})},
		"an address":                 {from("192.0.2.1"), 1, from("::ffff:192.0.2.1")},
		"a network of IPv6":          {from("2001:db8::1"), 1, from("2001:db8::2")},
		"the network beside it":      {from("2001:db8:0:1::1"), 1, from("2001:db8:0:1::1")},
		"nobody knows who":           {context.Background(), 1, context.Background()},
	} {
		t.Run(name, func(t *testing.T) {
			releases := make([]func(), test.large)

			for i := range releases {
				var err error
				if releases[i], err = a.AdmitViewer(test.ctx); err != nil {
					t.Fatal(err)
				}
			}

			release, err := a.AdmitViewer(test.alike)
			wantRefused(t, release, err, fault.RateLimited)

			releases[0]()

			if release, err = a.AdmitViewer(test.alike); err != nil {
				t.Fatalf("want the place that was given back, got %v", err)
			}

			releases[0]()

			refused, err := a.AdmitViewer(test.ctx)
			wantRefused(t, refused, err, fault.RateLimited)

			release()

			for _, release := range releases {
				release()
			}
		})
	}

	if n := a.Guests(); n != 0 {
		t.Errorf("want nothing left of those who have gone, got %d entries", n)
	}
}

func TestNoLimitIsNone(t *testing.T) {
	a := presence.NewAdmission(presence.Limits{})

	for range 1000 {
		if _, err := a.Admit(t.Context()); err != nil {
			t.Fatal(err)
		}

		if _, err := a.AdmitViewer(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCountsStayExactWhenManyComeAndGoAtOnce(t *testing.T) {
	const limit, comers, rounds = 5, 16, 200

	a := presence.NewAdmission(presence.Limits{All: limit, PerAccount: limit})

	var (
		group     sync.WaitGroup
		mu        sync.Mutex
		in, crowd int
	)

	for range comers {
		group.Go(func() {
			for range rounds {
				release, err := a.AdmitViewer(as("a"))
				if err != nil {
					continue
				}

				mu.Lock()
				in++
				crowd = max(crowd, in)
				mu.Unlock()

				mu.Lock()
				in--
				mu.Unlock()

				var both sync.WaitGroup

				both.Go(release)
				both.Go(release)
				both.Wait()
			}
		})
	}

	group.Wait()

	if crowd > limit || crowd == 0 {
		t.Errorf("want 1 to %d at once, got %d", limit, crowd)
	}

	for range limit {
		if _, err := a.AdmitViewer(as("a")); err != nil {
			t.Fatalf("want all places free again, got %v", err)
		}
	}

	release, err := a.AdmitViewer(as("a"))
	wantRefused(t, release, err, fault.RateLimited)
}
