package account

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"sidereal/fault"
)

// Authenticate returns the viewer that a bearer token stands for: an API key, or an access token. Anything else, and what has ended, is an UNAUTHENTICATED fault.
//
// Role and address are those that the account has now, not those that it had when the token was signed.
func (s *Service) Authenticate(ctx context.Context, bearer string) (Viewer, error) {
	if strings.HasPrefix(bearer, KeyPrefix) {
		return s.byKey(ctx, bearer)
	}

	v, err := s.tokens.Verify(ctx, bearer)
	if err != nil || v.Session == "" {
		return v, err
	}

	a, ok, err := s.owner(ctx, v.Session)
	if err != nil {
		return Viewer{}, err
	}

	if !ok || a.ID != v.Subject {
		return Viewer{}, fault.New(fault.Unauthenticated, "the session has ended; sign in again")
	}

	v.Email, v.Role = a.Email, a.Role

	return v, nil
}

// keyOwner is a key and whose it is.
type keyOwner struct {
	key   Key
	owner Account
}

// byKey returns the viewer of an API key: its owner, with the key's scopes as far as the owner's role goes.
func (s *Service) byKey(ctx context.Context, text string) (Viewer, error) {
	refused := fault.New(fault.Unauthenticated, "the API key is not valid; it may have been revoked")
	now := s.now()
	sum := sha256.Sum256([]byte(text)) // what is remembered holds no secrets either

	found, ok, ticket := s.keys.get(string(sum[:]))
	if !ok {
		secret, ok := parseSecret(KeyPrefix, text)
		if !ok {
			return Viewer{}, refused
		}

		k, a, err := s.store.KeyByHash(ctx, secret.hash(KeyPrefix))
		if err != nil && !errors.Is(err, ErrUnknown) {
			return Viewer{}, fmt.Errorf("account: key: %w", err)
		}

		found = known[keyOwner]{keyOwner{k, a}, err == nil}
		s.keys.put(string(sum[:]), found, ticket)
	}

	k, a := found.value.key, found.value.owner

	switch {
	case !found.ok:
		return Viewer{}, refused
	case !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt):
		return Viewer{}, fault.New(fault.Unauthenticated, "the API key has expired")
	}

	s.noteUse(k, now)

	scopes := k.Scopes
	if a.Role != Admin {
		scopes &^= ScopeAdmin
	}

	return Viewer{Subject: a.ID, Email: a.Email, Role: a.Role, Key: k.ID, Scopes: scopes}, nil
}

const (
	useInterval = time.Minute // how often at most the use of a key is noted
	maxUses     = 256         // that wait to be noted; further ones are dropped, and noted with a later use
)

// keyUse is that a key was used.
type keyUse struct {
	key string
	at  time.Time
}

// noteUse lets Run note that a key was used. It never waits.
func (s *Service) noteUse(k Key, now time.Time) {
	if _, lately, ticket := s.used.get(k.ID); !lately && now.Sub(k.UsedAt) >= useInterval {
		select {
		case s.uses <- keyUse{k.ID, now}:
			s.used.put(k.ID, struct{}{}, ticket)
		default:
		}
	}
}
