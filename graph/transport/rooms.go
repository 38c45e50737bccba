package transport

import "sync"

// rooms lends room to write messages in, which sockets that wait do without. Its zero value is ready.
type rooms struct{ pool sync.Pool } // of *[]byte

// keptRoom is how large a room may have become that is lent again, bytes.
const keptRoom = 64 << 10

// lend returns an empty room.
func (r *rooms) lend() *[]byte {
	if room, ok := r.pool.Get().(*[]byte); ok {
		return room
	}

	return new([]byte)
}

// giveBack ends a loan.
func (r *rooms) giveBack(room *[]byte) {
	if cap(*room) <= keptRoom {
		*room = (*room)[:0]
		r.pool.Put(room)
	}
}
