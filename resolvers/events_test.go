package resolvers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sidereal/account"
	"sidereal/event"
	"sidereal/event/hub"
	"sidereal/fault"
	"sidereal/graph/live"
	"sidereal/graph/model"
)

// stream is what a hub gives out, without its threads.
type stream struct {
	events []*event.Placed
	lost   uint64          // of the oldest events
	last   rune            // the reading that was told of last
	named  map[rune]string // the ids of readings that are not their letters
}

const epoch = "e"

// tell puts an event with JSON data into the stream.
func (s *stream) tell(of event.Type, subject, owner, data string) {
	s.events = append(s.events, &event.Placed{
		Event:  event.New(of, time.Now(), subject, owner, json.RawMessage(data)),
		Cursor: event.Cursor{Epoch: epoch, Sequence: uint64(len(s.events) + 1)},
	})
}

// Subscribe implements Events.
func (s *stream) Subscribe(_ context.Context, f event.Filter, from hub.Place, _ func()) (EventSubscription, error) {
	at := uint64(len(s.events))

	switch {
	case !from.After.IsZero() && (from.After.Epoch != epoch || from.After.Sequence < s.lost || from.After.Sequence > at):
		return nil, fault.New(fault.CursorExpired, "lost")
	case !from.After.IsZero():
		at = from.After.Sequence
	case from.Beginning:
		at = s.lost
	}

	return &reader{s, f, at}, nil
}

// reader is a place in a stream.
type reader struct {
	*stream

	filter event.Filter
	at     uint64
}

// Next implements EventSubscription.
func (r *reader) Next(context.Context) (*event.Placed, error) {
	for r.at < uint64(len(r.events)) {
		p := r.events[r.at]
		r.at++

		if r.filter.Matches(&p.Event) {
			return p, nil
		}
	}

	return nil, nil //nolint:nilnil // as the interface says
}

// Cursor implements EventSubscription.
func (r *reader) Cursor() event.Cursor { return event.Cursor{Epoch: epoch, Sequence: r.at} }

// Close implements EventSubscription.
func (r *reader) Close() {}

// drain reads until there is nothing, and returns the numbers of the events; the last one is "end" where the source has ended.
func drain(t *testing.T, s live.Source) string {
	t.Helper()

	var read []string

	for {
		i, err := s.Next(t.Context())

		switch {
		case errors.Is(err, io.EOF):
			return strings.Join(append(read, "end"), " ")
		case err != nil:
			t.Fatal(err)
		case i == nil:
			return strings.Join(read, " ")
		}

		c, err := event.ParseCursor(i.Cursor)
		if err != nil || i.Key != i.Cursor {
			t.Fatalf("unexpected: %+v, %v", i, err)
		}

		read = append(read, fmt.Sprint(c.Sequence))
	}
}

// newTestResolver returns a resolver over a stream, and its log.
func newTestResolver(s *stream) (*Resolver, *bytes.Buffer) {
	log := new(bytes.Buffer)

	return New(Services{Events: s, Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now}), log
}

// readings tells of readings of a chart: a letter each, large where it starts, '.' after it for progress, '!' for its end.
func (s *stream) readings(script string) {
	for _, c := range script {
		of := map[rune]event.Type{'.': event.ReadingProgress, '!': event.ReadingCompleted, 'x': event.ReadingCancelled}[c]

		switch {
		case of != "":
		case c == ' ':
			continue
		case c >= 'a':
			s.last = c

			continue
		default:
			s.last, of = c+'a'-'A', event.ReadingStarted
		}

		id, ok := s.named[s.last]
		if !ok {
			id = string(s.last)
		}

		s.tell(of, "the chart", "", fmt.Sprintf(`{"reading":%q}`, id))
	}
}

