package token_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"sidereal/account"
	"sidereal/account/token"
	"sidereal/fault"
)

// The rotation that docs/accounts.md describes, on two nodes that are never changed at the same time: nobody is signed out.
func TestKeysRotateWithoutSigningAnybodyOut(t *testing.T) {
	ancient := secret
	former, formerPublic, _ := pair(t)
	next, nextPublic, _ := pair(t)

	steps := []struct {
		name string
		keys []string
	}{
		{"the former key signs", []string{former, ancient}},
		{"the next key is announced", []string{former, ancient, nextPublic}},
		{"the next key signs", []string{next, ancient, formerPublic}},
		{"the former key is dropped", []string{next}},
	}

	signed := make([]string, len(steps))

	for i, step := range steps {
		var err error
		if signed[i], err = signer(t, at(0), step.keys...).Sign(account.Viewer{Subject: "u", Role: account.User}, 2*time.Hour); err != nil {
			t.Fatal(err)
		}
	}

	for i, step := range steps[:3] {
		for j, text := range signed[:min(i+2, 3)] { // of the steps before, and of a node that is one step ahead
			if _, err := signer(t, at(1), step.keys...).Verify(t.Context(), text); err != nil {
				t.Errorf("%s: a token of the step %q: %v", step.name, steps[j].name, err)
			}
		}
	}

	last := signer(t, at(1), steps[3].keys...)

	for i, text := range signed {
		if _, err := last.Verify(t.Context(), text); (i < 2) != (fault.CodeOf(err) == fault.Unauthenticated && err != nil) {
			t.Errorf("after the former key is dropped, a token of the step %q: %v", steps[i].name, err)
		}
	}
}

// What others do with the published keys: find the one that the token names, and verify by it.
func TestTheKeySetVerifiesTokensElsewhere(t *testing.T) {
	next, _, _ := pair(t)
	former, _, _ := pair(t)

	keys, err := token.NewKeys(parsed(t, next), parsed(t, former), parsed(t, secret), parsed(t, former))
	if err != nil {
		t.Fatal(err)
	}

	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	if err := json.Unmarshal(keys.JWKS(), &set); err != nil {
		t.Fatal(err)
	}

	if len(set.Keys) != 2 || set.Keys[0]["kid"] != parsed(t, next).ID() || set.Keys[1]["kid"] != parsed(t, former).ID() {
		t.Fatalf("want the two public keys, the one that signs first, got %s", keys.JWKS())
	}

	for _, private := range []string{next, former} {
		text, err := signer(t, at(0), private).Sign(account.Viewer{Subject: "u", Email: "u@example.org", Role: account.User, Session: "s"}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}

		read := jwt.MapClaims{}

		_, err = jwt.ParseWithClaims(text, read, func(unverified *jwt.Token) (any, error) {
			for _, k := range set.Keys {
				if k["kid"] == unverified.Header["kid"] && k["alg"] == unverified.Header["alg"] && k["kty"] == "OKP" && k["crv"] == "Ed25519" && k["use"] == "sig" && len(k) == 6 {
					x, err := base64.RawURLEncoding.DecodeString(k["x"])

					return ed25519.PublicKey(x), err
				}
			}

			return nil, fmt.Errorf("no key for %v", unverified.Header)
		}, jwt.WithTimeFunc(at(0)), jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithIssuer("sidereal"), jwt.WithAudience("sidereal"))
		if err != nil {
			t.Error(err)
		}

		for _, claim := range []string{"iss", "aud", "sub", "iat", "nbf", "exp", "jti", "email", "role", "sid"} {
			if read[claim] == nil || read[claim] == "" {
				t.Errorf("the token has no %s: %v", claim, read)
			}
		}
	}
}

func TestSecretsAreNotPublished(t *testing.T) {
	keys, err := token.NewKeys(parsed(t, secret))
	if err != nil {
		t.Fatal(err)
	}

	if got := string(keys.JWKS()); got != `{"keys":[]}` {
		t.Errorf("want an empty set, got %s", got)
	}

	if id := parsed(t, secret).ID(); len(id) != 11 || id != parsed(t, " "+secret+"\n").ID() || id == parsed(t, secret+"x").ID() {
		t.Errorf("want an id of 11 characters that hangs on the secret, got %q", id)
	}
}

// The key and its thumbprint of RFC 8037, appendix A.
func TestTheKeyIDIsTheThumbprintOfRFC8037(t *testing.T) {
	x, err := base64.RawURLEncoding.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	if err != nil {
		t.Fatal(err)
	}

	der, err := x509.MarshalPKIXPublicKey(ed25519.PublicKey(x))
	if err != nil {
		t.Fatal(err)
	}

	key := parsed(t, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	if want := "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"; key.ID() != want || key.Signs() {
		t.Errorf("want the id %s of a key that verifies only, got %s, %t", want, key.ID(), key.Signs())
	}
}

func TestKeysAreReadAsTheyAreWritten(t *testing.T) {
	private, public, _ := pair(t)
	id := parsed(t, private).ID()

	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	der, err := x509.MarshalPKCS8PrivateKey(other)
	if err != nil {
		t.Fatal(err)
	}

	for name, text := range map[string]string{
		"with white space":        "\n " + private + "\n",
		"on one line":             strings.ReplaceAll(private, "\n", `\n`),
		"with the lines of DOS":   strings.ReplaceAll(private, "\n", "\r\n"),
		"the public half of it":   public,
		"public, and on one line": strings.ReplaceAll(public, "\n", `\n`),
	} {
		if key, err := token.ParseKey(text); err != nil || key.ID() != id {
			t.Errorf("%s: want the key %s, got %s, %v", name, id, key.ID(), err)
		}
	}

	for name, text := range map[string]string{
		"a short secret":      secret[:token.MinSecretBytes-1],
		"nothing":             "",
		"white space":         strings.Repeat(" ", 40),
		"another curve":       string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"a certificate":       string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		"half of the PEM":     private[:60],
		"PEM of nothing":      "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
		"two keys":            private + private,
		"a key and something": private + "something",
	} {
		if key, err := token.ParseKey(text); err == nil || strings.Contains(err.Error(), text[:min(len(text), 8)]) && text != "" && !strings.HasPrefix(text, "-") {
			t.Errorf("%s: want an error that holds nothing of it, got %s, %v", name, key, err)
		}
	}

	if _, err := token.NewKeys(parsed(t, public), parsed(t, private)); err == nil {
		t.Error("want an error for a key that signs and is public")
	}

	if _, err := token.NewKeys(token.Key{}); err == nil {
		t.Error("want an error for no key")
	}
}

func TestAPrintedKeyIsItsID(t *testing.T) {
	key := parsed(t, secret)

	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(format, key); got != key.ID() {
			t.Errorf("%s: want %s, got %s", format, key.ID(), got)
		}
	}

	if made := parsed(t, token.NewSecret()); !made.Signs() || made.ID() == parsed(t, token.NewSecret()).ID() {
		t.Error("want a fresh secret that signs")
	}
}
