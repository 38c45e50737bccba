package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sidereal/fault"
)

// Session is a sign-in: a family of refresh tokens, of which one is good at a time.
type Session struct {
	ID        string
	AccountID string
	CreatedAt time.Time
	UsedAt    time.Time // when it was opened or refreshed last
	ExpiresAt time.Time // unless it is refreshed before
	EndsAt    time.Time // however often it is refreshed
	Address   string    // where it was opened from; empty when unknown
}

// Slid returns the session as refreshing it leaves it.
func (s Session) Slid(now time.Time, ttl time.Duration) Session {
	s.UsedAt, s.ExpiresAt = now, now.Add(ttl)
	if s.ExpiresAt.After(s.EndsAt) {
		s.ExpiresAt = s.EndsAt
	}

	return s
}

// Opening is a session to add.
type Opening struct {
	Session

	TokenHash string // of its first refresh token
}

// Rotation spends a refresh token. The store does one of four things, whichever Outcome says:
//
//   - Renewed: the token was good. It is spent now, and the successor good; the session is Slid.
//   - Reissued: the token was spent within Grace before Now, and its successor was not. Nothing changes; Sealed is the successor's, as it was stored then.
//   - Replayed: the token was spent. Its session ends.
//   - Refused: there is no such token, or its session has ended or expired.
//
// A repeated call with the same successor is Renewed again and changes nothing.
type Rotation struct {
	TokenHash     string
	SuccessorHash string
	Sealed        string // the successor, for whoever has the token
	Now           time.Time
	TTL           time.Duration
	Grace         time.Duration
}

// Outcome is what became of a rotation.
type Outcome int

// The outcomes.
const (
	Refused Outcome = iota
	Renewed
	Reissued
	Replayed
)

// Rotated is what a rotation led to. The session and the account are those of a Renewed or Reissued one; of a Replayed one only the session's id is known.
type Rotated struct {
	Outcome Outcome
	Session Session
	Account Account
	Sealed  string
}

// Grant is what somebody who signed in gets.
type Grant struct {
	Account        Account
	AccessToken    string
	AccessExpires  time.Time
	RefreshToken   string
	RefreshExpires time.Time
}

// newOpening returns a fresh session of an account and its first refresh token.
func (s *Service) newOpening(ctx context.Context, accountID string) (Opening, string) {
	now, token := s.now(), newSecret()
	session := Session{ID: newID(now), AccountID: accountID, CreatedAt: now, EndsAt: now.Add(s.cfg.SessionTTL)}.Slid(now, s.cfg.RefreshTTL)

	if address := AddressFrom(ctx); address.IsValid() {
		session.Address = address.Unmap().String()
	}

	return Opening{Session: session, TokenHash: token.hash(refreshPrefix)}, token.text(refreshPrefix)
}

// grant signs an access token for a session. It never outlives the session.
func (s *Service) grant(a Account, session Session, refreshToken string) (Grant, error) {
	now := s.now()
	ttl := min(s.cfg.AccessTTL, session.EndsAt.Sub(now))
	expires := now.Add(ttl).Truncate(time.Second) // as JSON Web Tokens have it

	access, err := s.tokens.Sign(Viewer{Subject: a.ID, Email: a.Email, Role: a.Role, Session: session.ID}, ttl)
	if err != nil {
		return Grant{}, fmt.Errorf("account: grant: %w", err)
	}

	return Grant{Account: a, AccessToken: access, AccessExpires: expires, RefreshToken: refreshToken, RefreshExpires: session.ExpiresAt}, nil
}

// Refresh returns new tokens for a refresh token, which is spent by that. One that was spent before is taken for stolen: its session ends, so that thief and owner
// must sign in again (RFC 9700, section 4.14.2); see Config.RefreshGrace for the exception. It is an UNAUTHENTICATED fault, like any token that is not good.
func (s *Service) Refresh(ctx context.Context, refreshToken string) (Grant, error) {
	refused := fault.New(fault.Unauthenticated, "the refresh token is not valid any more; sign in again")

	token, ok := parseSecret(refreshPrefix, refreshToken)
	if !ok {
		return Grant{}, refused
	}

	successor := newSecret()

	done, err := s.store.Rotate(ctx, Rotation{
		TokenHash: token.hash(refreshPrefix), SuccessorHash: successor.hash(refreshPrefix), Sealed: successor.seal(token),
		Now: s.now(), TTL: s.cfg.RefreshTTL, Grace: s.cfg.RefreshGrace,
	})
	if err != nil {
		return Grant{}, fmt.Errorf("account: refresh: %w", err)
	}

	switch done.Outcome {
	case Renewed:
		return s.grant(done.Account, done.Session, successor.text(refreshPrefix))
	case Reissued:
		if successor, ok = unseal(done.Sealed, token); ok {
			return s.grant(done.Account, done.Session, successor.text(refreshPrefix))
		}
	case Replayed:
		s.forget(Change{SessionID: done.Session.ID})
		s.cfg.Log.WarnContext(ctx, "a refresh token was sent again; its session is ended", "session", done.Session.ID, "address", AddressFrom(ctx).String())
	case Refused:
	}

	return Grant{}, refused
}

// SignOut ends the session of the request's viewer, or all sessions of the account, and returns how many. It takes effect at once: access tokens of an ended session
// are refused though they have not expired, by this process immediately and by others within recheck.
func (s *Service) SignOut(ctx context.Context, everywhere bool) (int, error) {
	if err := Require(ctx, Need{Person: true}); err != nil {
		return 0, err
	}

	v, _ := ViewerFrom(ctx)

	session := v.Session
	if everywhere {
		session = ""
	} else if session == "" {
		return 0, nil // a token of the command line; it ends by itself
	}

	ended, err := s.store.End(ctx, v.Subject, session)
	if err != nil {
		return 0, fmt.Errorf("account: sign out: %w", err)
	}

	s.forget(Change{AccountID: v.Subject})

	return ended, nil
}

// SessionsOf returns the sessions of accounts that have neither ended nor expired, newest first.
func (s *Service) SessionsOf(ctx context.Context, accountIDs []string) (map[string][]Session, error) {
	found, err := s.store.SessionsOf(ctx, accountIDs, s.now())
	if err != nil {
		return nil, fmt.Errorf("account: sessions: %w", err)
	}

	return found, nil
}

// known is what was looked up, also that there was nothing.
type known[V any] struct {
	value V
	ok    bool
}

// owner returns the account of a session; false when the session has ended. It is recheck old at most.
func (s *Service) owner(ctx context.Context, sessionID string) (Account, bool, error) {
	found, ok, ticket := s.sessions.get(sessionID)
	if ok {
		return found.value, found.ok, nil
	}

	a, err := s.store.SessionOwner(ctx, sessionID, s.now())
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Account{}, false, fmt.Errorf("account: session: %w", err)
	}

	s.sessions.put(sessionID, known[Account]{a, err == nil}, ticket)

	return a, err == nil, nil
}
