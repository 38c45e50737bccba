package transport_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sidereal/account"
	"sidereal/fault"
	"sidereal/graph/live"
	"sidereal/graph/transport"
)

const complete = "event: complete|data: "

func next(n int) string {
	return fmt.Sprintf(`id: c%d|event: next|data: {"data":{"numbers":%d}}`, n, n)
}

// both runs a test over HTTP/1.1 and HTTP/2.
func both(t *testing.T, test func(t *testing.T, http2 bool)) {
	t.Helper()

	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("http2=%t", http2), func(t *testing.T) { test(t, http2) })
	}
}

func TestAnAnswerByEventsHasEachResultAndAnEnd(t *testing.T) {
	both(t, func(t *testing.T, http2 bool) {
		s := perform(t, http2, func(_ string, notify func()) (live.Source, error) {
			return newScript(io.EOF, number(1), &live.Item{Key: "2", Value: 2}).opened("", notify)
		}, nil)

		for name, test := range map[string]struct{ method, query, body, want string }{
			"a subscription": {http.MethodPost, "", `{"query":"subscription { numbers }"}`, next(1) + "\n" + `event: next|data: {"data":{"numbers":2}}` + "\n" + complete},
			"one by GET": {
				http.MethodGet, "query=" + url.QueryEscape("subscription { numbers }"), "", next(1) + "\n" + `event: next|data: {"data":{"numbers":2}}` + "\n" + complete,
			},
			"a query":        {http.MethodPost, "", `{"query":"{ hello }"}`, `event: next|data: {"data":{"hello":"world"}}` + "\n" + complete},
			"a query by GET": {http.MethodGet, "query={hello}", "", `event: next|data: {"data":{"hello":"world"}}` + "\n" + complete},
			"a mutation":     {http.MethodPost, "", `{"query":"mutation { greet }"}`, `event: next|data: {"data":{"greet":"world"}}` + "\n" + complete},
			"a query's head": {http.MethodHead, "query={hello}", "", ""},
		} {
			t.Run(name, func(t *testing.T) {
				response := s.request(t, test.method, test.query, test.body)

				for header, want := range map[string]string{
					"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no", "Vary": "Accept, Authorization",
				} {
					if got := response.Header.Get(header); got != want {
						t.Errorf("want %s: %s, got %q", header, want, got)
					}
				}

				text, err := io.ReadAll(response.Body)
				if err != nil || response.StatusCode != http.StatusOK {
					t.Fatalf("status %d, %v", response.StatusCode, err)
				}

				var blocks []string

				for block := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n\n"), "\n\n") {
					if ms := 0; !strings.HasPrefix(block, "retry: ") {
						blocks = append(blocks, strings.ReplaceAll(block, "\n", "|"))
					} else if _, err := fmt.Sscanf(block, "retry: %d", &ms); err != nil || ms < 1000 || ms >= 3000 {
						t.Errorf("want a pause from 1 s to 3 s, got %q", block)
					}
				}

				if got := strings.Join(blocks, "\n"); got != test.want {
					t.Errorf("want the events\n%s\ngot\n%s", test.want, got)
				}
			})
		}

		s.meter.want(t, "sse", 0)
		s.meter.want(t, "numbers", 0)
		s.meter.want(t, "sent", 4)
		s.meter.want(t, "timed", 2)
	})
}

// placed is a source that begins at a place.
type placed struct{ *script }

func (placed) Cursor() string { return "c7" }

// A client that is cut off before its first event comes back to where it began.
func TestAStreamBeginsWithItsPlace(t *testing.T) {
	s := perform(t, false, func(after string, notify func()) (live.Source, error) {
		source := newScript(nil)
		if after == "c7" {
			source = newScript(io.EOF, number(8))
		}

		_, err := source.opened(after, notify)

		return placed{source}, err
	}, nil)

	first := s.subscribe(t)
	first.want(t, "id: c7")
	_ = first.close()

	s.subscribe(t, "Last-Event-ID", "c7").want(t, "id: c7", `id: c8|event: next|data: {"data":{"numbers":8}}`, complete)
}

