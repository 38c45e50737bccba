package db

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"go.uber.org/goleak"

	"sidereal/event"
	"sidereal/event/natsbroker"
	"sidereal/event/relay"
	"sidereal/internal/natstest"
)

// node is a process that relays: its own connections to the database and to the server.
type node struct {
	database *DB
	relay    *relay.Relay
	log      *logged
	stop     func()
}

// logged is a log that is read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()

	return l.text.Write(p)
}

func (l *logged) count(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()

	return strings.Count(l.text.String(), words)
}

// logs waits until the log has said something for the nth time.
func (n *node) logs(t *testing.T, words string, nth int) {
	t.Helper()

	for deadline := time.Now().Add(30 * time.Second); n.log.count(words) < nth; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%q is not said for the %d. time:\n%s", words, nth, &n.log.text)
		}
	}

	if got := n.log.count(words); got > nth {
		t.Errorf("%q is said %d times, want %d", words, got, nth)
	}
}

// startNode starts a node on a migrated database. Wrap may put something in front of its outbox.
func startNode(t *testing.T, url, nats string, wrap func(relay.Outbox) relay.Outbox) *node {
	t.Helper()

	n := &node{database: open(t, Config{URL: url}), log: new(logged)}
	log := slog.New(slog.NewTextHandler(n.log, nil))

	connection, err := natsbroker.Open(natsbroker.Config{URL: nats, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}

	var box relay.Outbox = NewOutbox(n.database)
	if wrap != nil {
		box = wrap(box)
	}

	n.relay = relay.New(box, connection.Events(), relay.Config{
		Hints: NewOutbox(n.database).Appended(), Log: log, Batch: 7, Poll: 50 * time.Millisecond, MaxBackoff: 200 * time.Millisecond,
	})
	if err := n.relay.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	n.stop = sync.OnceFunc(func() {
		if err := n.relay.Stop(context.Background()); err != nil {
			t.Error(err)
		}

		connection.Close()
	})
	t.Cleanup(n.stop)

	return n
}

// arrive waits until the outbox is empty, and returns the subjects of the events in the stream.
func arrive(t *testing.T, d *DB, server *natstest.Server) []string {
	t.Helper()

	for deadline := time.Now().Add(30 * time.Second); len(subjects(t, d)) > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still in the outbox: %v", subjects(t, d))
		}
	}

	return streamed(t, server)
}

func streamed(t *testing.T, server *natstest.Server) []string {
	t.Helper()

	messages := server.Messages(t, "EVENTS")
	found := make([]string, len(messages))

	for i, m := range messages {
		_, rest, _ := strings.Cut(string(m.Data), `"subject":"`)
		found[i], _, _ = strings.Cut(rest, `"`)
	}

	return found
}

func numbers(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprint(i)
	}

	return texts
}

// onBoth runs a test on both kinds of database, and looks for goroutines that outlive it.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()

	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			leaks := goleak.IgnoreCurrent()

			t.Run("relay", func(t *testing.T) { test(t, b.url(t)) })
			goleak.VerifyNone(t, leaks)
		})
	}
}

func TestEventsReachTheStreamInTheirOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		server := natstest.Start(t)
		d := migrated(t, Config{URL: url})
		keep(t, d, happened(0, 20)...) // before there was a relay

		n := startNode(t, url, server.URL(), nil)
		for i := range 10 { // of this process, which gives hints, and of another
			keep(t, []*DB{n.database, d}[i%2], happened(20+2*i, 2)...)
		}

		if got := arrive(t, d, server); !slices.Equal(got, numbers(40)) {
			t.Errorf("want 0 to 39, got %v", got)
		}
	})
}

// forgetful loses what it is told, as a process does that dies after it has published.
type forgetful struct{ relay.Outbox }

func (forgetful) Published(context.Context, []string) error { return nil }

