package geocoder

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"sidereal/atlas/gazetteer"
	"sidereal/fault"
	"sidereal/resilience"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// byLongitude stands for the gazetteer.
type byLongitude struct{}

func (byLongitude) Zone(_, longitude float64) gazetteer.ZoneGuess {
	return gazetteer.ZoneGuess{Zone: fmt.Sprintf("Test/%+.0f", longitude)}
}

const braunau = `[{"place_id": 1, "licence": "Data © OpenStreetMap contributors", "lat": "48.2577829", "lon": "13.0346512", "category": "boundary", "type": "administrative",
	"display_name": "Braunau am Inn, Bezirk Braunau, Upper Austria, 5280, Austria", "address": {"town": "Braunau am Inn", "country_code": "at"}, "boundingbox": ["48.2", "48.3", "12.9", "13.1"]}]`

// serve starts a server that misbehaves as told, and a client of it that waits for nothing long.
func serve(t *testing.T, handler http.HandlerFunc) *Nominatim {
	t.Helper()

	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)

	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)

	return client(t, Config{
		BaseURL: server.URL + "/geo/", UserAgent: "sidereal-test/1 (operator@example.org)", Email: "operator@example.org", Timeout: 300 * time.Millisecond,
		Interval: time.Nanosecond, MaxBytes: 4096, Client: &http.Client{Transport: transport},
	}, resilience.Policy{Backoff: time.Nanosecond})
}

// client returns a client of a registry of its own.
func client(t *testing.T, config Config, policy resilience.Policy) *Nominatim {
	t.Helper()

	var err error
	if config.Dependency, err = resilience.New(resilience.Config{}).Add("geocoder", config.Policy(policy)); err != nil {
		t.Fatal(err)
	}

	n, err := NewNominatim(config, byLongitude{})
	if err != nil {
		t.Fatal(err)
	}

	return n
}

func TestGeocodeAsksAsNominatimWantsToBeAsked(t *testing.T) {
	n := serve(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if r.URL.Path != "/geo/search" || q.Get("q") != "Braunau & Inn?" || q.Get("format") != "jsonv2" || q.Get("limit") != "3" || q.Get("email") != "operator@example.org" ||
			q.Get("addressdetails") != "1" || r.UserAgent() != "sidereal-test/1 (operator@example.org)" {
			t.Errorf("asked %s as %s", r.URL, r.UserAgent())
		}

		io.WriteString(w, braunau)
	})

	got, err := n.Geocode(t.Context(), "Braunau & Inn?", 3)
	if err != nil {
		t.Fatal(err)
	}

	want := Result{
		Name: "Braunau am Inn, Bezirk Braunau, Upper Austria, 5280, Austria", CountryCode: "AT", Latitude: 48.2577829, Longitude: 13.0346512,
		Zone: gazetteer.ZoneGuess{Zone: "Test/+13"}, Source: "© OpenStreetMap contributors, ODbL 1.0",
	}
	if len(got) != 1 || got[0] != want {
		t.Errorf("want %+v, got %+v", want, got)
	}
}

