package token

import (
	"crypto/sha256"
	"encoding/binary"
	"sync/atomic"
	"time"

	"sidereal/account"
)

// seenSlots is how many verified tokens are remembered at most, some 500 bytes each.
const seenSlots = 4096

// seen remembers the tokens that were verified, since a signature costs more to check than a small query to answer. A token has one slot, by its
// hash, and drives out whose slot it was: no list, no lock, and a size that cannot grow. Only tokens that we signed get in.
type seen struct {
	slots [seenSlots]atomic.Pointer[sighting]
}

// sighting is a token that was verified. What is compared is the hash of the whole token, so no timing tells how much of a guess was right.
type sighting struct {
	sum    [sha256.Size]byte
	viewer account.Viewer
	since  time.Time // when it was verified; a clock that went back since proves nothing
	until  time.Time
}

func (s *seen) slot(sum *[sha256.Size]byte) *atomic.Pointer[sighting] {
	return &s.slots[binary.LittleEndian.Uint16(sum[:])%seenSlots]
}

// find returns the viewer of a token that was verified and is still good.
func (s *seen) find(sum *[sha256.Size]byte, now time.Time) (account.Viewer, bool) {
	found := s.slot(sum).Load()
	if found == nil || found.sum != *sum || now.Before(found.since) || !now.Before(found.until) {
		return account.Viewer{}, false
	}

	return found.viewer, true
}

func (s *seen) add(sum *[sha256.Size]byte, v account.Viewer, now time.Time) {
	s.slot(sum).Store(&sighting{sum: *sum, viewer: v, since: now, until: v.Expires.Add(Leeway)})
}
