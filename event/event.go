// Package event is what happened, as others may hear of it: who signed up, which reading is done.
package event

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// Type is what kind of thing happened.
type Type string

// The types.
const (
	BatchJobStarted   Type = "batch.job.started"
	BatchJobProgress  Type = "batch.job.progress"
	BatchJobCompleted Type = "batch.job.completed"
	BatchJobFailed    Type = "batch.job.failed"
	ReadingStarted    Type = "reading.started"
	ReadingSection    Type = "reading.section"       // a section begins, or begins anew
	ReadingText       Type = "reading.text"          // the next piece of a section's text, while a language model writes it
	ReadingReady      Type = "reading.section_ready" // a section is written
	ReadingProgress   Type = "reading.progress"
	ReadingCompleted  Type = "reading.completed"
	ReadingFailed     Type = "reading.failed"
	ReadingCancelled  Type = "reading.cancelled"
	ChartCalculated   Type = "chart.calculated"
	UserRegistered    Type = "user.registered"
	UserLoggedIn      Type = "user.logged_in"
	SystemHealthCheck Type = "system.health_check"
	SystemWarning     Type = "system.warning"
	SystemError       Type = "system.error"
	BreakerSet        Type = "system.breaker_set"
)

// Everyone is the owner of events that everybody who is signed in may hear of. No account has this id.
const Everyone = "*"

// Event is something that happened. It is kept in the transaction of what it tells of, so it is neither lost nor made up; whoever hears of it may
// hear of it twice, with the same id.
type Event struct {
	ID         string // a UUID of version 7 (RFC 9562): events of different milliseconds sort by time
	Type       Type
	OccurredAt time.Time // UTC, to the microsecond
	Subject    string    // the id of what it is about: of an account, a chart (also that of a reading), a job
	Owner      string    // the id of the account that may hear of it; Everyone; empty where no account has to do with it
	Data       any       // what encodes as JSON; json.RawMessage when it comes from a store or a stream
}

// New returns an event that happens now. Data is what its type says, and nothing secret: it leaves the database.
func New(t Type, now time.Time, subject, owner string, data any) Event {
	now = now.UTC().Truncate(time.Microsecond)

	return Event{ID: NewID(now), Type: t, OccurredAt: now, Subject: subject, Owner: owner, Data: data}
}

// NewID returns a UUID of version 7: 48 bits of milliseconds since 1970, and 74 random ones. Events have such ids, and what else is ordered by its time.
func NewID(now time.Time) string {
	var id [16]byte

	_, _ = rand.Read(id[6:]) // never fails (crypto/rand)

	millis := uint64(max(0, now.UnixMilli()))
	binary.BigEndian.PutUint16(id[0:], uint16(millis>>32)) // 48 bits last until the year 10889
	binary.BigEndian.PutUint32(id[2:], uint32(millis))

	id[6] = id[6]&0x0f | 0x70 // version 7
	id[8] = id[8]&0x3f | 0x80 // variant of RFC 9562

	text := hex.EncodeToString(id[:])

	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// IsID tells whether a text has the form of NewID's.
func IsID(text string) bool {
	if len(text) != 36 {
		return false
	}

	for i := range len(text) {
		c := text[i]

		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}

	return text[14] == '7'
}
