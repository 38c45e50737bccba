package edge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/telemetry"
)

// through sends a request through an edge and returns the answer.
func through(t testing.TB, cfg Config, r *http.Request, handler http.HandlerFunc) *http.Response {
	t.Helper()

	w := httptest.NewRecorder()
	Handler(cfg, handler).ServeHTTP(w, r)

	return w.Result()
}

func request(method string, header ...string) *http.Request {
	r := httptest.NewRequest(method, "https://api.example.org/graphql", nil)
	r.TLS = nil

	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}

	return r
}

func nothing(http.ResponseWriter, *http.Request) {}

func TestForeignPagesHaveNoEffect(t *testing.T) {
	const site, mode, origin = "Sec-Fetch-Site", "Sec-Fetch-Mode", "Origin"

	for name, test := range map[string]struct {
		method string
		header []string
		want   int
	}{
		"a program":                              {"POST", nil, 200},
		"our own page":                           {"POST", []string{site, "same-origin", origin, "https://api.example.org"}, 200},
		"our own page in an old browser":         {"POST", []string{origin, "https://api.example.org"}, 200},
		"a foreign page":                         {"POST", []string{site, "cross-site", origin, "https://evil.net"}, 403},
		"a foreign page in an old browser":       {"POST", []string{origin, "https://evil.net"}, 403},
		"a foreign page on the same site":        {"POST", []string{site, "same-site", origin, "https://evil.example.org"}, 403},
		"a foreign page that hides its origin":   {"POST", []string{site, "cross-site"}, 403},
		"a page of nobody":                       {"POST", []string{site, "cross-site", origin, "null"}, 403},
		"a page that may":                        {"POST", []string{site, "cross-site", origin, "https://app.example.com"}, 200},
		"a page that is like one":                {"POST", []string{site, "cross-site", origin, "https://app.example.com.evil.net"}, 403},
		"a foreign page reads nothing":           {"GET", []string{site, "cross-site", mode, "cors", origin, "https://evil.net"}, 200}, // and CORS hides the answer
		"a link":                                 {"GET", []string{site, "cross-site", mode, "navigate"}, 200},
		"an address that the reader typed":       {"GET", []string{site, "none", mode, "navigate"}, 200},
		"a picture on a foreign page":            {"GET", []string{site, "cross-site", mode, "no-cors"}, 403},
		"a picture on our own page":              {"GET", []string{site, "same-origin", mode, "no-cors"}, 200},
		"a foreign page puts":                    {"PUT", []string{site, "cross-site", origin, "https://evil.net"}, 403},
		"a foreign page asks what it may":        {"OPTIONS", []string{site, "cross-site", origin, "https://evil.net"}, 200},
		"a program that happens to have a token": {"POST", []string{"Authorization", "Bearer x"}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			reached := false
			response := through(t, Config{Origins: origins(t, "https://app.example.com")}, request(test.method, test.header...), func(http.ResponseWriter, *http.Request) { reached = true })

			if response.StatusCode != test.want || reached != (test.want == 200) {
				t.Errorf("want %d, got %d, handler reached: %t", test.want, response.StatusCode, reached)
			}
		})
	}
}

func TestPreflightsTellPagesWhatTheyMay(t *testing.T) {
	const origin, asked = "Access-Control-Allow-Origin", "Access-Control-Request-Method"

	for name, test := range map[string]struct {
		list, origin, headers string
		allowed               string
	}{
		"a page that may":              {"https://app.example.com", "https://app.example.com", "authorization,content-type", "https://app.example.com"},
		"by a pattern":                 {"https://*.example.com", "https://a.example.com", "content-type", "https://a.example.com"},
		"any":                          {"*", "https://evil.net", "authorization", "*"},
		"a foreign page":               {"https://app.example.com", "https://evil.net", "content-type", ""},
		"nobody may":                   {"", "https://app.example.com", "content-type", ""},
		"a header that means nothing":  {"https://app.example.com", "https://app.example.com", "x-made-up", ""},
		"Apollo Client":                {"https://app.example.com", "https://app.example.com", "apollo-require-preflight,content-type", "https://app.example.com"},
		"a page that asks again later": {"https://app.example.com", "https://app.example.com", "if-none-match", "https://app.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			r := request("OPTIONS", "Origin", test.origin, asked, "POST", "Access-Control-Request-Headers", test.headers)
			h := through(t, Config{Origins: origins(t, test.list), CORSMaxAge: time.Hour}, r, func(http.ResponseWriter, *http.Request) { t.Error("a preflight reached the handler") }).Header

			if h.Get(origin) != test.allowed || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("want %q without credentials, got %v", test.allowed, h)
			}

			if age := h.Get("Access-Control-Max-Age"); test.allowed != "" && age != "3600" {
				t.Errorf("want an hour, got %q", age)
			}

			if !strings.Contains(strings.Join(h.Values("Vary"), ","), "Origin") {
				t.Errorf("caches are not told: %v", h)
			}
		})
	}
}

