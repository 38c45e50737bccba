package accounttest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"sidereal/account"
)

func key(accountID string, n int) account.Key {
	return account.Key{
		ID: fmt.Sprintf("k%04d", n), AccountID: accountID, Name: "Server №1", Prefix: "sk_abcdefgh", Scopes: account.ScopeRead | account.ScopeAdmin,
		CreatedAt: start.Add(time.Duration(n) * time.Second),
	}
}

func keepsKeys(t *testing.T, o Opened) {
	t.Helper()

	c := create(t, o, 1)
	other := create(t, o, 2)
	want := key(c.ID, 1)
	want.ExpiresAt = start.Add(time.Hour)
	plain := key(c.ID, 2)

	for hash, k := range map[string]account.Key{"h1": want, "h2": plain} {
		if err := o.Store.CreateKey(t.Context(), k, hash); err != nil {
			t.Fatal(err)
		}
	}

	if got, owner, err := o.Store.KeyByHash(t.Context(), "h1"); err != nil || got != want || owner != c.Account {
		t.Errorf("want %+v, got %+v of %+v, %v", want, got, owner, err)
	}

	for _, use := range []struct{ at, want time.Time }{
		{start.Add(time.Minute), start.Add(time.Minute)}, {start, start.Add(time.Minute)}, {start.Add(time.Hour), start.Add(time.Hour)},
	} {
		if err := o.Store.UseKey(t.Context(), want.ID, use.at); err != nil {
			t.Error(err)
		}

		if got, _, err := o.Store.KeyByHash(t.Context(), "h1"); err != nil || !got.UsedAt.Equal(use.want) {
			t.Errorf("used at %s: want %s, got %s, %v", use.at, use.want, got.UsedAt, err)
		}
	}

	want.UsedAt = start.Add(time.Hour)

	keys, err := o.Store.KeysOf(t.Context(), []string{c.ID, other.ID})
	if err != nil || len(keys) != 1 || !slices.Equal(keys[c.ID], []account.Key{plain, want}) {
		t.Errorf("want the newest first, got %+v, %v", keys, err)
	}

	_, err = o.Store.RevokeKey(t.Context(), other.ID, want.ID)
	wantError(t, "another's key", err, account.ErrUnknown)

	if got, err := o.Store.RevokeKey(t.Context(), c.ID, want.ID); err != nil || got != want {
		t.Errorf("want %+v, got %+v, %v", want, got, err)
	}

	_, _, err = o.Store.KeyByHash(t.Context(), "h1")
	wantError(t, "a revoked key", err, account.ErrUnknown)

	_, err = o.Store.RevokeKey(t.Context(), c.ID, want.ID)
	wantError(t, "a key that was revoked", err, account.ErrUnknown)
	wantError(t, "a key of nobody", o.Store.CreateKey(t.Context(), key("nobody", 9), "h9"), account.ErrUnknown)
}