func TestAReadingIsFollowedFromItsStartToItsEnd(t *testing.T) {
	for name, test := range map[string]struct {
		before, after string // what is told before somebody subscribes, and after
		lost          uint64
		resume        uint64 // the number of the event that the client had last
		want, later   string // what is read before and after
	}{
		"nothing yet":                       {after: "A.!B", want: "", later: "1 2 3 end"},
		"one that is under way":             {before: "A..", after: ".!", want: "1 2 3", later: "4 5 end"},
		"one that is done":                  {before: "A.!", want: "1 2 3 end", later: "end"},
		"one that was called off":           {before: "A.x", want: "1 2 3 end", later: "end"},
		"the latest of some":                {before: "A.!B.!", want: "4 5 6 end", later: "end"},
		"the latest of two at once":         {before: "A.B.a.", after: "a!b.!", want: "3 4", later: "7 8 end"},
		"one whose start is lost":           {before: "A...", lost: 2, after: "!", want: "3 4", later: "5 end"},
		"one that starts after an old end":  {before: "A!", lost: 2, after: "B!", want: "", later: "3 4 end"},
		"resumed":                           {before: "A..", resume: 2, after: "!", want: "3", later: "4 end"},
		"resumed from the start":            {before: "A..", resume: 1, after: "!", want: "2 3", later: "4 end"},
		"resumed with another at once":      {before: "AB.a.b!", resume: 4, after: "a!", want: "", later: "6 end"},
		"resumed behind an end":             {before: "A!B.", resume: 2, after: "!", want: "3 4", later: "5 end"},
		"resumed at the oldest that is not": {before: "A..", lost: 2, resume: 2, after: "!", want: "3", later: "4 end"},
	} {
		t.Run(name, func(t *testing.T) {
			s := new(stream)
			r, _ := newTestResolver(s)

			s.readings(test.before)
			s.lost = test.lost

			var after event.Cursor
			if test.resume > 0 {
				after = event.Cursor{Epoch: epoch, Sequence: test.resume}
			}

			filter := event.Filter{Types: model.ReadingEventTypes(), Subject: "the chart", Owners: []string{""}}

			s.wantDrained(t, r.follow(filter, after), test.want, test.after, test.later)
		})
	}
}

