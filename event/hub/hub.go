// Package hub hands the events of the stream to those in this process who wait for them: one follower of the stream, any number of subscriptions.
//
// Its promise: a subscription gets every event that passes its filter and lies behind its beginning, once and in the order of the stream, until it is closed or ends with
// an error. Whoever subscribes again behind the last event that he got, here or at the hub of another process, goes on without a gap or a repeat.
//
// An event costs only those who may want it (index), and a subscription that is slow costs nobody else: what does not fit into its buffer it reads from the stream when
// it gets there.
package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"sidereal/event"
)

// Config says how a hub works. Its zero values are good for everything but tests.
type Config struct {
	Log        *slog.Logger  // required
	Buffer     int           // events that a subscription holds before it is behind; 0 is 256
	Page       int           // events that it reads from the stream at once; 0 is 256
	Reads      int           // how many may read the stream at once; 0 is 16
	MaxBehind  uint64        // how many events a subscription may fall behind before it ends; 0 is 100 000
	Timeout    time.Duration // for the stream to answer; 0 is 5 s
	MaxBackoff time.Duration // longest wait before the stream is tried again; 0 is 5 s
}

const (
	buffer     = 256
	page       = 256
	reads      = 16
	maxBehind  = 100_000
	timeout    = 5 * time.Second
	maxBackoff = 5 * time.Second
)

// Hub hands out events. Use it once: Start, then Stop.
type Hub struct {
	broker  event.Broker
	config  Config
	reading chan struct{} // a place for each read of the stream
	tried   chan struct{} // closed when the stream was asked for the first time, whatever it said
	figures figures

	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex // before that of a subscription
	ready   bool       // the stream was reached once, and the hub has not stopped
	seen    event.Cursor
	last    string // the id of the event there; empty when that is not known
	adopted int    // how often the hub began at another place than that behind the last event it had seen
	index   index

	woken []*Subscription // whom to notify; the follower's own
}

var errStarted = errors.New("hub: it was started before")

// New returns a hub over a stream.
func New(broker event.Broker, cfg Config) *Hub {
	cfg.Buffer = orElse(cfg.Buffer, buffer)
	cfg.Page = orElse(cfg.Page, page)
	cfg.Reads = orElse(cfg.Reads, reads)
	cfg.MaxBehind = orElse(cfg.MaxBehind, maxBehind)
	cfg.Timeout = orElse(cfg.Timeout, timeout)
	cfg.MaxBackoff = orElse(cfg.MaxBackoff, maxBackoff)

	return &Hub{broker: broker, config: cfg, reading: make(chan struct{}, cfg.Reads), tried: make(chan struct{}), index: newIndex()}
}

func orElse[T int | uint64 | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}

	return value
}

// Start begins to follow the stream in the background, whether or not it can be reached. The work carries the values of ctx, and ends with Stop.
func (h *Hub) Start(ctx context.Context) error {
	if h.done != nil {
		return errStarted
	}

	ctx, h.cancel = context.WithCancel(context.WithoutCancel(ctx))
	h.done = make(chan struct{})

	go func() {
		defer close(h.done)

		h.work(ctx)
	}()

	return nil
}

// Stop ends that, and returns when it has ended, or with the error of ctx. Subscriptions keep what they hold; nothing more comes.
func (h *Hub) Stop(ctx context.Context) error {
	if h.done == nil {
		return nil
	}

	h.cancel()

	select {
	case <-h.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("hub: stop: %w", ctx.Err())
	}
}

// state asks the stream what it holds.
func (h *Hub) state(ctx context.Context) (event.State, error) {
	ctx, cancel := context.WithTimeout(ctx, h.config.Timeout)
	defer cancel()

	return h.broker.State(ctx)
}

// read reads a page of the stream, when it is its turn.
func (h *Hub) read(ctx context.Context, epoch string, f event.Filter, after, upTo uint64) ([]*event.Placed, uint64, error) {
	select {
	case h.reading <- struct{}{}:
		defer func() { <-h.reading }()
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}

	h.figures.reads.Add(1)

	ctx, cancel := context.WithTimeout(ctx, h.config.Timeout)
	defer cancel()

	events, reached, err := h.broker.Read(ctx, epoch, f, after, upTo, h.config.Page)
	if err == nil && reached <= after {
		err = errStuck // else a reader would go round for ever
	}

	return events, reached, err
}
