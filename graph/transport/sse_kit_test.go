package transport_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/graph/document"
	"sidereal/graph/gqlerr"
	"sidereal/graph/live"
	"sidereal/graph/transport"
)

const numbersSchema = `
type Query { hello: String }
type Mutation { greet: String }
type Subscription { numbers(after: String): Int }
`

// stage is a server whose only subscription has what a test says.
type stage struct {
	*httptest.Server

	open  func(after string, notify func()) (live.Source, error)
	meter *meter
}

// perform starts a server with the transports; change says how the one under test differs.
func perform(t *testing.T, http2 bool, open func(after string, notify func()) (live.Source, error), change func(sse *transport.SSE)) *stage {
	t.Helper()

	schema, err := gqlparser.LoadSchema(&ast.Source{Input: numbersSchema})
	if err != nil {
		t.Fatal(err)
	}

	s := &stage{open: open, meter: newMeter()}
	executor := handler.New(&graphql.ExecutableSchemaMock{
		SchemaFunc:     func() *ast.Schema { return schema },
		ComplexityFunc: func(context.Context, string, string, int, map[string]any) (int, bool) { return 1, true },
		ExecFunc:       s.execute,
	})
	executor.SetErrorPresenter(gqlerr.NewPresenter(slog.New(slog.DiscardHandler), false).Present)

	requests := transport.HTTP{MaxBodyBytes: 1 << 20, MaxBatch: 10, Documents: new(document.Library)}
	sse := transport.SSE{Requests: requests, Driver: live.NewDriver(live.Config{}), Meter: s.meter}

	if change != nil {
		change(&sse)
	}

	executor.AddTransport(sse)
	executor.AddTransport(requests)

	s.Server = httptest.NewUnstartedServer(executor)
	s.EnableHTTP2 = http2

	if http2 {
		s.StartTLS()
	} else {
		s.Start()
	}

	t.Cleanup(s.Close)

	return s
}

// execute is the executor that would be generated.
func (s *stage) execute(ctx context.Context) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)

	field, _ := operation.Operation.SelectionSet[0].(*ast.Field)

	if operation.Operation.Operation != ast.Subscription {
		return graphql.OneShot(&graphql.Response{Data: []byte(`{"` + field.Alias + `":"world"}`)})
	}

	var given *string
	if after, ok := field.ArgumentMap(operation.Variables)["after"].(string); ok {
		given = &after
	}

	stream, err := live.Stream(ctx, func(ctx context.Context, notify func()) (live.Source, error) {
		after := "nowhere"
		if cursor := live.After(ctx, given); cursor != nil {
			after = *cursor
		}

		return s.open(after, notify)
	}, func(value any) any { return value })
	if err != nil {
		graphql.AddError(ctx, err)

		return nil
	}

	return func(context.Context) *graphql.Response {
		number, ok := <-stream
		if !ok {
			return nil
		}

		return &graphql.Response{Data: fmt.Appendf(nil, `{"numbers":%v}`, number)}
	}
}

// request sends a request for events: by GET where the body is empty.
func (s *stage) request(t *testing.T, method, query, body string, header ...string) *http.Response {
	t.Helper()

	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+"/?"+query, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	r.Header.Set("Accept", "text/event-stream")

	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}

	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}

	response, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = response.Body.Close() })

	return response
}

// subscribe sends the subscription and returns its events as they come.
func (s *stage) subscribe(t *testing.T, header ...string) *reader {
	t.Helper()

	response := s.request(t, http.MethodPost, "", `{"query":"subscription { numbers }"}`, header...)
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(response.Body)
		t.Fatalf("status %d: %s", response.StatusCode, text)
	}

	return &reader{lines: bufio.NewReader(response.Body), close: response.Body.Close}
}

// reader reads events.
type reader struct {
	lines *bufio.Reader
	close func() error
}

// next returns the lines of the next block but its retry, joined by "|"; empty at the end of the stream.
func (r *reader) next(t *testing.T) string {
	t.Helper()

	var block []string

	for {
		line, err := r.lines.ReadString('\n')
		line = strings.TrimRight(line, "\n")

		switch {
		case err != nil:
			return strings.Join(block, "|")
		case line == "" && len(block) > 0:
			return strings.Join(block, "|")
		case line != "" && !strings.HasPrefix(line, "retry: "):
			block = append(block, line)
		}
	}
}

// want checks the next blocks.
func (r *reader) want(t *testing.T, blocks ...string) {
	t.Helper()

	for _, want := range blocks {
		if got := r.next(t); got != want {
			t.Fatalf("want the event %q, got %q", want, got)
		}
	}
}

// script is a source that says what a test hands it.
type script struct {
	notify func()
	closed chan struct{} // closed with the source

	mu    sync.Mutex
	items []*live.Item
	end   error
	once  sync.Once
}

func newScript(end error, items ...*live.Item) *script {
	return &script{items: items, end: end, closed: make(chan struct{})}
}

// opened returns what opens it.
func (s *script) opened(_ string, notify func()) (live.Source, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.notify = notify

	return s, nil
}

// Next implements live.Source.
func (s *script) Next(context.Context) (*live.Item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if len(s.items) == 0 {
		return nil, s.end
	}

	item := s.items[0]
	s.items = s.items[1:]

	return item, nil
}

// Close implements live.Source.
func (s *script) Close() { s.once.Do(func() { close(s.closed) }) }

// add hands one more item over, or the end.
func (s *script) add(end error, items ...*live.Item) {
	s.mu.Lock()
	s.items, s.end = append(s.items, items...), end
	s.mu.Unlock()
	s.notify()
}

// wantClosed waits for the end of the source.
func (s *script) wantClosed(t *testing.T) {
	t.Helper()

	select {
	case <-s.closed:
	case <-time.After(patience):
		t.Error("the source is still open")
	}
}

const patience = 30 * time.Second

func number(n int) *live.Item {
	return &live.Item{Key: fmt.Sprint(n), Value: n, Cursor: fmt.Sprintf("c%d", n), At: time.Now()}
}

// meter is a transport.Meter that counts by name.
type meter struct {
	mu     sync.Mutex
	counts map[string]int
}

func newMeter() *meter { return &meter{counts: make(map[string]int)} }

func (m *meter) add(name string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.counts[name] += n
}

func (m *meter) count(name string) int {
	m.mu.Lock()
	defer m.mu.Unlock()

	return m.counts[name]
}

// want waits until a count has a value.
func (m *meter) want(t *testing.T, name string, want int) {
	t.Helper()

	for deadline := time.Now().Add(patience); m.count(name) != want; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("want %d of %s, got %d", want, name, m.count(name))
		}
	}
}

func (m *meter) SocketOpened(kind string)        { m.add(kind, 1) }
func (m *meter) SocketClosed(kind string)        { m.add(kind, -1) }
func (m *meter) SubscriptionOpened(field string) { m.add(field, 1) }
func (m *meter) SubscriptionClosed(field string) { m.add(field, -1) }
func (m *meter) SlowConsumer()                   { m.add("slow", 1) }

func (m *meter) EventSent(latency time.Duration) {
	m.add("sent", 1)

	if latency >= 0 {
		m.add("timed", 1)
	}
}
