package presence

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"sidereal/account"
)

// Authenticate returns the viewer that a bearer token stands for: an UNAUTHENTICATED fault for a bad token, another error when it could not be looked up.
type Authenticate func(ctx context.Context, token string) (account.Viewer, error)

// Config says how a watcher works.
type Config struct {
	// Recheck is within which time a token is asked about again; 0 is 30 s. Each time is another, from half of it on, so that connections that were opened together
	// are not asked about together.
	Recheck time.Duration
	// MaxAtOnce is how many tokens are asked about at once; 0 is 16. Others wait.
	MaxAtOnce int
}

const (
	defaultRecheck   = 30 * time.Second
	defaultMaxAtOnce = 16
	askTimeout       = 5 * time.Second        // of one question
	crowdedPause     = 250 * time.Millisecond // at most, before one that found no room asks again
)

// Watcher asks again and again whether the tokens of long connections are still good. It has no goroutine but for questions under way. It is safe for concurrent use.
type Watcher struct {
	authenticate Authenticate
	now          func() time.Time
	recheck      time.Duration
	room         chan struct{}   // as many places as questions may be under way
	life         context.Context //nolint:containedctx // its end is that of all questions
	end          context.CancelFunc

	mu      sync.Mutex
	closed  bool
	watches map[*Watch]struct{}
	asking  sync.WaitGroup // is added to while mu is held and the watcher is not closed
}

// NewWatcher returns a watcher that watches nothing yet.
func NewWatcher(authenticate Authenticate, now func() time.Time, cfg Config) *Watcher {
	if cfg.Recheck == 0 {
		cfg.Recheck = defaultRecheck
	}

	if cfg.MaxAtOnce == 0 {
		cfg.MaxAtOnce = defaultMaxAtOnce
	}

	w := &Watcher{
		authenticate: authenticate, now: now, recheck: cfg.Recheck, room: make(chan struct{}, cfg.MaxAtOnce), watches: make(map[*Watch]struct{}),
	}
	w.life, w.end = context.WithCancel(context.Background())

	return w
}

// Watch begins to watch a connection whose token stands for the viewer. Ended is called once, from a goroutine of its own and with a reason for people, when the
// connection must end: when the token expires, is no longer good, or may do less than it might. It is not called once Stop has returned, unless it was under way.
func (w *Watcher) Watch(token string, viewer account.Viewer, ended func(reason string)) *Watch {
	watch := &Watch{watcher: w, ended: ended, token: token, viewer: viewer}

	w.mu.Lock()
	defer w.mu.Unlock()

	if w.closed {
		watch.stopped = true

		return watch
	}

	w.watches[watch] = struct{}{}

	watch.mu.Lock()
	defer watch.mu.Unlock()

	watch.timer = time.AfterFunc(watch.pause(), watch.look)

	return watch
}

// Recheck asks at once about the tokens of all viewers that a change concerns.
func (w *Watcher) Recheck(concerns func(account.Viewer) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()

	for watch := range w.watches {
		if concerns(watch.Viewer()) {
			watch.hurry()
		}
	}
}

// Close ends all watches, calls nobody, and returns when no question is under way.
func (w *Watcher) Close() {
	w.mu.Lock()
	watches := w.watches
	w.closed, w.watches = true, nil
	w.mu.Unlock()

	w.end()

	for watch := range watches {
		watch.Stop()
	}

	w.asking.Wait()
}

// begin notes that a watch is at work; false when the watcher is closed.
func (w *Watcher) begin() bool {
	w.mu.Lock()
	defer w.mu.Unlock()

	if !w.closed {
		w.asking.Add(1)
	}

	return !w.closed
}

// forget takes a watch out.
func (w *Watcher) forget(watch *Watch) {
	w.mu.Lock()
	defer w.mu.Unlock()

	delete(w.watches, watch)
}

// ask asks about a token; false when there is no room to.
func (w *Watcher) ask(token string) (v account.Viewer, asked bool, err error) {
	select {
	case w.room <- struct{}{}:
	default:
		return v, false, nil
	}

	defer func() { <-w.room }()

	ctx, cancel := context.WithTimeout(w.life, askTimeout)
	defer cancel()

	v, err = w.authenticate(ctx, token)

	return v, true, err
}

// within returns a random time up to longest, from half of it on.
func within(longest time.Duration) time.Duration {
	return longest - rand.N(longest/2+1) //nolint:gosec // spreading needs no secret
}
