// Package relay carries events from the database's outbox into the stream of events.
//
// Its promises: an event that was committed reaches the stream, once the stream can be reached. Events of one transaction come in the order in which they
// were appended, and those of a transaction that began after another had ended come behind that one's. Any number of relays may work at once, and any may
// die at any point: what is published twice has the same id, by which the stream leaves the second one out.
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

// Outbox holds the events that are not in the stream yet.
type Outbox interface {
	// Pending returns the oldest events, at most limit, in the order in which they are to be published.
	Pending(ctx context.Context, limit int) ([]event.Event, error)
	// Remove takes out events that are in the stream. Ids that are not there are no error.
	Remove(ctx context.Context, ids []string) error
}

// Publisher is the stream of events.
type Publisher interface {
	// Publish returns when the stream has the event. An event with an id that the stream has is left out.
	Publish(ctx context.Context, e event.Event) error
}

// Config says how a relay works. Its zero values are good for everything but tests.
type Config struct {
	Hints      <-chan struct{} // something was appended; nil for polling only
	Log        *slog.Logger    // required
	Batch      int             // events at a time; 0 is 100
	Poll       time.Duration   // how long a hint that never came may delay an event; 0 is 1 s
	Timeout    time.Duration   // for one event, and for the outbox to answer; 0 is 5 s
	MaxBackoff time.Duration   // longest wait after a failure; 0 is 15 s
}

const (
	batch      = 100
	poll       = time.Second
	timeout    = 5 * time.Second
	maxBackoff = 15 * time.Second
	minBackoff = 100 * time.Millisecond // the first wait after a failure; each one more doubles it
	// staleAfter bounds how old a batch may be when its last event is published, so that the stream still knows the ids that another relay published
	// meanwhile: natsbroker's window is 10 minutes.
	staleAfter = time.Minute
)

// Relay carries events. Use it once: Start, then Stop.
type Relay struct {
	outbox    Outbox
	publisher Publisher
	config    Config
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

	return &Relay{outbox: outbox, publisher: publisher, config: cfg}
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
		}

		n, err := r.relay(ctx)
		if ctx.Err() != nil {
			return
		}

		if err != nil {
			failures++
			hints = nil // they must not shorten the wait
			timer.Reset(backoff(failures, r.config.MaxBackoff))
		} else {
			hints = r.config.Hints
			timer.Reset(pause(n, r.config))
		}

		failures = r.note(ctx, failures, err)
	}
}

// pause is the wait after a batch of n: none after a full one, since there may be more.
func pause(n int, cfg Config) time.Duration {
	if n == cfg.Batch {
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

// relay carries one batch, in order, up to the first event that fails. It returns how many it carried.
func (r *Relay) relay(ctx context.Context) (n int, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("relay: panic: %v\n%s", panicked, debug.Stack())
		}
	}()

	fresh, cancel := context.WithTimeout(ctx, staleAfter)
	defer cancel()

	events, err := r.pending(fresh)
	if err != nil {
		return 0, err
	}

	published := make([]string, 0, len(events))

	for _, e := range events {
		if fresh.Err() != nil {
			break // the rest is read anew
		}

		if err = r.publish(fresh, e); err != nil {
			break
		}

		published = append(published, e.ID)
	}

	return len(published), errors.Join(err, r.remove(ctx, published))
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

func (r *Relay) publish(ctx context.Context, e event.Event) error {
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()

	if err := r.publisher.Publish(ctx, e); err != nil {
		return fmt.Errorf("relay: %s: %w", e.Type, err)
	}

	return nil
}

// remove takes out what was published, also when the process is being stopped.
func (r *Relay) remove(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.config.Timeout)
	defer cancel()

	if err := r.outbox.Remove(ctx, ids); err != nil {
		return fmt.Errorf("relay: %w", err)
	}

	return nil
}
