// Package token signs and verifies the bearer tokens that say who asks: JSON Web Tokens (RFC 7519) with HMAC-SHA-256.
package token

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"sidereal/account"
	"sidereal/fault"
)

const (
	issuer   = "sidereal"
	audience = "sidereal"
	// MinKeyBytes is the least length of a key: as long as the hash (RFC 7518, section 3.2).
	MinKeyBytes = 32
	maxToken    = 4096 // bytes; a longer one is no token of ours
)

// errKey says that a key is too short.
var errKey = errors.New("the signing key is too short")

// Signer signs and verifies tokens. It is safe for concurrent use.
type Signer struct {
	key    []byte
	now    func() time.Time
	parser *jwt.Parser
}

// NewSigner returns a signer with a secret key of at least MinKeyBytes bytes.
func NewSigner(key []byte, now func() time.Time) (*Signer, error) {
	if len(key) < MinKeyBytes {
		return nil, fmt.Errorf("token: %w: %d bytes, at least %d are needed", errKey, len(key), MinKeyBytes)
	}

	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer), jwt.WithAudience(audience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithTimeFunc(now))

	return &Signer{key: key, now: now, parser: parser}, nil
}

type claims struct {
	jwt.RegisteredClaims

	Email string       `json:"email,omitempty"`
	Role  account.Role `json:"role"`

	Session string `json:"sid,omitempty"`
}

// Sign returns a token for a viewer that is valid from now for ttl.
func (s *Signer) Sign(v account.Viewer, ttl time.Duration) (string, error) {
	now := s.now()

	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: v.Subject, ID: rand.Text(),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
		},
		Email: v.Email,
		Role:  v.Role,

		Session: v.Session,
	}).SignedString(s.key)
	if err != nil {
		return "", fmt.Errorf("token: sign: %w", err)
	}

	return text, nil
}

// Verify returns the viewer that a token was signed for. Anything but a valid token of ours is an UNAUTHENTICATED fault.
func (s *Signer) Verify(_ context.Context, text string) (account.Viewer, error) {
	if len(text) > maxToken {
		return account.Viewer{}, fault.New(fault.Unauthenticated, "the token is too long")
	}

	var c claims

	if _, err := s.parser.ParseWithClaims(text, &c, func(*jwt.Token) (any, error) { return s.key, nil }); err != nil {
		message := "the token is not valid"
		if errors.Is(err, jwt.ErrTokenExpired) {
			message = "the token has expired"
		}

		return account.Viewer{}, fault.Wrap(err, fault.Unauthenticated, "%s", message)
	}

	if c.Subject == "" || c.Role != account.User && c.Role != account.Admin {
		return account.Viewer{}, fault.New(fault.Unauthenticated, "the token is not valid")
	}

	return account.Viewer{Subject: c.Subject, Email: c.Email, Role: c.Role, Session: c.Session}, nil
}
