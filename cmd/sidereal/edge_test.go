package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// What a page of any origin can make a browser send without asking first stores no chart, whatever it says of itself.
func TestSimpleRequestsHaveNoEffect(t *testing.T) {
	s := start(t, embedded(t))
	document := `mutation { calculateChart(input: {date: "1990-01-15", place: {coordinates: {latitude: 40.7, longitude: -74, timeZone: "America/New_York"}}}) { created } }`
	body := `{"query":` + quoted(document) + `}`

	var form bytes.Buffer

	parts := multipart.NewWriter(&form)
	_ = parts.WriteField("operations", body)
	_ = parts.WriteField("query", document)
	_ = parts.WriteField("map", "{}")
	_ = parts.Close()

	fields := url.Values{"query": {document}}.Encode()

	for name, test := range map[string]struct{ method, path, contentType, body string }{
		"text":                       {"POST", "/graphql", "text/plain", body},
		"text that looks like JSON":  {"POST", "/graphql", "text/plain; a=application/json", body},
		"no type":                    {"POST", "/graphql", "", body},
		"a form":                     {"POST", "/graphql", "application/x-www-form-urlencoded", fields},
		"a form with parts":          {"POST", "/graphql", parts.FormDataContentType(), form.String()},
		"a document in the address":  {"POST", "/graphql?" + fields, "text/plain", ""},
		"a link":                     {"GET", "/graphql?" + fields, "", ""},
		"the head of a link":         {"HEAD", "/graphql?" + fields, "", ""},
		"a list of types":            {"POST", "/graphql", "text/plain, application/json", body},
		"GraphQL's type of old days": {"POST", "/graphql", "application/graphql", document},
	} {
		for _, origin := range []string{"", "https://evil.net", s.url} {
			header := []string{"Accept", "application/json"}
			if test.contentType != "" {
				header = append(header, "Content-Type", test.contentType)
			}

			if origin != "" {
				header = append(header, "Origin", origin)
			}

			if response, text := s.raw(t, http.DefaultClient, test.method, test.path, test.body, header...); response.StatusCode < 400 {
				t.Errorf("%s from %q: want a refusal, got %d %s", name, origin, response.StatusCode, text)
			}
		}
	}

	// With the right type it needs a page that may.
	foreign := []string{"Content-Type", "application/json", "Origin", "https://evil.net", "Sec-Fetch-Site", "cross-site"}
	if a := s.send(t, http.MethodPost, "/graphql", body, foreign...); a.Status != http.StatusForbidden {
		t.Errorf("a foreign page: want 403, got %d", a.Status)
	} else {
		a.wantError(t, "FORBIDDEN", "")
	}

	var p chartPage

	if s.post(t, pages, nil, administrator(t)...).into(t, &p); p.Charts.TotalCount != 0 {
		t.Fatalf("%d charts were stored", p.Charts.TotalCount)
	}

	// And the same mutation works where it may: the test would not notice a document that stores nothing.
	for _, page := range []string{"http://localhost:5173", s.url} {
		if a := s.send(t, http.MethodPost, "/graphql", body, "Content-Type", "application/json", "Origin", page); len(a.Errors) > 0 {
			t.Errorf("%s: %+v", page, a.Errors)
		}
	}

	if s.post(t, pages, nil, administrator(t)...).into(t, &p); p.Charts.TotalCount != 1 {
		t.Errorf("want one chart, got %d", p.Charts.TotalCount)
	}
}

// quoted writes a text as a JSON string.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

func TestPagesOfOtherOriginsAskWhereTheyMay(t *testing.T) {
	development := start(t, embedded(t))
	production := start(t, append(embedded(t), "SIDEREAL_ENV=production"))
	named := start(t, append(embedded(t), "SIDEREAL_ENV=production", "SIDEREAL_CORS_ORIGINS=https://app.example.org, https://*.example.com"))

	for name, test := range map[string]struct {
		server *testServer
		origin string
		want   bool
	}{
		"a front end that is developed": {development, "http://localhost:5173", true},
		"a stranger, in development":    {development, "https://evil.net", false},
		"a front end, in production":    {production, "http://localhost:5173", false},
		"one that is named":             {named, "https://app.example.org", true},
		"one of a pattern":              {named, "https://a.example.com", true},
		"one that is like it":           {named, "https://a.example.com.evil.net", false},
	} {
		t.Run(name, func(t *testing.T) {
			response, _ := test.server.raw(t, http.DefaultClient, http.MethodOptions, "/graphql", "",
				"Origin", test.origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
			if got := response.Header.Get("Access-Control-Allow-Origin") == test.origin; got != test.want {
				t.Errorf("the preflight: want %t, got %v", test.want, response.Header)
			}

			socket, refusal, err := websocket.Dial(t.Context(), test.server.url+"/graphql",
				&websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {test.origin}}})
			if (err == nil) != test.want {
				t.Errorf("the WebSocket: want %t, got %v", test.want, err)
			}

			if err == nil {
				_ = socket.CloseNow()
			} else if refusal == nil || refusal.StatusCode != http.StatusForbidden {
				t.Errorf("want 403, got %+v", refusal)
			}
		})
	}

	socket, _, err := websocket.Dial(t.Context(), production.url+"/graphql",
		&websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {production.url}}})
	if err != nil {
		t.Fatalf("our own page may not: %v", err)
	}

	_ = socket.CloseNow()
}

