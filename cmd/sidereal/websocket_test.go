package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"sidereal/account"
)

const watch = "subscription { operationsSnapshots(everyMs: 20) { at } }"

// open returns an acknowledged socket of an administrator.
func (s *testServer) open(t testing.TB) *websocket.Conn {
	t.Helper()

	socket := s.dial(t, bearer(t, account.Admin, time.Hour))
	if m, err := receive(t, socket); err != nil || m.Type != "connection_ack" {
		t.Fatalf("want connection_ack, got %+v, %v", m, err)
	}

	return socket
}

// frame sends a text frame.
func frame(t testing.TB, socket *websocket.Conn, text string) {
	t.Helper()

	if err := socket.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

// begin sends a subscribe message.
func begin(t testing.TB, socket *websocket.Conn, id, document string) {
	t.Helper()

	payload, _ := json.Marshal(map[string]string{"query": document})
	if err := wsjson.Write(t.Context(), socket, message{ID: id, Type: "subscribe", Payload: payload}); err != nil {
		t.Fatal(err)
	}
}

// wantClose reads on until the server closes the socket.
func wantClose(t testing.TB, socket *websocket.Conn, code websocket.StatusCode, reason string) {
	t.Helper()

	for {
		_, err := receive(t, socket)
		if err == nil {
			continue
		}

		if websocket.CloseStatus(err) != code || !strings.Contains(err.Error(), reason) {
			t.Errorf("want the socket closed with %d %s, got %v", code, reason, err)
		}

		return
	}
}

func TestSocketsThatBreakTheProtocolAreToldWhy(t *testing.T) {
	s := start(t, append(embedded(t), "SIDEREAL_WS_INIT_TIMEOUT=50ms"))

	for name, test := range map[string]struct {
		frames []string
		code   websocket.StatusCode
		reason string
	}{
		"no JSON":                   {[]string{`{nope`}, 4400, "Invalid message"},
		"a list":                    {[]string{`[]`}, 4400, "Invalid message"},
		"an unknown type":           {[]string{`{"type":"start","id":"1"}`}, 4400, "unknown type"},
		"a message of ours":         {[]string{`{"type":"next","id":"1","payload":{}}`}, 4400, "unknown type"},
		"subscribe without an id":   {[]string{`{"type":"subscribe","payload":{"query":"{ __typename }"}}`}, 4400, "the id is missing"},
		"subscribe of a number":     {[]string{`{"type":"subscribe","id":"1","payload":{"query":1}}`}, 4400, "the payload"},
		"ping with a string":        {[]string{`{"type":"ping","payload":"x"}`}, 4400, "the payload"},
		"the same id twice":         {[]string{subscribed("a", watch), subscribed("a", "{ __typename }")}, 4409, "Subscriber for a already exists"},
		"initialised twice":         {[]string{`{"type":"connection_init"}`}, 4429, "Too many initialisation requests"},
		"a message beyond all size": {[]string{`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 1<<20) + `"}}`}, websocket.StatusMessageTooBig, ""},
	} {
		t.Run(name, func(t *testing.T) {
			socket := s.open(t)
			for _, text := range test.frames {
				frame(t, socket, text)
			}

			wantClose(t, socket, test.code, test.reason)
		})
	}

	bare := func() *websocket.Conn {
		socket, _, err := websocket.Dial(t.Context(), s.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-ws", "graphql-transport-ws"}})
		if err != nil {
			t.Fatal(err)
		}

		return socket
	}

	socket := bare()
	frame(t, socket, subscribed("1", "{ __typename }"))
	wantClose(t, socket, 4401, "Unauthorized")
	wantClose(t, bare(), 4408, "Connection initialisation timeout")

	legacy, _, err := websocket.Dial(t.Context(), s.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-ws"}})
	if err != nil {
		t.Fatal(err)
	}

	wantClose(t, legacy, 4406, "Subprotocol not acceptable")
	wantClose(t, s.dial(t, bearer(t, account.Admin, -time.Minute)), 4403, "the token has expired")
}

func subscribed(id, document string) string {
	payload, _ := json.Marshal(map[string]string{"query": document})
	text, _ := json.Marshal(message{ID: id, Type: "subscribe", Payload: payload})

	return string(text)
}

func TestOperationsShareASocket(t *testing.T) {
	s := start(t, embedded(t))
	socket := s.open(t)

	begin(t, socket, "live", watch)
	begin(t, socket, "query", "{ __typename }")
	begin(t, socket, "wrong", "{ horoscope }")
	frame(t, socket, `{"type":"ping","payload":{"n":7}}`)

	seen := make(map[string]string) // types by id, in their order

	for seen["live"] == "" || !strings.Contains(seen["query"], "complete") || seen["wrong"] == "" || seen[""] == "" {
		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		seen[m.ID] += m.Type + " "

		if m.Type == "pong" && string(m.Payload) != `{"n":7}` {
			t.Errorf("want the ping's payload in the pong, got %s", m.Payload)
		}

		if m.ID == "wrong" && !strings.Contains(string(m.Payload), `"code":"VALIDATION_FAILED"`) {
			t.Errorf("want a list of errors, got %s", m.Payload)
		}
	}

	if seen["query"] != "next complete " || seen["wrong"] != "error " {
		t.Errorf("unexpected: %v", seen)
	}

	// What the client has ended says nothing more, and its id is free again.
	frame(t, socket, `{"type":"complete","id":"live"}`)
	begin(t, socket, "live", "{ __typename }")

	for {
		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		if m.Type == "complete" {
			break
		}
	}

	frame(t, socket, `{"type":"ping"}`)

	if m, err := receive(t, socket); err != nil || m.Type != "pong" {
		t.Errorf("want nothing but the pong, got %+v, %v", m, err)
	}
}

func TestASocketHasABoundedNumberOfSubscriptions(t *testing.T) {
	s := start(t, embedded(t))
	socket := s.open(t)

	for i := range 101 {
		begin(t, socket, "s"+strings.Repeat("x", i), "subscription { operationsSnapshots(everyMs: 60000) { at } }")
	}

	refused := ""
	seen := make(map[string]bool)

	for len(seen) < 101 {
		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		seen[m.ID] = true

		if m.Type == "error" {
			if refused != "" || !strings.Contains(string(m.Payload), `"code":"RATE_LIMITED"`) {
				t.Errorf("unexpected: %s %s", m.ID, m.Payload)
			}

			refused = m.ID
		}
	}

	if refused == "" {
		t.Error("want one of the 101 refused")
	}

	// Queries are none of them, and there is room again for one that has ended.
	delete(seen, refused)

	for id := range seen {
		frame(t, socket, `{"type":"complete","id":"`+id+`"}`)

		break
	}

	begin(t, socket, "query", "{ __typename }")
	begin(t, socket, "late", watch)

	for late := false; !late; {
		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		if m.Type == "error" {
			t.Fatalf("unexpected: %s %s", m.ID, m.Payload)
		}

		late = m.ID == "late"
	}
}

// 1012 makes clients wait before they come back; 1000 would not.
func TestSocketsAreSentAwayWhenTheServerStops(t *testing.T) {
	s := start(t, embedded(t))
	socket := s.open(t)

	begin(t, socket, "live", watch)
	s.quit()
	wantClose(t, socket, websocket.StatusServiceRestart, "the server is stopping")

	if code := s.stop(t); code != exitOK {
		t.Errorf("want exit code %d, got %d", exitOK, code)
	}
}