func TestWhatIsNoRequestGetsAStatus(t *testing.T) {
	s := perform(t, false, newScript(io.EOF).opened, nil)

	for name, test := range map[string]struct {
		method, query, body string
		status              int
	}{
		"no JSON":           {http.MethodPost, "", `{nope`, http.StatusBadRequest},
		"no query":          {http.MethodPost, "", `{}`, http.StatusBadRequest},
		"a list":            {http.MethodPost, "", `[{"query":"{ hello }"}]`, http.StatusBadRequest},
		"a mutation by GET": {http.MethodGet, "query=mutation{greet}", "", http.StatusMethodNotAllowed},
		"another method":    {http.MethodPut, "", `{"query":"{ hello }"}`, http.StatusMethodNotAllowed},
	} {
		response := s.request(t, test.method, test.query, test.body)
		text, _ := io.ReadAll(response.Body)

		if response.StatusCode != test.status || !strings.Contains(string(text), `"errors":[`) || strings.Contains(string(text), `"data"`) {
			t.Errorf("%s: want %d with errors and no data, got %d %s", name, test.status, response.StatusCode, text)
		}
	}
}

func TestAnOperationThatCannotBeExecutedHasItsErrorsAsAResult(t *testing.T) {
	s := perform(t, false, func(string, func()) (live.Source, error) {
		return nil, fault.New(fault.CursorExpired, "too old").WithDetail("earliest", "c7")
	}, nil)

	for document, code := range map[string]fault.Code{
		"{ nope }": fault.ValidationFailed, "subscription { numbers }": fault.CursorExpired, "subscription { nope }": fault.ValidationFailed,
	} {
		response := s.request(t, http.MethodPost, "", `{"query":"`+document+`"}`)
		text, _ := io.ReadAll(response.Body)
		_, result, _ := strings.Cut(string(text), "event: next\ndata: ")

		if !strings.HasPrefix(result, `{"errors":[`) || strings.Contains(result, `"data"`) || !strings.Contains(result, string(code)) || !strings.HasSuffix(result, "event: complete\ndata: \n\n") {
			t.Errorf("%s: want %s without data, and the end, got %s", document, code, text)
		}
	}
}

func TestTheClientSaysWhichFormItWants(t *testing.T) {
	s := perform(t, false, newScript(io.EOF).opened, nil)

	for accept, want := range map[string]string{
		"text/event-stream":                         "text/event-stream; charset=utf-8",
		"text/event-stream, multipart/mixed":        "text/event-stream; charset=utf-8",
		"text/event-stream, application/json;q=0.9": "text/event-stream; charset=utf-8",
		"application/json;q=0.9, text/event-stream": "text/event-stream; charset=utf-8",
		"application/json, text/event-stream":       "application/json; charset=utf-8",
		"text/event-stream;q=0.5, application/json": "application/json; charset=utf-8",
		"text/event-stream;q=0, application/json":   "application/json; charset=utf-8",
		"*/*": "application/json; charset=utf-8",
		"application/graphql-response+json, text/event-stream, multipart/mixed": "application/graphql-response+json; charset=utf-8",
	} {
		response := s.request(t, http.MethodGet, "query={hello}", "", "Accept", accept)
		if got := response.Header.Get("Content-Type"); got != want {
			t.Errorf("Accept: %s: want %s, got %s", accept, want, got)
		}
	}

	response := s.request(t, http.MethodPost, "", `{"query":"subscription { numbers }"}`, "Accept", "application/json")
	if text, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "text/event-stream") {
		t.Errorf("want a subscription told how it can be asked for, got %d %s", response.StatusCode, text)
	}
}

