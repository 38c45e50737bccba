package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"go.uber.org/goleak"

	"sidereal/account"
	"sidereal/account/token"
	"sidereal/internal/pgtest"
)

// bearer returns an Authorization header's value of somebody with a role.
func bearer(t testing.TB, role account.Role, ttl time.Duration) string {
	t.Helper()

	return signed(t, account.Viewer{Subject: "someone", Role: role}, ttl)
}

// signed returns an Authorization header's value for a viewer.
func signed(t testing.TB, v account.Viewer, ttl time.Duration) string {
	t.Helper()

	key, err := token.ParseKey(testKey)
	if err != nil {
		t.Fatal(err)
	}

	keys, err := token.NewKeys(key)
	if err != nil {
		t.Fatal(err)
	}

	text, err := token.NewSigner(keys, token.Config{Now: time.Now}).Sign(v, ttl)
	if err != nil {
		t.Fatal(err)
	}

	return "Bearer " + text
}

// administrator returns the header of somebody who may do everything.
func administrator(t testing.TB) []string {
	t.Helper()

	return []string{"Authorization", bearer(t, account.Admin, time.Hour)}
}

func TestGraphQLOverHTTP(t *testing.T) {
	const (
		both   = "application/graphql-response+json, application/json"
		newest = "application/graphql-response+json"
		plain  = "application/json"
	)

	s := start(t, embedded(t))

	for name, test := range map[string]struct {
		method, path, contentType, accept, body string
		status                                  int
		answer                                  string // media type
		code                                    string
	}{
		"query by GET":            {"GET", "/graphql?query=" + url.QueryEscape("{ __typename }"), "", newest, "", 200, newest, ""},
		"variables by GET":        {"GET", "/graphql?query=" + url.QueryEscape("query($n: Int) { famousPeople(first: $n) { nodes { name } } }") + "&variables=" + url.QueryEscape(`{"n":1}`), "", both, "", 200, newest, ""},
		"mutation by GET":         {"GET", "/graphql?query=" + url.QueryEscape("mutation { __typename }"), "", both, "", 405, newest, "VALIDATION_FAILED"},
		"variables of a list":     {"GET", "/graphql?query=%7B__typename%7D&variables=%5B%5D", "", both, "", 400, newest, "VALIDATION_FAILED"},
		"no query by GET":         {"GET", "/graphql", "", both, "", 400, newest, "VALIDATION_FAILED"},
		"another method":          {"PUT", "/graphql", plain, both, "{}", 405, newest, "VALIDATION_FAILED"},
		"query by POST":           {"POST", "/graphql", plain, both, `{"query":"{ __typename }"}`, 200, newest, ""},
		"with a charset":          {"POST", "/graphql", "application/json; charset=utf-8", plain, `{"query":"{ __typename }"}`, 200, plain, ""},
		"a form":                  {"POST", "/graphql", "application/x-www-form-urlencoded", both, "query=x", 415, newest, "VALIDATION_FAILED"},
		"another charset":         {"POST", "/graphql", "application/json; charset=latin1", both, "{}", 415, newest, "VALIDATION_FAILED"},
		"no JSON":                 {"POST", "/graphql", plain, both, "{query", 400, newest, "VALIDATION_FAILED"},
		"more than JSON":          {"POST", "/graphql", plain, both, `{"query":"{ __typename }"} {}`, 400, newest, "VALIDATION_FAILED"},
		"no query":                {"POST", "/graphql", plain, both, `{"variables":{}}`, 400, newest, "VALIDATION_FAILED"},
		"query of a number":       {"POST", "/graphql", plain, both, `{"query":7}`, 400, newest, "VALIDATION_FAILED"},
		"too large":               {"POST", "/graphql", plain, both, `{"query":"` + strings.Repeat(" ", 1<<20) + `"}`, 413, newest, "VALIDATION_FAILED"},
		"no document":             {"POST", "/graphql", plain, both, `{"query":"{"}`, 400, newest, "VALIDATION_FAILED"},
		"no document, old client": {"POST", "/graphql", plain, plain, `{"query":"{"}`, 200, plain, "VALIDATION_FAILED"},
		"unknown field":           {"POST", "/graphql", plain, both, `{"query":"{ horoscope }"}`, 400, newest, "VALIDATION_FAILED"},
		"unknown operation":       {"POST", "/graphql", plain, both, `{"query":"query A { __typename }","operationName":"B"}`, 400, newest, "VALIDATION_FAILED"},
		"subscription":            {"POST", "/graphql", plain, both, `{"query":"subscription { operationsSnapshots { at } }"}`, 400, newest, "VALIDATION_FAILED"},
		"nothing acceptable":      {"POST", "/graphql", plain, "text/html", `{"query":"{ __typename }"}`, 406, newest, "VALIDATION_FAILED"},
		"error in a field":        {"POST", "/graphql", plain, both, `{"query":"{ famousPeople(first: -1) { nodes { name } } }"}`, 200, newest, "VALIDATION_FAILED"},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{"Accept", test.accept}
			if test.contentType != "" {
				header = append(header, "Content-Type", test.contentType)
			}

			a := s.send(t, test.method, test.path, test.body, header...)
			if a.Status != test.status || a.Header.Get("Content-Type") != test.answer+"; charset=utf-8" {
				t.Errorf("want %d %s, got %d %s: %+v", test.status, test.answer, a.Status, a.Header.Get("Content-Type"), a)
			}

			if test.code == "" {
				a.into(t, &struct{}{})
			} else if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != test.code {
				t.Errorf("want one error %s, got %+v", test.code, a.Errors)
			}

			if test.status != http.StatusOK && a.Data != nil {
				t.Errorf("an operation that was not executed has data: %s", a.Data)
			}
		})
	}
}

