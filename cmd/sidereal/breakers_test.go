package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sidereal/internal/natstest"
	"sidereal/internal/pgtest"
)

// breakerView is a breaker as an administrator sees it.
type breakerView struct {
	Name, State, Mode                      string
	Since                                  string
	RetryAt                                *string
	LastFailure                            *struct{ Text string }
	Calls, Tries, Failures, Probes, Opened float64
}

const breakerFields = "{ name state mode since retryAt lastFailure { text } calls tries failures probes opened }"

func (s *testServer) setBreaker(t *testing.T, mode string) breakerView {
	t.Helper()

	var made struct{ SetBreaker struct{ Breaker breakerView } }

	s.post(t, fmt.Sprintf(`mutation { setBreaker(input: {name: "geocoder", mode: %s}) { breaker %s } }`, mode, breakerFields), nil, administrator(t)...).into(t, &made)

	return made.SetBreaker.Breaker
}

func (s *testServer) geocoderBreaker(t *testing.T) breakerView {
	t.Helper()

	var got struct {
		Operations struct{ Breakers []breakerView }
	}

	s.post(t, "{ operations { breakers "+breakerFields+" } }", nil, administrator(t)...).into(t, &got)

	if all := got.Operations.Breakers; len(all) == 0 || all[0].Name != "geocoder" {
		t.Fatalf("want the geocoder, got %+v", all)
	}

	return got.Operations.Breakers[0]
}

// waitForMode waits until a server obeys.
func (s *testServer) waitForMode(t *testing.T, mode string) {
	t.Helper()

	for deadline := time.Now().Add(patience); s.geocoderBreaker(t).Mode != mode; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the mode is not %s: %+v", mode, s.geocoderBreaker(t))
		}
	}
}

// outside is a geocoding service that fails while it is told to.
func outside(t *testing.T, fails *atomic.Bool, asked *atomic.Int32) string {
	t.Helper()

	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)

		if fails.Load() {
			w.WriteHeader(http.StatusBadGateway)

			return
		}

		_, _ = io.WriteString(w, "[]")
	}))
	t.Cleanup(service.Close)

	return service.URL
}

const geocoding = `{ geocode(search: "xyzzyqqville") { name } }`

func TestAnOrderIsObeyedAtOnceToldAndKept(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		var (
			fails atomic.Bool
			asked atomic.Int32
		)

		environment = append(environment, "SIDEREAL_GEOCODER_URL="+outside(t, &fails, &asked), "SIDEREAL_GEOCODER_INTERVAL=1ms")
		s := start(t, environment)
		s.post(t, geocoding, nil).into(t, &struct{}{})

		if b := s.setBreaker(t, "FORCE_OPEN"); b.State != "OPEN" || b.Mode != "FORCE_OPEN" || b.RetryAt != nil {
			t.Errorf("want it forced open, got %+v", b)
		}

		s.post(t, geocoding, nil).wantError(t, "UPSTREAM_UNAVAILABLE", "")

		if n := asked.Load(); n != 1 {
			t.Errorf("want the service left alone, got %d requests", n)
		}

		s.stop(t)

		s = start(t, environment)
		if b := s.geocoderBreaker(t); b.Mode != "FORCE_OPEN" {
			t.Errorf("want the mode after a restart, got %+v", b)
		}

		if b := s.setBreaker(t, "AUTO"); b.State != "CLOSED" || b.Mode != "AUTO" {
			t.Errorf("want it to decide by itself, got %+v", b)
		}

		s.post(t, geocoding, nil).into(t, &struct{}{})

		e := s.post(t, `mutation { setBreaker(input: {name: "model of a ship", mode: AUTO}) { breaker { name } } }`, nil, administrator(t)...).
			wantError(t, "VALIDATION_FAILED", "input.name")
		if !strings.Contains(e.Message, "geocoder") {
			t.Errorf("want the names that there are, got %q", e.Message)
		}
	})
}

