package accounttest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/event"
)

func opensForThePassword(t *testing.T, o Opened) {
	t.Helper()

	c := create(t, o, 1)
	s := opening(c.ID, 1)
	loggedIn := event.New(event.UserLoggedIn, start, c.ID, c.ID, nil)

	wantError(t, "another hash", o.Store.Open(t.Context(), s, "former", "", loggedIn), account.ErrChanged)

	for range 2 { // the second time as after a lost answer
		if err := o.Store.Open(t.Context(), s, c.PasswordHash, "better", loggedIn); err != nil {
			t.Fatal(err)
		}
	}

	if got, err := o.Store.Credentials(t.Context(), c.ID); err != nil || got.PasswordHash != "better" {
		t.Errorf("want the better hash, got %+v, %v", got, err)
	}

	if owner, err := o.Store.SessionOwner(t.Context(), s.ID, start); err != nil || owner != c.Account {
		t.Errorf("want %+v, got %+v, %v", c.Account, owner, err)
	}

	if events := o.Events(t); len(events) != 2 {
		t.Errorf("want two events, got %v", events)
	}
}

func boundsSessions(t *testing.T, o Opened) {
	t.Helper()

	c := create(t, o, 1)

	for n := range account.MaxSessions + 2 {
		if err := o.Store.Open(t.Context(), opening(c.ID, n), c.PasswordHash, ""); err != nil {
			t.Fatal(err)
		}
	}

	sessions, err := o.Store.SessionsOf(t.Context(), []string{c.ID}, start)
	if all := sessions[c.ID]; err != nil || len(all) != account.MaxSessions || all[0].ID != opening(c.ID, account.MaxSessions+1).ID || all[len(all)-1].ID != opening(c.ID, 2).ID {
		t.Errorf("want the newest %d, newest first, got %d, %v", account.MaxSessions, len(all), err)
	}
}

// rotation spends a token and puts another one in its place, some minutes after the start.
func rotation(token, successor string, minutes int) account.Rotation {
	return account.Rotation{
		TokenHash: token, SuccessorHash: successor, Sealed: "sealed " + successor, Now: start.Add(time.Duration(minutes) * time.Minute), TTL: 2 * time.Hour,
	}
}

func rotate(t *testing.T, o Opened, r account.Rotation, want account.Outcome) account.Rotated {
	t.Helper()

	got, err := o.Store.Rotate(t.Context(), r)
	if err != nil || got.Outcome != want {
		t.Errorf("%s to %s: want outcome %d, got %+v, %v", r.TokenHash, r.SuccessorHash, want, got, err)
	}

	return got
}

func rotates(t *testing.T, o Opened) {
	t.Helper()

	c, s := signedIn(t, o)

	rotate(t, o, rotation("unknown", "second", 1), account.Refused)

	for range 2 { // the second time as after a lost answer
		got := rotate(t, o, rotation(s.TokenHash, "second", 1), account.Renewed)

		want := s.Session
		want.UsedAt, want.ExpiresAt = start.Add(time.Minute), start.Add(2*time.Hour+time.Minute)

		if got.Session != want || got.Account != c.Account {
			t.Errorf("want %+v, got %+v", want, got)
		}
	}

	if got := rotate(t, o, rotation("second", "third", 110), account.Renewed); !got.Session.ExpiresAt.Equal(s.EndsAt) {
		t.Errorf("want the absolute end %s, got %s", s.EndsAt, got.Session.ExpiresAt)
	}

	rotate(t, o, rotation("third", "fourth", 181), account.Refused) // it has ended
}

func endsFamilies(t *testing.T, o Opened) {
	t.Helper()

	_, s := signedIn(t, o)

	rotate(t, o, rotation(s.TokenHash, "second", 1), account.Renewed)

	if got := rotate(t, o, rotation(s.TokenHash, "another", 1), account.Replayed); got.Session.ID != s.ID {
		t.Errorf("want the session %s, got %+v", s.ID, got)
	}

	rotate(t, o, rotation("second", "third", 1), account.Refused)
	rotate(t, o, rotation(s.TokenHash, "third", 1), account.Refused)

	_, err := o.Store.SessionOwner(t.Context(), s.ID, start)
	wantError(t, "the session", err, account.ErrUnknown)
}

