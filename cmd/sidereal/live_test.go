package main

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/google/go-cmp/cmp"

	"sidereal/db"
	"sidereal/event"
)

// tell puts events into the outbox of a server, as another process would.
func (s *testServer) tell(t testing.TB, events ...event.Event) {
	t.Helper()

	if err := db.NewOutbox(s.database(t)).Append(t.Context(), events...); err != nil {
		t.Fatal(err)
	}
}

// database opens the database of a server, as another process would.
func (s *testServer) database(t testing.TB) *db.DB {
	t.Helper()

	var url, folder string

	for _, line := range s.environment { // the last one counts
		if value, ok := strings.CutPrefix(line, "SIDEREAL_DATABASE_URL="); ok {
			url = value
		}

		if value, ok := strings.CutPrefix(line, "SIDEREAL_DATA_DIR="); ok {
			folder = value
		}
	}

	if url == "" {
		url = "sqlite:" + filepath.Join(folder, "sidereal.db")
	}

	d, err := db.Open(t.Context(), db.Config{URL: url, SlowQuery: time.Hour, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = d.Close() })

	return d
}

// before returns the cursor before all events, once there is one of a reading of the chart.
func (s *testServer) before(t testing.TB, hash string) string {
	t.Helper()

	l := s.listen(t, bearer(t, "ADMIN", time.Hour), "subscription($hash: ChartHash!) { readingEvents(chartHash: $hash) { cursor } }", map[string]any{"hash": hash})

	c, err := event.ParseCursor(l.next(t).Cursor)
	if err != nil {
		t.Fatal(err)
	}

	return event.Cursor{Epoch: c.Epoch}.String()
}

// ask sends a subscribe message with variables.
func ask(t testing.TB, socket *websocket.Conn, document string, variables map[string]any) {
	t.Helper()

	if err := wsjson.Write(t.Context(), socket, message{ID: "1", Type: "subscribe", Payload: json.RawMessage(bodyOf(t, document, variables))}); err != nil {
		t.Fatal(err)
	}
}

// listener is a socket with one subscription.
type listener struct {
	socket *websocket.Conn
	cursor string // that the connection was acknowledged with
}

// heard is what a listener gets of an event, or the error that ended it.
type heard struct {
	Typename              string `json:"__typename"`
	ID, Cursor, Type      string
	UserID, ChartHash     string
	Message, Reason       string
	ReadingID             string
	Reading               *struct{ ID string }
	Kind, Text            string
	Number                int
	Section               *sectionView
	Sections              []string
	Done, Total           int
	Percent               float64
	Chart                 *struct{ Hash string }
	Code, Field, Earliest string // of the error
	End                   bool
	TimeLeftMs            *float64
}

// listen opens a subscription with one field, which is called in variables' document as it likes.
func (s *testServer) listen(t testing.TB, authorization, document string, variables map[string]any) listener {
	t.Helper()

	var socket *websocket.Conn

	if authorization != "" {
		socket = s.dial(t, authorization)
	} else {
		var err error
		if socket, _, err = websocket.Dial(t.Context(), s.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}); err != nil {
			t.Fatal(err)
		}

		t.Cleanup(func() { _ = socket.CloseNow() })

		frame(t, socket, `{"type":"connection_init"}`)
	}

	m, err := receive(t, socket)
	if err != nil || m.Type != "connection_ack" {
		t.Fatalf("want connection_ack, got %+v, %v", m, err)
	}

	var acknowledged struct{ Cursor string }
	if err := json.Unmarshal(m.Payload, &acknowledged); err != nil {
		t.Fatalf("want a payload, got %s: %v", m.Payload, err)
	}

	ask(t, socket, document, variables)

	return listener{socket, acknowledged.Cursor}
}

// next returns the next event, the end, or the error.
func (l listener) next(t testing.TB) (h heard) {
	t.Helper()

	m, err := receive(t, l.socket)
	if err != nil {
		t.Fatal(err)
	}

	var a answer

	switch m.Type {
	case "complete":
		return heard{End: true}
	case "error": // of what cannot begin
		err = json.Unmarshal(m.Payload, &a.Errors)
	default:
		err = json.Unmarshal(m.Payload, &a)
	}

	if err != nil {
		t.Fatal(err)
	}

	if len(a.Errors) > 0 {
		detail := func(name string) string { text, _ := a.Errors[0].Extensions[name].(string); return text }

		return heard{Code: detail("code"), Field: detail("field"), Earliest: detail("earliest")}
	}

	var data map[string]heard

	a.into(t, &data)

	for _, h = range data {
	}

	return h
}

const notice = "Back at noon."

