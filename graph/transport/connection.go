package transport

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// connection is an accepted socket with its operations.
type connection struct {
	transport *WebSocket
	socket    *websocket.Conn
	exec      graphql.GraphExecutor
	meter     Meter
	header    string          // the request's Authorization
	life      context.Context //nolint:containedctx // ends when the client is no longer read
	die       context.CancelFunc
	viewer    context.Context //nolint:containedctx // life with the viewer, from connection_ack on; belongs to the goroutine that reads
	watch     Watch           // of the viewer's token; nil for none; belongs to the goroutine that reads
	release   []func()        // of what admitted it
	pinger    *time.Timer
	init      *time.Timer // for connection_init

	mu         sync.Mutex
	begun      bool           // connection_init has come, or its time is up
	ended      bool           // no goroutine begins any more
	active     sync.WaitGroup // of the goroutines that belong to it; grows until ended
	operations map[string]*operation
	subscribed int // of them are subscriptions
}

// newConnection returns an accepted connection. It keeps nothing of the request but what its context holds.
func newConnection(t *WebSocket, socket *websocket.Conn, r *http.Request, exec graphql.GraphExecutor, release func()) *connection {
	c := &connection{
		transport: t, socket: socket, exec: exec, meter: t.Meter, header: r.Header.Get("Authorization"), release: []func(){release},
	}
	if c.meter == nil {
		c.meter = uncounted{}
	}

	c.life, c.die = context.WithCancel(context.WithoutCancel(r.Context())) // the request's ends with its handler

	return c
}

// serve handles the connection until its socket is closed and everything that belongs to it has ended.
func (c *connection) serve() {
	t := c.transport
	defer t.Sockets.leave()

	c.meter.SocketOpened(socketKind)
	defer c.meter.SocketClosed(socketKind)

	c.socket.SetReadLimit(orDefault(t.MaxMessageBytes, defaultMessageBytes))
	c.mu.Lock() // the timers are seen by what they start
	interval := orDefault(t.PingInterval, defaultPingInterval)
	c.pinger = time.AfterFunc(interval/2+rand.N(interval/2+1), c.ping) //nolint:gosec // those that came together are not pinged together
	c.init = time.AfterFunc(orDefault(t.InitTimeout, defaultInitTimeout), c.initTimeout)
	c.mu.Unlock()

	t.Sockets.add(c)

	if c.socket.Subprotocol() != subprotocol {
		c.close(closeNotAcceptable, "Subprotocol not acceptable: "+subprotocol+" is spoken here")
	} else {
		c.read()
	}

	c.end()
}

// end ends everything that belongs to a connection that is no longer read, and waits for it.
func (c *connection) end() {
	c.mu.Lock()
	c.ended = true
	open := c.operations
	c.operations = nil
	c.mu.Unlock()

	c.die()

	for _, op := range open {
		op.end()
	}

	_ = c.socket.CloseNow()
	c.active.Wait()
	c.pinger.Stop()
	c.init.Stop()
	c.transport.Sockets.remove(c)

	if c.watch != nil {
		c.watch.Stop()
	}

	for _, release := range c.release {
		release()
	}
}

// enter is where a goroutine that belongs to the connection begins; false when the connection has ended. It ends with c.active.Done.
func (c *connection) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()

	if !c.ended {
		c.active.Add(1)
	}

	return !c.ended
}

// spawn starts a goroutine that belongs to the connection.
func (c *connection) spawn(run func()) {
	if !c.enter() {
		return
	}

	go func() {
		defer c.active.Done()

		run()
	}()
}

// begin notes that connection_init has come; false when it came before, or too late.
func (c *connection) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()

	first := !c.begun
	c.begun = true

	return first
}

// initTimeout closes the socket unless connection_init has come.
func (c *connection) initTimeout() {
	if !c.enter() {
		return
	}

	defer c.active.Done()

	if c.begin() {
		c.close(closeInitTimeout, "Connection initialisation timeout")
	}
}

// sendAway closes the socket because the server stops. It returns at once.
func (c *connection) sendAway() {
	c.spawn(func() { c.close(websocket.StatusServiceRestart, "the server is stopping; connect again") })
}

// cut ends the socket without a word.
func (c *connection) cut() { c.spawn(func() { _ = c.socket.CloseNow() }) }

// close ends the socket with a code and a reason, which is cut where a frame has no room for it.
func (c *connection) close(code websocket.StatusCode, reason string) {
	if len(reason) > maxReasonBytes {
		reason = reason[:maxReasonBytes]
		for !utf8.ValidString(reason) {
			reason = reason[:len(reason)-1]
		}
	}

	_ = c.socket.Close(code, strings.ToValidUTF8(reason, "")) // the client may be gone
}

// present returns an error of an operation that is not executed as the client sees it.
func (c *connection) present(err error) gqlerror.List {
	ctx := graphql.WithOperationContext(c.viewer, &graphql.OperationContext{})

	return c.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}).Errors
}

// send writes a message; false when the socket is gone.
func (c *connection) send(m *serverMessage) bool {
	data, err := m.encode()
	if err != nil { // only a broken resolver's raw data
		c.close(websocket.StatusInternalError, "internal error")

		return false
	}

	return c.write(data)
}

// write writes the text of a message; false when the socket is gone. A client that does not read is one whose socket is cut: the frame's writer sees to the time. A
// context that ends in the middle of a frame would cut the socket, too, so it is nobody's.
func (c *connection) write(text []byte) bool {
	if err := c.socket.Write(context.WithoutCancel(c.life), websocket.MessageText, text); err != nil {
		_ = c.socket.CloseNow()

		return false
	}

	return true
}

// ping pings the client, which keeps the connection open on its way, and cuts the socket when no answer comes.
func (c *connection) ping() {
	if !c.enter() {
		return
	}

	defer c.active.Done()

	interval := orDefault(c.transport.PingInterval, defaultPingInterval)

	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.life), interval)
	defer cancel()

	if c.socket.Ping(ctx) != nil {
		_ = c.socket.CloseNow()

		return
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	c.pinger.Reset(interval)
}
