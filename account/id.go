package account

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

// idEncoding keeps the order of what it encodes, byte by byte.
var idEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// newID returns an opaque id of 26 characters: the milliseconds of now in 48 bits, so that ids are ordered by time, and 80 random bits.
func newID(now time.Time) string {
	var raw [16]byte

	_, _ = rand.Read(raw[:]) // never fails (crypto/rand)

	var at [8]byte

	binary.BigEndian.PutUint64(at[:], uint64(now.UnixMilli()))
	copy(raw[:6], at[2:])

	return idEncoding.EncodeToString(raw[:])
}
