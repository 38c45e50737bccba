// Package relay carries events from the database's outbox into the stream of events.
//
// Its promises: an event that was committed reaches the stream, once the stream can be reached. Events of one transaction come in the order in which they
// were appended, and those of a transaction that began after another had ended come behind that one's. Any number of relays may work at once, and any may
// die at any point: what is published twice has the same id, by which the stream leaves the second one out.
//
// An acknowledgement of the stream is not yet a write to its disk. So an event stays in the outbox for a while after it was published, and is published once more when
// a relay starts or the stream comes back: what a power cut took from the stream comes again, in the same order, and the rest is left out by its id.
package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"sidereal/event"
)

// Outbox holds the events that are not in the stream yet, and for a while those that are.
type Outbox interface {
	// Pending returns the oldest events that are not known to be in the stream, at most limit, in the order in which they are to be published.
	Pending(ctx context.Context, limit int) ([]event.Event, error)
	// Published notes that the stream has events. Ids that are not there are no error.
	Published(ctx context.Context, ids []string) error
	// Recall makes pending what was noted as published and is still there.
	Recall(ctx context.Context) error
	// Sweep takes out what was noted as published for longer than so long ago.
	Sweep(ctx context.Context, longer time.Duration) error
}

// Publisher is the stream of events.
type Publisher interface {
	// PublishAll publishes events in their order, and returns how many of them, from the first, the stream has: all, or fewer with an error. It may have some of the
	// others. An event with an id that the stream has is left out. Of no events, the error says whether the stream answers.
	PublishAll(ctx context.Context, events []event.Event) (int, error)
}

// Config says how a relay works. Its zero values are good for everything but tests.
type Config struct {
	Hints       <-chan struct{} // something was appended; nil for polling only
	Reconnected <-chan struct{} // the stream was away and is there again; nil when that is not told
	Log         *slog.Logger    // required
	Batch       int             // events at a time; 0 is 500
	Poll        time.Duration   // how long a hint that never came may delay an event; 0 is 1 s
	// Timeout bounds a batch, and the outbox's answer; 0 is 5 s. So a batch is never so old that the stream has forgotten the ids which another relay published
	// since it was read: natsbroker's window is 10 minutes.
	Timeout    time.Duration
	MaxBackoff time.Duration // longest wait after a failure; 0 is 15 s
	Keep       time.Duration // how long the stream may take to write an event to its disk: it is kept until then; 0 is 5 min
}

const (
	batch      = 500
	poll       = time.Second
	timeout    = 5 * time.Second
	maxBackoff = 15 * time.Second
	keep       = 5 * time.Minute
	minBackoff = 100 * time.Millisecond // the first wait after a failure; each one more doubles it
	// sweepsPerKeep is how often the outbox is swept while an event is kept in it.
	sweepsPerKeep = 4
)

// Relay carries events. Use it once: Start, then Stop.
type Relay struct {
	outbox    Outbox
	publisher Publisher
	config    Config
	recall    bool      // what was published is to be published once more
	sweptAt   time.Time // when the outbox was swept
	cancel    context.CancelFunc
	done      chan struct{}
}

var errStarted = errors.New("relay: it was started before")

// New returns a relay from an outbox to a stream.
func New(outbox Outbox, publisher Publisher, cfg Config) *Relay {
	cfg.Batch = orElse(cfg.Batch, batch)
	cfg.Poll = orElse(cfg.Poll, poll)
	cfg.Timeout = orElse(cfg.Timeout, timeout)
	cfg.MaxBackoff = orElse(cfg.MaxBackoff, maxBackoff)
	cfg.Keep = orElse(cfg.Keep, keep)

	return &Relay{outbox: outbox, publisher: publisher, config: cfg, recall: true}
}

func orElse[T int | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}

	return value
}

// Start begins to work in the background, whether or not outbox and stream can be reached. The work carries the values of ctx, and ends with Stop.
func (r *Relay) Start(ctx context.Context) error {
	if r.done != nil {
		return errStarted
	}

	ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	r.done = make(chan struct{})

	go func() {
		defer close(r.done)

		r.work(ctx)
	}()

	return nil
}