func TestErrorsTellStrangersNothing(t *testing.T) {
	production := append(embedded(t), "SIDEREAL_ENV=production")
	e := start(t, production).post(t, `{ famousPeople(first: -1) { nodes { name } } }`, nil).wantError(t, "VALIDATION_FAILED", "first")

	if _, ok := e.Extensions["context"]; ok {
		t.Errorf("production shows a context: %v", e.Extensions)
	}

	e = start(t, embedded(t)).post(t, `query Mistake { famousPeople(first: -1) { nodes { name } } }`, nil).wantError(t, "VALIDATION_FAILED", "first")

	if shown, _ := e.Extensions["context"].(map[string]any); shown["operation"] != "Mistake" {
		t.Errorf("development shows no context: %v", e.Extensions)
	}
}

func TestBadTokensAreRefusedBeforeAnythingRuns(t *testing.T) {
	s := start(t, embedded(t))

	for name, authorization := range map[string]string{
		"expired": bearer(t, account.Admin, -time.Minute), "forged": bearer(t, account.Admin, time.Hour) + "x", "another scheme": "Basic dTpw", "no token": "Bearer",
	} {
		a := s.post(t, calculate, birth("1990-01-15", "10:30"), "Authorization", authorization)
		if a.wantError(t, "UNAUTHENTICATED", ""); a.Status != http.StatusUnauthorized || a.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %v", name, a.Status, a.Header)
		}
	}

	var p chartPage

	if s.post(t, pages, nil, administrator(t)...).into(t, &p); p.Charts.TotalCount != 0 {
		t.Errorf("a refused request stored a chart")
	}
}

// message is one of graphql-transport-ws.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a WebSocket and sends connection_init with an Authorization.
func (s *testServer) dial(t testing.TB, authorization string) *websocket.Conn {
	t.Helper()

	socket, _, err := websocket.Dial(t.Context(), s.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = socket.CloseNow() })

	payload, _ := json.Marshal(map[string]string{"Authorization": authorization})
	if err := wsjson.Write(t.Context(), socket, message{Type: "connection_init", Payload: payload}); err != nil {
		t.Fatal(err)
	}

	return socket
}

// receive returns the next message that is no ping.
func receive(t testing.TB, socket *websocket.Conn) (m message, err error) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	for m.Type == "" || m.Type == "ping" {
		if err := wsjson.Read(ctx, socket, &m); err != nil {
			return m, err
		}
	}

	return m, nil
}

