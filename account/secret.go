package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"hash/crc32"
	"math/big"
	"strings"
)

// The prefixes of secrets, by which people, programs and scanners of leaked secrets tell them apart.
const (
	KeyPrefix     = "sk_" // of API keys
	refreshPrefix = "rt_" // of refresh tokens
)

const (
	secretBytes   = 32 // 256 bits, which nobody guesses: that is why a plain SHA-256 of them is enough to store
	secretChars   = 43 // of secretBytes in base 62
	checksumChars = 6  // of 32 bits in base 62
)

// secret is the random part of an API key or of a refresh token. It is written as prefix, 43 characters of base 62, and 6 of the CRC-32 of what comes before them,
// as GitHub writes its tokens: a scanner knows a true one without asking, and a mistyped one costs no look-up.
type secret [secretBytes]byte

func newSecret() secret {
	var s secret

	_, _ = rand.Read(s[:]) // never fails (crypto/rand)

	return s
}

// text returns the secret as its owner gets it.
func (s secret) text(prefix string) string {
	body := prefix + base62(new(big.Int).SetBytes(s[:]), secretChars)

	return body + checksum(body)
}

// hash returns what is stored instead of the secret: the hexadecimal SHA-256 of the prefix and the random bytes.
func (s secret) hash(prefix string) string {
	sum := sha256.Sum256(append([]byte(prefix), s[:]...))

	return hex.EncodeToString(sum[:])
}

// parseSecret reads a secret; false for what text never wrote.
func parseSecret(prefix, written string) (secret, bool) {
	var s secret

	if len(written) != len(prefix)+secretChars+checksumChars || !strings.HasPrefix(written, prefix) {
		return s, false
	}

	body := written[:len(prefix)+secretChars]

	n, ok := new(big.Int).SetString(body[len(prefix):], 62)
	if !ok || n.Sign() < 0 || n.BitLen() > 8*secretBytes {
		return s, false
	}

	n.FillBytes(s[:])

	return s, subtle.ConstantTimeCompare([]byte(s.text(prefix)), []byte(written)) == 1
}

func checksum(body string) string {
	return base62(new(big.Int).SetUint64(uint64(crc32.ChecksumIEEE([]byte(body)))), checksumChars)
}

func base62(n *big.Int, chars int) string {
	digits := n.Text(62)

	return strings.Repeat("0", chars-len(digits)) + digits
}

// seal returns a secret so hidden that only who has the key reads it: added to a pseudo-random pad that the key gives (HMAC-SHA-256), which is used for this once.
func (s secret) seal(key secret) string {
	pad := key.pad()
	subtle.XORBytes(pad[:], pad[:], s[:])

	return hex.EncodeToString(pad[:])
}

// unseal is the inverse of seal; false for what seal never wrote.
func unseal(sealed string, key secret) (secret, bool) {
	pad := key.pad()

	raw, err := hex.DecodeString(sealed)
	if err != nil || len(raw) != secretBytes {
		return secret{}, false
	}

	subtle.XORBytes(pad[:], pad[:], raw)

	return pad, true
}

func (s secret) pad() (pad secret) {
	mac := hmac.New(sha256.New, s[:])
	mac.Write([]byte("sidereal: the successor of a refresh token"))
	mac.Sum(pad[:0])

	return pad
}