// untilNotice reads events up to the notice, which is left out, as is what tells of the process's own health.
func (l listener) untilNotice(t testing.TB) (all []heard) {
	t.Helper()

	for {
		switch h := l.next(t); {
		case h.Message == notice:
			return all
		case h.ID == "":
			t.Fatalf("want an event, got %+v", h)
		case h.Typename != "SystemHealthCheck":
			all = append(all, h)
		}
	}
}

// brief is what the events are and whom or what they are about.
func brief(all []heard) []string {
	texts := make([]string, len(all))
	for i, h := range all {
		texts[i] = strings.TrimSpace(h.Type + " " + h.UserID + h.ChartHash)
	}

	return texts
}

const listenToAll = `subscription($after: Cursor, $types: [EventType!]) { events(after: $after, types: $types) { __typename id cursor type
	... on UserRegistered { userId } ... on UserLoggedIn { userId } ... on ChartCalculated { chartHash chart { hash } } ... on SystemWarning { message } } }`

func TestEachHearsOfWhatIsTheirs(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		nobodys := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
		s.tell(t, event.New(event.ReadingCancelled, time.Now(), nobodys, "", event.ReadingData{Reading: "r"}))

		one, another := s.person(t, "one", "one@example.org", "One"), s.person(t, "another", "another@example.org", "Another")

		var made calculated

		s.post(t, calculate, birth("1991-01-15", "10:30"), one.header...).into(t, &made)

		own := made.CalculateChart.Chart.Hash
		s.post(t, calculate, birth("1991-01-15", "10:30"), another.header...).into(t, &made) // not for the first time

		all := map[string]any{"after": s.before(t, nobodys)}
		ones, anothers, administrators := s.listen(t, one.header[1], listenToAll, all), s.listen(t, another.header[1], listenToAll, all), s.listen(t, administrator(t)[1], listenToAll, all)

		s.post(t, `mutation { publishSystemNotice(input: {message: "Back at noon."}) { eventId } }`, nil, administrator(t)...).into(t, &struct{}{})

		want := []string{"USER_REGISTERED " + one.id, "USER_LOGGED_IN " + one.id, "CHART_CALCULATED " + own}
		got := ones.untilNotice(t)

		if diff := cmp.Diff(want, brief(got)); diff != "" {
			t.Errorf("one (-want +got):\n%s", diff)
		}

		if last := got[len(got)-1]; last.Chart == nil || last.Chart.Hash != own {
			t.Errorf("want the chart with the event, got %+v", last)
		}

		if diff := cmp.Diff([]string{"USER_REGISTERED " + another.id, "USER_LOGGED_IN " + another.id}, brief(anothers.untilNotice(t))); diff != "" {
			t.Errorf("another (-want +got):\n%s", diff)
		}

		everybodys := brief(administrators.untilNotice(t))
		slices.Sort(everybodys)

		want = append(want, "USER_REGISTERED "+another.id, "USER_LOGGED_IN "+another.id, "CHART_CALCULATED "+nobodys, "READING_CANCELLED")
		slices.Sort(want)

		if diff := cmp.Diff(want, everybodys); diff != "" {
			t.Errorf("administrators (-want +got):\n%s", diff)
		}

		// Behind an event, what came behind it.
		resumed := s.listen(t, one.header[1], listenToAll, map[string]any{"after": got[0].Cursor})
		if diff := cmp.Diff(got[1:], resumed.untilNotice(t)); diff != "" {
			t.Errorf("resumed (-want +got):\n%s", diff)
		}

		// Only what was asked for, and live: with nothing behind the last event, the next one is new.
		live := s.listen(t, one.header[1], listenToAll, map[string]any{"after": got[1].Cursor, "types": []string{"USER_LOGGED_IN"}})
		s.post(t, signIn, input("email", "one@example.org", "password", goodPassword)).into(t, &struct{}{})

		if h := live.next(t); h.Type != "USER_LOGGED_IN" || h.UserID != one.id || h.Cursor == got[1].Cursor {
			t.Errorf("want the new session, got %+v", h)
		}
	})
}

