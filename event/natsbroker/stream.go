package natsbroker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"sidereal/event"
	"sidereal/event/relay"
)

const (
	streamName = "EVENTS"
	// The bounds of the stream when the configuration says nothing.
	defaultMaxAge   = 7 * 24 * time.Hour
	defaultMaxBytes = 128 << 20
	// duplicateWindow is how long the server knows an id. It has to outlast what a relay holds in its hand, another one's waiting, and how long events
	// are kept that were published.
	duplicateWindow = 10 * time.Minute
)

var errDisconnected = errors.New("natsbroker: not connected")

// Stream is the stream of events in JetStream. Its epoch is the time at which the stream was made.
type Stream struct {
	connection *Connection

	opening chan struct{} // holds one: who opens the stream

	mu      sync.Mutex
	stream  jetstream.Stream    // as it was when it was opened; nil before that
	known   map[string]struct{} // the ids of the last messages then; nil when nothing was published since
	refused error               // what the last event was refused with; nil when it was taken
}

var (
	_ event.Broker    = (*Stream)(nil)
	_ relay.Publisher = (*Stream)(nil)
)

// Events returns the stream of events. It is made, or brought up to date, when it is needed first, since the server may be down now.
func (c *Connection) Events() *Stream { return c.events }

// State implements event.Broker.
func (s *Stream) State(ctx context.Context) (event.State, error) {
	info, err := s.info(ctx)
	if err != nil {
		return event.State{}, err
	}

	return stateOf(info), nil
}

func stateOf(info *jetstream.StreamInfo) event.State {
	state := event.State{Epoch: epochOf(info), First: info.State.FirstSeq, Last: info.State.LastSeq}
	if info.State.Msgs == 0 {
		state.First = state.Last + 1 // the server says 0 of a stream that never had one
	}

	return state
}

func epochOf(info *jetstream.StreamInfo) string {
	return strconv.FormatInt(info.Created.UnixNano(), 36)
}

// info asks for the state of the stream, which its leader tells.
func (s *Stream) info(ctx context.Context) (*jetstream.StreamInfo, error) {
	stream, err := s.open(ctx)
	if err != nil {
		return nil, err
	}

	now, err := s.connection.js.Stream(ctx, streamName) // one request; stream.Info would change what others read
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s.forget() // somebody took the stream away: it is made anew next time
	}

	if err != nil {
		return nil, fmt.Errorf("natsbroker: state of the stream: %w", err)
	}

	if !now.CachedInfo().Created.Equal(stream.CachedInfo().Created) {
		s.forget() // somebody made it anew
	}

	return now.CachedInfo(), nil
}

// check returns ErrExpired when the stream is another one, or does not hold what comes behind a sequence. One behind the stream's end is of events that the server
// lost after it had taken them: what comes next would pass unseen.
func check(state event.State, epoch string, after uint64) error {
	if state.Epoch != epoch || after+1 < state.First || after > state.Last {
		return event.ErrExpired
	}

	return nil
}

// open returns the stream, and makes it or brings it up to date the first time.
func (s *Stream) open(ctx context.Context) (jetstream.Stream, error) {
	if !s.connection.conn.IsConnected() {
		return nil, errDisconnected // at once, and without a request for the client to send later
	}

	if stream, _ := s.opened(); stream != nil {
		return stream, nil
	}

	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.leave()

	if stream, _ := s.opened(); stream != nil {
		return stream, nil
	}

	stream, err := s.connection.ensure(ctx)
	if err != nil {
		return nil, err
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	s.stream = stream

	return stream, nil
}

// enter waits until nobody else opens the stream; leave lets the next one.
func (s *Stream) enter(ctx context.Context) error {
	select {
	case s.opening <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("natsbroker: open the stream: %w", ctx.Err())
	}
}

func (s *Stream) leave() { <-s.opening }

// opened returns the stream and its last messages' ids; nil before they were asked for.
func (s *Stream) opened() (jetstream.Stream, map[string]struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.stream, s.known
}

func (s *Stream) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.stream, s.known = nil, nil
}

// ensure returns the stream with our settings. What an operator has set besides (placement, replicas of one that is there) stays.
func (c *Connection) ensure(ctx context.Context) (jetstream.Stream, error) {
	stream, err := c.js.Stream(ctx, streamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if stream, err = c.js.CreateStream(ctx, c.settings(jetstream.StreamConfig{Replicas: c.config.Replicas})); err != nil {
			return nil, fmt.Errorf("natsbroker: create the stream: %w", err)
		}

		return stream, nil
	}

	if err != nil {
		return nil, fmt.Errorf("natsbroker: look for the stream: %w", err)
	}

	is := stream.CachedInfo().Config

	want := c.settings(is)
	if is.MaxAge == want.MaxAge && is.MaxBytes == want.MaxBytes && is.Duplicates == want.Duplicates && is.Discard == want.Discard &&
		slices.Equal(is.Subjects, want.Subjects) {
		return stream, nil
	}

	if stream, err = c.js.UpdateStream(ctx, want); err != nil {
		return nil, fmt.Errorf("natsbroker: update the stream: %w", err)
	}

	return stream, nil
}

// settings returns a stream's configuration with ours in it.
func (c *Connection) settings(cfg jetstream.StreamConfig) jetstream.StreamConfig {
	cfg.Name = streamName
	cfg.Description = "What happened in Sidereal, to be replayed"
	cfg.Subjects = []string{subjectPrefix + ">"}
	cfg.Storage = jetstream.FileStorage
	cfg.Discard = jetstream.DiscardOld
	cfg.MaxAge = c.config.MaxAge
	cfg.MaxBytes = c.config.MaxBytes
	cfg.Duplicates = min(duplicateWindow, c.config.MaxAge) // the server allows no more

	return cfg
}

// lastRefusal returns what the last event was refused with; nil when it was taken.
func (s *Stream) lastRefusal() error {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.refused
}
