package event

import (
	"context"
	"errors"
	"time"
)

// ErrExpired says that the stream no longer holds what comes behind a place in it.
var ErrExpired = errors.New("event: the stream has lost what comes behind this place")

// Placed is an event with its place in the stream. It is shared by all who hear of it and must not be changed.
type Placed struct {
	Event // its Data is json.RawMessage

	Cursor   Cursor
	StoredAt time.Time // when the stream took it
}

// State is what a stream holds.
type State struct {
	Epoch string
	First uint64 // the sequence of the oldest event; of the next one when the stream is empty
	Last  uint64 // the sequence of the newest event; First-1 when the stream is empty
}

// Broker is the stream of events. Every event that it took has a sequence, which grows without repeating while the epoch stays; there may be gaps. The oldest events
// go when the stream is full or they are old. It is safe for concurrent use. Each method returns an error when the stream cannot be reached, and is bounded by its
// context. The package eventtest holds what every implementation must keep to.
type Broker interface {
	// Publish returns when the stream has the event. An event with an id that the stream has is left out.
	Publish(ctx context.Context, e Event) error

	// State returns what the stream holds.
	State(ctx context.Context) (State, error)

	// Read returns the oldest events behind the sequence after and up to the sequence upTo that pass, at most limit, in order, and how far it has looked: with upTo
	// there are no more. An epoch that is not the stream's, or a sequence whose successor the stream has lost, is ErrExpired.
	Read(ctx context.Context, epoch string, f Filter, after, upTo uint64, limit int) (events []*Placed, reached uint64, err error)

	// Follow calls deliver for every event behind the sequence after, in order and each once, as they come, until ctx ends or the stream is lost, and returns why.
	// It waits for deliver. An epoch that is not the stream's, or a sequence whose successor the stream has lost, is ErrExpired.
	Follow(ctx context.Context, epoch string, after uint64, deliver func(*Placed)) error
}
