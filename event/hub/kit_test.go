package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sidereal/event"
	"sidereal/event/eventtest"
	"sidereal/fault"
)

var everything = event.Filter{Everybody: true}

// text is a log that may be read while it is written.
type text struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *text) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()

	return w.b.Write(p)
}

func (w *text) count(what string) int {
	w.mu.Lock()
	defer w.mu.Unlock()

	return strings.Count(w.b.String(), what)
}

// rig is a hub over a stream in memory, in a bubble of synctest.
type rig struct {
	*testing.T
	*eventtest.Broker

	hub       *Hub
	log       text
	published int
}

// inBubble runs a test with a hub that has been started and has reached the stream; over, when it is not nil, stands between the two.
func inBubble(t *testing.T, cfg Config, over func(*eventtest.Broker) event.Broker, test func(*rig)) {
	t.Helper()

	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, Broker: eventtest.New()}
		cfg.Log = slog.New(slog.NewTextHandler(&r.log, nil))

		var broker event.Broker = r.Broker
		if over != nil {
			broker = over(r.Broker)
		}

		r.hub = New(broker, cfg)
		r.start()
		defer r.stop()

		test(r)
	})
}

func (r *rig) start() {
	r.Helper()

	if err := r.hub.Start(r.Context()); err != nil {
		r.Fatal(err)
	}

	synctest.Wait()
}

func (r *rig) stop() {
	r.Helper()

	if err := r.hub.Stop(context.Background()); err != nil {
		r.Error(err)
	}
}

// publish publishes events about nothing in particular, whose data counts them from 1, and waits until the hub has them.
func (r *rig) publish(n int) {
	r.Helper()

	for range n {
		r.published++
		r.put(event.New(event.ChartCalculated, time.Now(), "", "", r.published))
	}

	synctest.Wait()
}

func (r *rig) put(e event.Event) {
	r.Helper()

	if err := r.Publish(r.Context(), e); err != nil {
		r.Fatal(err)
	}
}

// reader is a subscription with a count of its notifications.
type reader struct {
	*Subscription

	r        *rig
	notified atomic.Int64
}

func (r *rig) subscribe(f event.Filter, from Place) *reader {
	r.Helper()

	reader, err := r.trySubscribe(f, from)
	if err != nil {
		r.Fatalf("subscribe from %+v: %v", from, err)
	}

	return reader
}

func (r *rig) trySubscribe(f event.Filter, from Place) (*reader, error) {
	reader := &reader{r: r}

	var err error

	reader.Subscription, err = r.hub.Subscribe(r.Context(), f, from, func() { reader.notified.Add(1) })

	return reader, err
}

// rest returns what there is to read now, as the data of the events.
func (s *reader) rest() []string {
	s.r.Helper()

	got, err := s.upToError()
	if err != nil {
		s.r.Fatalf("after %v: %v", got, err)
	}

	return got
}

// upToError returns the same, and the error behind it.
func (s *reader) upToError() (got []string, err error) {
	for {
		p, err := s.Next(s.r.Context())
		if p == nil || err != nil {
			return got, err
		}

		if s.Cursor() != p.Cursor {
			s.r.Errorf("want the cursor to be behind the last event %v, got %v", p.Cursor, s.Cursor())
		}

		got = append(got, string(raw(p)))
	}
}

// raw is the data of an event.
func raw(p *event.Placed) json.RawMessage {
	data, _ := p.Data.(json.RawMessage)

	return data
}

// numbers are those from and to, as data.
func numbers(from, to int) []string {
	var list []string
	for i := from; i <= to; i++ {
		list = append(list, fmt.Sprint(i))
	}

	return list
}

func (r *rig) want(s *reader, want []string) {
	r.Helper()

	if got := s.rest(); !slices.Equal(got, want) {
		r.Errorf("want %v, got %v", want, got)
	}
}

// wantFault checks the code of an error, and returns the cursor in one of its details; the zero one when it is not asked for.
func (r *rig) wantFault(err error, code fault.Code, detail string) event.Cursor {
	r.Helper()

	f, is := fault.As(err)
	if !is || f.Code != code {
		r.Fatalf("want %s, got %v", code, err)
	}

	if detail == "" {
		return event.Cursor{}
	}

	given, _ := f.Details[detail].(string)

	cursor, err := event.ParseCursor(given)
	if err != nil {
		r.Fatalf("want a cursor in the detail %s, got %q: %v", detail, given, err)
	}

	return cursor
}
