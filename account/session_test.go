package account_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/fault"
)

func TestSessionsSlideUpToTheirEnd(t *testing.T) {
	k := open(t, account.Config{AccessTTL: time.Hour, RefreshTTL: 10 * time.Hour, SessionTTL: 24 * time.Hour})
	granted := k.signUp(t, email)
	begun := k.clock.now()

	for _, hours := range []int{9, 18} {
		k.clock.us.Store(begun.Add(time.Duration(hours) * time.Hour).UnixMicro())

		next, err := k.Refresh(t.Context(), granted.RefreshToken)
		if err != nil {
			t.Fatal(err)
		}

		granted = next
	}

	if want := begun.Add(24 * time.Hour); !granted.RefreshExpires.Equal(want) {
		t.Errorf("want the end %s, got %s", want, granted.RefreshExpires)
	}

	k.clock.us.Store(begun.Add(23*time.Hour + 30*time.Minute).UnixMicro())

	granted, err := k.Refresh(t.Context(), granted.RefreshToken)
	if want := begun.Add(24 * time.Hour); err != nil || !granted.AccessExpires.Equal(want) {
		t.Errorf("want the access token to end with the session at %s, got %s, %v", want, granted.AccessExpires, err)
	}

	k.clock.us.Store(begun.Add(24 * time.Hour).UnixMicro())

	_, err = k.Refresh(t.Context(), granted.RefreshToken)
	want(t, "after the end", err, fault.Unauthenticated, "")
}

func TestASessionThatIsNotUsedExpires(t *testing.T) {
	k := open(t, account.Config{RefreshTTL: time.Hour})
	granted := k.signUp(t, email)

	k.clock.advance(time.Hour)

	_, err := k.Refresh(t.Context(), granted.RefreshToken)
	want(t, "expired", err, fault.Unauthenticated, "")
}

func TestAReplayedTokenEndsItsFamilyAndNoOther(t *testing.T) {
	k := open(t, account.Config{})
	first := k.signUp(t, email)

	other, err := k.SignIn(t.Context(), email, password)
	if err != nil {
		t.Fatal(err)
	}

	second, err := k.Refresh(t.Context(), first.RefreshToken)
	if err != nil || second.RefreshToken == first.RefreshToken {
		t.Fatalf("got %+v, %v", second, err)
	}

	k.as(t, second.AccessToken)

	_, err = k.Refresh(t.Context(), first.RefreshToken)
	want(t, "the replay", err, fault.Unauthenticated, "")
	_, err = k.Refresh(t.Context(), second.RefreshToken)
	want(t, "the successor", err, fault.Unauthenticated, "")
	_, err = k.Authenticate(t.Context(), second.AccessToken)
	want(t, "the access token", err, fault.Unauthenticated, "")

	k.as(t, other.AccessToken)

	if _, err = k.Refresh(t.Context(), other.RefreshToken); err != nil {
		t.Errorf("the other session: %v", err)
	}
}

func TestWithinTheGraceALostAnswerIsGivenAgain(t *testing.T) {
	k := open(t, account.Config{RefreshGrace: 10 * time.Second})
	first := k.signUp(t, email)

	second, err := k.Refresh(t.Context(), first.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}

	k.clock.advance(10*time.Second - time.Microsecond)

	again, err := k.Refresh(t.Context(), first.RefreshToken)
	if err != nil || again.RefreshToken != second.RefreshToken || !again.RefreshExpires.Equal(second.RefreshExpires) {
		t.Fatalf("want %+v, got %+v, %v", second, again, err)
	}

	k.clock.advance(time.Microsecond)

	_, err = k.Refresh(t.Context(), first.RefreshToken)
	want(t, "after the grace", err, fault.Unauthenticated, "")
	_, err = k.Refresh(t.Context(), second.RefreshToken)
	want(t, "the successor", err, fault.Unauthenticated, "")
}