func TestAnExpiredCursorIsAnsweredWithTheEarliest(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
	s.tell(t, event.New(event.ReadingCancelled, time.Now(), hash, "", event.ReadingData{Reading: "r"}))
	s.before(t, hash)

	for name, test := range map[string]struct {
		variables map[string]any
		want      heard
	}{
		"malformed":           {map[string]any{"after": "YzE6MQ"}, heard{Code: "VALIDATION_FAILED", Field: "after"}},
		"of another stream":   {map[string]any{"after": event.Cursor{Epoch: "another", Sequence: 1}.String()}, heard{Code: "CURSOR_EXPIRED"}},
		"with types of none":  {map[string]any{"types": []string{}}, heard{Code: "VALIDATION_FAILED", Field: "types"}},
		"with a type unknown": {map[string]any{"types": []string{"HOROSCOPE"}}, heard{Code: "VALIDATION_FAILED"}},
	} {
		l := s.listen(t, administrator(t)[1], listenToAll, test.variables)
		got := l.next(t)
		earliest := got.Earliest
		got.Earliest = ""

		if test.want.Field == "" {
			got.Field = ""
		}

		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}

		if got.Code != "CURSOR_EXPIRED" {
			continue
		}

		again := s.listen(t, administrator(t)[1], listenToAll, map[string]any{"after": earliest, "types": []string{"CHART_CALCULATED"}})
		if h := again.next(t); h.ChartHash != hash {
			t.Errorf("want the earliest events, got %+v", h)
		}
	}
}

const followReading = `subscription($hash: ChartHash!, $after: Cursor) { readingEvents(chartHash: $hash, after: $after) { __typename id cursor type chartHash readingId
	... on ReadingStarted { sections } ... on ReadingProgress { done total percent timeLeftMs } ... on ReadingFailed { reason } } }`

// Whoever has the hash follows the latest reading, whoever asked for it, from its start to its end, also when it has ended.
func TestReadingsAreFollowedToTheirEnd(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
		of := func(reading string) event.ReadingData { return event.ReadingData{Reading: reading} }

		s.tell(t,
			event.New(event.ReadingStarted, time.Now(), hash, "", event.ReadingStartedData{ReadingData: of("1"), Sections: []string{"OVERVIEW"}}),
			event.New(event.ReadingFailed, time.Now(), hash, "", event.ReadingFailedData{ReadingData: of("1"), Reason: "the pen broke"}),
			event.New(event.ReadingStarted, time.Now(), hash, "", event.ReadingStartedData{ReadingData: of("3"), Sections: []string{"OVERVIEW"}}),
			event.New(event.ReadingStarted, time.Now(), hash, "somebody", event.ReadingStartedData{ReadingData: of("2"), Sections: []string{"OVERVIEW", "PLANETS"}}),
			event.New(event.ReadingProgress, time.Now(), hash, "", event.ReadingProgressData{ReadingData: of("2"), Done: 1, Total: 2, Percent: 50, TimeLeftMs: new(1500.5)}),
			event.New(event.ReadingCompleted, time.Now(), hash, "", of("2")))

		s.before(t, hash) // all of it may be in the stream by now

		l := s.listen(t, "", followReading, map[string]any{"hash": hash})

		var got []heard

		for got == nil || !got[len(got)-1].End {
			got = append(got, l.next(t))
		}

		want := []heard{
			{Typename: "ReadingStarted", Type: "READING_STARTED", ChartHash: hash, Sections: []string{"OVERVIEW", "PLANETS"}},
			{Typename: "ReadingProgress", Type: "READING_PROGRESS", ChartHash: hash, Done: 1, Total: 2, Percent: 50, TimeLeftMs: new(1500.5)},
			{Typename: "ReadingCompleted", Type: "READING_COMPLETED", ChartHash: hash},
			{End: true},
		}

		for i := range min(len(want), len(got)) {
			want[i].ID, want[i].Cursor, want[i].ReadingID = got[i].ID, got[i].Cursor, got[0].ReadingID
			if want[i].End {
				want[i].ReadingID = ""
			}
		}

		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}

		resumed := s.listen(t, "", followReading, map[string]any{"hash": hash, "after": got[1].Cursor})
		if h := resumed.next(t); h.ID != got[2].ID {
			t.Errorf("want the last event, got %+v", h)
		}

		if h := resumed.next(t); !h.End {
			t.Errorf("want the end, got %+v", h)
		}
	})
}

// The figures show the socket of who asks nothing but to listen.
func TestAdministratorsSeeWhoListens(t *testing.T) {
	s := start(t, embedded(t))
	s.listen(t, administrator(t)[1], listenToAll, nil)

	type figures struct {
		Operations struct {
			Connections struct {
				WebSockets    int
				Subscriptions []struct {
					Field string
					Open  int
				}
			}
		}
	}

	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		var f figures

		s.post(t, "{ operations { connections { webSockets subscriptions { field open } } } }", nil, administrator(t)...).into(t, &f)

		c := f.Operations.Connections
		if c.WebSockets == 1 && len(c.Subscriptions) == 1 && c.Subscriptions[0].Field == "events" && c.Subscriptions[0].Open == 1 {
			return
		}

		if time.Now().After(deadline) {
			t.Fatalf("want one socket that listens to events, got %+v", c)
		}
	}
}
