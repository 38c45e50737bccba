package natsbroker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"sidereal/event"
	"sidereal/internal/natstest"
)

// eventually repeats what may fail for a while.
func eventually(t *testing.T, what string, try func(ctx context.Context) error) {
	t.Helper()

	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		err := try(ctx)

		cancel()

		if err == nil {
			return
		}

		if time.Now().After(deadline) {
			t.Fatalf("%s: %v", what, err)
		}
	}
}

// listener follows as a hub does: it goes on where it was whenever it is sent away.
type listener struct {
	mu    sync.Mutex
	heard []*event.Placed
}

func (l *listener) follow(ctx context.Context, s *Stream, epoch string) {
	for ctx.Err() == nil {
		_ = s.Follow(ctx, epoch, uint64(l.count()), func(p *event.Placed) {
			l.mu.Lock()
			defer l.mu.Unlock()

			l.heard = append(l.heard, p)
		})

		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (l *listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()

	return len(l.heard)
}

// hears checks that it has heard events numbered from 0, in order and each once.
func (l *listener) hears(t *testing.T, n int) {
	t.Helper()

	eventually(t, "follow", func(context.Context) error {
		if got := l.count(); got < n {
			return fmt.Errorf("want %d events, got %d", n, got)
		}

		return nil
	})

	l.mu.Lock()
	defer l.mu.Unlock()

	for i, p := range l.heard {
		if p.Subject != fmt.Sprint(i) || p.Cursor.Sequence != uint64(i)+1 {
			t.Fatalf("at %d: got the event %s at %d", i, p.Subject, p.Cursor.Sequence)
		}
	}

	if len(l.heard) != n {
		t.Errorf("want %d events, got %d", n, len(l.heard))
	}
}

func numbered(first, n int) []event.Event {
	list := make([]event.Event, n)
	for i := range list {
		list[i] = sample("a")
		list[i].Subject = fmt.Sprint(first + i)
	}

	return list
}

// carry publishes as a relay does: again from the first event that is not known to be in the stream.
func carry(t *testing.T, s *Stream, events []event.Event) {
	t.Helper()

	eventually(t, "publish", func(ctx context.Context) error {
		n, err := s.PublishAll(ctx, events)
		events = events[n:]

		return err
	})
}

// follows starts a listener, which ends with the test.
func follows(t *testing.T, s *Stream) (l *listener, epoch string) {
	t.Helper()

	eventually(t, "state", func(ctx context.Context) error {
		state, err := s.State(ctx)
		epoch = state.Epoch

		return err
	})

	l = new(listener)
	ctx, cancel := context.WithCancel(t.Context())

	var following sync.WaitGroup

	following.Go(func() { l.follow(ctx, s, epoch) })
	t.Cleanup(func() {
		cancel()
		following.Wait()
	})

	return l, epoch
}

// readsAll checks that a read finds events numbered from 0 to n.
func readsAll(t *testing.T, s *Stream, epoch string, n int) {
	t.Helper()

	eventually(t, "read", func(ctx context.Context) error {
		got, reached, err := s.Read(ctx, epoch, event.Filter{Owners: []string{"a"}}, 0, uint64(n), n+1)
		if err != nil {
			return err
		}

		if len(got) != n || reached != uint64(n) {
			t.Fatalf("want %d events, got %d up to %d", n, len(got), reached)
		}

		return nil
	})
}

func TestAClusterSurvivesTheLossOfOneServer(t *testing.T) {
	cluster := natstest.StartCluster(t, 3)

	c, err := Open(Config{URL: cluster.URL(), Replicas: 3, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	s := c.Events()
	l, epoch := follows(t, s)

	carry(t, s, numbered(0, 50))
	l.hears(t, 50)

	lost := cluster.Leader(t, streamName)
	lost.Stop()

	carry(t, s, numbered(50, 50))
	l.hears(t, 100)
	readsAll(t, s, epoch, 100)

	lost.Restart(t)

	carry(t, s, numbered(100, 50))
	l.hears(t, 150)
	readsAll(t, s, epoch, 150)
	eventually(t, "ping", c.Ping)
}

func TestAnOutsideServerMayGoAndComeBack(t *testing.T) {
	server := natstest.Start(t)
	server.Stop() // from the start

	c := connected(t, server.URL())
	s := c.Events()

	if err := s.Publish(bounded(t), sample("a")); err == nil {
		t.Error("want an error at once")
	}

	server.Restart(t)

	l, epoch := follows(t, s)
	carry(t, s, numbered(0, 700))
	l.hears(t, 700)

	server.Stop()
	eventually(t, "notice", func(ctx context.Context) error {
		if c.Ping(ctx) == nil {
			return errors.New("want Ping to fail")
		}

		return nil
	})
	server.Restart(t)

	carry(t, s, numbered(700, 700))
	l.hears(t, 1400)
	readsAll(t, s, epoch, 1400)

	select {
	case <-c.Reconnected():
	case <-bounded(t).Done():
		t.Error("want a hint that the server was away")
	}

	eventually(t, "ping", c.Ping)
}
