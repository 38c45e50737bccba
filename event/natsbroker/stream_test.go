package natsbroker

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"sidereal/event"
)

func opened(t *testing.T, dir string) *Connection {
	t.Helper()

	c, err := Open(Config{StoreDir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(c.Close)

	return c
}

func bounded(t *testing.T) context.Context {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)

	return ctx
}

func sample(owner string) event.Event {
	return event.New(event.UserRegistered, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "a subject", owner, map[string]int{"n": 1})
}

func publish(t *testing.T, s *Stream, events ...event.Event) {
	t.Helper()

	for _, e := range events {
		if err := s.Publish(bounded(t), e); err != nil {
			t.Fatal(err)
		}
	}
}

// contents are the messages of the stream.
func contents(t *testing.T, c *Connection) (messages []*jetstream.RawStreamMsg) {
	t.Helper()

	stream, err := c.stream.Stream(bounded(t), streamName)
	if err != nil {
		t.Fatal(err)
	}

	for n := uint64(1); n <= stream.CachedInfo().State.LastSeq; n++ {
		found, err := stream.GetMsg(bounded(t), n)
		if err != nil {
			t.Fatal(err)
		}

		messages = append(messages, found)
	}

	return messages
}

func TestAnEventIsInTheStreamOnceWithAllThatItSays(t *testing.T) {
	c := opened(t, t.TempDir())
	e := sample("owner-1")
	publish(t, c.Events(), e, e)
	publish(t, c.Events(), e) // another node's

	got := contents(t, c)
	if len(got) != 1 {
		t.Fatalf("want one message, got %d", len(got))
	}

	if want := "sidereal.events.user.registered.owner-1"; got[0].Subject != want || got[0].Header.Get("Nats-Msg-Id") != e.ID {
		t.Errorf("want %s with the event's id, got %s %v", want, got[0].Subject, got[0].Header)
	}

	var read map[string]any
	if err := json.Unmarshal(got[0].Data, &read); err != nil {
		t.Fatal(err)
	}

	for name, want := range map[string]any{"id": e.ID, "type": "user.registered", "occurredAt": "2026-01-01T00:00:00Z", "subject": "a subject", "owner": "owner-1"} {
		if read[name] != want {
			t.Errorf("%s: want %v, got %v", name, want, read[name])
		}
	}

	if data, _ := read["data"].(map[string]any); data["n"] != 1.0 {
		t.Errorf("want the data, got %v", read["data"])
	}
}

func TestTheStreamIsBoundedAndBroughtUpToDate(t *testing.T) {
	c := opened(t, t.TempDir())

	// As an older program or an operator left it.
	if _, err := c.stream.CreateStream(bounded(t), jetstream.StreamConfig{Name: streamName, Subjects: []string{"sidereal.events.>"}, MaxMsgsPerSubject: 77}); err != nil {
		t.Fatal(err)
	}

	publish(t, c.Events(), sample("a"))

	stream, err := c.stream.Stream(bounded(t), streamName)
	if err != nil {
		t.Fatal(err)
	}

	is := stream.CachedInfo().Config
	if is.MaxAge != 7*24*time.Hour || is.MaxBytes != 1<<30 || is.Duplicates < 2*time.Minute || is.Storage != jetstream.FileStorage || is.Discard != jetstream.DiscardOld {
		t.Errorf("want our bounds, got %+v", is)
	}

	if is.MaxMsgsPerSubject != 77 {
		t.Errorf("what the operator set is gone: %+v", is)
	}
}

// A process that died before it noted what it had published, and came back after the server had forgotten the ids.
func TestAnEventIsNotRepeatedAfterTheDuplicateWindow(t *testing.T) {
	c := opened(t, t.TempDir())
	e, later := sample("a"), sample("a")
	publish(t, c.Events(), e, later)

	stream, err := c.stream.Stream(bounded(t), streamName)
	if err != nil {
		t.Fatal(err)
	}

	forgetful := stream.CachedInfo().Config
	forgetful.Duplicates = 100 * time.Millisecond // the least that there is

	// takes tells whether the server takes a message of an event, which it does when it has forgotten the id.
	takes := func(e event.Event) bool {
		ack, err := c.stream.Publish(bounded(t), subjectOf(e), []byte("{}"), jetstream.WithMsgID(e.ID))
		if err != nil {
			t.Fatal(err)
		}

		return !ack.Duplicate
	}

	for deadline := time.Now().Add(30 * time.Second); !takes(later); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server forgets nothing")
		}

		if _, err := c.stream.UpdateStream(bounded(t), forgetful); err != nil {
			t.Fatal(err)
		}
	}

	publish(t, c.Events(), e) // as after a start

	if got := contents(t, c); len(got) != 3 {
		t.Errorf("want three messages, got %d", len(got))
	}

	if !takes(e) {
		t.Error("the server knew the id: this test shows nothing")
	}
}