func TestAnswersAreCompressedOnce(t *testing.T) {
	s := start(t, embedded(t))
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	introspection := `{"query":"{ __schema { types { name description fields { name description } } } }"}`

	response, body := s.raw(t, client, http.MethodPost, "/graphql", introspection, "Content-Type", "application/json", "Accept-Encoding", "gzip, br")
	if vary := strings.Join(response.Header.Values("Vary"), ", "); response.Header.Get("Content-Encoding") != "gzip" || vary != "Origin, Accept, Authorization, Accept-Encoding" {
		t.Errorf("unexpected: %v", response.Header)
	}

	unpacked, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	if text, err := io.ReadAll(unpacked); err != nil || !bytes.HasPrefix(text, []byte(`{"data":`)) || len(text) < 3*len(body) {
		t.Errorf("%d bytes are %d: %.60s, %v", len(body), len(text), text, err)
	}

	// The playground's files are compressed when the program is built.
	response, body = s.raw(t, client, http.MethodGet, "/playground", "", "Accept-Encoding", "zstd, gzip, br")
	if vary := strings.Join(response.Header.Values("Vary"), ", "); response.Header.Get("Content-Encoding") != "gzip" || vary != "Origin, Accept-Encoding" {
		t.Errorf("the playground: %v", response.Header)
	}

	if unpacked, err = gzip.NewReader(strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}

	if text, err := io.ReadAll(unpacked); err != nil || !bytes.Contains(text, []byte("<!doctype html>")) {
		t.Errorf("the playground's page: %.60s, %v", text, err)
	}

	if policy := response.Header.Values("Content-Security-Policy"); len(policy) != 1 || !strings.Contains(policy[0], "script-src 'self'") {
		t.Errorf("the playground's policy: %q", policy)
	}

	bare := start(t, append(embedded(t), "SIDEREAL_COMPRESSION=none"))

	response, _ = bare.raw(t, client, http.MethodPost, "/graphql", introspection, "Content-Type", "application/json", "Accept-Encoding", "gzip")
	if response.Header.Get("Content-Encoding") != "" {
		t.Errorf("none is %s", response.Header.Get("Content-Encoding"))
	}
}

func TestAddressesAreThoseOfClients(t *testing.T) {
	trusting := start(t, append(embedded(t), "SIDEREAL_TRUSTED_PROXIES=127.0.0.0/8"))
	standard := start(t, append(embedded(t), "SIDEREAL_TRUSTED_PROXIES=127.0.0.1", "SIDEREAL_PROXY_HEADER=forwarded"))
	wary := start(t, embedded(t))

	for s, want := range map[*testServer]string{trusting: "address=203.0.113.5", standard: "address=203.0.113.6", wary: "address=127.0.0.1"} {
		header := http.Header{"X-Forwarded-For": {"8.8.8.8, 203.0.113.5"}, "Forwarded": {"for=203.0.113.6;proto=https"}, "X-Forwarded-Proto": {"https"}}

		response, _ := s.raw(t, http.DefaultClient, http.MethodGet, "/healthz", "", "X-Forwarded-For", header.Get("X-Forwarded-For"), "Forwarded",
			header.Get("Forwarded"), "X-Forwarded-Proto", "https")
		if secure := response.Header.Get("Strict-Transport-Security") != ""; secure == (s == wary) {
			t.Errorf("%s: encrypted is %t", want, secure)
		}

		socket, _, err := websocket.Dial(t.Context(), s.url+"/graphql", &websocket.DialOptions{HTTPHeader: header})
		if err != nil {
			t.Fatal(err)
		}

		_ = socket.CloseNow()

		for _, path := range []string{"path=/healthz", "path=/graphql status=101"} {
			for deadline := time.Now().Add(patience); len(s.log.lines(path, want)) == 0; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("%s is not logged with %s:\n%s", path, want, s.log)
				}
			}
		}
	}
}

