package token_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"sidereal/account"
	"sidereal/account/token"
	"sidereal/fault"
)

var key = []byte("an example of a key, 32 bytes and more")

func at(hour int) func() time.Time {
	return func() time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
}

func signer(t *testing.T, key []byte, now func() time.Time) *token.Signer {
	t.Helper()

	s, err := token.NewSigner(key, now)
	if err != nil {
		t.Fatal(err)
	}

	return s
}

func sampleUser(t *testing.T) account.Viewer {
	t.Helper()

	text, err := os.ReadFile("../../testdata/fixtures/sample_user.json")
	if err != nil {
		t.Fatal(err)
	}

	var v account.Viewer
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}

	return v
}

func TestATokenNamesItsViewerUntilItExpires(t *testing.T) {
	want := sampleUser(t)

	text, err := signer(t, key, at(0)).Sign(want, 2*time.Hour)
	if err != nil {
		t.Fatal(err)
	}

	if got, err := signer(t, key, at(1)).Verify(t.Context(), text); err != nil || got != want {
		t.Errorf("want %+v, got %+v, %v", want, got, err)
	}

	_, err = signer(t, key, at(3)).Verify(t.Context(), text)
	if f, ok := fault.As(err); !ok || f.Code != fault.Unauthenticated || !strings.Contains(f.Message, "expired") {
		t.Errorf("want an expired token to be UNAUTHENTICATED and to say so, got %v", err)
	}
}

func TestForgedAndBrokenTokensAreUnauthenticated(t *testing.T) {
	good := jwt.MapClaims{
		"iss": "sidereal", "aud": "sidereal", "sub": "u", "role": "ADMIN", "iat": at(0)().Unix(), "nbf": at(0)().Unix(), "exp": at(2)().Unix(),
	}
	with := func(name string, value any) jwt.MapClaims {
		c := maps.Clone(good)
		if c[name] = value; value == nil {
			delete(c, name)
		}

		return c
	}
	sign := func(method jwt.SigningMethod, c jwt.Claims, key any) string {
		text, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}

		return text
	}
	hs := func(c jwt.Claims) string { return sign(jwt.SigningMethodHS256, c, key) }
	_, private, _ := ed25519.GenerateKey(nil)

	if _, err := signer(t, key, at(1)).Verify(t.Context(), hs(good)); err != nil {
		t.Fatalf("the token that the others are made from is refused: %v", err)
	}

	tests := map[string]string{
		"empty":            "",
		"no token":         "abc",
		"truncated":        hs(good)[:60],
		"wrong key":        sign(jwt.SigningMethodHS256, good, []byte("another key that is long enough to be one")),
		"alg none":         sign(jwt.SigningMethodNone, good, jwt.UnsafeAllowNoneSignatureType),
		"another hash":     sign(jwt.SigningMethodHS512, good, key),
		"another scheme":   sign(jwt.SigningMethodEdDSA, good, private),
		"wrong audience":   hs(with("aud", "other")),
		"wrong issuer":     hs(with("iss", "other")),
		"not valid yet":    hs(with("nbf", at(2)().Unix())),
		"issued later":     hs(with("iat", at(2)().Unix())),
		"without expiry":   hs(with("exp", nil)),
		"without subject":  hs(with("sub", nil)),
		"without a role":   hs(with("role", nil)),
		"unknown role":     hs(with("role", "ROOT")),
		"huge":             hs(with("x", strings.Repeat("x", 10_000))),
		"changed claims":   tampered(t, hs(good)),
		"newline and null": "a\n\x00.b.c",
	}

	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			if v, err := signer(t, key, at(1)).Verify(t.Context(), text); fault.CodeOf(err) != fault.Unauthenticated {
				t.Errorf("want UNAUTHENTICATED, got %+v, %v", v, err)
			}
		})
	}
}

// tampered returns the token with another subject and the old signature.
func tampered(t *testing.T, text string) string {
	t.Helper()

	parts := strings.Split(text, ".")

	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}

	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), `"sub":"u"`, `"sub":"v"`, 1)))

	return strings.Join(parts, ".")
}

func TestShortKeysAreRefused(t *testing.T) {
	if _, err := token.NewSigner(make([]byte, token.MinKeyBytes-1), at(0)); err == nil {
		t.Error("want an error")
	}
}
