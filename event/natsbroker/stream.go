package natsbroker

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"sidereal/event"
	"sidereal/event/relay"
)

const (
	streamName    = "EVENTS"
	subjectPrefix = "sidereal.events."
	maxAge        = 7 * 24 * time.Hour
	maxBytes      = 1 << 30
	// duplicateWindow is how long the server knows an id. It has to outlast what a relay holds in its hand (relay's staleAfter) and another one's waiting.
	duplicateWindow = 10 * time.Minute
	// plainCharacters are those of an owner that is written as it is.
	plainCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
	// remembered is how many of the stream's last messages are looked at before the first one is published: more than the batches of two relays.
	remembered = 256
)

var (
	errDisconnected = errors.New("natsbroker: not connected")
	errIncomplete   = errors.New("the stream's last messages did not all come")
)

// Stream is the stream of events: the relay.Publisher in JetStream. A message's subject is "sidereal.events.TYPE.OWNER", such as
// "sidereal.events.user.registered.0198c0de-…", and its body JSON.
type Stream struct {
	connection *Connection

	mu    sync.Mutex
	known map[string]struct{} // the ids of the last messages when the stream was opened; nil before that
}

var _ relay.Publisher = (*Stream)(nil)

// Events returns the stream of events. It is made, or brought up to date, when the first event is published, since the server may be down now.
func (c *Connection) Events() *Stream { return &Stream{connection: c} }

// message is an event in the stream.
type message struct {
	ID         string          `json:"id"`
	Type       event.Type      `json:"type"`
	OccurredAt time.Time       `json:"occurredAt"`
	Subject    string          `json:"subject"`
	Owner      string          `json:"owner,omitempty"`
	Data       json.RawMessage `json:"data"`
}

// Publish implements relay.Publisher. The server acknowledges the event before it returns.
func (s *Stream) Publish(ctx context.Context, e event.Event) error {
	if !s.connection.conn.IsConnected() {
		return errDisconnected // else the client would keep it and send it much later
	}

	known, err := s.open(ctx)
	if err != nil {
		return err
	}

	if _, repeated := known[e.ID]; repeated {
		return nil
	}

	data, err := json.Marshal(e.Data)
	if err != nil {
		return fmt.Errorf("natsbroker: data of %s: %w", e.ID, err)
	}

	body, err := json.Marshal(message{ID: e.ID, Type: e.Type, OccurredAt: e.OccurredAt, Subject: e.Subject, Owner: e.Owner, Data: data})
	if err != nil {
		return fmt.Errorf("natsbroker: encode %s: %w", e.ID, err)
	}

	_, err = s.connection.stream.PublishMsg(ctx, &nats.Msg{Subject: subjectOf(e), Data: body}, jetstream.WithMsgID(e.ID), jetstream.WithExpectStream(streamName))
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		s.forget() // somebody took the stream away: it is made anew next time
	}

	if err != nil {
		return fmt.Errorf("natsbroker: publish: %w", err)
	}

	return nil
}

// subjectOf returns the subject that an event is published under. An owner who is no plain word is written in base64 behind a tilde: a dot would be
// more levels, and a star everybody.
func subjectOf(e event.Event) string {
	owner := e.Owner
	if owner == "" || strings.ContainsFunc(owner, func(r rune) bool { return !strings.ContainsRune(plainCharacters, r) }) {
		owner = "~" + base64.RawURLEncoding.EncodeToString([]byte(owner))
	}

	return subjectPrefix + string(e.Type) + "." + owner
}

// open makes the stream, or brings it up to date, once, and returns the ids of the messages that were its last ones then.
func (s *Stream) open(ctx context.Context) (map[string]struct{}, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.known != nil {
		return s.known, nil
	}

	stream, err := ensure(ctx, s.connection.stream)
	if err != nil {
		return nil, err
	}

	s.known, err = lastIDs(ctx, stream)

	return s.known, err
}

func (s *Stream) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.known = nil
}

// ensure returns the stream with our settings. What an operator has set besides (replicas, placement) stays.
func ensure(ctx context.Context, js jetstream.JetStream) (jetstream.Stream, error) {
	stream, err := js.Stream(ctx, streamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if stream, err = js.CreateStream(ctx, settings(jetstream.StreamConfig{})); err != nil {
			return nil, fmt.Errorf("natsbroker: create the stream: %w", err)
		}

		return stream, nil
	}

	if err != nil {
		return nil, fmt.Errorf("natsbroker: look for the stream: %w", err)
	}

	is := stream.CachedInfo().Config

	want := settings(is)
	if is.MaxAge == want.MaxAge && is.MaxBytes == want.MaxBytes && is.Duplicates == want.Duplicates && is.Discard == want.Discard &&
		slices.Equal(is.Subjects, want.Subjects) {
		return stream, nil
	}

	if stream, err = js.UpdateStream(ctx, want); err != nil {
		return nil, fmt.Errorf("natsbroker: update the stream: %w", err)
	}

	return stream, nil
}

// settings returns a stream's configuration with ours in it.
func settings(cfg jetstream.StreamConfig) jetstream.StreamConfig {
	cfg.Name = streamName
	cfg.Description = "What happened in Sidereal, to be replayed"
	cfg.Subjects = []string{subjectPrefix + ">"}
	cfg.Storage = jetstream.FileStorage
	cfg.Discard = jetstream.DiscardOld
	cfg.MaxAge = maxAge
	cfg.MaxBytes = maxBytes
	cfg.Duplicates = duplicateWindow

	return cfg
}

// lastIDs returns the ids of the stream's last messages. They close the gap that the duplicate window leaves: a process that died between publishing and
// noting it, and stayed away for longer than the window, would publish the same events again.
func lastIDs(ctx context.Context, stream jetstream.Stream) (map[string]struct{}, error) {
	info, err := stream.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("natsbroker: state of the stream: %w", err)
	}

	ids := make(map[string]struct{}, remembered)
	if info.State.Msgs == 0 {
		return ids, nil
	}

	first := info.State.FirstSeq
	if last := info.State.LastSeq; last >= remembered {
		first = max(first, last-remembered+1)
	}

	reader, err := stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: first, AckPolicy: jetstream.AckNonePolicy, HeadersOnly: true,
		MemoryStorage: true, InactiveThreshold: time.Minute, // if it cannot be deleted below
	})
	if err != nil {
		return nil, fmt.Errorf("natsbroker: read the stream: %w", err)
	}

	defer func() { _ = stream.DeleteConsumer(ctx, reader.CachedInfo().Name) }()

	batch, err := reader.FetchNoWait(remembered)
	if err != nil {
		return nil, fmt.Errorf("natsbroker: read the stream: %w", err)
	}

	missing := int64(min(reader.CachedInfo().NumPending, remembered))

	for m := range batch.Messages() {
		ids[m.Headers().Get(jetstream.MsgIDHeader)] = struct{}{}
		missing--
	}

	if err := batch.Error(); err != nil || missing > 0 { // the client gives up in silence after a second of it
		return nil, fmt.Errorf("natsbroker: read the stream: %d messages are missing: %w", missing, errors.Join(errIncomplete, err))
	}

	return ids, nil
}