func TestPagesReadAnswersThatTheyMay(t *testing.T) {
	h := through(t, Config{Origins: origins(t, "https://app.example.com")}, request("POST", "Origin", "https://app.example.com"), nothing).Header
	if h.Get("Access-Control-Allow-Origin") != "https://app.example.com" || !strings.Contains(strings.ToLower(h.Get("Access-Control-Expose-Headers")), "retry-after") {
		t.Errorf("unexpected: %v", h)
	}

	if h := through(t, Config{}, request("GET", "Origin", "https://evil.net"), nothing).Header; h.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a foreign page may read: %v", h)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	cfg := Config{HSTSMaxAge: time.Hour, Proxies: proxies(t, "192.0.2.1")} // where httptest's requests come from

	for name, r := range map[string]*http.Request{
		"an answer": request("GET"), "a preflight": request("OPTIONS", "Origin", "https://a.example.org", "Access-Control-Request-Method", "POST"),
		"a refusal": request("POST", "Origin", "https://evil.net"), "a panic": request("GET", "Panic", "now"),
	} {
		h := through(t, cfg, r, func(_ http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Panic") != "" {
				panic("now")
			}
		}).Header

		for _, header := range guarded {
			if got := h.Get(header[0]); got != header[1] {
				t.Errorf("%s: %s: want %q, got %q", name, header[0], header[1], got)
			}
		}

		if got := h.Get("Strict-Transport-Security"); got != "" {
			t.Errorf("%s: over plain HTTP it is promised %q", name, got)
		}
	}

	if got := through(t, cfg, request("GET", "X-Forwarded-Proto", "https"), nothing).Header.Get("Strict-Transport-Security"); got != "max-age=3600" {
		t.Errorf("over HTTPS: got %q", got)
	}

	// Handlers say otherwise without changing the answers of others.
	other := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public")
		w.Header().Add("Content-Security-Policy", "script-src 'self'")
	}
	if h := through(t, cfg, request("GET"), other).Header; h.Get("Cache-Control") != "public" || len(h.Values("Content-Security-Policy")) != 2 {
		t.Errorf("the handler's headers are lost: %v", h)
	}

	if h := through(t, cfg, request("GET"), nothing).Header; h.Get("Cache-Control") != "no-store" || len(h.Values("Content-Security-Policy")) != 1 {
		t.Errorf("they stick: %v", h)
	}
}

func TestRequestsAreLoggedWithTheirClient(t *testing.T) {
	var log bytes.Buffer

	cfg := Config{Log: slog.New(telemetry.LogHandler{Handler: slog.NewTextHandler(&log, nil)}), Proxies: proxies(t, "192.0.2.0/24")}
	r := request("POST", "X-Forwarded-For", "203.0.113.5", "X-Request-ID", "mine")
	r.URL.RawQuery = "query=secret"

	response := through(t, cfg, r, func(w http.ResponseWriter, r *http.Request) {
		if got := account.AddressFrom(r.Context()).String(); got != "203.0.113.5" {
			t.Errorf("the handler sees %s", got)
		}

		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "short")
	})

	if response.Header.Get("X-Request-ID") != "mine" {
		t.Errorf("the id is lost: %v", response.Header)
	}

	for _, word := range []string{"status=418", "bytes=5", "address=203.0.113.5", "requestId=mine", "method=POST", "path=/graphql"} {
		if !strings.Contains(log.String(), word) {
			t.Errorf("%s is missing: %s", word, &log)
		}
	}

	if strings.Contains(log.String(), "secret") {
		t.Errorf("the query string is logged: %s", &log)
	}

	log.Reset()
	Handler(cfg, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints) // announces, and is not the status
		w.WriteHeader(http.StatusGone)
	})).ServeHTTP(&discard{header: make(http.Header)}, request("GET"))

	if !strings.Contains(log.String(), "status=410") {
		t.Errorf("want the last status, got %s", &log)
	}

	log.Reset()
	through(t, cfg, request("GET"), nothing)

	if !strings.Contains(log.String(), "status=200") {
		t.Errorf("net/http sends 200, the log says %s", &log)
	}
}

