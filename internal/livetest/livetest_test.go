package livetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"go.uber.org/goleak"

	"sidereal/internal/livetest"
)

// serve starts a server whose sockets do what one function says once they have got connection_init, and returns its endpoint.
func serve(t *testing.T, each func(ctx context.Context, socket *websocket.Conn, initialised livetest.Message) error) string {
	t.Helper()

	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			return
		}
		defer socket.CloseNow()

		var m livetest.Message
		if err := wsjson.Read(r.Context(), socket, &m); err == nil {
			_ = each(r.Context(), socket, m)
		}
	}))
	t.Cleanup(s.Close)

	return s.URL + "/graphql"
}

func say(ctx context.Context, socket *websocket.Conn, kind, id, payload string) error {
	return wsjson.Write(ctx, socket, livetest.Message{Type: kind, ID: id, Payload: json.RawMessage(payload)})
}

// numbers serves the numbers from the one behind `after` on, as events whose cursor is the number, up to last; then it waits for the client to go.
func numbers(t *testing.T, last int) string {
	t.Helper()

	return serve(t, func(ctx context.Context, socket *websocket.Conn, _ livetest.Message) error {
		if err := say(ctx, socket, "connection_ack", "", "{}"); err != nil {
			return err
		}

		var m struct {
			Payload struct{ Variables struct{ After string } }
		}

		if err := wsjson.Read(ctx, socket, &m); err != nil {
			return err
		}

		n, _ := strconv.Atoi(m.Payload.Variables.After)
		for n++; n <= last; n++ {
			if err := say(ctx, socket, "next", "1", fmt.Sprintf(`{"data":{"numbers":{"cursor":"%d"}}}`, n)); err != nil {
				return err
			}
		}

		_, _, err := socket.Read(ctx)

		return err
	})
}

func TestAFollowerThatIsCutGetsEverythingOnce(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) }) // when the server has ended

	const last = 400

	endpoint := numbers(t, last)
	connections := 0

	f := livetest.Follower{Document: "subscription($after: Cursor) { numbers(after: $after) { cursor } }", Connect: func() livetest.Config {
		connections++

		return livetest.Config{Endpoint: endpoint, CutAfter: 1 + connections*100} // in the handshake at first, later in the middle of an event
	}}

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()

	var got []string

	if err := f.Run(ctx, func(event json.RawMessage) bool {
		got = append(got, string(event))

		return len(got) < last
	}); err != nil {
		t.Fatal(err)
	}

	for i, event := range got {
		if want := fmt.Sprintf(`{"cursor":"%d"}`, i+1); event != want {
			t.Fatalf("want %s, got %s", want, event)
		}
	}

	if cuts, connected := f.Counts(); cuts != connections-1 || cuts < 5 || connected < 3 || connected >= connections {
		t.Errorf("%d cuts, connected %d times, %d attempts", cuts, connected, connections)
	}
}

// A client that has had no event comes back to where it began, not to where the stream is by then.
func TestAFollowerThatHadNothingComesBackToTheFirstAcknowledgement(t *testing.T) {
	var asked []string

	endpoint := serve(t, func(ctx context.Context, socket *websocket.Conn, _ livetest.Message) error {
		if err := say(ctx, socket, "connection_ack", "", fmt.Sprintf(`{"cursor":"place%d"}`, len(asked))); err != nil {
			return err
		}

		var m struct {
			Payload struct{ Variables struct{ After string } }
		}

		if err := wsjson.Read(ctx, socket, &m); err != nil {
			return err
		}

		if asked = append(asked, m.Payload.Variables.After); len(asked) < 3 {
			return socket.Close(websocket.StatusServiceRestart, "")
		}

		return say(ctx, socket, "next", "1", `{"data":{"numbers":{"cursor":"1"}}}`)
	})

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()

	f := livetest.Follower{Connect: func() livetest.Config { return livetest.Config{Endpoint: endpoint} }}
	if err := f.Run(ctx, func(json.RawMessage) bool { return false }); err != nil {
		t.Fatal(err)
	}

	if want := []string{"place0", "place0", "place0"}; !slices.Equal(asked, want) || f.After != "1" {
		t.Errorf("want %v and then the event's place, got %v, %s", want, asked, f.After)
	}
}

