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
	// pullWindow is how many messages of a follower are on their way.
	pullWindow = 8192
	// A request for them lasts so long, and the server gives signs of life meanwhile; after two that did not come the follower gives up.
	pullExpiry, pullHeartbeat = 10 * time.Second, 2 * time.Second
)

var (
	errInterrupted = errors.New("natsbroker: the connection was interrupted")
	errGap         = errors.New("natsbroker: messages were lost on their way")
)

// Follow implements event.Broker, with one consumer. It returns an error whenever messages may have been lost on their way: when the connection is interrupted, when the
// server gives no sign of life, when the consumer's count has a gap. Whoever calls goes on behind the last event that was delivered.
func (s *Stream) Follow(ctx context.Context, epoch string, after uint64, deliver func(*event.Placed)) error {
	state, err := s.State(ctx)
	if err != nil {
		return err
	}

	if err := check(state, epoch, after); err != nil {
		return err
	}

	stream, err := s.open(ctx)
	if err != nil {
		return err
	}

	conn := s.connection.conn

	lost := conn.StatusChanged(nats.DISCONNECTED, nats.RECONNECTING, nats.CLOSED) // before the consumer is made: no interruption goes unseen
	defer conn.RemoveStatusListener(lost)

	consumer, err := stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: after + 1, AckPolicy: jetstream.AckNonePolicy,
		MemoryStorage: true, InactiveThreshold: readerLife,
	})
	if err != nil {
		return fmt.Errorf("natsbroker: follow: %w", err)
	}

	messages, err := consumer.Messages(
		jetstream.PullMaxMessages(pullWindow), jetstream.PullExpiry(pullExpiry), jetstream.PullHeartbeat(pullHeartbeat),
		jetstream.WithMessagesErrOnMissingHeartbeat(true),
	)
	if err != nil {
		return fmt.Errorf("natsbroker: follow: %w", err)
	}

	f := &following{stream: s, epoch: epoch, reached: after}

	ended := make(chan struct{})
	watched := make(chan error, 1)

	go func() {
		defer messages.Stop()

		select {
		case <-ctx.Done():
			watched <- ctx.Err()
		case <-lost:
			watched <- errInterrupted
		case <-ended:
			watched <- nil
		}
	}()

	err = f.run(ctx, messages, deliver)

	close(ended)

	if why := <-watched; why != nil {
		err = why
	}

	removal, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTimeout)
	defer cancel()

	if conn.IsConnected() {
		_ = stream.DeleteConsumer(removal, consumer.CachedInfo().Name)
	}

	return err
}

// following is one call of Follow.
type following struct {
	stream    *Stream
	epoch     string
	delivered uint64 // by the consumer's count
	reached   uint64 // by the stream's
}

// run hands on messages until there are no more, and returns why.
func (f *following) run(ctx context.Context, messages jetstream.MessagesContext, deliver func(*event.Placed)) error {
	for {
		m, err := messages.Next()
		if err != nil {
			return fmt.Errorf("natsbroker: follow: %w", err)
		}

		at, err := m.Metadata()
		if err != nil {
			return fmt.Errorf("natsbroker: follow: %w", err)
		}

		if f.delivered++; at.Sequence.Consumer != f.delivered {
			return errGap
		}

		if at.Sequence.Stream != f.reached+1 {
			if err := f.jumped(ctx); err != nil {
				return err
			}
		}

		f.reached = at.Sequence.Stream

		if placed := decode(m.Data(), f.epoch, at.Sequence.Stream, at.Timestamp); placed != nil {
			deliver(placed)
		}
	}
}

// jumped returns ErrExpired when the stream has lost its next message, and nil when there never was one.
func (f *following) jumped(ctx context.Context) error {
	state, err := f.stream.State(ctx)
	if err != nil {
		return err
	}

	return check(state, f.epoch, f.reached)
}
