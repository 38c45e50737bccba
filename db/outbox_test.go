package db

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/internal/pgtest"
)

var moment = time.Date(2026, 1, 1, 12, 0, 0, 123_456_000, time.UTC)

// happened are n events of one moment, numbered from first.
func happened(first, n int) []event.Event {
	events := make([]event.Event, n)
	for i := range events {
		events[i] = event.New(event.UserRegistered, moment, fmt.Sprint(first+i), "owner", map[string]int{"n": first + i})
	}

	return events
}

// keep appends events in a transaction.
func keep(t testing.TB, d *DB, events ...event.Event) {
	t.Helper()

	err := d.inTx(t.Context(), "test.keep", func(ctx context.Context, tx bun.Tx) error { return appendEvents(ctx, tx, events...) })
	if err != nil {
		t.Fatal(err)
	}
}

// subjects are what the pending events are about, in their order.
func subjects(t testing.TB, d *DB) []string {
	t.Helper()

	events, err := NewOutbox(d).Pending(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}

	found := make([]string, len(events))
	for i, e := range events {
		found[i] = e.Subject
	}

	return found
}

func TestTheOutboxKeepsEventsInTheirOrderUntilTheyArePublished(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})
			box := NewOutbox(d)
			first, second := happened(0, 30), happened(30, 2)

			keep(t, d, first...)
			keep(t, d, second...)
			keep(t, d)

			got, err := box.Pending(t.Context(), 31)
			if err != nil || len(got) != 31 {
				t.Fatalf("want 31 events, got %d, %v", len(got), err)
			}

			for i, e := range got {
				want := slices.Concat(first, second)[i]
				want.Data = json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))

				if fmt.Sprint(e) != fmt.Sprint(want) {
					t.Errorf("want %v, got %v", want, e)
				}
			}

			if err := box.Published(t.Context(), []string{first[0].ID, "nobody's", second[1].ID}); err != nil {
				t.Fatal(err)
			}

			if left := subjects(t, d); len(left) != 30 || left[0] != "1" || left[29] != "30" {
				t.Errorf("want 1 to 30, got %v", left)
			}

			if err := box.Published(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPublishedEventsStayUntilTheyAreSweptOut(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})
			events := happened(0, 4)
			keep(t, d, events...)

			now := moment
			box := &Outbox{d, func() time.Time { return now }}

			// rows are how many there are, pending or not.
			rows := func() int64 {
				n, err := d.reader.NewSelect().Model((*outboxRow)(nil)).Count(t.Context())
				if err != nil {
					t.Fatal(err)
				}

				return n
			}

			publish := func(indices ...int) {
				for _, i := range indices {
					if err := box.Published(t.Context(), []string{events[i].ID}); err != nil {
						t.Fatal(err)
					}
				}
			}

			publish(2, 0)

			now = now.Add(time.Minute)

			publish(1)

			if err := box.Sweep(t.Context(), time.Minute); err != nil || rows() != 4 {
				t.Errorf("want nothing swept out that was published a minute ago, got %d of 4, %v", rows(), err)
			}

			if err := box.Recall(t.Context()); err != nil {
				t.Fatal(err)
			}

			if got := subjects(t, d); !slices.Equal(got, []string{"0", "1", "2", "3"}) {
				t.Errorf("want all to be pending again, in their order, got %v", got)
			}

			publish(0, 1)

			now = now.Add(time.Minute + time.Microsecond)

			publish(2)

			if err := box.Sweep(t.Context(), time.Minute); err != nil || rows() != 2 {
				t.Errorf("want the two gone that were published longer ago, got %d left, %v", rows(), err)
			}

			if got := subjects(t, d); !slices.Equal(got, []string{"3"}) {
				t.Errorf("want the one that waits still, got %v", got)
			}
		})
	}
}

