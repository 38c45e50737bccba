package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sidereal/fault"
)

// Key is an API key, without its secret.
type Key struct {
	ID        string
	AccountID string
	Name      string
	Prefix    string // the beginning of the secret, for its owner to tell it by
	Scopes    Scopes
	CreatedAt time.Time
	ExpiresAt time.Time // zero for never
	UsedAt    time.Time // about the last use; zero for none
}

// NewKey is an API key to make.
type NewKey struct {
	Name      string
	Scopes    Scopes
	ExpiresAt time.Time // zero for never
}

const (
	maxKeyName = 100 // characters
	// shownChars is how much of a secret its prefix shows: of 256 bits 48, so that some 208 stay unknown.
	shownChars = len(KeyPrefix) + 8
)

// CreateKey makes an API key of the viewer's and returns it with its secret, which nobody can tell again. Faults name the fields "name", "scopes" and "expiresAt".
func (s *Service) CreateKey(ctx context.Context, in NewKey) (Key, string, error) {
	a, v, err := s.me(ctx)
	if err != nil {
		return Key{}, "", err
	}

	now := s.now()

	if in.Name, err = cleanName("name", in.Name, maxKeyName); err != nil {
		return Key{}, "", err
	}

	switch {
	case in.Name == "":
		return Key{}, "", fault.Invalid("name", "must not be empty")
	case in.Scopes == 0:
		return Key{}, "", fault.Invalid("scopes", "must have at least one")
	case in.Scopes&ScopeAdmin != 0 && v.Role != Admin:
		f := fault.New(fault.Forbidden, "only administrators may give a key the scope ADMIN")
		f.Field = "scopes"

		return Key{}, "", f
	case !in.ExpiresAt.IsZero() && !in.ExpiresAt.After(now):
		return Key{}, "", fault.Invalid("expiresAt", "must lie in the future")
	}

	secret := newSecret()
	text := secret.text(KeyPrefix)
	k := Key{ID: newID(now), AccountID: a.ID, Name: in.Name, Prefix: text[:shownChars], Scopes: in.Scopes, CreatedAt: now, ExpiresAt: in.ExpiresAt}

	if err = s.store.CreateKey(ctx, k, secret.hash(KeyPrefix)); errors.Is(err, ErrTooMany) {
		return Key{}, "", fault.New(fault.Conflict, "an account has at most %d API keys; revoke one first", MaxKeys)
	} else if err != nil {
		return Key{}, "", fmt.Errorf("account: create key: %w", err)
	}

	return k, text, nil
}

// RevokeKey ends an API key of the viewer's: at once in this process, in others within recheck. An unknown one, or another's, is a NOT_FOUND fault of "id".
func (s *Service) RevokeKey(ctx context.Context, id string) (Key, error) {
	a, _, err := s.me(ctx)
	if err != nil {
		return Key{}, err
	}

	k, err := s.store.RevokeKey(ctx, a.ID, id)
	if err != nil {
		return Key{}, notFound(err, "id", "ApiKey", "")
	}

	s.forget(Change{AccountID: a.ID})

	return k, nil
}

// KeysOf returns the keys of accounts, newest first.
func (s *Service) KeysOf(ctx context.Context, accountIDs []string) (map[string][]Key, error) {
	found, err := s.store.KeysOf(ctx, accountIDs)
	if err != nil {
		return nil, fmt.Errorf("account: keys: %w", err)
	}

	return found, nil
}
