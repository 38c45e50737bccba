package relay_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"sidereal/event"
	"sidereal/event/relay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// box is an outbox in memory. The tests with a real one, and with a real stream, are in db.
type box struct {
	mu      sync.Mutex
	waiting []event.Event
	kept    []event.Event // those that were published, and are not swept out
	keptAt  time.Time     // the last of them
	removed []string      // the ids that were noted as published
	reads   []time.Time
}

func holding(ids ...string) *box { return &box{waiting: events(ids...)} }

func (b *box) put(ids ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()

	b.waiting = append(b.waiting, events(ids...)...)
}

// carried are the ids that were noted as published, in their order.
func (b *box) carried() []string {
	b.mu.Lock()
	defer b.mu.Unlock()

	return slices.Clone(b.removed)
}

// readAt is when the relay looked.
func (b *box) readAt() []time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()

	return slices.Clone(b.reads)
}

func (b *box) Pending(_ context.Context, limit int) ([]event.Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()

	b.reads = append(b.reads, time.Now())

	return slices.Clone(b.waiting[:min(limit, len(b.waiting))]), nil
}

func (b *box) Published(ctx context.Context, ids []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()

	b.removed = append(b.removed, ids...)
	b.waiting = slices.DeleteFunc(b.waiting, func(e event.Event) bool {
		if !slices.Contains(ids, e.ID) {
			return false
		}

		b.kept = append(b.kept, e)
		b.keptAt = time.Now()

		return true
	})

	return ctx.Err()
}

func (b *box) Recall(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()

	b.waiting = slices.Concat(b.kept, b.waiting)
	b.kept = nil

	return nil
}

func (b *box) Sweep(_ context.Context, longer time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()

	if time.Since(b.keptAt) > longer {
		b.kept = nil
	}

	return nil
}

// stays tells how many events that were published are there still.
func (b *box) stays() int {
	b.mu.Lock()
	defer b.mu.Unlock()

	return len(b.kept)
}

// stream is a stream that does as it is told.
type stream func(ctx context.Context, e event.Event) error

// PublishAll publishes one by one; of none, it asks for the event without an id.
func (s stream) PublishAll(ctx context.Context, events []event.Event) (int, error) {
	if len(events) == 0 {
		return 0, s(ctx, event.Event{})
	}

	for n, e := range events {
		if err := s(ctx, e); err != nil {
			return n, err
		}
	}

	return len(events), nil
}

func events(ids ...string) []event.Event {
	list := make([]event.Event, len(ids))
	for i, id := range ids {
		list[i] = event.Event{ID: id, Type: event.UserRegistered}
	}

	return list
}

// started starts a relay in a bubble of synctest; the log is to be read after stop.
func started(t *testing.T, b *box, s stream, cfg relay.Config) (log *bytes.Buffer, stop func()) {
	t.Helper()

	log = new(bytes.Buffer)
	cfg.Log = slog.New(slog.NewTextHandler(log, nil))

	r := relay.New(b, s, cfg)
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	if err := r.Start(t.Context()); err == nil {
		t.Error("want an error for a second start")
	}

	return log, func() {
		t.Helper()

		if err := r.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

func TestAHintIsFollowedAtOnceAndPollingIsTheNet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, hints := new(box), make(chan struct{}, 1)
		_, stop := started(t, b, func(context.Context, event.Event) error { return nil }, relay.Config{Hints: hints})

		synctest.Wait()

		b.put("1")
		hints <- struct{}{}

		synctest.Wait()

		if begun := time.Now(); len(b.carried()) != 1 || !slices.Contains(b.readAt(), begun) {
			t.Errorf("want the event to go at once, got %v", b.carried())
		}

		b.put("2") // without a hint

		time.Sleep(time.Second)
		synctest.Wait()
		stop()

		if len(b.carried()) != 2 {
			t.Errorf("want the event to go within a second, got %v", b.carried())
		}
	})
}

func TestAFailureStopsTheRestAndIsSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := holding("1", "2", "3")
		hints := make(chan struct{}, 1)
		var (
			mended atomic.Bool
			tried  atomic.Int64
		)

		log, stop := started(t, b, func(_ context.Context, e event.Event) error {
			if !mended.Load() && e.ID == "2" {
				tried.Add(1)

				return errors.New("no stream today")
			}

			return nil
		}, relay.Config{Hints: hints})

		for range 60 { // hints must not drive it
			select {
			case hints <- struct{}{}:
			default:
			}

			time.Sleep(time.Second)
		}

		if !slices.Equal(b.carried(), []string{"1"}) {
			t.Errorf("want what comes before the failure, got %v", b.carried())
		}

		// 0.1 s, 0.2 s, … 12.8 s, and then 15 s, each less up to a half by chance.
		if n := tried.Load(); n < 10 || n > 18 {
			t.Errorf("want some dozen attempts in a minute, got %d", n)
		}

		reads := b.readAt()
		for i := 2; i < len(reads); i++ {
			wait, full := reads[i].Sub(reads[i-1]), min(15*time.Second, 100*time.Millisecond<<(i-1))
			if wait < full/2 || wait > full {
				t.Errorf("wait %d: want %v to %v, got %v", i, full/2, full, wait)
			}
		}

		mended.Store(true)

		time.Sleep(16 * time.Second)
		synctest.Wait()

		if !slices.Equal(b.carried(), []string{"1", "2", "3"}) {
			t.Errorf("want all in their order, got %v", b.carried())
		}

		stop()

		for words, want := range map[string]int{"events wait in the outbox": 1, "no stream today": 1, "events flow again": 1} {
			if got := strings.Count(log.String(), words); got != want {
				t.Errorf("%q: want %d, got %d:\n%s", words, want, got, log)
			}
		}
	})
}

func TestAStreamThatHangsIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := holding("1", "2")

		_, stop := started(t, b, func(ctx context.Context, e event.Event) error {
			if e.ID != "2" {
				return nil
			}

			<-ctx.Done()

			return ctx.Err()
		}, relay.Config{})

		time.Sleep(5 * time.Second)
		synctest.Wait()

		if !slices.Equal(b.carried(), []string{"1"}) {
			t.Errorf("want the first event noted after 5 s, got %v", b.carried())
		}

		time.Sleep(time.Second)

		begun := time.Now() // in the middle of an attempt

		stop()

		if took := time.Since(begun); took != 0 {
			t.Errorf("want it to stop at once, it took %v", took)
		}
	})
}

func TestStoppingNotesWhatWasPublished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := holding("1", "2", "3")
		reached := make(chan struct{})

		_, stop := started(t, b, func(ctx context.Context, e event.Event) error {
			if e.ID == "3" {
				close(reached)
				<-ctx.Done()
			}

			return ctx.Err()
		}, relay.Config{})

		<-reached
		stop()

		if !slices.Equal(b.carried(), []string{"1", "2"}) {
			t.Errorf("want the first two noted, got %v", b.carried())
		}
	})
}

func TestAPanicIsAFailureLikeOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := holding("1")
		first := true

		log, stop := started(t, b, func(context.Context, event.Event) error {
			if first {
				first = false

				panic("out of the blue")
			}

			return nil
		}, relay.Config{})

		time.Sleep(time.Second)
		synctest.Wait()
		stop()

		if len(b.carried()) != 1 || !strings.Contains(log.String(), "out of the blue") {
			t.Errorf("want the event to go in the end and the panic in the log, got %v\n%s", b.removed, log)
		}
	})
}

func TestAFullBatchIsFollowedByTheNextAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := holding("1", "2", "3", "4", "5")
		_, stop := started(t, b, func(context.Context, event.Event) error { return nil }, relay.Config{Batch: 2})

		synctest.Wait()
		stop()

		if !slices.Equal(b.carried(), []string{"1", "2", "3", "4", "5"}) {
			t.Errorf("want all at once, got %v", b.carried())
		}
	})
}

func TestASlowStreamIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := holding("1", "2", "3", "4", "5")

		log, stop := started(t, b, func(ctx context.Context, _ event.Event) error { // slow, but within the timeout
			select {
			case <-time.After(4 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}, relay.Config{})

		time.Sleep(24500 * time.Millisecond) // 5 s for the first four, of which each has its own batch, and 4 s for the last
		synctest.Wait()
		stop()

		if !slices.Equal(b.carried(), []string{"1", "2", "3", "4", "5"}) || log.Len() > 0 {
			t.Errorf("want all in their order and nothing said, got %v\n%s", b.carried(), log)
		}
	})
}

func TestWhatWasPublishedIsPublishedOnceMoreAfterAStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := holding("1", "2")
		_ = b.Published(t.Context(), []string{"1", "2"})
		b.put("3")

		var published []string

		reconnected := make(chan struct{}, 1)
		_, stop := started(t, b, func(_ context.Context, e event.Event) error {
			published = append(published, e.ID)

			return nil
		}, relay.Config{Reconnected: reconnected})

		synctest.Wait()

		if want := []string{"1", "2", "3"}; !slices.Equal(published, want) {
			t.Errorf("after a start: want %v, got %v", want, published)
		}

		reconnected <- struct{}{}

		synctest.Wait()
		stop()

		if want := []string{"1", "2", "3", "1", "2", "3"}; !slices.Equal(published, want) {
			t.Errorf("after an interruption: want %v, got %v", want, published)
		}
	})
}

// A stream that is away has not written to its disk since.
func TestWhatWasPublishedStaysUntilTheStreamHasWrittenIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var away atomic.Bool

		b := holding("1")
		log, stop := started(t, b, func(context.Context, event.Event) error {
			if away.Load() {
				return errors.New("away")
			}

			return nil
		}, relay.Config{Keep: time.Minute})

		time.Sleep(50 * time.Second)
		away.Store(true)
		time.Sleep(time.Hour)
		synctest.Wait()

		if b.stays() != 1 {
			t.Error("want it kept while the stream is away")
		}

		away.Store(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		stop()

		if b.stays() != 0 || log.Len() > 0 {
			t.Errorf("want it gone and nothing said, got %d\n%s", b.stays(), log)
		}
	})
}

func TestARelayThatWasNotStartedStops(t *testing.T) {
	if err := relay.New(new(box), stream(nil), relay.Config{}).Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