// Stop ends the work and returns when it has ended, or with the error of ctx. What is pending stays in the outbox.
func (r *Relay) Stop(ctx context.Context) error {
	if r.done == nil {
		return nil
	}

	r.cancel()

	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("relay: stop: %w", ctx.Err())
	}
}

// work relays until ctx ends.
func (r *Relay) work(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()

	hints := r.config.Hints
	failures := 0

	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-hints:
		case <-r.config.Reconnected:
			r.recall = true
		}

		more, err := r.relay(ctx)
		if ctx.Err() != nil {
			return
		}

		if err != nil {
			failures++
			hints = nil // they must not shorten the wait
			timer.Reset(backoff(failures, r.config.MaxBackoff))
		} else {
			hints = r.config.Hints
			timer.Reset(pause(more, r.config))
		}

		failures = r.note(ctx, failures, err)
	}
}

// pause is the wait after a batch: none when there is more.
func pause(more bool, cfg Config) time.Duration {
	if more {
		return 0
	}

	return cfg.Poll
}

// backoff is the wait after so many failures in a row: twice as long each time, less up to a half by chance, so that relays do not all come at once.
func backoff(failures int, longest time.Duration) time.Duration {
	wait := min(longest, minBackoff<<min(failures-1, 16))

	return wait - rand.N(wait/2+1) //nolint:gosec // spreads load, guards nothing
}

// note logs the beginning of a disturbance and its end, and nothing between. It returns the failures in a row.
func (r *Relay) note(ctx context.Context, failures int, err error) int {
	switch {
	case err != nil && failures == 1:
		r.config.Log.WarnContext(ctx, "events wait in the outbox", "error", err)
	case err == nil && failures > 0:
		r.config.Log.InfoContext(ctx, "events flow again", "failures", failures)

		return 0
	}

	return failures
}

// relay carries one batch, in order, up to the first event that fails. More says that there may be others.
func (r *Relay) relay(ctx context.Context) (more bool, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("relay: panic: %v\n%s", panicked, debug.Stack())
		}
	}()

	if err := r.tidy(ctx); err != nil {
		return false, err
	}

	events, err := r.pending(ctx)
	if err != nil || len(events) == 0 {
		return false, err
	}

	n, err := r.publish(ctx, events)

	return n < len(events) || n == r.config.Batch, errors.Join(err, r.published(ctx, events[:n]))
}

// tidy recalls what is to be published once more, and sweeps out what has been kept for long enough.
func (r *Relay) tidy(ctx context.Context) error {
	select {
	case <-r.config.Reconnected:
		r.recall = true
	default:
	}

	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()

	switch {
	case r.recall:
		if err := r.outbox.Recall(ctx); err != nil {
			return fmt.Errorf("relay: %w", err)
		}

		r.recall = false
	case time.Since(r.sweptAt) < r.config.Keep/sweepsPerKeep:
		return nil
	default:
		// A stream that is away may come back without the events of its last moments, however long it was away.
		if _, err := r.publisher.PublishAll(ctx, nil); err != nil {
			return nil // who has an event to publish will say so
		}

		if err := r.outbox.Sweep(ctx, r.config.Keep); err != nil {
			return fmt.Errorf("relay: %w", err)
		}
	}

	r.sweptAt = time.Now()

	return nil
}

func (r *Relay) pending(ctx context.Context) ([]event.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()

	events, err := r.outbox.Pending(ctx, r.config.Batch)
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}

	return events, nil
}

// publish returns how many events were published. Too slow a stream is no failure as long as it takes some.
func (r *Relay) publish(ctx context.Context, events []event.Event) (int, error) {
	bounded, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()

	n, err := r.publisher.PublishAll(bounded, events)
	if err == nil || n > 0 && bounded.Err() != nil && ctx.Err() == nil {
		return n, nil
	}

	return n, fmt.Errorf("relay: %s: %w", events[min(n, len(events)-1)].Type, err)
}

// published notes what was published, also when the process is being stopped.
func (r *Relay) published(ctx context.Context, events []event.Event) error {
	if len(events) == 0 {
		return nil
	}

	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.config.Timeout)
	defer cancel()

	if err := r.outbox.Published(ctx, ids); err != nil {
		return fmt.Errorf("relay: %w", err)
	}

	return nil
}
