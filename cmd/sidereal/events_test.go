package main

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun/driver/sqliteshim"

	"sidereal/internal/natstest"
)

// An event that a process has committed and not published before it died, and a stream that is down when the next one starts: it answers meanwhile.
func TestEventsWaitInTheOutboxForTheStream(t *testing.T) {
	server := natstest.Start(t)
	server.Stop()

	environment := append(embedded(t), "SIDEREAL_NATS_URL="+server.URL(), "SIDEREAL_DATABASE_URL=sqlite:"+filepath.Join(t.TempDir(), "x.db"))
	start(t, environment).stop(t) // migrates

	database, err := sql.Open(sqliteshim.ShimName, environment[len(environment)-1][len("SIDEREAL_DATABASE_URL=sqlite:"):])
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()

	if _, err := database.Exec("INSERT INTO outbox (id, type, subject, owner, occurred_at_us, data) VALUES ('an-id', 'user.registered', 's', 'o', 1, '{}')"); err != nil {
		t.Fatal(err)
	}

	s := start(t, environment)
	s.calculate(t, "1990-01-15", "10:30") // needs no stream
	s.waitFor(t, "events wait in the outbox")

	server.Restart(t)
	s.waitFor(t, "events flow again")

	others := func(m natstest.Message) bool { return m.ID != "an-id" } // the chart, and the health of both processes

	if got := slices.DeleteFunc(server.Messages(t, "EVENTS"), others); len(got) != 1 || got[0].Subject != "sidereal.events.user_registered.s.o" {
		t.Errorf("want the event, got %+v", got)
	}

	response, err := http.Get(s.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	if response.StatusCode != http.StatusOK {
		t.Errorf("want 200, got %d", response.StatusCode)
	}

	if code := s.stop(t); code != exitOK {
		t.Errorf("want exit code 0, got %d", code)
	}
}

// waitFor waits until the log holds the words.
func (s *testServer) waitFor(t testing.TB, words string) {
	t.Helper()

	for deadline := time.Now().Add(patience); len(s.log.lines(words)) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%q is not in the log:\n%s", words, s.log)
		}
	}
}
