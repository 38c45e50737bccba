package chrometest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// maxMessageBytes bounds what the browser sends at once; a screenshot is the largest.
const maxMessageBytes = 64 << 20

// connection is a connection to the browser's DevTools.
type connection struct {
	socket *websocket.Conn

	mu      sync.Mutex
	lastID  int
	waiting map[int]chan message
	seen    []message
}

// message is an answer, with an id, or an event, with a method.
type message struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

func dial(t testing.TB, address string) *connection {
	t.Helper()

	bounded, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	socket, _, err := websocket.Dial(bounded, address, nil)
	if err != nil {
		t.Fatal(err)
	}

	socket.SetReadLimit(maxMessageBytes)

	c := &connection{socket: socket, waiting: make(map[int]chan message)}
	done := make(chan struct{})

	go func() {
		defer close(done)
		c.read()
	}()

	t.Cleanup(func() {
		_ = socket.CloseNow()

		<-done
	})

	return c
}

// read keeps events and hands out answers until the socket ends.
func (c *connection) read() {
	for {
		var m message
		if err := wsjson.Read(context.Background(), c.socket, &m); err != nil {
			return
		}

		c.mu.Lock()

		if m.Method != "" {
			c.seen = append(c.seen, m)
		} else if answer := c.waiting[m.ID]; answer != nil {
			answer <- m

			delete(c.waiting, m.ID)
		}

		c.mu.Unlock()
	}
}

// events returns what the browser told so far.
func (c *connection) events() []message {
	c.mu.Lock()
	defer c.mu.Unlock()

	return append([]message(nil), c.seen...)
}

// call calls a method, of the browser itself when session is empty, and puts its result into out unless that is nil.
func (c *connection) call(t testing.TB, session, method string, params, out any) {
	t.Helper()

	answer := make(chan message, 1)

	c.mu.Lock()
	c.lastID++
	id := c.lastID
	c.waiting[id] = answer
	c.mu.Unlock()

	request := map[string]any{"id": id, "method": method, "params": params}
	if params == nil {
		request["params"] = struct{}{}
	}

	if session != "" {
		request["sessionId"] = session
	}

	if err := wsjson.Write(t.Context(), c.socket, request); err != nil {
		t.Fatalf("%s: %v", method, err)
	}

	select {
	case m := <-answer:
		if m.Error != nil {
			t.Fatalf("%s: %s", method, m.Error.Message)
		}

		if out != nil {
			if err := json.Unmarshal(m.Result, out); err != nil {
				t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(patience):
		t.Fatalf("%s: no answer", method)
	}
}
