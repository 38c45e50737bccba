package natsbroker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// readAtOnce is how many messages of a reader are asked for at a time.
	readAtOnce = 1000
	// readerLife is how long a reader lives when nobody asks it for anything: it is taken away before that, unless the server cannot be reached.
	readerLife = 30 * time.Second
	// removalTimeout bounds the removal of a reader.
	removalTimeout = time.Second
)

var errIncomplete = errors.New("the messages did not all come")

// collect hands the messages of the stream that a consumer is configured for to take, in order, at most limit. The consumer is taken away afterwards.
func collect(ctx context.Context, stream jetstream.Stream, cfg jetstream.ConsumerConfig, limit uint64, take func(jetstream.Msg) error) error {
	cfg.AckPolicy = jetstream.AckNonePolicy
	cfg.MemoryStorage = true
	cfg.InactiveThreshold = readerLife

	reader, err := stream.CreateConsumer(ctx, cfg)
	if err != nil {
		return fmt.Errorf("natsbroker: read the stream: %w", err)
	}

	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTimeout)
		defer cancel()

		_ = stream.DeleteConsumer(ending, reader.CachedInfo().Name)
	}()

	for missing := min(reader.CachedInfo().NumPending, limit); missing > 0; {
		batch, err := reader.Fetch(int(min(missing, readAtOnce)), jetstream.FetchContext(ctx))
		if err != nil {
			return fmt.Errorf("natsbroker: read the stream: %w", err)
		}

		got := uint64(0)

		for m := range batch.Messages() {
			got++

			err = errors.Join(err, take(m))
		}

		if err = errors.Join(err, batch.Error()); err != nil || got == 0 {
			return fmt.Errorf("natsbroker: read the stream: %d messages are missing: %w", missing, errors.Join(errIncomplete, err, ctx.Err()))
		}

		missing -= got
	}

	return nil
}

// lastIDs returns the ids of the messages that the stream, as it was just looked up, took within the duplicate window before its last one. They close the gap that the window leaves: a process
// that died, and stayed away for longer, would publish the same events again, and with no other process at work what it published is among the last.
func lastIDs(ctx context.Context, stream jetstream.Stream) (map[string]struct{}, error) {
	ids := make(map[string]struct{})

	state := stream.CachedInfo().State
	if state.Msgs == 0 {
		return ids, nil
	}

	begin := state.LastTime.Add(-duplicateWindow)

	err := collect(ctx, stream, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &begin, HeadersOnly: true,
	}, state.Msgs, func(m jetstream.Msg) error {
		ids[m.Headers().Get(jetstream.MsgIDHeader)] = struct{}{}

		return nil
	})
	if err != nil {
		return nil, err
	}

	return ids, nil
}
