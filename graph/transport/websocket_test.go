package transport

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"go.uber.org/goleak"

	"sidereal/account"
	"sidereal/fault"
	"sidereal/graph/document"
	"sidereal/graph/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tiny is a schema of one subscription, whose items are a source's and whose answer names the viewer.
type tiny struct {
	parsed *ast.Schema
	source live.Source
}

func (s *tiny) Schema() *ast.Schema { return s.parsed }

func (*tiny) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (s *tiny) Exec(ctx context.Context) graphql.ResponseHandler {
	stream, err := live.Stream(ctx, func(context.Context, func()) (live.Source, error) { return s.source, nil }, func(value any) any { return value })
	if err != nil {
		graphql.AddError(ctx, err)
	}

	return func(ctx context.Context) *graphql.Response {
		viewer, _ := account.ViewerFrom(ctx)
		data, _ := json.Marshal(map[string]any{"viewer": string(viewer.Role), "value": <-stream})

		return &graphql.Response{Data: data}
	}
}

// one is a source of one item and then an error, or nothing for ever.
type one struct {
	sent  bool
	after error
}

func (s *one) Next(context.Context) (*live.Item, error) {
	if s.sent {
		return nil, s.after
	}

	s.sent = true

	return &live.Item{Key: "1", Value: 1, Cursor: "here", At: time.Now()}, nil
}

func (*one) Close() {}