func TestEventsComeWhenTheyHappen(t *testing.T) {
	both(t, func(t *testing.T, http2 bool) {
		source := newScript(nil)
		s := perform(t, http2, source.opened, func(sse *transport.SSE) { sse.KeepAlive = 20 * time.Millisecond })
		r := s.subscribe(t)

		r.want(t, ":", ":")
		s.meter.want(t, "numbers", 1)
		source.add(nil, number(1), number(2))

		for want := range 2 {
			block := r.next(t)
			for block == ":" {
				block = r.next(t)
			}

			if block != next(want+1) {
				t.Fatalf("want %s, got %s", next(want+1), block)
			}
		}

		source.add(io.EOF)

		block := r.next(t)
		for block == ":" {
			block = r.next(t)
		}

		if block != complete || r.next(t) != "" {
			t.Errorf("want the end, got %s", block)
		}

		source.wantClosed(t)
	})
}

func TestAClientThatConnectsAgainGoesOnWhereItWas(t *testing.T) {
	asked := make(chan string, 1)
	s := perform(t, false, func(after string, notify func()) (live.Source, error) {
		asked <- after

		return newScript(io.EOF).opened(after, notify)
	}, nil)

	for name, test := range map[string]struct{ document, last, want string }{
		"the first time":          {`subscription { numbers }`, "", "nowhere"},
		"with an argument":        {`subscription { numbers(after: \"c1\") }`, "", "c1"},
		"again":                   {`subscription { numbers }`, "c5", "c5"},
		"again with the argument": {`subscription { numbers(after: \"c1\") }`, "c5", "c5"},
	} {
		_, _ = io.ReadAll(s.request(t, http.MethodPost, "", `{"query":"`+test.document+`"}`, "Last-Event-ID", test.last).Body)

		if got := <-asked; got != test.want {
			t.Errorf("%s: want it to begin behind %s, got %s", name, test.want, got)
		}
	}
}

func TestAStreamEndsWithTheServerAndTheClientMayConnectAgain(t *testing.T) {
	both(t, func(t *testing.T, http2 bool) {
		stopping, source := make(chan struct{}), newScript(nil, number(1))
		s := perform(t, http2, source.opened, func(sse *transport.SSE) { sse.Stopping = stopping })
		r := s.subscribe(t)

		r.want(t, next(1))
		close(stopping)
		r.want(t, "") // no complete, which would be the end for good
		source.wantClosed(t)
	})
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	source, watch := newScript(nil, number(1)), &tokenWatch{stopped: make(chan struct{})}
	s := perform(t, false, source.opened, func(sse *transport.SSE) { sse.Watch = watch.start })

	viewer := account.Viewer{Subject: "u"}
	handler := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(account.WithViewer(r.Context(), viewer)))
	})

	r := s.subscribe(t, "Authorization", "Bearer T")
	r.want(t, next(1))

	if watch.token != "T" || watch.viewer != viewer {
		t.Errorf("want the token and its viewer watched, got %q, %+v", watch.token, watch.viewer)
	}

	watch.ended("the token has expired")

	if got := r.next(t); !strings.HasPrefix(got, `event: next|data: {"errors":[{"message":"the token has expired"`) || !strings.Contains(got, "UNAUTHENTICATED") {
		t.Errorf("want the reason, got %s", got)
	}

	r.want(t, complete, "")
	source.wantClosed(t)
	<-watch.stopped
}

// tokenWatch is a transport.Watch that a test ends.
type tokenWatch struct {
	transport.Watch

	token   string
	viewer  account.Viewer
	ended   func(reason string)
	stopped chan struct{}
}

func (w *tokenWatch) start(_ context.Context, token string, v account.Viewer, ended func(reason string)) transport.Watch {
	w.token, w.viewer, w.ended = token, v, ended

	return w
}

// Stop implements transport.Watch.
func (w *tokenWatch) Stop() { close(w.stopped) }