func TestACrashBetweenPublishingAndNotingItRepeatsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		server := natstest.Start(t)
		d := migrated(t, Config{URL: url})
		keep(t, d, happened(0, 10)...)

		first := startNode(t, url, server.URL(), func(box relay.Outbox) relay.Outbox { return forgetful{box} })

		for deadline := time.Now().Add(30 * time.Second); len(streamed(t, server)) < 7; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("nothing is published")
			}
		}

		first.stop()

		if left := subjects(t, d); len(left) != 10 {
			t.Fatalf("want all to wait still, got %v", left)
		}

		server.Restart(t)
		startNode(t, url, server.URL(), nil)

		if got := arrive(t, d, server); !slices.Equal(got, numbers(10)) {
			t.Errorf("want 0 to 9 once, got %v", got)
		}
	})
}

func TestEventsWaitForAServerThatIsDown(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		server := natstest.Start(t)
		server.Stop() // from the start

		d := migrated(t, Config{URL: url})
		n := startNode(t, url, server.URL(), nil)

		for outage := range 2 {
			keep(t, n.database, happened(5*outage, 5)...)
			n.logs(t, "events wait in the outbox", outage+1)

			if got := subjects(t, d); len(got) != 5 {
				t.Fatalf("want the events to wait, got %v", got)
			}

			server.Restart(t)
			arrive(t, d, server)
			n.logs(t, "events flow again", outage+1)
			server.Stop() // in the middle of work
		}

		server.Restart(t)

		if got := streamed(t, server); !slices.Equal(got, numbers(10)) {
			t.Errorf("want 0 to 9, got %v", got)
		}
	})
}

func TestRelaysAtOnceLoseNothingAndRepeatNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		const writers, each = 4, 25

		server := natstest.Start(t)
		d := migrated(t, Config{URL: url})

		for range 2 {
			startNode(t, url, server.URL(), nil)
		}

		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					err := d.inTx(t.Context(), "test.write", func(ctx context.Context, tx bun.Tx) error {
						return appendEvents(ctx, tx, event.New(event.UserLoggedIn, moment, fmt.Sprintf("%d-%d", w, i), "o", nil))
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}

		wg.Wait()

		got := arrive(t, d, server)
		if len(got) != writers*each {
			t.Errorf("want %d events, got %d", writers*each, len(got))
		}

		for w := range writers { // each writer's transactions come one after another
			var own []string

			for _, subject := range got {
				if strings.HasPrefix(subject, fmt.Sprintf("%d-", w)) {
					own = append(own, subject)
				}
			}

			for i, subject := range own {
				if want := fmt.Sprintf("%d-%d", w, i); subject != want {
					t.Fatalf("want %s, got %v", want, own)
				}
			}
		}
	})
}

// counting tells when so many events were noted as published.
type counting struct {
	relay.Outbox

	left int
	done chan struct{}
}

func (c *counting) Published(ctx context.Context, ids []string) error {
	err := c.Outbox.Published(ctx, ids)

	if c.left -= len(ids); c.left == 0 {
		close(c.done)
	}

	return err
}

// BenchmarkRelay carries events from a SQLite outbox into a stream inside the process; one operation is an event.
func BenchmarkRelay(b *testing.B) {
	d, err := Open(b.Context(), Config{URL: "sqlite:" + b.TempDir() + "/x.db", SlowQuery: time.Hour, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}

	b.Cleanup(func() { _ = d.Close() })

	if _, err := NewMigrator(d).Up(b.Context()); err != nil {
		b.Fatal(err)
	}

	for first := 0; first < b.N; first += 500 {
		keep(b, d, happened(first, min(500, b.N-first))...)
	}

	connection, err := natsbroker.Open(natsbroker.Config{StoreDir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}

	b.Cleanup(connection.Close)

	box := &counting{NewOutbox(d), b.N, make(chan struct{})}
	r := relay.New(box, connection.Events(), relay.Config{Log: slog.New(slog.DiscardHandler)})

	b.ResetTimer()

	if err := r.Start(b.Context()); err != nil {
		b.Fatal(err)
	}

	<-box.done
	b.StopTimer()

	if err := r.Stop(b.Context()); err != nil {
		b.Error(err)
	}
}
