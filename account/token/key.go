package token

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// MinSecretBytes is the least length of a secret: as long as the hash (RFC 7518, section 3.2).
const MinSecretBytes = 32

const (
	privateBlock = "PRIVATE KEY" // PKCS #8 (RFC 5958)
	publicBlock  = "PUBLIC KEY"  // SubjectPublicKeyInfo (RFC 5280, section 4.1)
)

// Key signs and verifies tokens by the one algorithm of its type: HS256 by a secret, EdDSA by an Ed25519 key. A public key verifies only. The zero Key
// does neither. A Key prints as its id, so it leaks into no log.
type Key struct {
	id      string
	method  jwt.SigningMethod
	signs   any               // []byte or ed25519.PrivateKey; nil for a key that verifies only
	proves  any               // []byte or ed25519.PublicKey
	visible ed25519.PublicKey // nil for a secret
}

// ParseKey reads a key: a PEM block with an Ed25519 key, private (PKCS #8) or public, or anything else as a secret of at least MinSecretBytes bytes. White
// space around it does not count, and a line break in PEM may be written as \n, since some environments hold one line only. PEM of another kind is an
// error and never a secret: the public half of a pair would else be one that everybody knows. Errors hold nothing of the text.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSpace(text)

	if strings.HasPrefix(text, "-----BEGIN") {
		return parsePEM(strings.ReplaceAll(text, `\n`, "\n"))
	}

	if len(text) < MinSecretBytes {
		return Key{}, fmt.Errorf("must be at least %d bytes long, or an Ed25519 key in PEM", MinSecretBytes)
	}

	secret := []byte(text)

	return Key{id: secretID(secret), method: jwt.SigningMethodHS256, signs: secret, proves: secret}, nil
}

func parsePEM(text string) (Key, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		return Key{}, errors.New("must be one whole block of PEM")
	}

	switch block.Type {
	case privateBlock:
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if private, ok := parsed.(ed25519.PrivateKey); err == nil && ok {
			public, _ := private.Public().(ed25519.PublicKey)

			return Key{id: thumbprint(public), method: jwt.SigningMethodEdDSA, signs: private, proves: public, visible: public}, nil
		}
	case publicBlock:
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		if public, ok := parsed.(ed25519.PublicKey); err == nil && ok {
			return Key{id: thumbprint(public), method: jwt.SigningMethodEdDSA, proves: public, visible: public}, nil
		}
	}

	return Key{}, errors.New("must hold an Ed25519 key (PKCS #8, or a public one that verifies only)")
}

// ID is the key's id, the kid of its tokens: the thumbprint of RFC 7638 for Ed25519, and 11 characters of a hash under the key for a secret, which tell
// no more about it than any token does.
func (k Key) ID() string { return k.id }

// Signs tells whether the key can sign.
func (k Key) Signs() bool { return k.signs != nil }

// String returns the key's id.
func (k Key) String() string { return k.id }

// GoString returns the key's id.
func (k Key) GoString() string { return k.id }

// thumbprint is the SHA-256 of the key as the JSON that RFC 7638 (section 3) and RFC 8037 (appendix A.3) lay down.
func thumbprint(public ed25519.PublicKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + base64.RawURLEncoding.EncodeToString(public) + `"}`))

	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func secretID(secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("sidereal: the id of this key"))

	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:8])
}

// NewPrivateKey returns a fresh Ed25519 key in PEM.
func NewPrivateKey() (string, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", fmt.Errorf("token: make a key: %w", err)
	}

	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", fmt.Errorf("token: write a key: %w", err)
	}

	return string(pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der})), nil
}

// NewSecret returns a fresh secret.
func NewSecret() string {
	raw := make([]byte, MinSecretBytes)
	_, _ = rand.Read(raw) // never fails (crypto/rand)

	return base64.RawStdEncoding.EncodeToString(raw)
}
