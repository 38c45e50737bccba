package presence_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sidereal/account"
	"sidereal/account/presence"
	"sidereal/fault"
)

const recheck = 30 * time.Second

var errDown = errors.New("the database is down")

// tokens is who tokens stand for, as somebody would look it up.
type tokens struct {
	mu      sync.Mutex
	viewers map[string]account.Viewer
	down    bool
	asked   []time.Time
}

func (s *tokens) authenticate(_ context.Context, token string) (account.Viewer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.asked = append(s.asked, time.Now())

	v, ok := s.viewers[token]

	switch {
	case s.down:
		return v, errDown
	case !ok:
		return v, fault.New(fault.Unauthenticated, "the session has ended; sign in again")
	}

	return v, nil
}

// set makes a token stand for somebody else; for nobody when v is nil.
func (s *tokens) set(token string, v *account.Viewer) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if delete(s.viewers, token); v != nil {
		s.viewers[token] = *v
	}
}

func (s *tokens) setDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.down = down
}

// scene is a watched connection in a bubble of time.
type scene struct {
	*tokens

	watcher *presence.Watcher
	watch   *presence.Watch
	reasons chan string
	begun   time.Time
}

// watching watches a connection of the viewer's with the token "token".
func watching(t *testing.T, viewer account.Viewer) *scene {
	t.Helper()

	s := &scene{tokens: &tokens{viewers: map[string]account.Viewer{"token": viewer}}, reasons: make(chan string, 2), begun: time.Now()}
	s.watcher = presence.NewWatcher(s.authenticate, time.Now, presence.Config{Recheck: recheck})
	t.Cleanup(s.watcher.Close)
	s.watch = s.watcher.Watch("token", viewer, func(reason string) { s.reasons <- reason })

	return s
}

// after lets time pass.
func (s *scene) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// wantEnd checks that the connection has ended for a reason, and once; for none that it has not.
func (s *scene) wantEnd(t *testing.T, reason string) {
	t.Helper()

	switch {
	case len(s.reasons) == 1:
		if got := <-s.reasons; reason == "" || !strings.Contains(got, reason) || len(got) > 123 {
			t.Errorf("want the reason %q in 123 bytes, got %q", reason, got)
		}
	case len(s.reasons) > 1:
		t.Errorf("ended %d times", len(s.reasons))
	case reason != "":
		t.Errorf("want an end for %q, got none", reason)
	}
}

func user(changes ...func(v *account.Viewer)) account.Viewer {
	v := account.Viewer{Subject: "u", Role: account.User, Session: "s"}
	for _, change := range changes {
		change(&v)
	}

	return v
}

func until(end time.Time) func(v *account.Viewer) {
	return func(v *account.Viewer) { v.Expires = end }
}

func role(r account.Role) func(v *account.Viewer) { return func(v *account.Viewer) { v.Role = r } }

func key(scopes account.Scopes) func(v *account.Viewer) {
	return func(v *account.Viewer) { v.Session, v.Key, v.Scopes = "", "k", scopes }
}

func TestAConnectionEndsWhenItsTokenExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const life = 5 * time.Minute

		s := watching(t, user(until(time.Now().Add(life))))

		s.after(life - 1)
		s.wantEnd(t, "")
		s.after(1)
		s.wantEnd(t, "the token has expired; connect again with a new one, or renew it with a ping that carries Authorization")

		if n := s.watcher.Watches(); n != 0 {
			t.Errorf("want no watch left, got %d", n)
		}

		if err := s.watch.Renew("token"); fault.CodeOf(err) != fault.Unauthenticated {
			t.Errorf("want no renewal of what has ended, got %v", err)
		}

		s.watch.Stop()
	})
}

func TestATokenThatHasExpiredAlreadyEndsItsConnectionAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watching(t, user(until(time.Now().Add(-time.Second))))
		synctest.Wait()
		s.wantEnd(t, "the token has expired")
	})
}

func TestWhatATokenLosesEndsItsConnection(t *testing.T) {
	admin, both := role(account.Admin), account.ScopeRead|account.ScopeAdmin

	for name, test := range map[string]struct {
		before account.Viewer
		after  *account.Viewer // nil when the token is no longer good
		reason string          // empty when the connection goes on
	}{
		"the session has ended":     {user(), nil, "the session has ended; sign in again"},
		"another account":           {user(), new(user(func(v *account.Viewer) { v.Subject = "x" })), "the token may do less than before"},
		"no administrator any more": {user(admin), new(user()), "the token may do less than before"},
		"an administrator now":      {user(), new(user(admin)), ""},
		"a key that lost a scope":   {user(key(both)), new(user(key(account.ScopeRead))), "the token may do less than before"},
		"a key that won a scope":    {user(key(account.ScopeRead)), new(user(key(both))), ""},
		"another address of mail":   {user(), new(user(func(v *account.Viewer) { v.Email = "new@example.org" })), ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := watching(t, test.before)
				s.after(3 * recheck)
				s.wantEnd(t, "")

				s.set("token", test.after)
				s.after(recheck)
				s.wantEnd(t, test.reason)

				if got := s.watch.Viewer(); test.reason == "" && got != *test.after {
					t.Errorf("want the viewer of now, %+v, got %+v", *test.after, got)
				}
			})
		})
	}
}

func TestWhatCannotBeAskedEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watching(t, user())
		s.setDown(true)
		s.set("token", nil)
		s.after(time.Hour)
		s.wantEnd(t, "")

		s.setDown(false)
		s.after(recheck)
		s.wantEnd(t, "the session has ended")
	})
}