func TestOrdersReachEveryNode(t *testing.T) {
	var (
		fails atomic.Bool
		asked atomic.Int32
	)

	shared := []string{
		"SIDEREAL_DATABASE_URL=" + pgtest.Start(t).NewDatabase(t), "SIDEREAL_NATS_URL=" + natstest.Start(t).URL(),
		"SIDEREAL_GEOCODER_URL=" + outside(t, &fails, &asked), "SIDEREAL_GEOCODER_INTERVAL=1ms",
	}
	one, other := start(t, append(embedded(t), shared...)), start(t, append(embedded(t), shared...))

	l := other.listen(t, administrator(t)[1], `subscription { events(types: [SYSTEM_BREAKER_SET]) {
		__typename id cursor type ... on SystemBreakerSet { message: breaker reason: mode userId: by } } }`, nil)

	for _, mode := range []string{"FORCE_OPEN", "FORCE_CLOSED", "AUTO"} {
		if b := one.setBreaker(t, mode); b.Mode != mode {
			t.Errorf("want %s at once, got %+v", mode, b)
		}

		other.waitForMode(t, mode)

		if h := l.next(t); h.Typename != "SystemBreakerSet" || h.Type != "SYSTEM_BREAKER_SET" || h.Message != "geocoder" || h.Reason != mode || h.UserID == "" {
			t.Errorf("want the order told, got %+v", h)
		}
	}

	other.setBreaker(t, "FORCE_OPEN") // an order of the other, which is newer than what it heard
	one.waitForMode(t, "FORCE_OPEN")
}

func TestAnOrderThatCannotBeKeptIsNotObeyed(t *testing.T) {
	var (
		fails atomic.Bool
		asked atomic.Int32
	)

	database := pgtest.Start(t)
	s := start(t, append(embedded(t), "SIDEREAL_DATABASE_URL="+database.NewDatabase(t), "SIDEREAL_GEOCODER_URL="+outside(t, &fails, &asked)))

	database.Stop(t)
	s.post(t, `mutation { setBreaker(input: {name: "geocoder", mode: FORCE_OPEN}) { breaker { name } } }`, nil, administrator(t)...).
		wantError(t, "UPSTREAM_UNAVAILABLE", "")

	if b := s.geocoderBreaker(t); b.Mode != "AUTO" {
		t.Errorf("want the mode of before, got %+v", b)
	}

	database.Restart(t)
	s.waitForMode(t, "AUTO")
	s.setBreaker(t, "FORCE_OPEN")
}

func TestAdministratorsHearOfAnOutageAndItsEnd(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		var (
			fails atomic.Bool
			asked atomic.Int32
		)

		fails.Store(true)

		s := start(t, append(environment, "SIDEREAL_GEOCODER_URL="+outside(t, &fails, &asked), "SIDEREAL_GEOCODER_INTERVAL=1ms", "SIDEREAL_RETRY_TRIES=2",
			"SIDEREAL_RETRY_BACKOFF=1ms", "SIDEREAL_BREAKER_MIN_CALLS=4", "SIDEREAL_BREAKER_OPEN_FOR=1h"))
		l := s.listen(t, administrator(t)[1], listenToAll, map[string]any{"types": []string{"SYSTEM_WARNING"}})

		for range 10 {
			s.post(t, geocoding, nil).wantError(t, "UPSTREAM_UNAVAILABLE", "")
		}

		if h := l.next(t); !strings.Contains(h.Message, "calls of geocoder are refused") || !strings.Contains(h.Message, "502") {
			t.Errorf("want the outage told, got %+v", h)
		}

		b := s.geocoderBreaker(t)
		if b.State != "OPEN" || b.RetryAt == nil || b.LastFailure == nil || b.Calls != 10 || b.Tries != 4 || b.Failures != 4 || b.Opened != 1 || asked.Load() != 4 {
			t.Errorf("want four tries in ten calls, and then none, got %+v, %d requests", b, asked.Load())
		}
	})

	var (
		fails atomic.Bool
		asked atomic.Int32
	)

	fails.Store(true)

	s := start(t, append(embedded(t), "SIDEREAL_GEOCODER_URL="+outside(t, &fails, &asked), "SIDEREAL_GEOCODER_INTERVAL=1ms", "SIDEREAL_RETRY_TRIES=1",
		"SIDEREAL_BREAKER_MIN_CALLS=1", "SIDEREAL_BREAKER_OPEN_FOR=10ms"))
	l := s.listen(t, administrator(t)[1], listenToAll, map[string]any{"types": []string{"SYSTEM_WARNING"}})

	s.post(t, geocoding, nil).wantError(t, "UPSTREAM_UNAVAILABLE", "")
	l.next(t)
	fails.Store(false)

	for deadline := time.Now().Add(patience); len(s.post(t, geocoding, nil).Errors) > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the service is not called again")
		}
	}

	if h := l.next(t); !strings.Contains(h.Message, "geocoder is called again") {
		t.Errorf("want the recovery told, got %+v", h)
	}
}
