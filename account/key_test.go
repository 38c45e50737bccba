package account_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sidereal/account"
	"sidereal/fault"
)

// admin makes an administrator and returns the context of their request.
// administer is what reading takes that is for administrators.
var administer = account.Need{Role: account.Admin, Scope: account.ScopeRead | account.ScopeAdmin}

func (k *kit) admin(t *testing.T, email string) (account.Grant, context.Context) {
	t.Helper()

	granted := k.signUp(t, email)
	if _, err := k.SetRole(t.Context(), granted.Account.ID, account.Admin); err != nil {
		t.Fatal(err)
	}

	return granted, k.as(t, granted.AccessToken)
}

func TestAKeyFromItsMakingToItsEnd(t *testing.T) {
	k := open(t, account.Config{})
	granted := k.signUp(t, email)
	ctx := k.as(t, granted.AccessToken)
	node := k.node()

	key, secret, err := k.CreateKey(ctx, account.NewKey{Name: " Server ", Scopes: account.ScopeRead | account.ScopeWrite, ExpiresAt: k.clock.now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}

	if !regexp.MustCompile(`^sk_[0-9A-Za-z]{49}$`).MatchString(secret) || !strings.HasPrefix(secret, key.Prefix) || len(key.Prefix) != 11 || key.Name != "Server" {
		t.Errorf("got %+v, %q", key, secret)
	}

	for _, service := range []*account.Service{k.Service, node} {
		v, err := service.Authenticate(t.Context(), secret)
		if want := (account.Viewer{Subject: granted.Account.ID, Email: email, Role: account.User, Key: key.ID, Scopes: account.ScopeRead | account.ScopeWrite}); err != nil || v != want {
			t.Errorf("want %+v, got %+v, %v", want, v, err)
		}
	}

	asKey := k.as(t, secret)
	_, _, err = k.CreateKey(asKey, account.NewKey{Name: "k", Scopes: account.ScopeRead})
	want(t, "a key makes a key", err, fault.Forbidden, "")
	_, err = k.RevokeKey(asKey, key.ID)
	want(t, "a key revokes a key", err, fault.Forbidden, "")
	_, err = k.ChangePassword(asKey, password, "another horse")
	want(t, "a key changes the password", err, fault.Forbidden, "")
	_, err = k.SignOut(asKey, true)
	want(t, "a key signs out", err, fault.Forbidden, "")

	other := k.as(t, k.signUp(t, "b@example.org").AccessToken)
	_, err = k.RevokeKey(other, key.ID)
	foreign := want(t, "another's key", err, fault.NotFound, "id").Error()
	_, err = k.RevokeKey(other, "unknown")

	if unknown := want(t, "an unknown key", err, fault.NotFound, "id").Error(); unknown != foreign {
		t.Errorf("the answers differ: %q and %q", foreign, unknown)
	}

	if _, err = k.RevokeKey(ctx, key.ID); err != nil {
		t.Fatal(err)
	}

	_, err = k.Authenticate(t.Context(), secret)
	want(t, "revoked", err, fault.Unauthenticated, "")
	k.clock.advance(10 * time.Second)
	_, err = node.Authenticate(t.Context(), secret)
	want(t, "revoked, on another node, 10 seconds later", err, fault.Unauthenticated, "")
}

func TestAKeyExpires(t *testing.T) {
	k := open(t, account.Config{})
	ctx := k.as(t, k.signUp(t, email).AccessToken)

	_, secret, err := k.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead, ExpiresAt: k.clock.now().Add(time.Second)})
	if err != nil {
		t.Fatal(err)
	}

	k.as(t, secret) // remembered, and yet:
	k.clock.advance(time.Second)

	_, err = k.Authenticate(t.Context(), secret)
	want(t, "expired", err, fault.Unauthenticated, "")
}

