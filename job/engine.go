package job

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"sidereal/event"
	"sidereal/fault"
)

// Config says how an engine works. Its zero values are good for everything but tests.
type Config struct {
	Log   *slog.Logger     // required
	Now   func() time.Time // required; it measures how old a lease is, and stores nothing
	Hints <-chan struct{}  // there may be jobs in the queue; nil for polling only
	// Poll is how long a hint that never came may delay a job; 0 is 1 s.
	Poll time.Duration
	// Lease is how long a job of a worker that has died waits for another one; 0 is 5 s.
	Lease time.Duration
	// Beat is how often leases are renewed, and how long another node may go on with a job that was cancelled; 0 is 500 ms. It should be a small part of Lease.
	Beat time.Duration
	// Timeout bounds what is written at the end of an attempt; 0 is 5 s.
	Timeout time.Duration
}

const (
	defaultPoll    = time.Second
	defaultLease   = 5 * time.Second
	defaultBeat    = 500 * time.Millisecond
	defaultTimeout = 5 * time.Second
)

// ErrStopping is the cause of a handler's context that ends because the engine is being stopped.
var ErrStopping = errors.New("job: the engine is being stopped")

var errStarted = errors.New("job: the engine was started before")

// Engine is the workers of a process. Use it once: Start, then Stop; Enqueue and Cancel need neither.
type Engine struct {
	store  Store
	config Config
	worker string // the name of this process among workers
	kinds  map[string]*Kind

	stop      context.CancelCauseFunc // ends loops and handlers; nil before Start
	stopBeats context.CancelFunc
	loops     sync.WaitGroup // those that claim
	attempts  sync.WaitGroup
	beats     sync.WaitGroup

	mu      sync.Mutex
	running map[string]*attempt // by the job's id
}

// New returns an engine of kinds of work, whose names differ.
func New(store Store, cfg Config, kinds ...Kind) *Engine {
	cfg.Poll = orElse(cfg.Poll, defaultPoll)
	cfg.Lease = orElse(cfg.Lease, defaultLease)
	cfg.Beat = orElse(cfg.Beat, defaultBeat)
	cfg.Timeout = orElse(cfg.Timeout, defaultTimeout)

	e := &Engine{store: store, config: cfg, worker: workerName(), kinds: make(map[string]*Kind, len(kinds)), running: make(map[string]*attempt)}

	for _, k := range kinds {
		k.Workers = orElse(k.Workers, defaultWorkers)
		k.MaxAttempts = orElse(k.MaxAttempts, DefaultMaxAttempts)

		if k.Backoff == nil {
			k.Backoff = backoff
		}

		e.kinds[k.Name] = &k
	}

	return e
}

func orElse[T int | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}

	return value
}

// workerName returns a name that no other process has, nor this one after a restart.
func workerName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}

	return host + "/" + rand.Text()[:10]
}

// Enqueue keeps a job of one of the kinds, and events with it. Where a job of that kind and key is under way, that one is returned and nothing is kept.
func (e *Engine) Enqueue(ctx context.Context, spec Spec, events ...event.Event) (j Job, created bool, err error) {
	kind, ok := e.kinds[spec.Kind]
	if !ok {
		return Job{}, false, fault.New(fault.Internal, "no worker does jobs of the kind %q", spec.Kind)
	}

	spec.MaxAttempts = orElse(spec.MaxAttempts, kind.MaxAttempts)

	return e.store.Enqueue(ctx, spec, events...)
}

// Cancel ends a job, whoever works on it: here at once, on another node with its next beat. A job that has ended is returned as it is.
func (e *Engine) Cancel(ctx context.Context, id string) (Job, error) {
	j, err := e.store.Find(ctx, id)
	if err != nil || j.Status.Ended() {
		return j, err
	}

	var events []event.Event

	if kind, ok := e.kinds[j.Kind]; ok {
		ended := j
		ended.Status = Cancelled
		events = e.endings(ctx, kind, ended)
	}

	j, cancelled, err := e.store.Cancel(ctx, id, events...)
	if cancelled {
		e.lose(id)
	}

	return j, err
}

// Start begins to work in the background, whether or not the store can be reached. The work carries the values of ctx, and ends with Stop.
func (e *Engine) Start(ctx context.Context) error {
	if e.stop != nil {
		return errStarted
	}

	ctx = context.WithoutCancel(ctx)
	beating, stopBeats := context.WithCancel(ctx)
	working, stop := context.WithCancelCause(ctx)
	e.stop, e.stopBeats = stop, stopBeats
	wake := make([]chan struct{}, 0, len(e.kinds))

	for _, kind := range e.kinds {
		hints := make(chan struct{}, 1)
		wake = append(wake, hints)

		e.loops.Go(func() { e.work(working, kind, hints) })
	}

	e.loops.Go(func() { e.passOn(working, wake) })
	e.beats.Go(func() { e.keepLeases(beating) })

	return nil
}

// Stop takes no more jobs, ends the handlers' contexts, and gives back to the queue what they leave undone: such an attempt does not count. It returns when all have
// ended. A handler that goes on when ctx ends loses its job, which is given back too, and Stop returns an error.
func (e *Engine) Stop(ctx context.Context) error {
	if e.stop == nil {
		return nil
	}

	e.stop(ErrStopping)

	ended := make(chan struct{})

	go func() { // ends with the last handler, as the package cannot end one
		defer close(ended)

		e.loops.Wait()
		e.attempts.Wait()
	}()

	defer e.beats.Wait()
	defer e.stopBeats()

	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return e.giveUpAll(context.WithoutCancel(ctx), ctx.Err())
	}
}

// giveUpAll gives back the jobs of handlers that go on.
func (e *Engine) giveUpAll(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()

	held := e.held()

	for _, a := range held {
		if err := e.store.Write(ctx, a.job.Lease(), Change{Status: Queued, Uncount: true}); err != nil && !errors.Is(err, ErrLost) {
			e.config.Log.WarnContext(ctx, "a job was not given back", "job", a.job.ID, "kind", a.job.Kind, "error", err)
		}
	}

	return fmt.Errorf("job: stop: %d handlers go on: %w", len(held), cause)
}

// passOn wakes the loops of all kinds when there is a hint.
func (e *Engine) passOn(ctx context.Context, wake []chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.config.Hints:
		}

		for _, loop := range wake {
			signal(loop)
		}
	}
}

// signal leaves a sign in a channel of one place.
func signal(to chan<- struct{}) {
	select {
	case to <- struct{}{}:
	default: // there is one already
	}
}

// endings returns the events that tell of an end. A mistake in making them must not keep the job from its end.
func (e *Engine) endings(ctx context.Context, kind *Kind, ended Job) (events []event.Event) {
	if kind.Ended == nil {
		return nil
	}

	defer func() {
		if panicked := recover(); panicked != nil {
			e.config.Log.ErrorContext(ctx, "panic in telling of a job's end", "job", ended.ID, "kind", ended.Kind, "panic", panicked, "stack", string(debug.Stack()))
		}
	}()

	return kind.Ended(ended)
}