func TestGeocodeMakesFaultsOfWhatGoesWrong(t *testing.T) {
	answer := func(status int, body string, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}

			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}

	const atOnce = time.Nanosecond // the interval: what is told when the service says nothing

	tests := []struct {
		name       string
		handler    http.HandlerFunc
		code       fault.Code
		retryAfter time.Duration
	}{
		{"429 with seconds", answer(http.StatusTooManyRequests, "", "Retry-After", "7"), fault.UpstreamUnavailable, 7 * time.Second},
		{"429 with years", answer(http.StatusTooManyRequests, "", "Retry-After", "99999999"), fault.UpstreamUnavailable, time.Hour},
		{"429 with nonsense", answer(http.StatusTooManyRequests, "", "Retry-After", "soon"), fault.UpstreamUnavailable, atOnce},
		{"429 with less than nothing", answer(http.StatusTooManyRequests, "", "Retry-After", "-5"), fault.UpstreamUnavailable, atOnce},
		{"500", answer(http.StatusInternalServerError, "oops"), fault.UpstreamUnavailable, atOnce},
		{"503 until a past date", answer(http.StatusServiceUnavailable, "", "Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"), fault.UpstreamUnavailable, atOnce},
		{"204", answer(http.StatusNoContent, ""), fault.UpstreamUnavailable, 0},
		{"403, for a client that is banned", answer(http.StatusForbidden, "bandwidth limit exceeded"), fault.UpstreamUnavailable, 0},
		{"HTML", answer(http.StatusOK, "<html>"), fault.UpstreamUnavailable, 0},
		{"nothing", answer(http.StatusOK, ""), fault.UpstreamUnavailable, 0},
		{"an object", answer(http.StatusOK, `{"error": "x"}`), fault.UpstreamUnavailable, 0},
		{"JSON that goes on", answer(http.StatusOK, `[] []`), fault.UpstreamUnavailable, 0},
		{"a number too large", answer(http.StatusOK, `[{"lat": "91", "lon": "0", "display_name": "x"}]`), fault.UpstreamUnavailable, 0},
		{"no number", answer(http.StatusOK, `[{"lat": "NaN", "lon": "0", "display_name": "x"}]`), fault.UpstreamUnavailable, 0},
		{"no coordinates", answer(http.StatusOK, `[{"display_name": "x"}]`), fault.UpstreamUnavailable, 0},
		{"a huge body", answer(http.StatusOK, `[`+strings.Repeat(`{},`, 5000)+`{}]`), fault.UpstreamUnavailable, 0},
		{"a body that is cut", answer(http.StatusOK, braunau[:200], "Content-Length", "5000"), fault.UpstreamUnavailable, 0},
		{
			"a connection that is cut",
			func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			fault.UpstreamUnavailable, 0,
		},
		{"a server that hangs", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, fault.Timeout, 0},
		{
			"a server that drips",
			func(w http.ResponseWriter, r *http.Request) {
				for r.Context().Err() == nil {
					io.WriteString(w, " ")
					w.(http.Flusher).Flush()

					select {
					case <-r.Context().Done():
					case <-time.After(20 * time.Millisecond):
					}
				}
			},
			fault.Timeout, 0,
		},
		{
			"a redirection without end",
			func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) },
			fault.UpstreamUnavailable, 0,
		},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := serve(t, tt.handler)

			got, err := n.Geocode(t.Context(), "Braunau", 3)
			if f, ok := fault.As(err); !ok || f.Code != tt.code || f.RetryAfter != tt.retryAfter {
				t.Errorf("want %s, retry after %v, got %v, %v", tt.code, tt.retryAfter, got, err)
			}
		})
	}
}

func TestGeocodeOfWhatIsNowhereIsEmpty(t *testing.T) {
	n := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "[]") })

	if got, err := n.Geocode(t.Context(), "Atlantis", 3); err != nil || got == nil || len(got) != 0 {
		t.Errorf("want an empty list, got %v, %v", got, err)
	}
}

func TestGeocodeTakesNoMoreThanItAskedFor(t *testing.T) {
	one := strings.Trim(braunau, "[]")
	n := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "["+one+","+one+","+one+"]") })

	if got, err := n.Geocode(t.Context(), "Braunau", 2); err != nil || len(got) != 2 {
		t.Errorf("want two, got %d, %v", len(got), err)
	}
}

func TestGeocodeAsksNothingThatIsNoQuery(t *testing.T) {
	n := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })

	for _, query := range []string{"", "  ", "a\x00b", "a\nb", strings.Repeat("x", 201), "\xff"} {
		_, err := n.Geocode(t.Context(), query, 3)
		if f, ok := fault.As(err); !ok || f.Code != fault.ValidationFailed || f.Field != "search" {
			t.Errorf("%q: want VALIDATION_FAILED of search, got %v", query, err)
		}
	}
}

func TestGeocodeStaysAwayAsLongAsItIsTold(t *testing.T) {
	var asked atomic.Int32

	n := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	})

	for range 5 {
		_, err := n.Geocode(t.Context(), "Braunau", 3)
		if f, ok := fault.As(err); !ok || f.Code != fault.UpstreamUnavailable || f.RetryAfter < 50*time.Second {
			t.Errorf("want UPSTREAM_UNAVAILABLE for a minute, got %v", err)
		}
	}

	if asked.Load() != 1 {
		t.Errorf("want one request, got %d", asked.Load())
	}
}