// serveTiny serves a transport, and stops it at the end.
func serveTiny(t *testing.T, ws *WebSocket, source live.Source) string {
	t.Helper()

	ws.Driver, ws.Sockets, ws.Documents = live.NewDriver(live.Config{}), NewSockets(), new(document.Library)
	ws.Authenticate = func(_ context.Context, token string) (account.Viewer, error) {
		if token == "bad" {
			return account.Viewer{}, fault.New(fault.Unauthenticated, "it is bad")
		}

		return account.Viewer{Subject: "s", Role: account.User}, nil
	}

	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { a: Int } type Subscription { events: Int }`})
	server := handler.New(&tiny{schema, source})
	server.AddTransport(ws)

	listening := httptest.NewServer(server)

	t.Cleanup(func() {
		if err := ws.Sockets.Close(context.Background()); err != nil {
			t.Error(err)
		}

		listening.Close()
	})

	return listening.URL
}

// talk opens a socket, sends messages, and returns what comes until it is closed or a message has the last word.
func talk(t *testing.T, url, last string, messages ...string) (got []string, end error) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()

	socket, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{subprotocol}})
	if err != nil {
		t.Fatal(err)
	}

	defer func() { _ = socket.CloseNow() }()

	for _, m := range messages {
		if err = socket.Write(ctx, websocket.MessageText, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}

	for {
		_, text, err := socket.Read(ctx)
		if err != nil {
			return got, err
		}

		if got = append(got, string(text)); last != "" && strings.Contains(string(text), last) {
			return got, nil
		}
	}
}

const (
	hello  = `{"type":"connection_init","payload":{"Authorization":"Bearer good"}}`
	follow = `{"type":"subscribe","id":"1","payload":{"query":"subscription { events }"}}`
)

func wantEnd(t *testing.T, err error, code websocket.StatusCode, reason string) {
	t.Helper()

	if websocket.CloseStatus(err) != code || !strings.Contains(err.Error(), reason) {
		t.Errorf("want %d %s, got %v", code, reason, err)
	}
}

func TestSocketsThatThereIsNoRoomFor(t *testing.T) {
	limited := fault.New(fault.RateLimited, "too many")
	limited.RetryAfter = 1500 * time.Millisecond

	for _, test := range []struct {
		err    error
		status int
		after  string
	}{{limited, 429, "2"}, {fault.New(fault.UpstreamUnavailable, "full"), 503, "1"}} {
		url := serveTiny(t, &WebSocket{Admit: func(context.Context) (func(), error) { return nil, test.err }}, new(one))

		_, response, err := websocket.Dial(t.Context(), url, nil)
		if err == nil || response.StatusCode != test.status || response.Header.Get("Retry-After") != test.after {
			t.Errorf("want %d and %s, got %v", test.status, test.after, response)
		}
	}

	released := make(chan struct{}, 1)
	url := serveTiny(t, &WebSocket{
		Admit:       func(context.Context) (func(), error) { return func() { released <- struct{}{} }, nil },
		AdmitViewer: func(context.Context) (func(), error) { return nil, limited },
	}, new(one))

	_, err := talk(t, url, "", hello)
	wantEnd(t, err, websocket.StatusTryAgainLater, "too many")
	<-released
}

func TestAClientThatIsTooSlowIsToldWhereToResume(t *testing.T) {
	url := serveTiny(t, &WebSocket{}, &one{after: fault.New(fault.RateLimited, "behind")})

	got, err := talk(t, url, "", hello, follow)
	wantEnd(t, err, websocket.StatusTryAgainLater, "after: here")

	if want := `{"id":"1","type":"next","payload":{"data":{"value":1,"viewer":"USER"}}}`; !slices.Contains(got, want) {
		t.Errorf("want %s, got %v", want, got)
	}

	if long := tooSlow(strings.Repeat("x", 120)); strings.Contains(long, "x") || long == "" {
		t.Errorf("want no half of a cursor, got %q", long)
	}
}

// A client hears where the stream of events is when it is let in, where that is known.
func TestTheAcknowledgementSaysWhereTheStreamIs(t *testing.T) {
	for name, test := range map[string]struct {
		now  func(ctx context.Context) string
		want string
	}{
		"known": {func(ctx context.Context) string {
			viewer, _ := account.ViewerFrom(ctx)

			return "behind-" + viewer.Subject
		}, `{"type":"connection_ack","payload":{"cursor":"behind-s"}}`},
		"not reached":    {func(context.Context) string { return "" }, `{"type":"connection_ack"}`},
		"without events": {nil, `{"type":"connection_ack"}`},
	} {
		got, err := talk(t, serveTiny(t, &WebSocket{Now: test.now}, new(one)), "ack", hello)
		if err != nil || !slices.Equal(got, []string{test.want}) {
			t.Errorf("%s: want %s, got %v, %v", name, test.want, got, err)
		}
	}
}

// watched is a Watch that the test decides for.
type watched struct {
	viewer  account.Viewer
	stopped chan struct{}
}

func (w *watched) Viewer() account.Viewer { return w.viewer }
func (w *watched) Stop()                  { close(w.stopped) }

func (w *watched) Renew(token string) error {
	if token == "bad" {
		return fault.New(fault.Unauthenticated, "it is bad")
	}

	w.viewer.Role = account.Admin

	return nil
}

func TestTheTokenOfASocket(t *testing.T) {
	var (
		w     *watched
		ended func(reason string)
	)

	ws := &WebSocket{Watch: func(_ context.Context, token string, v account.Viewer, end func(string)) Watch {
		if token != "good" {
			t.Errorf("unexpected token %q", token)
		}

		w, ended = &watched{v, make(chan struct{})}, end

		return w
	}}
	url := serveTiny(t, ws, new(one))

	// Renewed, what begins later has the new viewer; the token is not sent back.
	got, err := talk(t, url, "next", hello, `{"type":"ping","payload":{"Authorization":"Bearer new"}}`, follow)
	if err != nil || !slices.Contains(got, `{"type":"pong"}`) || !strings.Contains(strings.Join(got, ""), "ADMIN") {
		t.Errorf("want a pong and the new viewer, got %v, %v", got, err)
	}

	<-w.stopped

	_, err = talk(t, url, "", hello, `{"type":"ping","payload":{"Authorization":"Bearer bad"}}`)
	wantEnd(t, err, closeForbidden, "Forbidden: it is bad")

	ws.Watch = func(_ context.Context, _ string, v account.Viewer, end func(string)) Watch {
		w, ended = &watched{v, make(chan struct{})}, end
		ended("the token has expired")

		return w
	}

	_, err = talk(t, url, "", hello)
	wantEnd(t, err, closeForbidden, "the token has expired")
}

// Frames come whole, whatever the pieces are that they are written in.
func TestFramesHaveTheirSize(t *testing.T) {
	for _, test := range []struct {
		frame string
		size  int
		known bool
	}{
		{"\x81", 0, false},
		{"\x81\x05", 7, true},
		{"\x81\x7d", 127, true},
		{"\x81\x7e\x01", 0, false},
		{"\x81\x7e\x01\x00", 260, true},
		{"\x81\x7f\x00\x00\x00\x00\x00\x01\x00", 0, false},
		{"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 65546, true},
	} {
		if size, known := frameSize([]byte(test.frame)); size != test.size || known != test.known {
			t.Errorf("%q: want %d, %v, got %d, %v", test.frame, test.size, test.known, size, known)
		}
	}
}

// A client that takes nothing blocks a write for so long and no longer; it holds no frame afterwards.
func TestAClientThatReadsNothingIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer ours.Close()
		defer theirs.Close()

		w := &frameWriter{connection: ours, rooms: new(rooms)}
		start := time.Now()

		if n, err := w.Write([]byte("\x81")); n != 1 || err != nil {
			t.Fatalf("want half a frame taken, got %d, %v", n, err)
		}

		if _, err := w.Write([]byte("\x01x")); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != writeTimeout || w.frame != nil {
			t.Errorf("want the write given up after %v, got %v after %v", writeTimeout, err, time.Since(start))
		}
	})
}

var _ http.Hijacker = upgrade{}
