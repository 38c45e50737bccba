package natsbroker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"sidereal/event"
)

const (
	// window is how many events are on their way at a time.
	window = 500
	// The server's words for an event that does not come behind the one that it was to come behind, and for one that another publishes at this moment.
	wrongLastID, inProcess = jetstream.ErrorCode(10070), jetstream.ErrorCode(10158)
	// conflictWait is the wait before an event is tried again that another publishes at this moment.
	conflictWait = 5 * time.Millisecond
	// ackTimeout is when the client stops to wait for an acknowledgement, whoever asked for it.
	ackTimeout = 30 * time.Second
)

// Publish implements event.Broker. The server acknowledges the event before it returns.
func (s *Stream) Publish(ctx context.Context, e event.Event) error {
	_, err := s.PublishAll(ctx, []event.Event{e})

	return err
}

// PublishAll implements relay.Publisher.
//
// A stream on one server gets the events in windows, without a wait for the acknowledgement of each. Each but the first is to be taken only directly behind
// the one before it, by its id, so whatever happens to one of them (a refusal, another's event between them) keeps back all behind it: they are sent again
// from there. A stream of several servers gets them one by one: there the servers note an id before they look at the condition, and would leave out for
// ten minutes an event that they did not take.
func (s *Stream) PublishAll(ctx context.Context, events []event.Event) (n int, err error) {
	if len(events) == 0 {
		_, err := s.State(ctx)

		return 0, err
	}

	messages, known, replicas, err := s.prepare(ctx, events)
	if err != nil {
		return 0, err
	}

	for n < len(messages) {
		if has(known, events[n].ID) {
			n++

			continue
		}

		end := n + 1
		for replicas == 1 && end < len(messages) && end < n+window && !has(known, events[end].ID) {
			end++
		}

		taken, err := s.send(ctx, messages[n:end])
		n += taken

		s.note(err)

		if err != nil {
			return n, fmt.Errorf("natsbroker: publish: %w", err)
		}
	}

	return n, nil
}

func has(known map[string]struct{}, id string) bool {
	_, ok := known[id]

	return ok
}

// prepare returns the messages of events, the ids that the stream had when it was opened, and on how many servers it is.
func (s *Stream) prepare(ctx context.Context, events []event.Event) (messages []*nats.Msg, known map[string]struct{}, replicas int, err error) {
	stream, err := s.open(ctx)
	if err != nil {
		return nil, nil, 0, err
	}

	if known, err = s.remember(ctx); err != nil {
		return nil, nil, 0, err
	}

	messages = make([]*nats.Msg, len(events))

	for i, e := range events {
		if messages[i], err = encode(e); err != nil {
			return nil, nil, 0, err
		}
	}

	return messages, known, max(1, stream.CachedInfo().Config.Replicas), nil
}

// send publishes messages and returns how many of them, from the first, the stream has. Fewer than all without an error are to be followed by the rest.
func (s *Stream) send(ctx context.Context, messages []*nats.Msg) (taken int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}

	acks := make([]jetstream.PubAckFuture, 0, len(messages))

	for i, m := range messages {
		options := []jetstream.PublishOpt{jetstream.WithRetryAttempts(0)}
		if i > 0 {
			options = append(options, jetstream.WithExpectLastMsgID(messages[i-1].Header.Get(jetstream.MsgIDHeader)))
		} else {
			m.Header.Del(jetstream.ExpectedLastMsgIDHeader) // of a window before
		}

		ack, err := s.connection.js.PublishMsgAsync(m, options...)
		if err != nil {
			return s.acknowledged(ctx, acks, err)
		}

		acks = append(acks, ack)
	}

	return s.acknowledged(ctx, acks, nil)
}

// acknowledged waits for acknowledgements up to the first that does not come, and says how many did. What kept back the rest from being sent is told when all
// that were sent have arrived.
func (s *Stream) acknowledged(ctx context.Context, acks []jetstream.PubAckFuture, rest error) (taken int, err error) {
	for _, ack := range acks {
		select {
		case <-ack.Ok():
			taken++

			continue
		case err = <-ack.Err():
		case <-ctx.Done():
			err = ctx.Err()
		}

		return taken, s.judge(ctx, taken, err)
	}

	return taken, rest
}

// judge returns nil for a failure after which the event is to be sent again.
func (s *Stream) judge(ctx context.Context, taken int, err error) error {
	var refusal *jetstream.APIError

	switch isRefusal := errors.As(err, &refusal); {
	case isRefusal && refusal.ErrorCode == wrongLastID && taken > 0:
		return nil
	case isRefusal && refusal.ErrorCode == inProcess:
		select {
		case <-time.After(conflictWait):
			return nil
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		}
	case isRefusal && errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, nats.ErrNoResponders), errors.Is(err, jetstream.ErrNoStreamResponse):
		s.forget() // somebody took the stream away: it is made anew next time
	}

	return err
}

// note keeps what the stream said last, for Ping.
func (s *Stream) note(refused error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.refused = refused; errors.Is(refused, context.Canceled) {
		s.refused = nil // whoever published has gone
	}
}

// remember returns the ids of the stream's last messages as they were when the first event was published.
func (s *Stream) remember(ctx context.Context) (map[string]struct{}, error) {
	if _, known := s.opened(); known != nil {
		return known, nil
	}

	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.leave()

	if _, known := s.opened(); known != nil {
		return known, nil
	}

	stream, err := s.connection.js.Stream(ctx, streamName)
	if err != nil {
		return nil, fmt.Errorf("natsbroker: look for the stream: %w", err)
	}

	known, err := lastIDs(ctx, stream)
	if err != nil {
		return nil, err
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	s.known = known

	return known, nil
}