// A panic before the answer is 500; one in the midst of it cuts the connection, so that nobody takes half an answer for a whole one.
func TestPanicsAreAnsweredOrCut(t *testing.T) {
	var log bytes.Buffer

	s := httptest.NewServer(Handler(Config{Log: slog.New(slog.NewTextHandler(&log, nil)), Compression: compression(t)}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")

		if r.URL.Path == "/late" {
			_, _ = io.WriteString(w, strings.Repeat("x", 100_000))
			_ = http.NewResponseController(w).Flush()
		} else {
			_, _ = io.WriteString(w, "held back")
		}

		panic("a mistake")
	})))
	defer s.Close()

	for _, coding := range []string{"identity", "gzip"} {
		get := func(path string) (int, string, error) {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
			r.Header.Set("Accept-Encoding", coding)

			response, err := http.DefaultClient.Do(r)
			if err != nil {
				return 0, "", err
			}

			defer response.Body.Close()

			body, err := io.ReadAll(response.Body)

			return response.StatusCode, string(body), err
		}

		if status, body, err := get("/early"); status != http.StatusInternalServerError || body != "internal error\n" || err != nil {
			t.Errorf("%s, early: %d %q %v", coding, status, body, err)
		}

		if status, _, err := get("/late"); status != http.StatusOK || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s, late: want 200 and a cut, got %d, %v", coding, status, err)
		}
	}

	s.Close() // the lines are written after the answers

	if n := strings.Count(log.String(), "panic in a handler"); n != 4 {
		t.Errorf("want 4 panics in the log, got %d: %s", n, &log)
	}
}

// server serves a handler with an edge and timeouts, over HTTP/1.1 or, encrypted, HTTP/2.
func server(t testing.TB, http2 bool, cfg Config, read time.Duration, handler http.HandlerFunc) *httptest.Server {
	t.Helper()

	s := httptest.NewUnstartedServer(Handler(cfg, handler))
	s.Config.ReadTimeout = read
	s.EnableHTTP2 = http2

	if http2 {
		s.StartTLS()
	} else {
		s.Start()
	}

	t.Cleanup(s.Close)

	return s
}

func TestStreamsOutlastEveryTimeout(t *testing.T) {
	const timeout = 50 * time.Millisecond

	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("http2=%t", http2), func(t *testing.T) {
			s := server(t, http2, Config{WriteTimeout: timeout, Compression: compression(t)}, timeout, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")

				for range 4 {
					_, _ = io.WriteString(w, "data: 1\n\n")
					_ = http.NewResponseController(w).Flush()

					select {
					case <-time.After(2 * timeout): // the stream has nothing to say
					case <-r.Context().Done():
						return
					}
				}
			})

			response, err := s.Client().Get(s.URL)
			if err != nil {
				t.Fatal(err)
			}

			defer response.Body.Close()

			if body, err := io.ReadAll(response.Body); err != nil || strings.Count(string(body), "data") != 4 {
				t.Errorf("want four events, got %q, %v", body, err)
			}
		})
	}
}

func TestClientsThatDoNotReadAreCut(t *testing.T) {
	const timeout = 50 * time.Millisecond

	for _, http2 := range []bool{false, true} {
		for name, test := range map[string]struct{ edge, handler time.Duration }{
			"by the edge":             {timeout, 0},
			"by a handler's deadline": {time.Hour, timeout},
			"by it alone":             {0, timeout},
			"by the edge before it":   {timeout, time.Hour},
		} {
			t.Run(fmt.Sprintf("http2=%t %s", http2, name), func(t *testing.T) {
				left := make(chan error, 1)
				s := server(t, http2, Config{WriteTimeout: test.edge, Compression: compression(t)}, 0, func(w http.ResponseWriter, _ *http.Request) {
					var err error

					control := http.NewResponseController(w)

					for part := make([]byte, 1<<20); err == nil; {
						if test.handler > 0 {
							_ = control.SetWriteDeadline(time.Now().Add(test.handler))
						}

						_, err = w.Write(part)
					}

					left <- err
				})

				response, err := s.Client().Get(s.URL)
				if err != nil {
					t.Fatal(err)
				}

				defer response.Body.Close()

				select {
				case <-left: // the client has not read a byte of the body
				case <-time.After(30 * time.Second):
					t.Error("the handler still writes")
				}
			})
		}
	}
}

// The deadline of an answer must not hit the next one on its connection.
func TestConnectionsAreUsedAgainAfterAPause(t *testing.T) {
	const timeout = 20 * time.Millisecond

	s := server(t, false, Config{WriteTimeout: timeout}, 0, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body) // sends 100 Continue
	})

	for range 3 {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader("hello"))
		r.Header.Set("Expect", "100-continue")

		response, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}

		if body, err := io.ReadAll(response.Body); err != nil || string(body) != "hello" {
			t.Fatalf("got %q, %v", body, err)
		}

		_ = response.Body.Close()

		time.Sleep(2 * timeout) // the pause is what is tested
	}
}

func BenchmarkEdge(b *testing.B) {
	handler := Handler(Config{Proxies: proxies(b, "192.0.2.0/24"), Origins: LocalOrigins(), WriteTimeout: time.Second, Compression: compression(b)},
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"data":{"__typename":"Query"}}`)
		}))
	r := request("POST", "X-Forwarded-For", "203.0.113.5", "Authorization", "Bearer x", "Accept-Encoding", "gzip, br, zstd")

	b.ReportAllocs()

	for b.Loop() {
		handler.ServeHTTP(&discard{header: make(http.Header)}, r)
	}
}
