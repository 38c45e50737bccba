package main

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sidereal/event"
)

// newcomers are events that nothing but a test makes happen.
const newcomers = `subscription($after: Cursor) { events(types: [USER_REGISTERED, SYSTEM_WARNING], after: $after) { __typename id cursor type
	... on UserRegistered { userId } ... on SystemWarning { message } } }`

// happen lets somebody join, and returns what is told of that once it is in the stream.
func (s *testServer) happen(t testing.TB, name string) string {
	t.Helper()

	now := s.listen(t, administrator(t)[1], newcomers, nil).cursor
	id := s.join(t, name+"@example.org").Auth.Viewer.ID

	if h := s.listen(t, administrator(t)[1], newcomers, map[string]any{"after": now}).next(t); h.UserID != id {
		t.Fatalf("want %s to have joined, got %+v", id, h)
	}

	return "USER_REGISTERED " + id
}

func (s *testServer) notify(t testing.TB) {
	t.Helper()
	s.post(t, `mutation { publishSystemNotice(input: {message: "Back at noon."}) { eventId } }`, nil, administrator(t)...).into(t, &struct{}{})
}

// Who is cut off before the first event gets what happened since the acknowledgement, once, however often that is.
func TestNothingIsMissedBeforeTheFirstEvent(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)

		waiting := s.listen(t, administrator(t)[1], newcomers, nil)
		_ = waiting.socket.CloseNow()

		if _, err := event.ParseCursor(waiting.cursor); err != nil {
			t.Fatalf("want a cursor with the acknowledgement, got %q", waiting.cursor)
		}

		var want []string

		for _, name := range []string{"ada", "bob"} {
			want = append(want, s.happen(t, name))

			again := s.listen(t, administrator(t)[1], newcomers, map[string]any{"after": waiting.cursor})
			if h := again.next(t); h.Type+" "+h.UserID != want[0] {
				t.Errorf("want %s, got %+v", want[0], h)
			}

			_ = again.socket.CloseNow()
		}

		s.notify(t)

		last := s.listen(t, administrator(t)[1], newcomers, map[string]any{"after": waiting.cursor})
		if got := brief(last.untilNotice(t)); !slices.Equal(got, want) {
			t.Errorf("want %v, got %v", want, got)
		}
	})
}

// An EventSource does the same by itself: the stream begins with an id.
func TestNothingIsMissedBeforeTheFirstServerSentEvent(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)

		const place = "id: "

		begin := func(header ...string) (lines *bufio.Scanner, cursor string, cut func()) {
			response := s.follow(t, newcomers, append(administrator(t), header...)...)
			lines = bufio.NewScanner(response.Body)

			return lines, strings.TrimPrefix(until(t, lines, place), place), func() { _ = response.Body.Close() }
		}

		_, cursor, cut := begin()
		cut()

		if _, err := event.ParseCursor(cursor); err != nil {
			t.Fatalf("want a cursor as the first id, got %q", cursor)
		}

		want := []string{s.happen(t, "ada"), s.happen(t, "bob")}

		s.notify(t)

		lines, again, cut := begin("Last-Event-ID", cursor)
		defer cut()

		if again != cursor {
			t.Errorf("want the stream to begin at %s, got %s", cursor, again)
		}

		for _, one := range want {
			_, id, _ := strings.Cut(one, " ")
			if line := until(t, lines, "data: "); !strings.Contains(line, fmt.Sprintf("%q", id)) {
				t.Errorf("want %s, got %s", one, line)
			}
		}

		if line := until(t, lines, "data: "); !strings.Contains(line, notice) {
			t.Errorf("want each event once, and then the notice, got %s", line)
		}
	})
}
