// Package accounttest is the conformance suite of account.Store.
package accounttest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/event"
)

// Opened is a fresh, empty store.
type Opened struct {
	Store  account.Store
	Close  func()
	Events func(t *testing.T) []string // the types of the events that were told, in any order
}

// TestStore runs the suite; open returns a fresh store each time.
func TestStore(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()

	for name, test := range map[string]func(*testing.T, Opened){
		"an account is kept as it was made":                 keepsAccounts,
		"an address has one account":                        oneAccountAnAddress,
		"what fails leaves nothing behind":                  leavesNothing,
		"a closed store fails":                              failsClosed,
		"sessions open for the verified password only":      opensForThePassword,
		"the oldest sessions end beyond the limit":          boundsSessions,
		"a token is rotated once":                           rotates,
		"a spent token ends its family":                     endsFamilies,
		"a spent token is answered again within the grace":  reissues,
		"a replay with an earlier clock ends the session":   replaysBeforeItsTime,
		"of many rotations at once one counts":              rotatesOnce,
		"a session ends and expires":                        endsSessions,
		"another password ends other sessions":              replacesPasswords,
		"keys are kept, found, used and revoked":            keepsKeys,
		"keys have a limit, also at once":                   boundsKeys,
		"roles change, and one administrator stays":         changesRoles,
		"of two administrators who depose each other, one":  keepsAnAdministrator,
		"accounts are listed in pages, newest first":        lists,
		"tallies are kept when they change, and take turns": tallies,
		"what is of no use is swept":                        sweeps,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// Start is the time in the suite.
var start = time.Date(2026, 3, 1, 12, 0, 0, 123_000, time.UTC)

func credentials(n int) account.Credentials {
	return account.Credentials{
		Account: account.Account{
			ID: fmt.Sprintf("a%04d", n), Email: fmt.Sprintf("p%d_100%%ü@example.org", n), Name: "Ädä 🌍", Role: account.User, CreatedAt: start.Add(time.Duration(n) * time.Second),
		},
		PasswordHash: fmt.Sprintf("hash %d", n),
	}
}

func opening(accountID string, n int) account.Opening {
	at := start.Add(time.Duration(n) * time.Second)

	return account.Opening{
		Session: account.Session{
			ID: fmt.Sprintf("%s-s%04d", accountID, n), AccountID: accountID, CreatedAt: at, UsedAt: at, ExpiresAt: at.Add(time.Hour), EndsAt: at.Add(3 * time.Hour), Address: "192.0.2.1",
		},
		TokenHash: fmt.Sprintf("%s-t%04d", accountID, n),
	}
}

func registered(c account.Credentials) event.Event {
	return event.New(event.UserRegistered, c.CreatedAt, c.ID, c.ID, nil)
}

func create(t *testing.T, o Opened, n int) account.Credentials {
	t.Helper()

	c := credentials(n)
	if err := o.Store.Create(t.Context(), c, nil, registered(c)); err != nil {
		t.Fatal(err)
	}

	return c
}

// signedIn makes an account with a session.
func signedIn(t *testing.T, o Opened) (account.Credentials, account.Opening) {
	t.Helper()

	c := credentials(1)
	first := opening(c.ID, 1)

	if err := o.Store.Create(t.Context(), c, &first, registered(c)); err != nil {
		t.Fatal(err)
	}

	return c, first
}

func wantError(t *testing.T, what string, got, want error) {
	t.Helper()

	if !errors.Is(got, want) {
		t.Errorf("%s: want %v, got %v", what, want, got)
	}
}

func keepsAccounts(t *testing.T, o Opened) {
	t.Helper()

	want, first := signedIn(t, o)

	for _, by := range []string{want.ID, want.Email} {
		if got, err := o.Store.Credentials(t.Context(), by); err != nil || got != want {
			t.Errorf("by %s: want %+v, got %+v, %v", by, want, got, err)
		}
	}

	found, err := o.Store.AccountsByIDs(t.Context(), []string{"unknown", want.ID, want.ID})
	if err != nil || len(found) != 1 || found[want.ID] != want.Account {
		t.Errorf("want %+v, got %+v, %v", want.Account, found, err)
	}

	if found, err := o.Store.AccountsByIDs(t.Context(), nil); err != nil || len(found) != 0 {
		t.Errorf("no ids: got %+v, %v", found, err)
	}

	sessions, err := o.Store.SessionsOf(t.Context(), []string{want.ID}, start)
	if err != nil || !slices.Equal(sessions[want.ID], []account.Session{first.Session}) {
		t.Errorf("want %+v, got %+v, %v", first.Session, sessions, err)
	}

	_, err = o.Store.Credentials(t.Context(), "unknown@example.org")
	wantError(t, "an unknown address", err, account.ErrUnknown)

	if events := o.Events(t); !slices.Equal(events, []string{"user.registered"}) {
		t.Errorf("want one event, got %v", events)
	}
}

func oneAccountAnAddress(t *testing.T, o Opened) {
	t.Helper()

	first := create(t, o, 1)
	other := credentials(2)
	other.Email = first.Email
	session := opening(other.ID, 1)

	wantError(t, "the same address", o.Store.Create(t.Context(), other, &session, registered(other)), account.ErrTaken)

	if err := o.Store.Create(t.Context(), first, nil, registered(first)); err != nil {
		t.Errorf("the same account again, as after a lost answer: %v", err)
	}

	if events := o.Events(t); len(events) != 1 {
		t.Errorf("want one event, got %v", events)
	}

	var (
		wg   sync.WaitGroup
		made [8]error
	)

	for i := range made {
		wg.Go(func() {
			c := credentials(10 + i)
			c.Email = "all@example.org"
			made[i] = o.Store.Create(t.Context(), c, nil, registered(c))
		})
	}

	wg.Wait()

	created := 0

	for _, err := range made {
		if err == nil {
			created++
		} else {
			wantError(t, "at once", err, account.ErrTaken)
		}
	}

	if created != 1 || len(o.Events(t)) != 2 {
		t.Errorf("want one account and two events, got %d, %v", created, o.Events(t))
	}
}

// An event that cannot be stored fails the transaction in its last statement.
func leavesNothing(t *testing.T, o Opened) {
	t.Helper()

	broken := event.New(event.UserRegistered, start, "x", "x", make(chan int))
	c := credentials(1)
	session := opening(c.ID, 1)

	if err := o.Store.Create(t.Context(), c, &session, broken); err == nil {
		t.Fatal("Create: want an error")
	}

	_, err := o.Store.Credentials(t.Context(), c.ID)
	wantError(t, "the account", err, account.ErrUnknown)

	c = create(t, o, 2)
	session = opening(c.ID, 1)

	if err := o.Store.Open(t.Context(), session, c.PasswordHash, "better", broken); err == nil {
		t.Fatal("Open: want an error")
	}

	if got, err := o.Store.Credentials(t.Context(), c.ID); err != nil || got != c {
		t.Errorf("want %+v, got %+v, %v", c, got, err)
	}

	_, err = o.Store.SessionOwner(t.Context(), session.ID, start)
	wantError(t, "the session", err, account.ErrUnknown)
}

func failsClosed(t *testing.T, o Opened) {
	t.Helper()

	c, s := signedIn(t, o)
	o.Close()

	ctx := t.Context()

	for name, call := range map[string]func() error{
		"Create":          func() error { return o.Store.Create(ctx, credentials(2), nil) },
		"Credentials":     func() error { _, err := o.Store.Credentials(ctx, c.ID); return err },
		"ReplacePassword": func() error { return o.Store.ReplacePassword(ctx, c.ID, c.PasswordHash, "x", "") },
		"SetRole":         func() error { _, err := o.Store.SetRole(ctx, c.ID, account.Admin); return err },
		"Open":            func() error { return o.Store.Open(ctx, opening(c.ID, 2), c.PasswordHash, "") },
		"Rotate":          func() error { _, err := o.Store.Rotate(ctx, account.Rotation{TokenHash: s.TokenHash}); return err },
		"End":             func() error { _, err := o.Store.End(ctx, c.ID, ""); return err },
		"SessionOwner":    func() error { _, err := o.Store.SessionOwner(ctx, s.ID, start); return err },
		"CreateKey":       func() error { return o.Store.CreateKey(ctx, key(c.ID, 1), "h") },
		"KeyByHash":       func() error { _, _, err := o.Store.KeyByHash(ctx, "h"); return err },
		"RevokeKey":       func() error { _, err := o.Store.RevokeKey(ctx, c.ID, "k"); return err },
		"UseKey":          func() error { return o.Store.UseKey(ctx, "k", start) },
		"AccountsByIDs":   func() error { _, err := o.Store.AccountsByIDs(ctx, []string{c.ID}); return err },
		"AccountPage":     func() error { _, err := o.Store.AccountPage(ctx, account.Query{Limit: 1}); return err },
		"SessionsOf":      func() error { _, err := o.Store.SessionsOf(ctx, []string{c.ID}, start); return err },
		"KeysOf":          func() error { _, err := o.Store.KeysOf(ctx, []string{c.ID}); return err },
		"Tally":           func() error { return o.Store.Tally(ctx, []string{"k"}, func([]account.Tally) bool { return true }) },
		"Sweep":           func() error { return o.Store.Sweep(ctx, account.Cutoffs{Now: start}) },
	} {
		switch err := call(); {
		case err == nil:
			t.Errorf("%s: want an error", name)
		case errors.Is(err, account.ErrUnknown), errors.Is(err, account.ErrTaken), errors.Is(err, account.ErrChanged):
			t.Errorf("%s: a failure must not look like an answer: %v", name, err)
		}
	}
}