// wantDrained opens a source, and checks what it gives at first, and what when events of readings have come after that.
func (s *stream) wantDrained(t *testing.T, open live.Open, want, after, later string) {
	t.Helper()

	source, err := open(t.Context(), func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()

	if got := drain(t, source); got != want {
		t.Errorf("at first: want %q, got %q", want, got)
	}

	s.readings(after)

	if got := drain(t, source); got != later {
		t.Errorf("later: want %q, got %q", later, got)
	}
}

// A client that has had no event resumes a stream of events where it began; a course of events it gets from its start.
func TestOnlyWhatNeverEndsHasAPlaceBeforeItsFirstEvent(t *testing.T) {
	s := new(stream)
	r, _ := newTestResolver(s)

	s.readings("A..")

	everything, second := event.Filter{Everybody: true}, event.Cursor{Epoch: epoch, Sequence: 2}

	for name, test := range map[string]struct {
		open live.Open
		want string
	}{
		"events from now on":    {r.feed(everything, event.Cursor{}), event.Cursor{Epoch: epoch, Sequence: 3}.String()},
		"events behind one":     {r.feed(everything, second), second.String()},
		"a reading":             {r.follow(everything, event.Cursor{}), ""},
		"a reading, behind one": {r.follow(everything, second), ""},
	} {
		source, err := test.open(t.Context(), func() {})
		if err != nil {
			t.Fatal(err)
		}

		got := ""
		if placed, ok := source.(interface{ Cursor() string }); ok {
			got = placed.Cursor()
		}

		if got != test.want {
			t.Errorf("%s: want %q, got %q", name, test.want, got)
		}
	}
}

func TestWhatIsLostIsSaid(t *testing.T) {
	s := new(stream)
	r, _ := newTestResolver(s)

	s.readings("A....")
	s.lost = 3

	for name, open := range map[string]live.Open{
		"events":        r.feed(event.Filter{Everybody: true}, event.Cursor{Epoch: epoch, Sequence: 2}),
		"readingEvents": r.follow(event.Filter{Everybody: true}, event.Cursor{Epoch: epoch, Sequence: 2}),
		"another epoch": r.follow(event.Filter{Everybody: true}, event.Cursor{Epoch: "f", Sequence: 4}),
	} {
		if _, err := open(t.Context(), func() {}); fault.CodeOf(err) != fault.CursorExpired {
			t.Errorf("%s: want %s, got %v", name, fault.CursorExpired, err)
		}
	}
}

func TestWhatIsUnknownIsPassedOver(t *testing.T) {
	s := new(stream)
	r, log := newTestResolver(s)

	for range 2 {
		s.tell("horoscope.printed", "", "", `{}`)
		s.tell(event.ChartCalculated, "", "", `{"hash":7}`)
		s.tell(event.ChartCalculated, "", "", `{}`)
		s.tell(event.ReadingStarted, "the chart", "", `{"sections":["OVERVIEW"]}`)
		s.tell(event.SystemWarning, "", event.Everyone, `{"message":"the news","since":"yesterday"}`)
	}

	source, err := r.feed(event.Filter{Everybody: true}, event.Cursor{Epoch: epoch})(t.Context(), func() {})
	if err != nil {
		t.Fatal(err)
	}

	if got := drain(t, source); got != "5 10" {
		t.Errorf("want the two that are known, got %q", got)
	}

	for _, of := range []string{"horoscope.printed", "chart.calculated", "reading.started"} {
		if n := strings.Count(log.String(), "type="+of); n != 1 {
			t.Errorf("%s: want one line of the log, got %d:\n%s", of, n, log)
		}
	}
}

// One view serves all who hear of an event.
func TestAViewIsMadeOnce(t *testing.T) {
	s := new(stream)
	r, _ := newTestResolver(s)

	s.tell(event.UserRegistered, "u", "u", `{}`)

	if first, second := r.views.of(s.events[0]), r.views.of(s.events[0]); first != second {
		t.Errorf("want the same view, got %p, %p", first, second)
	}
}

func TestViewersHearOfWhatTheyMay(t *testing.T) {
	key := func(role account.Role, scopes account.Scopes) account.Viewer {
		return account.Viewer{Subject: "me", Role: role, Key: "k", Scopes: scopes}
	}

	for name, test := range map[string]struct {
		viewer *account.Viewer
		want   event.Filter
	}{
		"nobody":                       {nil, event.Filter{Owners: []string{"x"}}},
		"a user":                       {&account.Viewer{Subject: "me", Role: account.User}, event.Filter{Owners: []string{"x", "me"}}},
		"an administrator":             {&account.Viewer{Subject: "me", Role: account.Admin}, event.Filter{Everybody: true}},
		"a key to read":                {new(key(account.User, account.ScopeRead)), event.Filter{Owners: []string{"x", "me"}}},
		"a key to write":               {new(key(account.User, account.ScopeWrite)), event.Filter{Owners: []string{"x"}}},
		"an administrator's to read":   {new(key(account.Admin, account.ScopeRead)), event.Filter{Owners: []string{"x", "me"}}},
		"an administrator's for all":   {new(key(account.Admin, account.ScopeRead|account.ScopeAdmin)), event.Filter{Everybody: true}},
		"a key for all of no one else": {new(key(account.User, account.ScopeRead|account.ScopeAdmin)), event.Filter{Owners: []string{"x", "me"}}},
	} {
		ctx := t.Context()
		if test.viewer != nil {
			ctx = account.WithViewer(ctx, *test.viewer)
		}

		if diff := cmp.Diff(test.want, heardBy(ctx, "x")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestArgumentsOfSubscriptionsAreChecked(t *testing.T) {
	r, _ := newTestResolver(new(stream))
	s := subscriptions{r}

	for name, test := range map[string]struct {
		open  func() error
		field string
	}{
		"no types":           {func() error { _, err := s.Events(t.Context(), []event.Type{}, nil); return err }, "types"},
		"a cursor of a list": {func() error { _, err := s.Events(t.Context(), nil, new("YzE6MQ")); return err }, "after"},
		"an empty cursor":    {func() error { _, err := s.ReadingEvents(t.Context(), "", nil, new("")); return err }, "after"},
		"a cursor of a job":  {func() error { _, err := s.BatchEvents(t.Context(), "x", new("no")); return err }, "after"},
		"no id of a job":     {func() error { _, err := s.BatchEvents(t.Context(), "x", nil); return err }, "jobId"},
	} {
		f, ok := fault.As(test.open())
		if !ok || f.Code != fault.ValidationFailed || f.Field != test.field {
			t.Errorf("%s: want %s of %q, got %v", name, fault.ValidationFailed, test.field, f)
		}
	}
}

// kept is an outbox that keeps what it gets.
type kept struct{ events []event.Event }

// Append implements Outbox.
func (k *kept) Append(_ context.Context, events ...event.Event) error {
	k.events = append(k.events, events...)

	return nil
}

func TestNoticesAreForEverybody(t *testing.T) {
	outbox := new(kept)
	m := mutations{New(Services{Outbox: outbox, Log: slog.New(slog.DiscardHandler), Now: time.Now})}

	for message, good := range map[string]bool{
		"Back at noon.": true, strings.Repeat("ü", maxNotice): true, " x ": true,
		"": false, " \t": false, strings.Repeat("ü", maxNotice+1): false, "two\nlines": false, "two\u2028lines": false, "no text \xff": false,
	} {
		before := len(outbox.events)
		payload, err := m.PublishSystemNotice(t.Context(), model.SystemNoticeInput{Message: message, Severity: event.SystemError})

		if !good {
			if f, ok := fault.As(err); !ok || f.Field != "input.message" || len(outbox.events) > before {
				t.Errorf("%q: want %s, got %v", message, fault.ValidationFailed, err)
			}

			continue
		}

		if err != nil {
			t.Errorf("%q: %v", message, err)

			continue
		}

		told := outbox.events[len(outbox.events)-1]
		if told.ID != payload.EventID || told.Type != event.SystemError || told.Owner != event.Everyone ||
			told.Data != (event.SystemNoticeData{Message: strings.TrimSpace(message)}) {
			t.Errorf("%q: unexpected: %+v", message, told)
		}
	}

	if !slices.ContainsFunc(outbox.events, func(e event.Event) bool { return e.Data == event.SystemNoticeData{Message: "x"} }) {
		t.Error("want the message without the space around it")
	}
}