// subscribe waits for connection_ack and subscribes.
func subscribe(t testing.TB, socket *websocket.Conn, document string) {
	t.Helper()

	if m, err := receive(t, socket); err != nil || m.Type != "connection_ack" {
		t.Fatalf("want connection_ack, got %+v, %v", m, err)
	}

	payload, _ := json.Marshal(map[string]string{"query": document})
	if err := wsjson.Write(t.Context(), socket, message{ID: "1", Type: "subscribe", Payload: payload}); err != nil {
		t.Fatal(err)
	}
}

func TestAdministratorsWatchTheProcessAndLeaveNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())

	s := start(t, embedded(t))
	socket := s.dial(t, bearer(t, account.Admin, time.Hour))

	subscribe(t, socket, "subscription { operationsSnapshots(everyMs: 20) { at uptimeMs goroutines heapBytes operations } }")

	uptime := -1.0

	for range 3 {
		m, err := receive(t, socket)

		var event struct {
			Data struct {
				OperationsSnapshots struct {
					UptimeMs   float64
					Goroutines int
				}
			}
		}

		if err != nil || m.Type != "next" || json.Unmarshal(m.Payload, &event) != nil {
			t.Fatalf("want next, got %+v %s, %v", m, m.Payload, err)
		}

		snapshot := event.Data.OperationsSnapshots
		if snapshot.UptimeMs <= uptime || snapshot.Goroutines == 0 {
			t.Errorf("unexpected: %s", m.Payload)
		}

		uptime = snapshot.UptimeMs
	}

	s.quit() // does not wait for the watcher to leave, but tells it

	for {
		if _, err := receive(t, socket); err != nil {
			if status := websocket.CloseStatus(err); status == -1 {
				t.Errorf("the socket ended without a close frame: %v", err)
			}

			break
		}
	}

	if code := s.stop(t); code != exitOK {
		t.Errorf("want exit code %d, got %d", exitOK, code)
	}

	http.DefaultClient.CloseIdleConnections()
}

func TestOthersDoNotWatchTheProcess(t *testing.T) {
	s := start(t, embedded(t))

	for authorization, code := range map[string]string{"": "UNAUTHENTICATED", bearer(t, account.User, time.Hour): "FORBIDDEN"} {
		socket := s.dial(t, authorization)
		subscribe(t, socket, "subscription { operationsSnapshots { at } }")

		if m, err := receive(t, socket); err != nil || !strings.Contains(string(m.Payload), `"`+code+`"`) {
			t.Errorf("want %s, got %+v %s, %v", code, m, m.Payload, err)
		}
	}

	for socket := s.dial(t, "Bearer nonsense"); ; {
		if _, err := receive(t, socket); err != nil {
			if websocket.CloseStatus(err) == -1 {
				t.Errorf("want the socket closed, got %v", err)
			}

			break
		}
	}
}

// The request is half read when the server is asked to stop: it must be answered in full, and new ones must not come in.
func TestRequestsUnderWayFinish(t *testing.T) {
	s := start(t, embedded(t))

	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}

	defer connection.Close()

	body := `{"query":"{ famousPeople(first: 1) { nodes { name } } }"}`
	if _, err := fmt.Fprintf(connection, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body)); err != nil {
		t.Fatal(err)
	}

	reader := bufio.NewReader(connection)
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // its handler is reading
		t.Fatalf("want 100 Continue, got %q, %v", line, err)
	}

	_, _ = reader.ReadString('\n')

	s.quit()

	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if len(s.log.lines("stopping")) > 0 {
			if _, err := net.DialTimeout("tcp", strings.TrimPrefix(s.url, "http://"), time.Second); err != nil {
				break
			}
		}

		if time.Now().After(deadline) {
			t.Fatal("the server still takes connections")
		}
	}

	if _, err := io.WriteString(connection, body); err != nil {
		t.Fatal(err)
	}

	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}

	defer response.Body.Close()

	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK || !strings.Contains(string(text), `"name":`) {
		t.Errorf("want an answer, got %d %s", response.StatusCode, text)
	}

	if code := s.stop(t); code != exitOK {
		t.Errorf("want exit code %d, got %d", exitOK, code)
	}
}

