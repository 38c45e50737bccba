package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"sidereal/fault"
	"sidereal/graph/document"
)

// subprotocol is the one that is spoken (PROTOCOL.md of the npm package graphql-ws).
const subprotocol = "graphql-transport-ws"

// The protocol's close codes.
const (
	closeBadRequest    websocket.StatusCode = 4400
	closeUnauthorized  websocket.StatusCode = 4401
	closeForbidden     websocket.StatusCode = 4403
	closeNotAcceptable websocket.StatusCode = 4406
	closeInitTimeout   websocket.StatusCode = 4408
	closeDuplicate     websocket.StatusCode = 4409
	closeTooManyInits  websocket.StatusCode = 4429
)

const (
	maxReasonBytes      = 123 // of a close frame (RFC 6455, section 5.5)
	maxOperations       = 100 // at once on a connection
	writeTimeout        = 10 * time.Second
	defaultPingInterval = 15 * time.Second
	defaultInitTimeout  = 5 * time.Second
	defaultMessageBytes = 1 << 20
)

// WebSocket answers operations that come over WebSockets with the subprotocol graphql-transport-ws. It implements graphql.Transport.
//
// A socket whose request's context ends is closed with 1012, on which clients connect again after a pause. One whose client breaks the protocol is closed with
// the protocol's code and a reason, and so is one whose token is refused (4403); one that no longer reads or answers pings is cut.
type WebSocket struct {
	Authenticate    Authenticator
	AllowOrigin     func(r *http.Request) bool // whether the page that opens it may; nil lets those of our own host. Others get 403.
	Documents       *document.Library          // where documents are found that operations do not carry
	InitTimeout     time.Duration              // for connection_init; 0 is 5 s
	PingInterval    time.Duration              // between two pings, and for the answer; 0 is 15 s
	MaxMessageBytes int64                      // of a message from the client; 0 is 1 MiB
}

// Supports implements graphql.Transport.
func (WebSocket) Supports(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

// Do implements graphql.Transport. It returns when the socket is closed and the last of its operations has ended.
func (t WebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if t.AllowOrigin != nil && !t.AllowOrigin(r) {
		http.Error(w, "a page of this origin may not open a WebSocket", http.StatusForbidden)

		return
	}

	accepted, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol},
		InsecureSkipVerify: t.AllowOrigin != nil,          // it was asked above
		CompressionMode:    websocket.CompressionDisabled, // messages are small and many: it would cost more than it saves
	})
	if err != nil {
		return // Accept has answered
	}

	defer func() { _ = accepted.CloseNow() }()

	if accepted.Subprotocol() != subprotocol {
		_ = accepted.Close(closeNotAcceptable, "Subprotocol not acceptable: "+subprotocol+" is spoken here")

		return
	}

	accepted.SetReadLimit(orDefault(t.MaxMessageBytes, defaultMessageBytes))

	c := &connection{
		socket: accepted, exec: exec, documents: t.Documents, request: r, authenticate: t.Authenticate,
		operations: make(map[string]*operation),
	}
	c.serve(orDefault(t.InitTimeout, defaultInitTimeout), orDefault(t.PingInterval, defaultPingInterval))
}

func orDefault[T int64 | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}

	return value
}

// read handles the client's messages until the socket is closed, by either side.
func (c *connection) read() {
	for {
		// A context that ends would cut the socket; instead, whoever wants its end closes it.
		kind, data, err := c.socket.Read(context.WithoutCancel(c.life))
		if err != nil {
			return
		}

		if kind != websocket.MessageText {
			c.close(closeBadRequest, "Invalid message: only text frames are understood")

			return
		}

		m, err := parseMessage(data)
		if err != nil {
			c.close(closeBadRequest, "Invalid message: "+err.Error())

			return
		}

		if !c.handle(m) {
			return
		}
	}
}

// handle answers one message; false when it closed the socket.
func (c *connection) handle(m *clientMessage) bool {
	switch m.Type {
	case typePing:
		return c.send(&serverMessage{Type: typePong, Payload: m.Payload})
	case typePong:
		return true
	case typeInit:
		return c.init(m)
	case typeSubscribe:
		return c.subscribe(m)
	default: // complete: parseMessage lets nothing else through
		c.forget(m.ID)

		return true
	}
}

// init acknowledges the connection, or refuses it for its token.
func (c *connection) init(m *clientMessage) bool {
	if !c.begin() {
		c.close(closeTooManyInits, "Too many initialisation requests")

		return false
	}

	ctx, err := c.authenticate.Viewer(c.life, m.authorization)
	if err != nil {
		reason := "Forbidden"
		if f, ok := fault.As(err); ok {
			reason += ": " + f.Message
		}

		c.close(closeForbidden, reason)

		return false
	}

	c.viewer = ctx

	return c.send(&serverMessage{Type: typeAck})
}

// subscribe starts an operation.
func (c *connection) subscribe(m *clientMessage) bool {
	if c.viewer == nil {
		c.close(closeUnauthorized, "Unauthorized")

		return false
	}

	op, open, ok := c.register(m.ID)
	if !ok {
		c.close(closeDuplicate, "Subscriber for "+m.ID+" already exists")

		return false
	}

	if open > maxOperations {
		c.forget(m.ID)

		return c.refuse(m.ID, fault.New(fault.RateLimited, "a connection runs at most %d operations at once", maxOperations))
	}

	c.active.Go(func() { c.run(op, m.operation) })

	return true
}
