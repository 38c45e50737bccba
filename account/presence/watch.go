package presence

import (
	"context"
	"sync"
	"time"

	"sidereal/account"
	"sidereal/fault"
)

// Why a connection ends. A close frame has room for 123 bytes.
const (
	reasonExpired = "the token has expired; connect again with a new one, or renew it with a ping that carries Authorization"
	reasonLess    = "the token may do less than before; connect again"
)

// Watch is a connection whose token is watched. It is safe for concurrent use.
type Watch struct {
	watcher *Watcher
	ended   func(reason string)

	mu      sync.Mutex
	token   string
	viewer  account.Viewer
	timer   *time.Timer
	urgent  bool // to be looked at without delay
	stopped bool
}

// Viewer returns who the token stands for, by what was last heard.
func (w *Watch) Viewer() account.Viewer {
	w.mu.Lock()
	defer w.mu.Unlock()

	return w.viewer
}

// Renew puts a new token in the place of the old one, whose end no longer matters. It must be good (UNAUTHENTICATED), belong to the same account and may do no less
// than the old one (FORBIDDEN): what the connection does already goes on.
func (w *Watch) Renew(token string) error {
	ctx, cancel := context.WithTimeout(w.watcher.life, askTimeout)
	defer cancel()

	viewer, err := w.watcher.authenticate(ctx, token)
	if err != nil {
		return err
	}

	w.mu.Lock()
	defer w.mu.Unlock()

	switch {
	case w.stopped:
		return fault.New(fault.Unauthenticated, "the connection has ended")
	case viewer.Subject != w.viewer.Subject:
		return fault.New(fault.Forbidden, "the new token is that of another account; connect again with it")
	case less(viewer, w.viewer):
		return fault.New(fault.Forbidden, "the new token may do less than the one before; connect again with it")
	}

	w.token, w.viewer = token, viewer
	w.timer.Reset(w.pause())

	return nil
}

// Stop ends the watch. It may be called more than once.
func (w *Watch) Stop() {
	w.mu.Lock()
	w.stop()
	w.mu.Unlock()

	w.watcher.forget(w)
}

// stop notes the end. The watch is locked.
func (w *Watch) stop() {
	if !w.stopped { // else there may be no timer
		w.stopped = true
		w.timer.Stop()
	}
}

// hurry has the token looked at now; a look under way does not count.
func (w *Watch) hurry() {
	w.mu.Lock()
	defer w.mu.Unlock()

	if !w.stopped {
		w.urgent = true
		w.timer.Reset(0)
	}
}

// rest has the token looked at again after a time, or now where somebody is in a hurry.
func (w *Watch) rest(after func() time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()

	switch {
	case w.stopped:
	case w.urgent:
		w.timer.Reset(0)
	default:
		w.timer.Reset(after())
	}
}

// pause returns how long the token need not be looked at. The watch is locked.
func (w *Watch) pause() time.Duration {
	pause := within(w.watcher.recheck)

	if !w.viewer.Expires.IsZero() {
		pause = min(pause, w.viewer.Expires.Sub(w.watcher.now()))
	}

	return max(pause, 0)
}

// look finds out whether the token is still good, and ends the connection when it is not. What could not be found out ends nothing.
func (w *Watch) look() {
	if !w.watcher.begin() {
		return
	}

	defer w.watcher.asking.Done()

	w.mu.Lock()
	token, known := w.token, w.viewer
	w.urgent = false
	w.mu.Unlock()

	if !known.Expires.IsZero() && !w.watcher.now().Before(known.Expires) {
		w.finish(token, reasonExpired)

		return
	}

	viewer, asked, err := w.watcher.ask(token)

	switch {
	case !asked:
		w.rest(func() time.Duration { return within(crowdedPause) })
	case fault.CodeOf(err) == fault.Unauthenticated:
		f, _ := fault.As(err)
		w.finish(token, f.Message)
	case err != nil:
		w.rest(w.pause)
	case viewer.Subject != known.Subject || less(viewer, known):
		w.finish(token, reasonLess)
	default:
		w.learn(token, viewer)
		w.rest(w.pause)
	}
}

// learn notes who a token stands for now, unless another one has taken its place.
func (w *Watch) learn(token string, viewer account.Viewer) {
	w.mu.Lock()
	defer w.mu.Unlock()

	if w.token == token {
		w.viewer = viewer
	}
}

// finish ends the connection for its token, unless another one has taken its place.
func (w *Watch) finish(token, reason string) {
	w.mu.Lock()

	mine := !w.stopped && w.token == token
	if mine {
		w.stop()
	}

	w.mu.Unlock()

	if mine {
		w.watcher.forget(w)
		w.ended(reason)
	}
}

// less tells whether a viewer may do less than another of the same account.
func less(v, than account.Viewer) bool {
	switch {
	case than.Role == account.Admin && v.Role != account.Admin:
		return true
	case than.Key == "": // a person may do what no key may
		return v.Key != ""
	default:
		return v.Key != "" && than.Scopes&^v.Scopes != 0
	}
}