func TestEventsAreKeptWithTheirTransactionOrNotAtAll(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})
			refused := fault.New(fault.Conflict, "no")

			for name, test := range map[string]struct {
				action func(context.Context, bun.Tx) error
				want   fault.Code
			}{
				"the domain refuses": {func(context.Context, bun.Tx) error { return refused }, fault.Conflict},
				"a statement fails": {func(ctx context.Context, tx bun.Tx) error {
					_, err := tx.NewRaw("INSERT INTO nowhere VALUES (1)").Exec(ctx)

					return err
				}, fault.Internal},
				"data that is no JSON": {func(ctx context.Context, tx bun.Tx) error {
					return appendEvents(ctx, tx, event.New(event.UserLoggedIn, moment, "s", "o", func() {}))
				}, fault.Internal},
				"data that is too long": {func(ctx context.Context, tx bun.Tx) error {
					return appendEvents(ctx, tx, event.New(event.UserLoggedIn, moment, "s", "o", strings.Repeat("x", maxEventData)))
				}, fault.Internal},
			} {
				err := d.inTx(t.Context(), "test.fail", func(ctx context.Context, tx bun.Tx) error {
					if err := appendEvents(ctx, tx, happened(1, 1)...); err != nil {
						return err
					}

					return test.action(ctx, tx)
				})
				if fault.CodeOf(err) != test.want || err == nil {
					t.Errorf("%s: want %s, got %v", name, test.want, err)
				}
			}

			func() {
				defer func() { _ = recover() }()

				_ = d.inTx(t.Context(), "test.panic", func(ctx context.Context, tx bun.Tx) error {
					if err := appendEvents(ctx, tx, happened(1, 1)...); err != nil {
						t.Error(err)
					}

					panic("in the middle of it")
				})
			}()

			if left := subjects(t, d); len(left) != 0 {
				t.Errorf("want nothing kept, got %v", left)
			}

			select {
			case <-d.appended:
				t.Error("want no hint of what was not kept")
			default:
			}

			keep(t, d, happened(7, 1)...) // the connection is whole

			select {
			case <-NewOutbox(d).Appended():
			default:
				t.Error("want a hint of what was kept")
			}
		})
	}
}

// What is appended twice under one id is a mistake that must not go unseen.
func TestAnEventIsAppendedOnce(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})
			events := happened(0, 1)
			keep(t, d, events...)

			err := d.inTx(t.Context(), "test.again", func(ctx context.Context, tx bun.Tx) error { return appendEvents(ctx, tx, events...) })
			if err == nil || len(subjects(t, d)) != 1 {
				t.Errorf("want an error and one event, got %v, %v", err, subjects(t, d))
			}
		})
	}
}

func TestTransactionsSurviveARestartOfPostgreSQL(t *testing.T) {
	server := pgtest.Start(t)
	d := migrated(t, Config{URL: server.NewDatabase(t)})
	keep(t, d, happened(0, 1)...) // a connection is in the pool
	server.Restart(t)
	keep(t, d, happened(1, 1)...)

	// It dies in the middle: what was done so far is gone with it, and the action runs again.
	runs := 0

	err := d.inTx(t.Context(), "test.cut", func(ctx context.Context, tx bun.Tx) error {
		if err := appendEvents(ctx, tx, happened(10*(runs+1), 1)...); err != nil {
			return err
		}

		if runs++; runs == 1 {
			server.Restart(t)
		}

		return appendEvents(ctx, tx, happened(10*runs+1, 1)...)
	})
	if err != nil || runs != 2 {
		t.Errorf("want two runs, got %d, %v", runs, err)
	}

	if got := subjects(t, d); !slices.Equal(got, []string{"0", "1", "20", "21"}) {
		t.Errorf("want what the second run kept, got %v", got)
	}

	// It dies under the commit: nobody knows, so nothing is repeated.
	runs = 0

	err = d.inTx(t.Context(), "test.cut_commit", func(ctx context.Context, tx bun.Tx) error {
		runs++
		err := appendEvents(ctx, tx, happened(30, 1)...)
		server.Stop(t)

		return err
	})
	if fault.CodeOf(err) != fault.UpstreamUnavailable || runs != 1 {
		t.Errorf("want one run and UPSTREAM_UNAVAILABLE, got %d, %v", runs, err)
	}
}

func TestATransactionIsRepeatedOnlyForADeadConnection(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})

			for _, test := range []struct {
				fails error
				runs  int
			}{
				{driver.ErrBadConn, staleAttempts}, {io.ErrUnexpectedEOF, staleAttempts}, {errors.New("another"), 1}, {context.Canceled, 1},
			} {
				runs := 0

				err := d.inTx(t.Context(), "test.fails", func(context.Context, bun.Tx) error {
					runs++

					return test.fails
				})
				if !errors.Is(err, test.fails) || runs != test.runs {
					t.Errorf("%v: want %d runs, got %d, %v", test.fails, test.runs, runs, err)
				}
			}

			ended, cancel := context.WithCancel(t.Context())
			cancel()

			err := d.inTx(ended, "test.ended", func(context.Context, bun.Tx) error {
				t.Error("want nothing to run for a caller who has gone")

				return nil
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("want Canceled, got %v", err)
			}
		})
	}
}

func TestStatementsOfATransactionAreReportedUnderItsName(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			var seen []string

			d := migrated(t, Config{URL: b.url(t), Observe: func(_ context.Context, s Statement) {
				verb, _, _ := strings.Cut(s.Fingerprint, " ")
				seen = append(seen, s.Name+" "+verb)
			}})
			seen = nil

			keep(t, d, happened(0, 2)...)

			if want := []string{"test.keep BEGIN", "test.keep INSERT", "test.keep COMMIT"}; !slices.Equal(seen, want) {
				t.Errorf("want %v, got %v", want, seen)
			}
		})
	}
}
