package token

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/golang-jwt/jwt/v5"
)

var (
	errVerifiesOnly = errors.New("the first key is public: it cannot sign")
	errKeyID        = errors.New("the token names no key of ours")
	errAlgorithm    = errors.New("the token's algorithm is not that of its key")
	errCritical     = errors.New("the token has critical extensions")
)

// Keys is the ordered set of keys that a process works with: the first signs, all verify. It does not change, so it is safe for concurrent use.
type Keys struct {
	first Key
	byID  map[string]Key
	order []string // of the ids
}

// NewKeys returns the set of a key that signs and of those that verify only: former ones whose tokens still live, and the next one before it signs. A
// key that is named twice counts once.
func NewKeys(signing Key, verifying ...Key) (*Keys, error) {
	if !signing.Signs() {
		return nil, fmt.Errorf("token: %w", errVerifiesOnly)
	}

	k := &Keys{first: signing, byID: make(map[string]Key, 1+len(verifying))}

	for _, key := range append([]Key{signing}, verifying...) {
		if _, known := k.byID[key.id]; !known {
			k.byID[key.id] = key
			k.order = append(k.order, key.id)
		}
	}

	return k, nil
}

// find is the jwt.Keyfunc: the key that the header names, if the header also names that key's own algorithm. Nothing else in the header can choose a key.
func (k *Keys) find(t *jwt.Token) (any, error) {
	id, _ := t.Header["kid"].(string)

	key, known := k.byID[id]
	if !known {
		return nil, errKeyID
	}

	if t.Method.Alg() != key.method.Alg() {
		return nil, errAlgorithm
	}

	if _, critical := t.Header["crit"]; critical { // RFC 7515, section 4.1.11: what is not understood must be refused
		return nil, errCritical
	}

	return key.proves, nil
}

// algorithms are those of the keys.
func (k *Keys) algorithms() []string {
	var names []string

	for _, key := range k.byID {
		if name := key.method.Alg(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}

	return names
}

// publicKey is a JSON Web Key (RFC 7517) of an Ed25519 key (RFC 8037).
type publicKey struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Use string `json:"use"`
	Alg string `json:"alg"`
	Kid string `json:"kid"`
}

// JWKS returns the public keys as a JSON Web Key Set (RFC 7517, section 5), the one that signs first. Secrets have no public part, so they are left out.
func (k *Keys) JWKS() []byte {
	public := []publicKey{}

	for _, id := range k.order {
		if x := k.byID[id].visible; x != nil {
			public = append(public, publicKey{
				Kty: "OKP", Crv: "Ed25519", X: base64.RawURLEncoding.EncodeToString(x), Use: "sig", Alg: jwt.SigningMethodEdDSA.Alg(), Kid: id,
			})
		}
	}

	text, err := json.Marshal(map[string]any{"keys": public})
	if err != nil {
		panic(err) // strings always encode
	}

	return text
}
