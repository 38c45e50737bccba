package natsbroker

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"sidereal/event"
)

// message is an event in the stream.
type message struct {
	ID         string          `json:"id"`
	Type       event.Type      `json:"type"`
	OccurredAt time.Time       `json:"occurredAt"`
	Subject    string          `json:"subject"`
	Owner      string          `json:"owner,omitempty"`
	Data       json.RawMessage `json:"data"`
}

// encode returns the message of an event, with the event's id as the one by which the server knows it again.
func encode(e event.Event) (*nats.Msg, error) {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return nil, fmt.Errorf("natsbroker: data of %s: %w", e.ID, err)
	}

	body, err := json.Marshal(message{ID: e.ID, Type: e.Type, OccurredAt: e.OccurredAt, Subject: e.Subject, Owner: e.Owner, Data: data})
	if err != nil {
		return nil, fmt.Errorf("natsbroker: encode %s: %w", e.ID, err)
	}

	return &nats.Msg{Subject: subjectOf(e), Header: nats.Header{jetstream.MsgIDHeader: {e.ID}}, Data: body}, nil
}

// decode returns the event that a message's body holds, at its place; nil when it holds none, which somebody else must have written.
func decode(body []byte, epoch string, sequence uint64, storedAt time.Time) *event.Placed {
	var m message
	if err := json.Unmarshal(body, &m); err != nil || m.ID == "" {
		return nil
	}

	return &event.Placed{
		Event:    event.Event{ID: m.ID, Type: m.Type, OccurredAt: m.OccurredAt.UTC(), Subject: m.Subject, Owner: m.Owner, Data: m.Data},
		Cursor:   event.Cursor{Epoch: epoch, Sequence: sequence},
		StoredAt: storedAt.UTC(),
	}
}
