package natsbroker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"sidereal/event"
)

// Read implements event.Broker, with a consumer that lives as long as the call.
func (s *Stream) Read(
	ctx context.Context, epoch string, f event.Filter, after, upTo uint64, limit int,
) (events []*event.Placed, reached uint64, err error) {
	info, err := s.info(ctx)
	if err != nil {
		return nil, 0, err
	}

	state := stateOf(info)
	if err := check(state, epoch, after); err != nil {
		return nil, 0, err
	}

	subjects := subjectsOf(f)
	if upTo = min(upTo, state.Last); after >= upTo || len(subjects) == 0 || limit <= 0 {
		return nil, max(after, upTo), nil
	}

	r := &reading{stream: s, epoch: epoch, filter: f, subjects: subjects, reached: after, upTo: upTo, limit: limit}

	if err := r.fill(ctx); err != nil {
		return nil, 0, err
	}

	if info.Config.Replicas > 1 && !r.done() {
		if err := r.fillFromLeader(ctx); err != nil {
			return nil, 0, err
		}
	}

	// What was behind the place may have gone while it was read.
	if state, err = s.State(ctx); err != nil {
		return nil, 0, err
	}

	if err := check(state, epoch, after); err != nil {
		return nil, 0, err
	}

	if !r.done() {
		r.reached = upTo
	}

	return r.events, r.reached, nil
}

// reading is one call of Read.
type reading struct {
	stream   *Stream
	epoch    string
	filter   event.Filter
	subjects []string
	upTo     uint64
	limit    int

	seen    int    // messages, whether they pass or not
	reached uint64 // the sequence of the last one
	events  []*event.Placed
}

// done tells whether there is no more to read: enough was seen, or the end.
func (r *reading) done() bool { return r.seen >= r.limit || r.reached >= r.upTo }

// take adds a message, unless it is behind the end.
func (r *reading) take(body []byte, sequence uint64, storedAt time.Time) {
	if sequence > r.upTo {
		r.reached = r.upTo

		return
	}

	r.seen++
	r.reached = sequence

	if placed := decode(body, r.epoch, sequence, storedAt); placed != nil && r.filter.Matches(&placed.Event) {
		r.events = append(r.events, placed)
	}
}

// fill reads what the server has that the consumer is put on.
func (r *reading) fill(ctx context.Context) error {
	stream, err := r.stream.open(ctx)
	if err != nil {
		return err
	}

	return collect(ctx, stream, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: r.reached + 1, FilterSubjects: r.subjects,
	}, uint64(r.limit), func(m jetstream.Msg) error {
		at, err := m.Metadata()
		if err != nil {
			return err
		}

		r.take(m.Data(), at.Sequence.Stream, at.Timestamp)

		return nil
	})
}

// fillFromLeader reads the rest one by one from the server that has them all: of several servers, the one that a consumer is put on may be behind.
func (r *reading) fillFromLeader(ctx context.Context) error {
	for !r.done() {
		var first *storedMessage

		for _, subject := range r.subjects {
			m, err := r.stream.next(ctx, subject, r.reached+1)
			if err != nil {
				return err
			}

			if m != nil && (first == nil || m.Sequence < first.Sequence) {
				first = m
			}
		}

		if first == nil {
			return nil
		}

		r.take(first.Data, first.Sequence, first.Time)
	}

	return nil
}

// storedMessage is a message as the stream's leader tells it.
type storedMessage struct {
	Sequence uint64    `json:"seq"`
	Time     time.Time `json:"time"`
	Data     []byte    `json:"data"`
}

var errRefused = errors.New("natsbroker: the stream refused to show a message")

// next returns the first message of a subject from a sequence on, nil when there is none. The client's own call would ask any server.
func (s *Stream) next(ctx context.Context, subject string, from uint64) (*storedMessage, error) {
	request, err := json.Marshal(map[string]any{"seq": from, "next_by_subj": subject})
	if err != nil {
		return nil, fmt.Errorf("natsbroker: %w", err)
	}

	response, err := s.connection.conn.RequestWithContext(ctx, jetstream.DefaultAPIPrefix+"STREAM.MSG.GET."+streamName, request)
	if err != nil {
		return nil, fmt.Errorf("natsbroker: read from the leader: %w", err)
	}

	var answer struct {
		Error   *jetstream.APIError `json:"error"`
		Message *storedMessage      `json:"message"`
	}

	switch err := json.Unmarshal(response.Data, &answer); {
	case err != nil:
		return nil, fmt.Errorf("natsbroker: read from the leader: %w", err)
	case answer.Error != nil && answer.Error.Code == http.StatusNotFound && answer.Error.ErrorCode == jetstream.JSErrCodeMessageNotFound:
		return nil, nil //nolint:nilnil // there is none
	case answer.Error != nil:
		return nil, fmt.Errorf("%w: %w", errRefused, answer.Error)
	}

	return answer.Message, nil
}