func TestRequestsThatOutlastTheGraceAreCutOff(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_SHUTDOWN_GRACE=50ms"))

	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}

	defer connection.Close()

	_, _ = io.WriteString(connection, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 37\r\n\r\n")

	reader := bufio.NewReader(connection)
	if _, err := reader.ReadString('\n'); err != nil {
		t.Fatal(err)
	}

	if code := s.stop(t); code != exitFailure {
		t.Errorf("want exit code %d, got %d", exitFailure, code)
	}
}

func TestReadinessFollowsTheDatabase(t *testing.T) {
	postgres := pgtest.Start(t)
	s := start(t, append(embedded(t), "SIDEREAL_DATABASE_URL="+postgres.NewDatabase(t)))
	state := func(path string) int { return s.send(t, http.MethodGet, path, "").Status }

	if ready, healthy := state("/readyz"), state("/healthz"); ready != http.StatusOK || healthy != http.StatusOK {
		t.Fatalf("want 200 200, got %d %d", ready, healthy)
	}

	postgres.Stop(t)

	if ready, healthy := state("/readyz"), state("/healthz"); ready != http.StatusServiceUnavailable || healthy != http.StatusOK {
		t.Errorf("without a database: want 503 200, got %d %d", ready, healthy)
	}

	// The error names no host, no user and no statement.
	e := s.post(t, calculate, birth("1990-01-15", "10:30")).wantError(t, "UPSTREAM_UNAVAILABLE", "")
	for _, secret := range []string{"127.0.0.1", "sidereal", "insert", "connect"} {
		if strings.Contains(strings.ToLower(e.Message), secret) {
			t.Errorf("the message tells %q: %s", secret, e.Message)
		}
	}

	postgres.Restart(t)

	if ready := state("/readyz"); ready != http.StatusOK {
		t.Errorf("with the database back: want 200, got %d", ready)
	}

	if !s.calculate(t, "1990-01-15", "10:30").CalculateChart.Created {
		t.Error("the failed calculation had stored the chart")
	}
}

// Events may come up after the process; until then it is not ready.
func TestReadinessFollowsTheEvents(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_NATS_URL=nats://127.0.0.1:1"))

	if a := s.send(t, http.MethodGet, "/readyz", ""); a.Status != http.StatusServiceUnavailable {
		t.Errorf("want 503, got %d", a.Status)
	}

	s.calculate(t, "1990-01-15", "10:30") // needs no events
}

func TestServersThatCannotStartSayWhy(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	defer taken.Close()

	for name, test := range map[string]struct {
		environment []string
		code        int
		words       []string
	}{
		"bad settings, all at once": {
			[]string{"SIDEREAL_ADDR=8080", "SIDEREAL_ENV=prod", "SIDEREAL_DATABASE_URL=mysql://x", "SIDEREAL_JWT_KEY=short", "SIDEREAL_SLOW_QUERY=1"},
			exitUsage,
			[]string{"SIDEREAL_ADDR", "SIDEREAL_ENV", "SIDEREAL_DATABASE_URL", "SIDEREAL_JWT_KEY", "SIDEREAL_SLOW_QUERY"},
		},
		"production without a key": {[]string{"SIDEREAL_ENV=production"}, exitUsage, []string{"SIDEREAL_JWT_KEY is needed in production"}},
		"address in use":           {append(embedded(t), "SIDEREAL_ADDR="+taken.Addr().String()), exitFailure, []string{"listen", "address already in use"}},
		"no database":              {append(embedded(t), "SIDEREAL_DATABASE_URL=postgres://nobody:secret@127.0.0.1:1/none?sslmode=disable"), exitFailure, []string{"database"}},
	} {
		t.Run(name, func(t *testing.T) {
			var log lockedBuffer

			code := run(t.Context(), []string{"sidereal"}, test.environment, io.Discard, &log)
			if code != test.code {
				t.Errorf("want exit code %d, got %d", test.code, code)
			}

			for _, word := range test.words {
				if !strings.Contains(strings.ToLower(log.String()), strings.ToLower(word)) {
					t.Errorf("%q is missing in:\n%s", word, &log)
				}
			}

			if strings.Contains(log.String(), "secret") {
				t.Errorf("the password is in:\n%s", &log)
			}
		})
	}
}