func TestTokensThatAreNone(t *testing.T) {
	k := open(t, account.Config{})
	good := k.signUp(t, email).RefreshToken
	flipped := []byte(good)
	flipped[10] ^= 1

	for name, token := range map[string]string{
		"empty": "", "no prefix": good[3:], "another prefix": "sk_" + good[3:], "a longer one": good + "0", "a huge one": strings.Repeat("rt_", 1<<18),
		"a wrong checksum": string(flipped), "zeros": "rt_" + strings.Repeat("0", 49), "a sign": "rt_-" + good[4:], "too large": "rt_" + strings.Repeat("Z", 49),
	} {
		_, err := k.Refresh(t.Context(), token)
		want(t, name, err, fault.Unauthenticated, "")
	}

	if _, err := k.Refresh(t.Context(), good); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func TestSigningOutTakesEffectAtOnce(t *testing.T) {
	k := open(t, account.Config{})
	granted := k.signUp(t, email)
	other, err := k.SignIn(t.Context(), email, password)
	node := k.node()

	if err != nil {
		t.Fatal(err)
	}

	ctx := k.as(t, granted.AccessToken) // remembered here
	if _, err = node.Authenticate(ctx, granted.AccessToken); err != nil {
		t.Fatal(err) // and there
	}

	_, err = k.SignOut(t.Context(), false)
	want(t, "nobody", err, fault.Unauthenticated, "")

	if ended, err := k.SignOut(ctx, false); err != nil || ended != 1 {
		t.Errorf("want one session ended, got %d, %v", ended, err)
	}

	_, err = k.Authenticate(t.Context(), granted.AccessToken)
	want(t, "the access token", err, fault.Unauthenticated, "")
	_, err = k.Refresh(t.Context(), granted.RefreshToken)
	want(t, "the refresh token", err, fault.Unauthenticated, "")

	k.clock.advance(10 * time.Second)

	_, err = node.Authenticate(t.Context(), granted.AccessToken)
	want(t, "on another node, 10 seconds later", err, fault.Unauthenticated, "")

	ctx = k.as(t, other.AccessToken)

	if _, err = k.SignIn(t.Context(), email, password); err != nil {
		t.Fatal(err)
	}

	if ended, err := k.SignOut(ctx, true); err != nil || ended != 2 {
		t.Errorf("everywhere: want two sessions ended, got %d, %v", ended, err)
	}
}

// slowStore holds the answer about a session's owner back, as a busy database might.
type slowStore struct {
	account.Store

	asked, answer chan struct{}
}

func (s *slowStore) SessionOwner(ctx context.Context, id string, now time.Time) (account.Account, error) {
	a, err := s.Store.SessionOwner(ctx, id, now)
	s.asked <- struct{}{}
	<-s.answer

	return a, err
}

// What was looked up before a sign-out must not be remembered after it.
func TestASignOutIsNotOvertakenByAnOlderLookUp(t *testing.T) {
	k := open(t, account.Config{})
	granted := k.signUp(t, email)
	ctx := k.as(t, granted.AccessToken)
	slow := &slowStore{k.store, make(chan struct{}, 2), make(chan struct{}, 2)}
	service := account.NewService(slow, k.hasher, k.tokens, k.clock.now, k.cfg)

	var wg sync.WaitGroup

	wg.Go(func() { _, _ = service.Authenticate(t.Context(), granted.AccessToken) })
	<-slow.asked

	if _, err := service.SignOut(ctx, false); err != nil {
		t.Fatal(err)
	}

	slow.answer <- struct{}{}
	wg.Wait()

	slow.answer <- struct{}{}

	_, err := service.Authenticate(t.Context(), granted.AccessToken)
	want(t, "after the sign-out", err, fault.Unauthenticated, "")
}

func TestATokenOfTheCommandLineNeedsNoSession(t *testing.T) {
	k := open(t, account.Config{})

	token, err := k.tokens.Sign(account.Viewer{Subject: "operator", Role: account.Admin}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}

	ctx := k.as(t, token)

	if _, ok, err := k.Me(ctx); ok || err != nil {
		t.Errorf("want no account, got %t, %v", ok, err)
	}

	if ended, err := k.SignOut(ctx, false); ended != 0 || err != nil {
		t.Errorf("want nothing ended, got %d, %v", ended, err)
	}

	_, _, err = k.CreateKey(ctx, account.NewKey{Name: "k", Scopes: account.ScopeRead})
	want(t, "a key of no account", err, fault.Forbidden, "")
}
