// Package account is who asks: viewers and their roles.
package account

import (
	"context"

	"sidereal/fault"
)

// Role is what a viewer may do.
type Role string

// The roles.
const (
	User  Role = "USER"
	Admin Role = "ADMIN"
)

// Viewer is who a request comes from.
type Viewer struct {
	Subject string // the stable id of the account
	Email   string // may be empty
	Role    Role
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

// RequireAdmin returns a fault unless the request comes from an administrator: UNAUTHENTICATED when nobody signed in, else FORBIDDEN.
func RequireAdmin(ctx context.Context) error {
	v, ok := ViewerFrom(ctx)
	if !ok {
		return fault.New(fault.Unauthenticated, "sign in as an administrator: send a token as \"Authorization: Bearer …\"")
	}

	if v.Role != Admin {
		return fault.New(fault.Forbidden, "only administrators may do this")
	}

	return nil
}