// A client that sends a byte now and then holds its connection for as long as the timeouts say, and not for ever.
func TestSlowClientsAreCut(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_READ_HEADER_TIMEOUT=200ms", "SIDEREAL_READ_TIMEOUT=400ms", "SIDEREAL_IDLE_TIMEOUT=200ms"))

	for name, test := range map[string]struct{ at, slowly string }{
		"in the head":       {"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", strings.Repeat("x", 10_000)},
		"in the body":       {"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n", strings.Repeat(" ", 10_000)},
		"between requests":  {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", ""},
		"before it says hi": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}

			defer connection.Close()

			_ = connection.SetDeadline(time.Now().Add(patience))

			if _, err := io.WriteString(connection, test.at); err != nil {
				t.Fatal(err)
			}

			over, started := make(chan struct{}), time.Now()

			go func() {
				defer close(over)

				for i := range len(test.slowly) {
					if _, err := connection.Write([]byte{test.slowly[i]}); err != nil {
						return
					}

					time.Sleep(5 * time.Millisecond)
				}
			}()

			_, err = io.Copy(io.Discard, connection)
			if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
				t.Fatalf("after %s the connection is still open", time.Since(started))
			}

			if took := time.Since(started); took < 150*time.Millisecond {
				t.Errorf("it was cut after %s: for another reason", took)
			}

			<-over
		})
	}

	// The others are not hurt, and a WebSocket that has nothing to say outlives all of it.
	socket := s.dial(t, "")
	if m, err := receive(t, socket); err != nil || m.Type != "connection_ack" {
		t.Fatalf("want connection_ack, got %+v, %v", m, err)
	}

	time.Sleep(500 * time.Millisecond) // longer than each of the timeouts
	begin(t, socket, "1", "{ __typename }")

	if m, err := receive(t, socket); err != nil || m.Type != "next" {
		t.Errorf("want next, got %+v, %v", m, err)
	}
}

func TestConnectionsAndHeadsAreBounded(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_MAX_CONNECTIONS=2", "SIDEREAL_MAX_HEADER_BYTES=4096"))
	address := strings.TrimPrefix(s.url, "http://")

	var open []net.Conn

	for range 3 {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}

		defer connection.Close()

		open = append(open, connection)
	}

	ask := func(c net.Conn, wait time.Duration) (*http.Response, error) {
		_ = c.SetDeadline(time.Now().Add(wait))
		_, _ = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")

		return http.ReadResponse(bufio.NewReader(c), nil)
	}

	for _, c := range open[:2] {
		if response, err := ask(c, patience); err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("want an answer, got %v", err)
		}
	}

	if response, err := ask(open[2], 100*time.Millisecond); err == nil {
		t.Fatalf("the third of two connections is answered with %d", response.StatusCode)
	}

	_ = open[0].Close()
	_ = open[2].SetDeadline(time.Now().Add(patience))

	if response, err := http.ReadResponse(bufio.NewReader(open[2]), nil); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("a place is free: want the answer, got %v", err)
	}

	_ = open[1].Close()
	_ = open[2].Close()

	if response, _ := s.raw(t, http.DefaultClient, http.MethodGet, "/healthz", "", "X-Large", strings.Repeat("x", 10_000)); response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a large head: want 431, got %d", response.StatusCode)
	}
}

func TestOtherRequestsAreAnsweredShortly(t *testing.T) {
	s := start(t, embedded(t))

	for name, test := range map[string]struct {
		method, path string
		status       int
		allow        string
	}{
		"no such path":         {"GET", "/nothing", 404, ""},
		"a head without query": {"HEAD", "/graphql", 400, ""},
		"what is allowed":      {"OPTIONS", "/graphql", 204, "GET, HEAD, OPTIONS, POST"},
		"health by POST":       {"POST", "/healthz", 405, "GET, HEAD"},
		"the head of health":   {"HEAD", "/healthz", 200, ""},
		"a trace":              {"TRACE", "/graphql", 405, "GET, HEAD, POST"},
	} {
		response, body := s.raw(t, http.DefaultClient, test.method, test.path, "")
		if response.StatusCode != test.status || response.Header.Get("Allow") != test.allow || len(body) > 300 {
			t.Errorf("%s: want %d %q, got %d %q %s", name, test.status, test.allow, response.StatusCode, response.Header.Get("Allow"), body)
		}

		for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store"} {
			if got := response.Header.Get(header); got != want {
				t.Errorf("%s: %s: want %q, got %q", name, header, want, got)
			}
		}
	}
}
