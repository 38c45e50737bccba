// Package password hashes passwords with Argon2id (RFC 9106).
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"sidereal/fault"
)

// Params are how much work a hash is.
type Params struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

// Usual is what the OWASP Password Storage Cheat Sheet asks for at least: 19 MiB, two passes, one lane.
var Usual = Params{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1}

const (
	saltBytes = 16
	keyBytes  = 32
	// maxParams bounds what a stored hash may ask for, so that a bad row cannot take the memory.
	maxMemoryKiB = 1 << 20
	maxPasses    = 64
	retryAfter   = time.Second
)

// Hasher hashes passwords, a bounded number at once: each takes the memory of its parameters, and a processor. It is safe for concurrent use.
type Hasher struct {
	params Params
	turns  chan struct{}
	wait   time.Duration
}

// NewHasher returns a hasher that hashes atOnce passwords at once. Who would wait longer than wait for a turn gets a RATE_LIMITED fault.
func NewHasher(params Params, atOnce int, wait time.Duration) *Hasher {
	return &Hasher{params: params, turns: make(chan struct{}, atOnce), wait: wait}
}

// Hash returns the hash of a password in the PHC string format, with a salt of its own: $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails (crypto/rand)

	key, err := h.key(ctx, password, salt, h.params, keyBytes)
	if err != nil {
		return "", err
	}

	return phc{h.params, salt, key}.String(), nil
}

// Verify tells whether a hash is that of a password, and whether it was made with other parameters than this hasher's where those are more work.
func (h *Hasher) Verify(ctx context.Context, password, hash string) (match, outdated bool, err error) {
	stored, err := parse(hash)
	if err != nil {
		return false, false, err
	}

	key, err := h.key(ctx, password, stored.salt, stored.params, len(stored.key))
	if err != nil {
		return false, false, err
	}

	p := stored.params
	outdated = p.MemoryKiB < h.params.MemoryKiB || p.Passes < h.params.Passes || p.Lanes < h.params.Lanes

	return subtle.ConstantTimeCompare(key, stored.key) == 1, outdated, nil
}

// Decoy returns a hash of today's parameters whose salt and key are random, so that no password has it.
func (h *Hasher) Decoy() string {
	random := make([]byte, saltBytes+keyBytes)
	_, _ = rand.Read(random) // never fails (crypto/rand)

	return phc{h.params, random[:saltBytes], random[saltBytes:]}.String()
}

// key waits for a turn and derives.
func (h *Hasher) key(ctx context.Context, password string, salt []byte, p Params, bytes int) ([]byte, error) {
	timer := time.NewTimer(h.wait)
	defer timer.Stop()

	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		f := fault.New(fault.RateLimited, "too many people are signing in; try again in a moment")
		f.RetryAfter = retryAfter

		return nil, f
	}

	defer func() { <-h.turns }()

	return argon2.IDKey([]byte(password), salt, p.Passes, p.MemoryKiB, p.Lanes, uint32(bytes)), nil
}

// phc is a hash in the PHC string format.
type phc struct {
	params    Params
	salt, key []byte
}

// String implements fmt.Stringer.
func (p phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.params.MemoryKiB, p.params.Passes, p.params.Lanes,
		base64.RawStdEncoding.EncodeToString(p.salt), base64.RawStdEncoding.EncodeToString(p.key))
}

// parse reads what String wrote, and nothing else.
func parse(text string) (phc, error) {
	var (
		p       phc
		version int
	)

	broken := fault.New(fault.Internal, "a stored password hash is not of the form that it is written in")

	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return p, broken
	}

	_, verr := fmt.Sscanf(parts[2], "v=%d", &version)
	_, perr := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.params.MemoryKiB, &p.params.Passes, &p.params.Lanes)

	var serr, kerr error

	p.salt, serr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	p.key, kerr = base64.RawStdEncoding.Strict().DecodeString(parts[5])

	if verr != nil || perr != nil || serr != nil || kerr != nil || version != argon2.Version || p.String() != text {
		return p, broken
	}

	if p.params.MemoryKiB > maxMemoryKiB || p.params.Passes == 0 || p.params.Passes > maxPasses || p.params.Lanes == 0 || len(p.key) < 16 || len(p.salt) < 8 {
		return p, broken
	}

	return p, nil
}