func TestKeysThatCannotBeMade(t *testing.T) {
	k := open(t, account.Config{})
	ctx := k.as(t, k.signUp(t, email).AccessToken)

	for name, tt := range map[string]struct {
		in    account.NewKey
		code  fault.Code
		field string
	}{
		"no name":        {account.NewKey{Name: " ", Scopes: account.ScopeRead}, fault.ValidationFailed, "name"},
		"a long name":    {account.NewKey{Name: strings.Repeat("x", 101), Scopes: account.ScopeRead}, fault.ValidationFailed, "name"},
		"no scope":       {account.NewKey{Name: "k"}, fault.ValidationFailed, "scopes"},
		"the past":       {account.NewKey{Name: "k", Scopes: account.ScopeRead, ExpiresAt: k.clock.now()}, fault.ValidationFailed, "expiresAt"},
		"a user's ADMIN": {account.NewKey{Name: "k", Scopes: account.ScopeAdmin}, fault.Forbidden, "scopes"},
	} {
		_, _, err := k.CreateKey(ctx, tt.in)
		want(t, name, err, tt.code, tt.field)
	}

	for range account.MaxKeys {
		if _, _, err := k.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead}); err != nil {
			t.Fatal(err)
		}
	}

	_, _, err := k.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead})
	want(t, "one too many", err, fault.Conflict, "")
}

func TestWhoIsDeposedLosesWhatTheKeyAndTheTokenCouldDo(t *testing.T) {
	k := open(t, account.Config{})
	_, first := k.admin(t, email)
	granted, ctx := k.admin(t, "b@example.org")
	node := k.node()

	_, secret, err := k.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead | account.ScopeAdmin})
	if err != nil {
		t.Fatal(err)
	}

	for _, bearer := range []string{secret, granted.AccessToken} {
		for _, service := range []*account.Service{k.Service, node} {
			v, err := service.Authenticate(t.Context(), bearer)
			if err = errors.Join(err, account.Require(account.WithViewer(t.Context(), v), administer)); err != nil {
				t.Fatal(err)
			}
		}
	}

	if _, err = k.SetRole(first, granted.Account.ID, account.User); err != nil {
		t.Fatal(err)
	}

	for _, bearer := range []string{secret, granted.AccessToken} {
		want(t, "at once", account.Require(k.as(t, bearer), administer), fault.Forbidden, "")
	}

	k.clock.advance(10 * time.Second)

	for _, bearer := range []string{secret, granted.AccessToken} {
		v, err := node.Authenticate(t.Context(), bearer)
		if err != nil || v.Role != account.User || v.Scopes&account.ScopeAdmin != 0 {
			t.Errorf("on another node, 10 seconds later: got %+v, %v", v, err)
		}
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	k := open(t, account.Config{})
	granted, ctx := k.admin(t, email)

	_, err := k.SetRole(ctx, granted.Account.ID, account.User)
	want(t, "the last", err, fault.Conflict, "role")
	_, err = k.SetRole(ctx, "unknown", account.User)
	want(t, "an unknown account", err, fault.NotFound, "userId")
}

func TestTheUseOfAKeyIsNotedOnceAMinute(t *testing.T) {
	k := open(t, account.Config{})

	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())

	granted := k.signUp(t, email)
	ctx := k.as(t, granted.AccessToken)

	key, secret, err := k.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead})
	if err != nil {
		t.Fatal(err)
	}

	running, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)

	go func() { done <- k.Run(running) }()

	defer func() {
		stop()

		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	}()

	noted := func(want time.Time) {
		t.Helper()

		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
			keys, err := k.KeysOf(t.Context(), []string{granted.Account.ID})
			if err != nil {
				t.Fatal(err)
			}

			if keys[granted.Account.ID][0].UsedAt.Equal(want) {
				return
			}

			if time.Now().After(deadline) {
				t.Fatalf("want the use of %s at %s, got %+v", key.ID, want, keys)
			}
		}
	}

	begun := k.clock.now()

	for range 3 {
		k.as(t, secret)
		k.clock.advance(20*time.Second - time.Microsecond)
	}

	noted(begun)
	k.clock.advance(time.Second)
	k.as(t, secret)
	noted(k.clock.now())
}
