// Package event is what happened: facts that other parts of the program, and clients, are told of.
package event

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

// Type says what happened.
type Type string

// The types of events.
const (
	UserRegistered Type = "user.registered"
	UserLoggedIn   Type = "user.logged_in"
)

// Event is a fact.
type Event struct {
	ID         string // time-ordered
	Type       Type
	OccurredAt time.Time
	Subject    string // the id of what it is about
	Owner      string // the account that may see it
	Data       any    // what else there is to say; becomes JSON
}

// New returns a fresh event.
func New(t Type, now time.Time, subject, owner string, data any) Event {
	var raw [16]byte

	_, _ = rand.Read(raw[:]) // never fails (crypto/rand)

	var at [8]byte

	binary.BigEndian.PutUint64(at[:], uint64(now.UnixMilli()))
	copy(raw[:6], at[2:])

	return Event{
		ID: base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:]), Type: t, OccurredAt: now, Subject: subject, Owner: owner, Data: data,
	}
}
