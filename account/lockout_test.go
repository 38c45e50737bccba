package account_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/fault"
)

const wrong = "wrong horse battery"

// fail signs in with a wrong password, which must be answered as such.
func (k *kit) fail(t *testing.T, ctx context.Context, address string) { //nolint:revive // t first, as everywhere
	t.Helper()

	_, err := k.SignIn(ctx, address, wrong)
	want(t, "a wrong password", err, fault.Unauthenticated, "")
}

// locked signs in with the right password, which must be answered with the time to wait.
func (k *kit) locked(t *testing.T, ctx context.Context, address string, wait time.Duration) { //nolint:revive // t first, as everywhere
	t.Helper()

	_, err := k.SignIn(ctx, address, password)
	if f := want(t, "locked", err, fault.RateLimited, ""); f.RetryAfter != wait {
		t.Fatalf("want a wait of %s, got %s", wait, f.RetryAfter)
	}
}

func TestAnAccountIsLockedForTwiceAsLongEachTime(t *testing.T) {
	for _, address := range []string{email, "nobody@example.org"} {
		k := open(t, account.Config{})
		k.signUp(t, email)

		for range 5 {
			k.fail(t, t.Context(), address)
		}

		for _, seconds := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
			wait := time.Duration(seconds) * time.Second
			verified := k.hasher.verified.Load()

			k.locked(t, t.Context(), address, wait)
			k.clock.advance(wait - time.Millisecond)
			k.locked(t, t.Context(), address, time.Millisecond) // asking does not prolong it

			if k.hasher.verified.Load() != verified {
				t.Error("a password was verified while the account was locked")
			}

			k.clock.advance(time.Millisecond)
			k.fail(t, t.Context(), address)
		}
	}
}

func TestASuccessWipesTheFailuresOut(t *testing.T) {
	k := open(t, account.Config{})
	k.signUp(t, email)

	for range 3 {
		for range 4 {
			k.fail(t, t.Context(), email)
		}

		if _, err := k.SignIn(t.Context(), email, password); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFailuresAreForgottenAfterADay(t *testing.T) {
	k := open(t, account.Config{})
	k.signUp(t, email)

	for range 5 {
		k.fail(t, t.Context(), email)
	}

	k.clock.advance(24 * time.Hour)

	for range 5 {
		k.fail(t, t.Context(), email)
	}

	k.locked(t, t.Context(), email, time.Second)
}

func TestAnAddressIsLockedWhoeverIsTried(t *testing.T) {
	for name, tt := range map[string]struct{ first, same, other string }{
		"IPv4":             {"192.0.2.1", "192.0.2.1", "192.0.2.2"},
		"IPv4 within IPv6": {"192.0.2.1", "::ffff:192.0.2.1", "192.0.2.3"},
		"IPv6 by its /64":  {"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"},
	} {
		t.Run(name, func(t *testing.T) {
			k := open(t, account.Config{})
			k.signUp(t, email)

			for i := range 20 {
				k.fail(t, from(t.Context(), tt.first), fmt.Sprintf("p%d@example.org", i))
			}

			k.locked(t, from(t.Context(), tt.same), email, time.Second)

			if _, err := k.SignIn(from(t.Context(), tt.other), email, password); err != nil {
				t.Errorf("another address: %v", err)
			}
		})
	}
}

// Who has an account of their own must not be able to reset the tally of their address by signing in.
func TestASuccessTakesOnlyItselfFromTheTallyOfTheAddress(t *testing.T) {
	k := open(t, account.Config{})
	k.signUp(t, email)

	ctx := from(t.Context(), "192.0.2.1")

	for i := range 20 {
		if _, err := k.SignIn(ctx, email, password); err != nil {
			t.Fatalf("%d: %v", i, err)
		}

		k.fail(t, ctx, fmt.Sprintf("p%d@example.org", i))
	}

	k.locked(t, ctx, email, time.Second)
	k.clock.advance(time.Hour)

	if _, err := k.SignIn(ctx, email, password); err != nil {
		t.Errorf("after an hour: %v", err)
	}
}

// Attempts are counted before they are made, so that of many at once no more are made than one after the other, on several nodes too.
func TestManyGuessesAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	k := open(t, account.Config{})
	k.signUp(t, email)

	nodes := []*account.Service{k.Service, k.node()}
	verified := k.hasher.verified.Load()

	var wg sync.WaitGroup

	for i := range 40 {
		wg.Go(func() {
			if _, err := nodes[i%2].SignIn(t.Context(), email, wrong); fault.CodeOf(err) != fault.Unauthenticated && fault.CodeOf(err) != fault.RateLimited {
				t.Error(err)
			}
		})
	}

	wg.Wait()

	if got := k.hasher.verified.Load() - verified; got != 5 {
		t.Errorf("want 5 passwords verified, got %d", got)
	}
}

func TestSignUpsFromOneAddressAreSlowedDown(t *testing.T) {
	k := open(t, account.Config{FreeSignUps: 3})
	ctx := from(t.Context(), "2001:db8::1")

	for i := range 3 {
		if _, err := k.SignUp(ctx, account.SignUp{Email: fmt.Sprintf("p%d@example.org", i), Password: password}); err != nil {
			t.Fatal(err)
		}
	}

	_, err := k.SignUp(ctx, account.SignUp{Email: email, Password: password})
	if f := want(t, "the fourth", err, fault.RateLimited, ""); f.RetryAfter != time.Second {
		t.Errorf("want a wait of 1s, got %s", f.RetryAfter)
	}

	if _, err = k.SignUp(from(t.Context(), "2001:db8:0:1::1"), account.SignUp{Email: email, Password: password}); err != nil {
		t.Errorf("another address: %v", err)
	}
}

func TestTheLockCanBeSwitchedOff(t *testing.T) {
	k := open(t, account.Config{FreeSignIns: -1, FreeAddressSignIns: -1, FreeSignUps: -1})
	k.signUp(t, email)

	for range 30 {
		k.fail(t, account.WithAddress(t.Context(), netip.MustParseAddr("192.0.2.1")), email)
	}
}

// A flood that keeps everybody from their turn must not lock the accounts that it keeps out.
func TestAnAttemptWithoutATurnIsNoFailure(t *testing.T) {
	k := open(t, account.Config{})
	k.signUp(t, email)
	k.hasher.busy.Store(true)

	for range 10 {
		_, err := k.SignIn(from(t.Context(), "192.0.2.1"), email, password)
		want(t, "busy", err, fault.RateLimited, "")
	}

	k.hasher.busy.Store(false)

	if _, err := k.SignIn(from(t.Context(), "192.0.2.1"), email, password); err != nil {
		t.Error(err)
	}
}
