package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"sidereal/fault"
)

// Issuer signs access tokens.
type Issuer interface {
	// Sign returns a token for a viewer that is valid from now for ttl.
	Sign(v Viewer, ttl time.Duration) (string, error)
}

// Verifier verifies access tokens.
type Verifier interface {
	// Verify returns the viewer that a token was signed for; an UNAUTHENTICATED fault for anything else.
	Verify(ctx context.Context, token string) (Viewer, error)
}

// Tokens signs and verifies access tokens.
type Tokens interface {
	Issuer
	Verifier
}

// Config is how long things last and how often things may be tried.
type Config struct {
	AccessTTL    time.Duration // of an access token; 15 minutes when 0
	RefreshTTL   time.Duration // of a refresh token, that is, of a session that is not used; 30 days when 0
	SessionTTL   time.Duration // of a session, however much it is used; 90 days when 0
	RefreshGrace time.Duration // in which a refresh token may be sent again, as long as its successor was not; 0 for never
	// The lock-out; each may be 0 for the usual one, and negative for none.
	FreeSignIns        int // failures of an account before it is locked; 5
	FreeAddressSignIns int // failures from an address before it is locked; 20
	FreeSignUps        int // sign-ups from an address before it is slowed down; 20
	Log                *slog.Logger
	// Changed is called when a token of an account may have become less good: a session ended, a key was revoked, the role changed. Nil for nobody who wants to know.
	Changed func(Change)
}

// Change says whose tokens it concerns: those of an account, or of one session where the account is not known.
type Change struct {
	AccountID string
	SessionID string
}

// Concerns tells whether a change concerns a viewer.
func (c Change) Concerns(v Viewer) bool {
	return c.AccountID != "" && c.AccountID == v.Subject || c.SessionID != "" && c.SessionID == v.Session
}

// The bounds of what an account holds.
const (
	MaxKeys     = 50
	MaxSessions = 100 // a further one ends the oldest
)

// recheck is how old the knowledge may be that a session or a key is still good. What this process changes itself it knows at once.
const recheck = 10 * time.Second

// maxRemembered bounds how many sessions, and how many keys, are remembered between two checks.
const maxRemembered = 10_000

// Service is the accounts: signing up and in, sessions, API keys, roles. It is safe for concurrent use.
type Service struct {
	store  Store
	hasher Hasher
	tokens Tokens
	now    func() time.Time
	cfg    Config

	sessions *recent[known[Account]]
	keys     *recent[known[keyOwner]]
	used     *recent[struct{}] // keys whose use was noted within the last minute
	uses     chan keyUse
}

// NewService returns the accounts in a store. Run must be running for the last use of keys to be noted and for what is of no use to be removed.
func NewService(store Store, hasher Hasher, tokens Tokens, now func() time.Time, cfg Config) *Service {
	cfg.AccessTTL = orUsual(cfg.AccessTTL, 15*time.Minute)
	cfg.RefreshTTL = orUsual(cfg.RefreshTTL, 30*24*time.Hour)
	cfg.SessionTTL = orUsual(cfg.SessionTTL, 90*24*time.Hour)
	cfg.FreeSignIns = orUsual(cfg.FreeSignIns, 5)
	cfg.FreeAddressSignIns = orUsual(cfg.FreeAddressSignIns, 20)
	cfg.FreeSignUps = orUsual(cfg.FreeSignUps, 20)

	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}

	return &Service{
		store: store, hasher: hasher, tokens: tokens, now: now, cfg: cfg,
		sessions: newRecent[known[Account]](maxRemembered, recheck, now),
		keys:     newRecent[known[keyOwner]](maxRemembered, recheck, now),
		used:     newRecent[struct{}](maxRemembered, useInterval, now),
		uses:     make(chan keyUse, maxUses),
	}
}

// forget forgets what it knows of sessions and keys, and says why.
func (s *Service) forget(c Change) {
	s.sessions.forget()
	s.keys.forget()

	if s.cfg.Changed != nil {
		s.cfg.Changed(c)
	}
}

func orUsual[T int | time.Duration](given, usual T) T {
	if given == 0 {
		return usual
	}

	return given
}

// Me returns the account of the request's viewer; false when nobody signed in, or with a token of the command line, which has no account.
func (s *Service) Me(ctx context.Context) (Account, bool, error) {
	v, ok := ViewerFrom(ctx)
	if !ok {
		return Account{}, false, nil
	}

	found, err := s.ByIDs(ctx, []string{v.Subject})
	a, ok := found[v.Subject]

	return a, ok, err
}

// me is Me for what only people with an account may do: not nobody, and no API key.
func (s *Service) me(ctx context.Context) (Account, Viewer, error) {
	if err := Require(ctx, Need{Person: true}); err != nil {
		return Account{}, Viewer{}, err
	}

	v, _ := ViewerFrom(ctx)

	a, ok, err := s.Me(ctx)
	if err == nil && !ok {
		err = fault.New(fault.Forbidden, "the token belongs to no account; sign in with one")
	}

	return a, v, err
}

// ByIDs returns the accounts with those ids; unknown ones are left out.
func (s *Service) ByIDs(ctx context.Context, ids []string) (map[string]Account, error) {
	found, err := s.store.AccountsByIDs(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("account: by ids: %w", err)
	}

	return found, nil
}

// Run notes when keys were used, and every sweepInterval removes what is of no use any more, until ctx ends. A failure is logged, and what failed is tried again
// the next time.
func (s *Service) Run(ctx context.Context) error {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()

	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case use := <-s.uses:
			if err := s.store.UseKey(ctx, use.key, use.at); err != nil && ctx.Err() == nil {
				s.cfg.Log.WarnContext(ctx, "the use of an API key was not noted", "key", use.key, "error", err)
			}
		case <-ticker.C:
			if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
				s.cfg.Log.WarnContext(ctx, "accounts were not swept", "error", err)
			}
		}
	}
}

// sweepInterval is how often what is of no use is removed.
const sweepInterval = 10 * time.Minute

// Sweep removes expired sessions, refresh tokens spent so long ago that they would have expired, and tallies that are forgotten.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()

	err := s.store.Sweep(ctx, Cutoffs{Now: now, SpentBefore: now.Add(-s.cfg.RefreshTTL), TalliesBefore: now.Add(-forgetAccount)})
	if err != nil {
		return fmt.Errorf("account: sweep: %w", err)
	}

	return nil
}

// notFound words ErrUnknown for a resource; other errors pass through.
func notFound(err error, field, resource, id string) error {
	if errors.Is(err, ErrUnknown) {
		f := fault.New(fault.NotFound, "there is no such %s", resource).WithResource(resource, id)
		f.Field = field

		return f
	}

	return err
}