func boundsKeys(t *testing.T, o Opened) {
	t.Helper()

	c := create(t, o, 1)

	var (
		wg   sync.WaitGroup
		made [account.MaxKeys + 6]error
	)

	for i := range made {
		wg.Go(func() { made[i] = o.Store.CreateKey(t.Context(), key(c.ID, i), fmt.Sprint("h", i)) })
	}

	wg.Wait()

	refused := 0

	for _, err := range made {
		if errors.Is(err, account.ErrTooMany) {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}

	if keys, err := o.Store.KeysOf(t.Context(), []string{c.ID}); err != nil || refused != 6 || len(keys[c.ID]) != account.MaxKeys {
		t.Errorf("want %d keys and 6 refused, got %d and %d, %v", account.MaxKeys, len(keys[c.ID]), refused, err)
	}
}

func changesRoles(t *testing.T, o Opened) {
	t.Helper()

	a, b := create(t, o, 1), create(t, o, 2)

	set := func(id string, role account.Role, want error) {
		t.Helper()

		got, err := o.Store.SetRole(t.Context(), id, role)
		wantError(t, "set "+id+" to "+string(role), err, want)

		if want == nil && (got.ID != id || got.Role != role) {
			t.Errorf("want %s to be %s, got %+v", id, role, got)
		}
	}

	set("unknown", account.Admin, account.ErrUnknown)
	set(b.ID, account.User, nil) // without an administrator there is no last one
	set(a.ID, account.Admin, nil)
	set(a.ID, account.User, account.ErrLastAdmin)
	set(b.ID, account.User, nil)
	set(a.ID, account.Admin, nil)
	set(b.ID, account.Admin, nil)
	set(a.ID, account.User, nil)
	set(b.ID, account.User, account.ErrLastAdmin)
}

func keepsAnAdministrator(t *testing.T, o Opened) {
	t.Helper()

	a, b := create(t, o, 1), create(t, o, 2)

	for round := range 10 {
		for _, c := range []account.Credentials{a, b} {
			if _, err := o.Store.SetRole(t.Context(), c.ID, account.Admin); err != nil {
				t.Fatal(err)
			}
		}

		var (
			wg   sync.WaitGroup
			errs [2]error
		)

		for i, c := range []account.Credentials{a, b} {
			wg.Go(func() { _, errs[i] = o.Store.SetRole(t.Context(), c.ID, account.User) })
		}

		wg.Wait()

		if first, second := errors.Is(errs[0], account.ErrLastAdmin), errors.Is(errs[1], account.ErrLastAdmin); first == second {
			t.Fatalf("round %d: want one of two to be refused, got %v", round, errs)
		}
	}
}

func lists(t *testing.T, o Opened) {
	t.Helper()

	for n := range 7 {
		create(t, o, n)
	}

	var got []string

	for after := ""; ; {
		page, err := o.Store.AccountPage(t.Context(), account.Query{After: after, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}

		for _, a := range page.Accounts {
			got = append(got, a.ID)
		}

		if !page.More {
			break
		}

		after = got[len(got)-1]
	}

	if want := []string{"a0006", "a0005", "a0004", "a0003", "a0002", "a0001", "a0000"}; !slices.Equal(got, want) {
		t.Errorf("want %v, got %v", want, got)
	}

	for search, want := range map[string]int{"p3_": 1, "100%ü@": 7, "p_": 0, "%%": 0, "!": 0, "nobody": 0} {
		if page, err := o.Store.AccountPage(t.Context(), account.Query{Search: search, Limit: 10}); err != nil || len(page.Accounts) != want {
			t.Errorf("%q: want %d, got %d, %v", search, want, len(page.Accounts), err)
		}
	}
}

func tallies(t *testing.T, o Opened) {
	t.Helper()

	read := func() (got []account.Tally) {
		t.Helper()

		if err := o.Store.Tally(t.Context(), []string{"z", "a"}, func(all []account.Tally) bool { got = slices.Clone(all); return false }); err != nil {
			t.Fatal(err)
		}

		return got
	}

	if got := read(); !slices.Equal(got, []account.Tally{{Key: "z"}, {Key: "a"}}) {
		t.Errorf("want empty tallies in the order asked for, got %+v", got)
	}

	want := []account.Tally{{Key: "z", Count: 3, LastAt: start, BlockedUntil: start.Add(time.Second)}, {Key: "a", Count: 1, LastAt: start}}

	if err := o.Store.Tally(t.Context(), []string{"z", "a"}, func(all []account.Tally) bool { copy(all, want); return true }); err != nil {
		t.Fatal(err)
	}

	if got := read(); !slices.Equal(got, want) {
		t.Errorf("want %+v, got %+v", want, got)
	}

	var wg sync.WaitGroup

	for i := range 20 {
		keys := []string{"z", "a", "new"}
		if i%2 == 0 {
			slices.Reverse(keys)
		}

		wg.Go(func() {
			err := o.Store.Tally(t.Context(), keys, func(all []account.Tally) bool {
				for k := range all {
					all[k].Count++
					all[k].LastAt = start
				}

				return true
			})
			if err != nil {
				t.Error(err)
			}
		})
	}

	wg.Wait()

	if got := read(); got[0].Count != 23 || got[1].Count != 21 {
		t.Errorf("want 23 and 21, got %+v", got)
	}
}

func sweeps(t *testing.T, o Opened) {
	t.Helper()

	c, s := signedIn(t, o)

	rotate(t, o, rotation(s.TokenHash, "second", 1), account.Renewed)
	rotate(t, o, rotation("second", "third", 2), account.Renewed)

	count := func() (n int) {
		t.Helper()

		if err := o.Store.Tally(t.Context(), []string{"k"}, func(all []account.Tally) bool { n = all[0].Count; return false }); err != nil {
			t.Fatal(err)
		}

		return n
	}

	if err := o.Store.Tally(t.Context(), []string{"k"}, func(all []account.Tally) bool { all[0].Count, all[0].LastAt = 1, start; return true }); err != nil {
		t.Fatal(err)
	}

	sweep := func(c account.Cutoffs) {
		t.Helper()

		if err := o.Store.Sweep(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}

	sweep(account.Cutoffs{Now: start, SpentBefore: start.Add(90 * time.Second), TalliesBefore: start})

	if count() != 1 {
		t.Error("a tally was swept too early")
	}

	rotate(t, o, rotation(s.TokenHash, "x", 2), account.Refused) // forgotten
	rotate(t, o, rotation("third", "fourth", 2), account.Renewed)

	sweep(account.Cutoffs{Now: start.Add(5 * time.Hour), SpentBefore: start, TalliesBefore: start.Add(time.Microsecond)})

	if count() != 0 {
		t.Error("a tally was not swept")
	}

	if sessions, err := o.Store.SessionsOf(t.Context(), []string{c.ID}, start); err != nil || len(sessions) != 0 {
		t.Errorf("want no sessions, got %+v, %v", sessions, err)
	}
}