func reissues(t *testing.T, o Opened) {
	t.Helper()

	c, s := signedIn(t, o)
	r := rotation(s.TokenHash, "second", 1)
	r.Grace = 10 * time.Second
	rotate(t, o, r, account.Renewed)

	r.SuccessorHash, r.Sealed, r.Now = "another", "sealed another", r.Now.Add(9*time.Second)
	if got := rotate(t, o, r, account.Reissued); got.Sealed != "sealed second" || got.Account != c.Account || got.Session.ID != s.ID {
		t.Errorf("want the first successor again, got %+v", got)
	}

	// Once the successor was used, its predecessor comes from somebody else.
	rotate(t, o, rotation("second", "third", 1), account.Renewed)
	rotate(t, o, r, account.Replayed)
	rotate(t, o, rotation("third", "fourth", 1), account.Refused)
}

// Of two requests with one token, the one that is second in the store may have read its clock first.
func replaysBeforeItsTime(t *testing.T, o Opened) {
	t.Helper()

	_, s := signedIn(t, o)
	r := rotation(s.TokenHash, "second", 1)
	rotate(t, o, r, account.Renewed)

	r.SuccessorHash, r.Sealed, r.Now = "another", "sealed another", r.Now.Add(-time.Millisecond)
	rotate(t, o, r, account.Replayed)
}

func rotatesOnce(t *testing.T, o Opened) {
	t.Helper()

	for name, grace := range map[string]time.Duration{"strict": 0, "with a grace": time.Minute} {
		c := credentials(int(grace / time.Minute))
		s := opening(c.ID, 1)

		if err := o.Store.Create(t.Context(), c, &s); err != nil {
			t.Fatal(err)
		}

		var (
			wg   sync.WaitGroup
			mu   sync.Mutex
			seen = make(map[account.Outcome]int)
		)

		for i := range 20 {
			wg.Go(func() {
				r := rotation(s.TokenHash, fmt.Sprintf("%s %d", name, i), 1)
				r.Grace = grace

				got, err := o.Store.Rotate(t.Context(), r)
				if err != nil {
					t.Error(err)
				}

				mu.Lock()
				defer mu.Unlock()

				seen[got.Outcome]++
			})
		}

		wg.Wait()

		want := fmt.Sprint(map[account.Outcome]int{account.Renewed: 1, account.Replayed: 1, account.Refused: 18})
		if grace > 0 {
			want = fmt.Sprint(map[account.Outcome]int{account.Renewed: 1, account.Reissued: 19})
		}

		if got := fmt.Sprint(seen); got != want {
			t.Errorf("%s: want outcomes %s, got %s", name, want, got)
		}
	}
}

func endsSessions(t *testing.T, o Opened) {
	t.Helper()

	c, first := signedIn(t, o)
	other := create(t, o, 2)

	for n := 2; n <= 4; n++ {
		if err := o.Store.Open(t.Context(), opening(c.ID, n), c.PasswordHash, ""); err != nil {
			t.Fatal(err)
		}
	}

	_, err := o.Store.SessionOwner(t.Context(), first.ID, first.ExpiresAt)
	wantError(t, "an expired session", err, account.ErrUnknown)

	for _, end := range []struct {
		account, session string
		want             int
	}{{other.ID, first.ID, 0}, {c.ID, first.ID, 1}, {c.ID, first.ID, 0}, {other.ID, "", 0}, {c.ID, "", 3}} {
		if ended, err := o.Store.End(t.Context(), end.account, end.session); err != nil || ended != end.want {
			t.Errorf("%+v: got %d, %v", end, ended, err)
		}
	}
}

func replacesPasswords(t *testing.T, o Opened) {
	t.Helper()

	c, kept := signedIn(t, o)
	ended := opening(c.ID, 2)

	if err := o.Store.Open(t.Context(), ended, c.PasswordHash, ""); err != nil {
		t.Fatal(err)
	}

	wantError(t, "another former hash", o.Store.ReplacePassword(t.Context(), c.ID, "no", "new", kept.ID), account.ErrChanged)

	for range 2 { // the second time as after a lost answer
		if err := o.Store.ReplacePassword(t.Context(), c.ID, c.PasswordHash, "new", kept.ID); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := o.Store.SessionOwner(t.Context(), kept.ID, start); err != nil {
		t.Errorf("the session that is kept: %v", err)
	}

	_, err := o.Store.SessionOwner(t.Context(), ended.ID, start)
	wantError(t, "the other session", err, account.ErrUnknown)
	wantError(t, "a sign-in with the former password", o.Store.Open(t.Context(), opening(c.ID, 3), c.PasswordHash, ""), account.ErrChanged)
}
