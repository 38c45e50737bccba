package model

import (
	"time"

	"sidereal/account"
	"sidereal/graph/relay"
)

// SessionType is the name of the type Session in global ids.
const SessionType = "Session"

// Session is the view of a session.
type Session struct {
	account.Session

	Current bool
}

// ID returns the global id.
func (s *Session) ID() string { return relay.GlobalID(SessionType, s.Session.ID) }

// LastUsedAt returns when it was opened or refreshed last.
func (s *Session) LastUsedAt() time.Time { return s.UsedAt }

// Address returns where it was opened from, nil when that is unknown.
func (s *Session) Address() *string { return orNil(s.Session.Address) }

// AuthPayload is what somebody who signed in gets.
type AuthPayload struct{ account.Grant }

// AccessTokenExpiresAt returns when the access token ends.
func (p *AuthPayload) AccessTokenExpiresAt() time.Time { return p.AccessExpires }

// RefreshTokenExpiresAt returns when the refresh token ends.
func (p *AuthPayload) RefreshTokenExpiresAt() time.Time { return p.RefreshExpires }

// Viewer returns who signed in.
func (p *AuthPayload) Viewer() *User { return &User{p.Account} }
