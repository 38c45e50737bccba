package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sidereal/event"
)

// checkup is what a health is made of in a test: what its checks say, and whether its events can be kept.
type checkup struct {
	mu    sync.Mutex
	says  map[string]string
	ready bool
	down  error
	told  []event.SystemHealthCheckData
	at    []time.Time
}

func (c *checkup) check(context.Context) (map[string]string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.says, c.ready
}

// now says what the checks say from now on, and returns what was told so far.
func (c *checkup) now(says map[string]string, ready bool, down error) []event.SystemHealthCheckData {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.says, c.ready, c.down = says, ready, down

	return slices.Clone(c.told)
}

func (c *checkup) append(_ context.Context, events ...event.Event) error {
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.down != nil {
		return c.down
	}

	for _, e := range events {
		data, _ := e.Data.(event.SystemHealthCheckData)
		c.told, c.at = append(c.told, data), append(c.at, e.OccurredAt)
	}

	return nil
}

func TestOnlyChangesOfHealthAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &checkup{says: map[string]string{"events": "ok", "database": "ok"}, ready: true}
		h := &health{
			node: "here", append: c.append, now: time.Now, log: slog.New(slog.DiscardHandler),
			check: c.check,
		}
		begin := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)

		go func() { ended <- h.Run(ctx) }()

		pass := func(intervals int) {
			time.Sleep(time.Duration(intervals)*healthInterval + time.Second) // of the bubble
			synctest.Wait()
		}

		pass(3)

		fine, broken := map[string]string{"events": "ok", "database": "ok"}, map[string]string{"events": "ok", "database": "timeout"}
		told := c.now(broken, false, errors.New("down")) // so that it cannot be told either

		well := event.SystemHealthCheckData{Node: "here", Ready: true, Checks: []event.HealthCheck{{Name: "database", Status: "ok"}, {Name: "events", Status: "ok"}}}
		if diff := cmp.Diff([]event.SystemHealthCheckData{well}, told); diff != "" {
			t.Errorf("after three checks that say the same (-want +got):\n%s", diff)
		}

		pass(2)

		if told = c.now(fine, true, nil); len(told) != 1 {
			t.Errorf("told while nothing could be: %v", told)
		}

		pass(2)

		told = c.now(fine, true, nil)

		ill := event.SystemHealthCheckData{Node: "here", Checks: []event.HealthCheck{{Name: "database", Status: "timeout"}, {Name: "events", Status: "ok"}}}
		if diff := cmp.Diff([]event.SystemHealthCheckData{well, ill, well}, told); diff != "" {
			t.Errorf("after the database failed (-want +got):\n%s", diff)
		}

		cancel()

		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("want %v, got %v", context.Canceled, err)
		}

		if want := []time.Time{begin, begin.Add(4 * healthInterval), begin.Add(6 * healthInterval)}; len(c.at) == 3 && (!c.at[1].Equal(want[1]) || !c.at[2].Equal(want[2])) {
			t.Errorf("want them to have happened at %v, got %v", want, c.at)
		}
	})
}

func TestAProcessThatStopsIsNotIll(t *testing.T) {
	c := new(checkup)
	ctx, cancel := context.WithCancel(t.Context())
	h := &health{
		append: c.append, now: time.Now, log: slog.New(slog.DiscardHandler),
		check: func(context.Context) (map[string]string, bool) {
			cancel()

			return map[string]string{"database": "unavailable"}, false
		},
	}

	if err := h.Run(ctx); !errors.Is(err, context.Canceled) || len(c.told) > 0 {
		t.Errorf("want nothing told, got %v, %v", c.told, err)
	}
}