// roundTripper is a service that answers in a bubble of time.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// An outage of five minutes, in which somebody asks each second: the requests fall to the probes, each keeps its distance from the one before, and the service is
// asked again as soon as it is well.
func TestGeocodeLeavesAServiceThatFailsToItsProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const outage = 5 * time.Minute

		began := time.Now()

		var sent []time.Duration

		n := client(t, Config{UserAgent: "x", Client: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			sent = append(sent, time.Since(began))

			if time.Since(began) < outage {
				return &http.Response{StatusCode: http.StatusBadGateway, Body: http.NoBody}, nil
			}

			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(braunau))}, nil
		})}}, resilience.Policy{MinCalls: 4, OpenFor: 10 * time.Second})

		var err error
		for ; time.Since(began) < outage+10*time.Second; time.Sleep(time.Second) {
			if _, err = n.Geocode(t.Context(), "Braunau", 3); err != nil && fault.CodeOf(err) != fault.UpstreamUnavailable {
				t.Fatalf("want UPSTREAM_UNAVAILABLE, got %v", err)
			}
		}

		if err != nil {
			t.Errorf("want an answer within one open period after the outage, got %v", err)
		}

		during := 0

		for i, at := range sent {
			if i > 0 && at-sent[i-1] < time.Second {
				t.Errorf("the requests at %v and %v are less than a second apart", sent[i-1], at)
			}

			if at < outage {
				during++
			}
		}

		if most := 4 + int(outage/(10*time.Second)); during < most/2 || during > most {
			t.Errorf("want about a probe each ten seconds of the outage, %d at most, got %d", most, during)
		}
	})
}

func TestNewNominatimRefusesWhatCannotWork(t *testing.T) {
	d, err := resilience.New(resilience.Config{}).Add("geocoder", resilience.Policy{})
	if err != nil {
		t.Fatal(err)
	}

	for name, c := range map[string]Config{
		"no dependency":      {UserAgent: "x"},
		"no user agent":      {Dependency: d},
		"a blank user agent": {UserAgent: " ", Dependency: d},
		"no scheme":          {UserAgent: "x", BaseURL: "nominatim.example.org", Dependency: d},
		"another scheme":     {UserAgent: "x", BaseURL: "file:///etc", Dependency: d},
		"no host":            {UserAgent: "x", BaseURL: "https://", Dependency: d},
		"no URL":             {UserAgent: "x", BaseURL: "http://a b/%zz", Dependency: d},
	} {
		if _, err := NewNominatim(c, byLongitude{}); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

func TestTurnsAreAnIntervalApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(time.Second, 3*time.Second)
		start := time.Now()
		times := make(chan time.Duration, 10)
		refused := make(chan error, 10)

		for range 6 {
			go func() {
				if err := turns.wait(t.Context()); err != nil {
					refused <- err

					return
				}

				times <- time.Since(start)
			}()
		}

		for i := range 4 {
			if want, got := time.Duration(i)*time.Second, <-times; want != got {
				t.Errorf("turn %d: want at %v, got %v", i, want, got)
			}
		}

		for range 2 {
			if f, ok := fault.As(<-refused); !ok || f.Code != fault.RateLimited || f.RetryAfter != time.Second {
				t.Errorf("want RATE_LIMITED for a second, got %v", f)
			}
		}
	})
}

func TestTurnsEndWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(time.Second, time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()

		if err := turns.wait(ctx); err != nil {
			t.Fatal(err)
		}

		start := time.Now()
		if err := turns.wait(ctx); fault.CodeOf(err) != fault.Timeout || time.Since(start) != 500*time.Millisecond {
			t.Errorf("want TIMEOUT after 500 ms, got %v after %v", err, time.Since(start))
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(braunau))
	f.Add([]byte(`[{"lat": "1e400", "lon": "0", "display_name": "x"}]`))
	f.Add([]byte(`[null]`))

	n := &Nominatim{zones: byLongitude{}}

	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := n.read(body, 5)
		if err != nil && fault.CodeOf(err) != fault.UpstreamUnavailable {
			t.Errorf("%q: %v", body, err)
		}

		for _, r := range got {
			if r.Latitude < -90 || r.Latitude > 90 || r.Longitude < -180 || r.Longitude > 180 || r.Name == "" {
				t.Errorf("%q: %+v", body, r)
			}
		}
	})
}