func TestAFollowerGivesUpWhereComingBackHelpsNobody(t *testing.T) {
	for name, test := range map[string]struct {
		each func(ctx context.Context, socket *websocket.Conn) error
		want string
	}{
		"refused for good":     {func(_ context.Context, s *websocket.Conn) error { return s.Close(4403, "Forbidden") }, "4403 Forbidden"},
		"an event with errors": {say1("next", `{"data":{"x":{"cursor":"1"}},"errors":[{"message":"oh"}]}`), "oh"},
		"an event in no place": {say1("next", `{"data":{"x":{"id":"1"}}}`), "want an event"},
		"expired":              {say1("error", `[{"message":"gone","extensions":{"code":"CURSOR_EXPIRED"}}]`), "gone"},
		"the end":              {say1("complete", ``), "complete"},
		"no message": {func(ctx context.Context, s *websocket.Conn) error {
			return s.Write(ctx, websocket.MessageText, []byte("{"))
		}, "unexpected end"},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := serve(t, func(ctx context.Context, socket *websocket.Conn, _ livetest.Message) error {
				if err := say(ctx, socket, "connection_ack", "", "{}"); err != nil {
					return err
				}

				if err := test.each(ctx, socket); err != nil {
					return err
				}

				_, _, err := socket.Read(ctx)

				return err
			})

			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()

			f := livetest.Follower{Connect: func() livetest.Config { return livetest.Config{Endpoint: endpoint} }}
			if err := f.Run(ctx, func(json.RawMessage) bool { return true }); err == nil || !strings.Contains(err.Error(), test.want) || ctx.Err() != nil {
				t.Errorf("want an error with %q, got %v", test.want, err)
			}
		})
	}
}

func say1(kind, payload string) func(context.Context, *websocket.Conn) error {
	return func(ctx context.Context, socket *websocket.Conn) error { return say(ctx, socket, kind, "1", payload) }
}

func TestAFollowerComesBackWhenTheServerIsBusyOrRestarts(t *testing.T) {
	turn := 0
	endpoint := serve(t, func(ctx context.Context, socket *websocket.Conn, _ livetest.Message) error {
		turn++

		switch turn {
		case 1:
			return socket.Close(websocket.StatusServiceRestart, "the server is stopping")
		case 2:
			return socket.Close(websocket.StatusTryAgainLater, "too many connections")
		}

		if err := say(ctx, socket, "connection_ack", "", "{}"); err != nil {
			return err
		}

		kind, payload := "error", `[{"message":"wait","extensions":{"code":"UPSTREAM_UNAVAILABLE"}}]`
		if turn == 4 {
			kind, payload = "next", `{"data":{"x":{"cursor":"1"}}}`
		}

		if err := say(ctx, socket, kind, "1", payload); err != nil {
			return err
		}

		_, _, err := socket.Read(ctx)

		return err
	})

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()

	f := livetest.Follower{Connect: func() livetest.Config { return livetest.Config{Endpoint: endpoint} }}
	if err := f.Run(ctx, func(json.RawMessage) bool { return false }); err != nil || turn != 4 || f.After != "1" {
		t.Errorf("want the event at the fourth attempt, got %v at number %d, behind %q", err, turn, f.After)
	}
}

// Masks, lengths of all three kinds, both kinds of ping and the reason of a close, against another implementation of RFC 6455.
func TestSocketsKeepToTheProtocols(t *testing.T) {
	const token = "Bearer abc"

	echo := serve(t, func(ctx context.Context, socket *websocket.Conn, initialised livetest.Message) error {
		if err := errors.Join(say(ctx, socket, "ping", "", `{"n":1}`), say(ctx, socket, "connection_ack", "", string(initialised.Payload))); err != nil {
			return err
		}

		socket.SetReadLimit(1 << 20)

		for {
			var m livetest.Message
			if err := wsjson.Read(ctx, socket, &m); err != nil {
				return err
			}

			if m.ID == "end" {
				if err := socket.Ping(socket.CloseRead(ctx)); err != nil {
					return err
				}

				return socket.Close(4400, "enough")
			}

			if err := wsjson.Write(ctx, socket, m); err != nil {
				return err
			}
		}
	})

	socket, err := livetest.Open(t.Context(), livetest.Config{Endpoint: echo, Authorization: token})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Cut()

	if m, err := socket.Next(); err != nil || m.Type != "pong" || string(m.Payload) != `{"n":1}` {
		t.Errorf("want the pong that was sent for the ping, got %+v, %v", m, err)
	}

	for _, size := range []int{0, 100, 125, 126, 1000, 65_535, 65_536, 200_000} {
		sent := livetest.Message{ID: strings.Repeat("x", size), Type: "next"}
		if err := socket.Send(sent); err != nil {
			t.Fatal(err)
		}

		if got, err := socket.Next(); err != nil || got.ID != sent.ID || got.Type != "next" {
			t.Errorf("an id of %d bytes came back with %d, %v", size, len(got.ID), err)
		}
	}

	if err := socket.Send(livetest.Message{ID: "end", Type: "complete"}); err != nil {
		t.Fatal(err)
	}

	_, err = socket.Next()

	closed, ok := errors.AsType[*livetest.CloseError](err)
	if !ok || closed.Code != 4400 || closed.Reason != "enough" {
		t.Errorf("want the close frame, got %v", err)
	}
}
