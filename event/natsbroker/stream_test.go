package natsbroker

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"sidereal/event"
)

var quiet = slog.New(slog.DiscardHandler)

func opened(t *testing.T, dir string) *Connection {
	t.Helper()

	c, err := Open(Config{StoreDir: dir, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(c.Close)

	return c
}

func connected(t *testing.T, url string) *Connection {
	t.Helper()

	c, err := Open(Config{URL: url, Log: quiet})
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

	stream, err := c.js.Stream(bounded(t), streamName)
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

	if want := "sidereal.events.user_registered.~YSBzdWJqZWN0.owner-1"; got[0].Subject != want || got[0].Header.Get("Nats-Msg-Id") != e.ID {
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
	if _, err := c.js.CreateStream(bounded(t), jetstream.StreamConfig{Name: streamName, Subjects: []string{"sidereal.events.>"}, MaxMsgsPerSubject: 77}); err != nil {
		t.Fatal(err)
	}

	publish(t, c.Events(), sample("a"))

	stream, err := c.js.Stream(bounded(t), streamName)
	if err != nil {
		t.Fatal(err)
	}

	is := stream.CachedInfo().Config
	if is.MaxAge != 7*24*time.Hour || is.MaxBytes != 128<<20 || is.Duplicates < 2*time.Minute || is.Storage != jetstream.FileStorage || is.Discard != jetstream.DiscardOld {
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

	stream, err := c.js.Stream(bounded(t), streamName)
	if err != nil {
		t.Fatal(err)
	}

	forgetful := stream.CachedInfo().Config
	forgetful.Duplicates = 100 * time.Millisecond // the least that there is

	// takes tells whether the server takes a message of an event, which it does when it has forgotten the id.
	takes := func(e event.Event) bool {
		ack, err := c.js.Publish(bounded(t), subjectOf(e), []byte("{}"), jetstream.WithMsgID(e.ID))
		if err != nil {
			t.Fatal(err)
		}

		return !ack.Duplicate
	}

	for deadline := time.Now().Add(30 * time.Second); !takes(later); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server forgets nothing")
		}

		if _, err := c.js.UpdateStream(bounded(t), forgetful); err != nil {
			t.Fatal(err)
		}
	}

	c.Events().forget() // as after a start
	publish(t, c.Events(), e)

	if got := contents(t, c); len(got) != 3 {
		t.Errorf("want three messages, got %d", len(got))
	}

	if !takes(e) {
		t.Error("the server knew the id: this test shows nothing")
	}
}

// What is read at the start, of a stream that holds older messages and has lost its beginning.
func TestTheLastMessagesAreKnown(t *testing.T) {
	c := opened(t, t.TempDir())
	s := c.Events()

	for _, held := range []int{0, 1, 40, readAtOnce + 50} {
		stream, err := c.ensure(bounded(t))
		if err != nil {
			t.Fatal(err)
		}

		if err := stream.Purge(bounded(t)); err != nil {
			t.Fatal(err)
		}

		published := make([]event.Event, held)
		for i := range published {
			published[i] = sample("a")
		}

		publish(t, s, published...)

		if stream, err = c.js.Stream(bounded(t), streamName); err != nil {
			t.Fatal(err)
		}

		ids, err := lastIDs(bounded(t), stream)
		if err != nil || len(ids) != held {
			t.Fatalf("%d messages: want as many ids, got %d, %v", held, len(ids), err)
		}

		for _, e := range published {
			if !has(ids, e.ID) {
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

	if err := c.js.DeleteStream(bounded(t), streamName); err != nil {
		t.Fatal(err)
	}

	b := sample("b")
	if err := s.Publish(bounded(t), b); err == nil {
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
	c, err := Open(Config{URL: "nats://127.0.0.1:1", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	if err := c.Events().Publish(t.Context(), sample("a")); err == nil {
		t.Error("want an error at once")
	}
}

func TestSubjectsHoldNoIDThatMeansMore(t *testing.T) {
	for id, want := range map[string]string{
		"0198c0de-0000-7000-8000-000000000000": "0198c0de-0000-7000-8000-000000000000",
		"":                                     "~",
		"*":                                    "~Kg",
		">":                                    "~Pg",
		"a.b c":                                "~YS5iIGM",
		"~Kg":                                  "~fktn",
	} {
		e := event.Event{Type: event.BatchJobStarted, Subject: id, Owner: id}
		if got, want := subjectOf(e), "sidereal.events.batch_job_started."+want+"."+want; got != want {
			t.Errorf("%q: want %s, got %s", id, want, got)
		}
	}

	e := event.Event{Type: event.ChartCalculated, Subject: strings.Repeat("0f8", 20) + "9a7b"} // there are as many as charts
	if got, want := subjectOf(e), "sidereal.events.chart_calculated.0f8.~"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

func TestSubjectsCoverAFilter(t *testing.T) {
	many := make([]event.Type, maxFilters)
	for i := range many {
		many[i] = event.Type(fmt.Sprintf("type.%d", i))
	}

	for name, test := range map[string]struct {
		filter event.Filter
		want   []string
	}{
		"nobody's":        {event.Filter{Types: []event.Type{event.SystemError}}, nil},
		"everybody's":     {event.Filter{Everybody: true}, []string{"sidereal.events.*.*.*"}},
		"one's, and none": {event.Filter{Owners: []string{"o", "", "o"}}, []string{"sidereal.events.*.*.o", "sidereal.events.*.*.~"}},
		"types and a subject": {
			event.Filter{Types: []event.Type{event.SystemError, event.ReadingStarted, event.SystemError}, Subject: "a.b", Everybody: true},
			[]string{"sidereal.events.reading_started.~YS5i.*", "sidereal.events.system_error.~YS5i.*"},
		},
		"a chart": {
			event.Filter{Types: []event.Type{event.ReadingStarted}, Subject: strings.Repeat("0f8", 20), Owners: []string{""}},
			[]string{"sidereal.events.reading_started.0f8.~"},
		},
		"many types": {event.Filter{Types: many, Owners: []string{"a", "b"}}, []string{"sidereal.events.*.*.a", "sidereal.events.*.*.b"}},
	} {
		if got := subjectsOf(test.filter); !slices.Equal(got, test.want) {
			t.Errorf("%s: want %v, got %v", name, test.want, got)
		}
	}
}
