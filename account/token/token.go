// Package token signs and verifies the bearer tokens that say who asks: JSON Web Tokens (RFC 7519) by HS256 or EdDSA, as the key is.
//
// A token names its key (kid), and is verified with that key and that key's algorithm only (RFC 8725, section 3.1). Tokens are short: nothing is read of
// one that is longer than ours can be.
package token

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"sidereal/account"
	"sidereal/fault"
)

const (
	// Leeway is how far the clocks of two of our nodes may differ: a token is good so much before it begins and after it ends.
	Leeway   = 5 * time.Second
	maxToken = 4096 // bytes; a longer one is no token of ours
)

// Config says for whom tokens are.
type Config struct {
	Issuer   string           // who signs; "sidereal" when empty
	Audience string           // who is to accept them; "sidereal" when empty
	Now      func() time.Time // required
}

// Signer signs and verifies tokens. It is safe for concurrent use.
type Signer struct {
	keys   *Keys
	config Config
	parser *jwt.Parser
	seen   seen
}

// NewSigner returns a signer with these keys.
func NewSigner(keys *Keys, cfg Config) *Signer {
	if cfg.Issuer == "" {
		cfg.Issuer = "sidereal"
	}

	if cfg.Audience == "" {
		cfg.Audience = "sidereal"
	}

	parser := jwt.NewParser(jwt.WithValidMethods(keys.algorithms()), jwt.WithIssuer(cfg.Issuer), jwt.WithAudience(cfg.Audience), jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), jwt.WithLeeway(Leeway), jwt.WithTimeFunc(cfg.Now), jwt.WithStrictDecoding())

	return &Signer{keys: keys, config: cfg, parser: parser}
}

type claims struct {
	jwt.RegisteredClaims

	Email   string       `json:"email,omitempty"`
	Role    account.Role `json:"role"`
	Session string       `json:"sid,omitempty"` // as in OpenID Connect's front-channel logout
}

// Sign returns a token for a viewer that is valid from now for ttl, by the first of the keys.
func (s *Signer) Sign(v account.Viewer, ttl time.Duration) (string, error) {
	now := s.config.Now()

	unsigned := jwt.NewWithClaims(s.keys.first.method, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: s.config.Issuer, Audience: jwt.ClaimStrings{s.config.Audience}, Subject: v.Subject, ID: rand.Text(),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
		},
		Email:   v.Email,
		Role:    v.Role,
		Session: v.Session,
	})
	unsigned.Header["kid"] = s.keys.first.id

	text, err := unsigned.SignedString(s.keys.first.signs)
	if err != nil {
		return "", fmt.Errorf("token: sign: %w", err)
	}

	if len(text) > maxToken {
		return "", fmt.Errorf("token: sign: %w", errTooLong)
	}

	return text, nil
}

var errTooLong = errors.New("what the token says is too long")

// Verify returns the viewer that a token was signed for, until it expires. Anything but a valid token of ours is an UNAUTHENTICATED fault.
func (s *Signer) Verify(_ context.Context, text string) (account.Viewer, error) {
	if len(text) > maxToken {
		return account.Viewer{}, fault.New(fault.Unauthenticated, "the token is too long")
	}

	sum, now := sha256.Sum256([]byte(text)), s.config.Now()
	if v, ok := s.seen.find(&sum, now); ok {
		return v, nil
	}

	v, err := s.verify(text)
	if err == nil {
		s.seen.add(&sum, v, now)
	}

	return v, err
}

// verify checks everything: form, key, signature, time and claims.
func (s *Signer) verify(text string) (account.Viewer, error) {
	var c claims

	if _, err := s.parser.ParseWithClaims(text, &c, s.keys.find); err != nil {
		message := "the token is not valid"
		if errors.Is(err, jwt.ErrTokenExpired) {
			message = "the token has expired"
		}

		return account.Viewer{}, fault.Wrap(err, fault.Unauthenticated, "%s", message)
	}

	if c.Subject == "" || c.Role != account.User && c.Role != account.Admin {
		return account.Viewer{}, fault.New(fault.Unauthenticated, "the token is not valid")
	}

	return account.Viewer{Subject: c.Subject, Email: c.Email, Role: c.Role, Session: c.Session, Expires: c.ExpiresAt.UTC()}, nil
}