func TestAStreamThatCannotGoOnSaysWhy(t *testing.T) {
	for name, test := range map[string]struct {
		code fault.Code
		last string // what follows the errors
		slow int
	}{
		"behind the stream":     {fault.CursorExpired, complete, 0},
		"too far behind for us": {fault.RateLimited, "", 1}, // it may come again and go on
		"broken":                {fault.Internal, complete, 0},
	} {
		t.Run(name, func(t *testing.T) {
			source := newScript(fault.New(test.code, "why"), number(1))
			s := perform(t, false, source.opened, nil)
			r := s.subscribe(t)

			r.want(t, next(1))

			if got := r.next(t); !strings.HasPrefix(got, `event: next|data: {"errors":[`) || !strings.Contains(got, string(test.code)) {
				t.Errorf("want %s, got %s", test.code, got)
			}

			r.want(t, test.last)
			source.wantClosed(t)
			s.meter.want(t, "slow", test.slow)
		})
	}
}

func TestAClientThatReadsNothingIsCut(t *testing.T) {
	endless := &endless{script: newScript(nil)}
	s := perform(t, false, func(string, func()) (live.Source, error) { return endless, nil },
		func(sse *transport.SSE) { sse.WriteTimeout = 50 * time.Millisecond })

	connection, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}

	defer connection.Close()

	_, _ = io.WriteString(connection, "GET /?query=subscription{numbers} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")

	endless.wantClosed(t)
	s.meter.want(t, "slow", 1)
	s.meter.want(t, "sse", 0)
}

// endless is a source that always has something, and much of it.
type endless struct{ *script }

// Next implements live.Source.
func (endless) Next(context.Context) (*live.Item, error) {
	return &live.Item{Key: "1", Value: strings.Repeat("1", 1<<16)}, nil
}

func TestOnlyThoseWhoAreAdmittedGetEvents(t *testing.T) {
	full := fault.New(fault.UpstreamUnavailable, "full")
	full.RetryAfter = 1500 * time.Millisecond

	released := 0
	admitted := func(context.Context) (func(), error) { return func() { released++ }, nil }
	refused := func(err error) transport.Admit {
		return func(context.Context) (func(), error) { return nil, err }
	}

	for name, test := range map[string]struct {
		admit, viewer transport.Admit
		status        int
		retry         string
		released      int
	}{
		"no room":                {refused(full), admitted, http.StatusServiceUnavailable, "2", 0},
		"no room for the viewer": {admitted, refused(fault.New(fault.RateLimited, "too many")), http.StatusTooManyRequests, "", 1},
		"room":                   {admitted, admitted, http.StatusOK, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			released = 0
			s := perform(t, false, newScript(io.EOF).opened, func(sse *transport.SSE) { sse.Admit, sse.AdmitViewer = test.admit, test.viewer })
			response := s.request(t, http.MethodPost, "", `{"query":"{ hello }"}`)

			_, _ = io.ReadAll(response.Body)
			s.Close()

			if got := response.Header.Get("Retry-After"); response.StatusCode != test.status || got != test.retry || released != test.released {
				t.Errorf("want %d, Retry-After %q and %d released, got %d, %q, %d", test.status, test.retry, test.released, response.StatusCode, got, released)
			}

			if n := s.meter.count("sse"); n != 0 {
				t.Errorf("want nobody left, got %d", n)
			}
		})
	}
}

func TestNothingIsLeftOfThoseWhoGo(t *testing.T) {
	const clients = 200

	leaks := goleak.IgnoreCurrent()
	sources := make(chan *script, clients)
	s := perform(t, false, func(after string, notify func()) (live.Source, error) {
		source := newScript(nil, number(1))
		sources <- source

		return source.opened(after, notify)
	}, nil)

	for range clients {
		r := s.subscribe(t)
		r.want(t, next(1))

		if err := r.close(); err != nil {
			t.Fatal(err)
		}
	}

	for range clients {
		(<-sources).wantClosed(t)
	}

	s.meter.want(t, "sse", 0)
	s.meter.want(t, "numbers", 0)
	s.Close()
	goleak.VerifyNone(t, leaks)
}