// What is read at the start, of a stream that holds more than that and has lost its beginning.
func TestTheLastMessagesAreKnown(t *testing.T) {
	c := opened(t, t.TempDir())
	s := c.Events()

	var published []event.Event
	for range remembered + 50 {
		published = append(published, sample("a"))
	}

	for _, held := range []int{0, 1, 40, remembered, remembered + 50} {
		stream, err := ensure(bounded(t), c.stream)
		if err != nil {
			t.Fatal(err)
		}

		if err := stream.Purge(bounded(t)); err != nil {
			t.Fatal(err)
		}

		for i := range published {
			published[i] = sample("a")
		}

		publish(t, s, published[:held]...)

		ids, err := lastIDs(bounded(t), stream)
		if err != nil || len(ids) != min(held, remembered) {
			t.Fatalf("%d messages: want %d ids, got %d, %v", held, min(held, remembered), len(ids), err)
		}

		for _, e := range published[max(0, held-remembered):held] {
			if _, ok := ids[e.ID]; !ok {
				t.Errorf("%d messages: %s is not known", held, e.ID)
			}
		}

		if n := stream.ListConsumers(bounded(t)); len(drained(n.Info())) != 0 {
			t.Error("want no consumer left behind")
		}
	}
}

func drained[T any](values <-chan T) (all []T) {
	for v := range values {
		all = append(all, v)
	}

	return all
}

func TestAStreamThatWasTakenAwayIsMadeAnew(t *testing.T) {
	c := opened(t, t.TempDir())
	s := c.Events()
	publish(t, s, sample("a"))

	if err := c.stream.DeleteStream(bounded(t), streamName); err != nil {
		t.Fatal(err)
	}

	if err := s.Publish(bounded(t), sample("b")); err == nil {
		t.Error("want an error while there is no stream")
	}

	publish(t, s, sample("c"))

	if got := contents(t, c); len(got) != 1 {
		t.Errorf("want one message, got %d", len(got))
	}
}

func TestTheStreamOutlivesTheProcess(t *testing.T) {
	dir := t.TempDir()
	c := opened(t, dir)
	e := sample("a")
	publish(t, c.Events(), e)
	c.Close()

	c = opened(t, dir)
	publish(t, c.Events(), e, sample("a"))

	if got := contents(t, c); len(got) != 2 || got[0].Header.Get("Nats-Msg-Id") != e.ID {
		t.Errorf("want the event of before and one more, got %d", len(got))
	}
}

func TestNobodyIsPublishedToWhileDisconnected(t *testing.T) {
	c, err := Open(Config{URL: "nats://127.0.0.1:1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	if err := c.Events().Publish(t.Context(), sample("a")); err == nil {
		t.Error("want an error at once")
	}
}

func TestSubjectsHoldNoOwnerThatMeansMore(t *testing.T) {
	for owner, want := range map[string]string{
		"0198c0de-0000-7000-8000-000000000000": "sidereal.events.user.registered.0198c0de-0000-7000-8000-000000000000",
		"":                                     "sidereal.events.user.registered.~",
		"*":                                    "sidereal.events.user.registered.~Kg",
		">":                                    "sidereal.events.user.registered.~Pg",
		"a.b c":                                "sidereal.events.user.registered.~YS5iIGM",
		"~Kg":                                  "sidereal.events.user.registered.~fktn",
	} {
		if got := subjectOf(sample(owner)); got != want {
			t.Errorf("%q: want %s, got %s", owner, want, got)
		}
	}
}

func BenchmarkPublish(b *testing.B) {
	c, err := Open(Config{StoreDir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()

	s := c.Events()

	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()

	for b.Loop() {
		if err := s.Publish(ctx, sample("a")); err != nil {
			b.Fatal(err)
		}
	}
}