func TestARenewedTokenTakesThePlaceOfTheOldOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watching(t, user(until(time.Now().Add(time.Minute))))
		renewed := user(until(time.Now().Add(time.Hour)), func(v *account.Viewer) { v.Session = "s2" })
		s.set("new", &renewed)

		if err := s.watch.Renew("new"); err != nil {
			t.Fatal(err)
		}

		if got := s.watch.Viewer(); got != renewed {
			t.Errorf("want the new token's viewer, got %+v", got)
		}

		s.set("token", nil)
		s.after(time.Hour - 1)
		s.wantEnd(t, "")
		s.after(1)
		s.wantEnd(t, "the token has expired")
	})
}

func TestATokenIsRenewedByNoLesserOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, test := range map[string]struct {
			before account.Viewer
			after  *account.Viewer
			code   fault.Code // empty when it is renewed
		}{
			"a bad token":                     {user(), nil, fault.Unauthenticated},
			"another account's":               {user(), new(user(func(v *account.Viewer) { v.Subject = "x" })), fault.Forbidden},
			"a user's for an administrator's": {user(role(account.Admin)), new(user()), fault.Forbidden},
			"a key for a session":             {user(), new(user(key(account.ScopeRead))), fault.Forbidden},
			"a session for a key":             {user(key(account.ScopeRead)), new(user()), ""},
			"fewer scopes":                    {user(key(account.ScopeRead | account.ScopeWrite)), new(user(key(account.ScopeRead))), fault.Forbidden},
		} {
			s := watching(t, test.before)
			s.set("new", test.after)

			err := s.watch.Renew("new")
			if got := fault.CodeOf(err); test.code == "" && err != nil || test.code != "" && got != test.code {
				t.Errorf("%s: want %q, got %v", name, test.code, err)
			}

			if got := s.watch.Viewer(); test.code != "" && got != test.before {
				t.Errorf("%s: want the viewer as before, got %+v", name, got)
			}

			s.watch.Stop()
		}
	})
}

func TestAChangeIsSeenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watching(t, user())
		s.set("token", nil)
		s.watcher.Recheck(func(v account.Viewer) bool { return v.Subject == "another" })
		synctest.Wait()
		s.wantEnd(t, "")
		s.watcher.Recheck(func(v account.Viewer) bool { return v.Subject == "u" })
		synctest.Wait()
		s.wantEnd(t, "the session has ended")

		if passed := time.Since(s.begun); passed != 0 {
			t.Errorf("want no time to pass, got %v", passed)
		}
	})
}

func TestAWatchThatIsStoppedAsksNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watching(t, user(until(time.Now().Add(time.Minute))))
		s.watch.Stop()
		s.watch.Stop()
		s.set("token", nil)
		s.after(time.Hour)
		s.wantEnd(t, "")

		if len(s.asked) != 0 || s.watcher.Watches() != 0 {
			t.Errorf("want nobody asked and nothing left, got %d questions, %d watches", len(s.asked), s.watcher.Watches())
		}
	})
}

func TestAClosedWatcherEndsNoConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := watching(t, user(until(time.Now().Add(time.Minute))))
		s.watcher.Close()

		late := s.watcher.Watch("token", user(until(time.Now())), func(reason string) { s.reasons <- reason })
		s.after(time.Hour)
		s.wantEnd(t, "")
		late.Stop()
	})
}

func TestConnectionsThatBeganTogetherAreNotAskedAboutTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const connections = 10_000

		store := &tokens{viewers: map[string]account.Viewer{}}
		watcher := presence.NewWatcher(store.authenticate, time.Now, presence.Config{Recheck: recheck, MaxAtOnce: connections})
		t.Cleanup(watcher.Close)

		for i := range connections {
			token := fmt.Sprint(i)
			store.viewers[token] = user()
			watcher.Watch(token, user(), func(reason string) { t.Errorf("ended: %s", reason) })
		}

		begun := time.Now()

		time.Sleep(recheck)
		synctest.Wait()

		perSecond := make(map[time.Duration]int)
		for _, at := range store.asked {
			perSecond[at.Sub(begun).Truncate(time.Second)]++
		}

		for second, n := range perSecond {
			if mean := connections / (recheck / 2 / time.Second); n > int(2*mean) {
				t.Errorf("want about %d questions a second, got %d in the second %v", mean, n, second)
			}
		}

		if len(store.asked) < connections {
			t.Errorf("want all asked about within %v, got %d", recheck, len(store.asked))
		}
	})
}

func TestQuestionsWaitForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const connections, room = 50, 2

		var (
			mu           sync.Mutex
			under, crowd int
			seen         = make(map[string]bool)
		)

		watcher := presence.NewWatcher(func(_ context.Context, token string) (account.Viewer, error) {
			mu.Lock()
			under++
			crowd = max(crowd, under)
			mu.Unlock()
			time.Sleep(10 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()

			under--
			seen[token] = true

			return user(), nil
		}, time.Now, presence.Config{Recheck: recheck, MaxAtOnce: room})
		t.Cleanup(watcher.Close)

		for i := range connections {
			watcher.Watch(fmt.Sprint(i), user(), func(reason string) { t.Errorf("ended: %s", reason) })
		}

		watcher.Recheck(func(account.Viewer) bool { return true })
		time.Sleep(10 * time.Second)
		synctest.Wait()

		mu.Lock()
		defer mu.Unlock()

		if crowd != room || len(seen) != connections {
			t.Errorf("want %d asked about, %d at once, got %d, %d", connections, room, len(seen), crowd)
		}
	})
}
