package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/internal/natstest"
	"sidereal/internal/pgtest"
	"sidereal/internal/redistest"
)

const (
	testKey  = "a key that is long enough for tests"
	patience = 30 * time.Second
)

// forms are the two ways to run Sidereal: by itself, and on servers, which the daily loop (-short) leaves out.
func forms(t *testing.T, test func(t *testing.T, environment []string)) {
	t.Helper()

	t.Run("embedded", func(t *testing.T) { test(t, embedded(t)) })

	if testing.Short() {
		return
	}

	t.Run("grown up", func(t *testing.T) {
		test(t, append(embedded(t), "SIDEREAL_DATABASE_URL="+pgtest.Start(t).NewDatabase(t), "SIDEREAL_REDIS_URL="+redistest.Start(t).URL(),
			"SIDEREAL_NATS_URL="+natstest.Start(t).URL()))
	})
}

// embedded is the environment of a server that needs nothing but a folder. Its rate is not limited: tests ask more from one address than people do.
func embedded(t testing.TB) []string {
	t.Helper()

	return []string{
		"SIDEREAL_ADDR=127.0.0.1:0", "SIDEREAL_DATA_DIR=" + t.TempDir(), "SIDEREAL_JWT_KEY=" + testKey, "SIDEREAL_SLOW_QUERY=0s",
		"SIDEREAL_RATE_ANONYMOUS_POINTS=0", "SIDEREAL_RATE_POINTS=0",
	}
}

// testServer is a server that runs in this process, from the configuration to the exit code.
type testServer struct {
	environment []string

	url  string // http://127.0.0.1:PORT
	log  *lockedBuffer
	quit context.CancelFunc
	code chan int
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.text.Write(p)
}

// String returns what was written so far.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()

	return b.text.String()
}

// lines returns the lines that hold all of the words.
func (b *lockedBuffer) lines(words ...string) []string {
	var found []string

	for line := range strings.Lines(b.String()) {
		missing := false
		for _, word := range words {
			missing = missing || !strings.Contains(line, word)
		}

		if !missing {
			found = append(found, line)
		}
	}

	return found
}

var listening = regexp.MustCompile(`graphql"?[=:]"?(https?://[^/]+)/graphql`)

// start starts a server, with arguments on the command line or without; it is stopped when the test ends, if it was not before.
func start(t testing.TB, environment []string, args ...string) *testServer {
	t.Helper()

	ctx, quit := context.WithCancel(context.Background())
	s := &testServer{environment: environment, log: new(lockedBuffer), quit: quit, code: make(chan int, 1)}

	go func() { s.code <- run(ctx, append([]string{"sidereal"}, args...), environment, io.Discard, s.log) }()

	t.Cleanup(func() {
		s.stop(t)

		if t.Failed() {
			t.Logf("the server's log:\n%.4000s", s.log)
		}
	})

	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if found := listening.FindStringSubmatch(s.log.String()); found != nil {
			s.url = found[1]

			return s
		}

		select {
		case code := <-s.code:
			s.code <- code
			t.Fatalf("the server ended with %d:\n%s", code, s.log)
		default:
		}
	}

	t.Fatalf("the server does not start:\n%s", s.log)

	return nil
}

// quiet waits until the server has done its work in the background, which would compete for the processor with what is measured in milliseconds.
func (s *testServer) quiet(t testing.TB) {
	t.Helper()

	for deadline := time.Now().Add(patience); len(s.log.lines("done in the background")) == 0; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the server does not come to rest:\n%s", s.log)
		}
	}
}

// stop asks the server to stop and returns its exit code.
func (s *testServer) stop(t testing.TB) int {
	t.Helper()
	s.quit()

	select {
	case code := <-s.code:
		s.code <- code

		return code
	case <-time.After(patience):
		t.Fatalf("the server does not stop:\n%s", s.log)
	}

	return -1
}

// answer is what came back for an operation.
type answer struct {
	Status     int                        `json:"-"`
	Header     http.Header                `json:"-"`
	Data       json.RawMessage            `json:"data"`
	Errors     []answerError              `json:"errors"`
	Extensions map[string]json.RawMessage `json:"extensions"`
}

type answerError struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Extensions map[string]any `json:"extensions"`
}

// post sends an operation.
func (s *testServer) post(t testing.TB, document string, variables map[string]any, header ...string) answer {
	t.Helper()

	return s.send(t, http.MethodPost, "/graphql", bodyOf(t, document, variables), append([]string{"Content-Type", "application/json"}, header...)...)
}

// bodyOf returns the body of a request.
func bodyOf(t testing.TB, document string, variables map[string]any) string {
	t.Helper()

	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}

	return string(body)
}

// raw sends a request with header lines, name and value in turn, and returns the answer with its body as it comes.
func (s *testServer) raw(t testing.TB, client *http.Client, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()

	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	for i := 0; i < len(header); i += 2 {
		request.Header.Add(header[i], header[i+1])
	}

	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}

	defer response.Body.Close()

	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}

	return response, string(text)
}

// send sends a request as raw does, and reads the answer.
func (s *testServer) send(t testing.TB, method, path, body string, header ...string) answer {
	t.Helper()

	response, text := s.raw(t, http.DefaultClient, method, path, body, header...)

	a := answer{Status: response.StatusCode, Header: response.Header}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatalf("%s %s: status %d: %v", method, path, response.StatusCode, err)
	}

	return a
}

// into decodes the data of an answer without errors.
func (a answer) into(t testing.TB, data any) {
	t.Helper()

	if len(a.Errors) > 0 {
		t.Fatalf("errors: %+v", a.Errors)
	}

	if err := json.Unmarshal(a.Data, data); err != nil {
		t.Fatal(err)
	}
}

// wantError checks that an answer holds one error with that code and field.
func (a answer) wantError(t testing.TB, code, field string) answerError {
	t.Helper()

	if len(a.Errors) != 1 {
		t.Fatalf("want one error, got %+v", a.Errors)
	}

	e := a.Errors[0]
	if got, _ := e.Extensions["field"].(string); e.Extensions["code"] != code || got != field {
		t.Errorf("want %s of %q, got %v of %q: %s", code, field, e.Extensions["code"], got, e.Message)
	}

	if id, _ := e.Extensions["requestId"].(string); id == "" || id != a.Header.Get("X-Request-ID") {
		t.Errorf("the error has the request id %q, the header %q", id, a.Header.Get("X-Request-ID"))
	}

	return e
}
