// Package account is who asks, and what they may do.
package account

import (
	"context"
	"time"

	"sidereal/fault"
)

// Role is what a viewer may do.
type Role string

// The roles.
const (
	User  Role = "USER"
	Admin Role = "ADMIN"
)

// Scopes is what an API key may do, of what its owner may.
type Scopes uint8

// The scopes.
const (
	ScopeRead  Scopes = 1 << iota // queries and subscriptions
	ScopeWrite                    // mutations
	ScopeAdmin                    // what only administrators may do
)

// Viewer is who a request comes from: a person with a session, or a server with an API key.
type Viewer struct {
	Subject string // the stable id of the account
	Email   string // may be empty
	Role    Role
	Session string    // the session that the token belongs to; empty for tokens of the command line, and for API keys
	Key     string    // the id of the API key; empty for a person
	Scopes  Scopes    // of the API key
	Expires time.Time // when the token ends; zero for API keys, which end when they are revoked
}

type viewerKey struct{}

// WithViewer returns a context of a request that comes from v.
func WithViewer(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// ViewerFrom returns who the request comes from; false when nobody signed in.
func ViewerFrom(ctx context.Context) (Viewer, bool) {
	v, ok := ctx.Value(viewerKey{}).(Viewer)

	return v, ok
}

// Need is what something asks of its viewer.
type Need struct {
	Role   Role   // the least role; an administrator is a user, too
	Scope  Scopes // that an API key must have
	Person bool   // whether no API key will do
}

// Require returns a fault unless the request comes from somebody who meets the need: UNAUTHENTICATED when nobody signed in, else FORBIDDEN.
func Require(ctx context.Context, need Need) error {
	v, ok := ViewerFrom(ctx)

	switch {
	case !ok && need.Role == Admin:
		return fault.New(fault.Unauthenticated, "sign in as an administrator: send a token as \"Authorization: Bearer …\"")
	case !ok:
		return fault.New(fault.Unauthenticated, "sign in: send a token as \"Authorization: Bearer …\"")
	case need.Role == Admin && v.Role != Admin:
		return fault.New(fault.Forbidden, "only administrators may do this")
	case v.Key != "" && need.Person:
		return fault.New(fault.Forbidden, "this needs a session; an API key may not do it")
	case v.Key != "" && v.Scopes&need.Scope != need.Scope:
		return fault.New(fault.Forbidden, "the API key has not the scope for this")
	}

	return nil
}
