package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sidereal/db"
	"sidereal/event"
	"sidereal/resilience"
)

func TestNoticesOfBreakersWaitForTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			down atomic.Bool
			told []string
		)

		down.Store(true)

		n := &breakerNotices{node: "here", log: slog.New(slog.DiscardHandler), wake: make(chan struct{}, 1)}
		n.append = func(_ context.Context, events ...event.Event) error {
			if down.Load() {
				return errors.New("down")
			}

			for _, e := range events {
				data, _ := e.Data.(event.SystemNoticeData)
				told = append(told, fmt.Sprint(e.Type, " ", e.Subject, " ", e.Owner, ": ", data.Message))
			}

			return nil
		}

		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)

		go func() { ended <- n.Run(ctx) }()

		closed, open, half := resilience.Closed, resilience.Open, resilience.HalfOpen
		for _, c := range []resilience.Change{
			{From: closed, To: open, Mode: resilience.Auto, Why: "3 of 4 calls failed"},
			{From: open, To: half, Mode: resilience.Auto},
			{From: half, To: open, Mode: resilience.Auto},
			{From: closed, To: open, Mode: resilience.ForceOpen},
			{From: half, To: closed, Mode: resilience.Auto, Why: "its probes succeeded"},
		} {
			c.Dependency, c.At = "model", time.Now()
			n.Changed(c)
		}

		synctest.Wait()
		down.Store(false)
		time.Sleep(noticeRetry) // of the bubble
		synctest.Wait()
		cancel()

		if err := <-ended; err != nil {
			t.Error(err)
		}

		want := []string{
			"system.warning model : On here, calls of model are refused, as it fails: 3 of 4 calls failed.",
			"system.warning model : On here, model is called again: its probes succeeded.",
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Rows that come in another order than they were written leave the newest in force, and each order to start anew is obeyed once.
func TestTheNewestOrderIsInForce(t *testing.T) {
	registry := resilience.New(resilience.Config{})

	d, err := registry.Add("model", resilience.Policy{Tries: 1, MinCalls: 1, OpenFor: time.Hour})
	if err != nil {
		t.Fatal(err)
	}

	b := newBreakers(registry, nil, nil, slog.New(slog.DiscardHandler))
	row := func(orders, resets int64, mode resilience.Mode) db.BreakerOrders {
		return db.BreakerOrders{Name: "model", Mode: mode, Orders: orders, Resets: resets}
	}
	broken := func() {
		_, _ = resilience.Do(t.Context(), d, func(context.Context) (int, error) { return 0, &resilience.StatusError{Status: 503} })
	}

	var got []string

	for _, kept := range []db.BreakerOrders{
		row(2, 0, resilience.Auto), row(1, 0, resilience.ForceOpen), // late
		row(3, 1, resilience.Auto), row(3, 1, resilience.Auto), // and again
		row(4, 1, resilience.ForceClosed), {Name: "webhook", Mode: resilience.ForceOpen, Orders: 1},
	} {
		broken()

		if err := b.obey(kept); err != nil {
			t.Fatal(err)
		}

		s := d.Status()
		got = append(got, string(s.Mode)+" "+string(s.State))
	}

	want := []string{"AUTO OPEN", "AUTO OPEN", "AUTO CLOSED", "AUTO OPEN", "FORCE_CLOSED CLOSED", "FORCE_CLOSED CLOSED"}
	if !slices.Equal(got, want) {
		t.Errorf("want %q, got %q", want, got)
	}
}
