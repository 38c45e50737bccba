package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"sidereal/event"
)

const (
	// readyTimeout bounds the checks of whether the process is ready.
	readyTimeout = 2 * time.Second
	// healthInterval is how often the process looks whether it is ready, for those who listen.
	healthInterval = 10 * time.Second
	// maxUntold bounds the changes that wait for the database to tell them; of more, the oldest are forgotten.
	maxUntold = 64
)

// checked is what /readyz says of a part that is well.
const checked = "ok"

// check asks all parts that requests need, and returns what each says: "ok", or the reason why not.
func (a *app) check(ctx context.Context) (checks map[string]string, ready bool) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()

	checks, ready = make(map[string]string), true

	for name, ping := range map[string]func(context.Context) error{"database": a.database.Ping, "events": a.broker.Ping} {
		checks[name] = checked

		if err := ping(ctx); err != nil {
			a.log.WarnContext(ctx, "not ready", "part", name, "error", err)

			checks[name], ready = reason(err), false
		}
	}

	return checks, ready
}

// health tells administrators, as system.health_check, when what the checks of this process say has changed, and what they say first.
type health struct {
	node   string
	check  func(ctx context.Context) (checks map[string]string, ready bool)
	append func(ctx context.Context, events ...event.Event) error
	now    func() time.Time
	log    *slog.Logger

	last   map[string]string // nil before the first check
	untold []event.Event     // the database could not take them
}

// Run looks again and again until ctx ends. A change that cannot be told, because the database is what failed, is told when that is well again.
func (h *health) Run(ctx context.Context) error {
	ticker := time.NewTicker(healthInterval)
	defer ticker.Stop()

	for {
		h.look(ctx)

		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (h *health) look(ctx context.Context) {
	checks, ready := h.check(ctx)
	if ctx.Err() != nil { // the process stops, and nothing has changed
		return
	}

	if h.last == nil || !maps.Equal(checks, h.last) {
		h.last = checks
		h.untold = append(h.untold[max(0, len(h.untold)-maxUntold+1):], h.event(checks, ready))
	}

	if len(h.untold) == 0 {
		return
	}

	if err := h.append(ctx, h.untold...); err != nil {
		h.log.WarnContext(ctx, "what the checks found waits to be told", "changes", len(h.untold), "error", err)

		return
	}

	h.untold = nil
}

func (h *health) event(checks map[string]string, ready bool) event.Event {
	data := event.SystemHealthCheckData{Node: h.node, Ready: ready, Checks: make([]event.HealthCheck, 0, len(checks))}

	for _, name := range slices.Sorted(maps.Keys(checks)) {
		data.Checks = append(data.Checks, event.HealthCheck{Name: name, Status: checks[name]})
	}

	return event.New(event.SystemHealthCheck, h.now(), h.node, "", data)
}
