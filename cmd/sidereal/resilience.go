package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"sidereal/db"
	"sidereal/event"
	"sidereal/resilience"
)

const (
	// noticeRetry is how long the database is left alone that could not take a notice.
	noticeRetry = 2 * time.Second
	// resilienceStop bounds how long changes of breakers may take to be told when the process ends.
	resilienceStop = 5 * time.Second
)

// startResilience makes the registry of the services outside, to which they are added, and begins to tell administrators of what their breakers do.
func (a *app) startResilience(ctx context.Context) error {
	node, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("name of the host: %w", err)
	}

	notices := &breakerNotices{node: node, append: db.NewOutbox(a.database).Append, log: a.log, wake: make(chan struct{}, 1)}
	a.registry = resilience.New(resilience.Config{Changed: notices.Changed, Log: a.log})
	a.stopResilience = func() error { // when all changes of breakers are with those who tell of them
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), resilienceStop)
		defer cancel()

		return a.registry.Stop(ending)
	}
	a.work.Go("telling of circuit breakers", notices.Run)

	return nil
}

// startBreakers obeys what operators have ordered of the services that were added, now and from now on.
func (a *app) startBreakers(ctx context.Context) error {
	if err := a.breakers.Load(ctx); err != nil {
		return fmt.Errorf("orders of circuit breakers: %w", err)
	}

	a.work.Go("hearing of circuit breakers", a.breakers.Run)

	return nil
}

// breakerNotices tells administrators, as system.warning, when a breaker opens and when its service is well again. What happens between, probes that fail, and what
// operators order, which is told once for all processes, is for the log.
type breakerNotices struct {
	node   string
	append func(ctx context.Context, events ...event.Event) error
	log    *slog.Logger
	wake   chan struct{} // holds one

	mu     sync.Mutex
	untold []event.Event
}

// Changed is told of a change. It does not wait.
func (n *breakerNotices) Changed(c resilience.Change) {
	n.log.Warn("a circuit breaker has changed", "breaker", c.Dependency, "from", c.From, "to", c.To, "mode", c.Mode, "why", c.Why)

	var message string

	switch {
	case c.Mode == resilience.Auto && c.From == resilience.Closed && c.To == resilience.Open:
		message = fmt.Sprintf("On %s, calls of %s are refused, as it fails: %s.", n.node, c.Dependency, c.Why)
	case c.Mode == resilience.Auto && c.From == resilience.HalfOpen && c.To == resilience.Closed:
		message = fmt.Sprintf("On %s, %s is called again: %s.", n.node, c.Dependency, c.Why)
	default:
		return
	}

	told := event.New(event.SystemWarning, c.At, c.Dependency, "", event.SystemNoticeData{Message: message})

	n.mu.Lock()
	n.untold = append(n.untold[max(0, len(n.untold)-maxUntold+1):], told)
	n.mu.Unlock()

	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// Run puts the notices into the outbox until ctx ends; what the database does not take waits.
func (n *breakerNotices) Run(ctx context.Context) error {
	for {
		select {
		case <-n.wake:
		case <-ctx.Done():
			return n.flush(context.WithoutCancel(ctx))
		}

		for n.flush(ctx) != nil {
			select {
			case <-time.After(noticeRetry):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// flush tells what is untold.
func (n *breakerNotices) flush(ctx context.Context) error {
	n.mu.Lock()
	telling := n.untold
	n.untold = nil
	n.mu.Unlock()

	if len(telling) == 0 {
		return nil
	}

	err := n.append(ctx, telling...)
	if err == nil {
		return nil
	}

	if !errors.Is(err, context.Canceled) {
		n.log.Warn("what circuit breakers did waits to be told", "changes", len(telling), "error", err)
	}

	n.mu.Lock()
	defer n.mu.Unlock()

	n.untold = append(telling, n.untold...)
	n.untold = n.untold[max(0, len(n.untold)-maxUntold):]

	return err
}
