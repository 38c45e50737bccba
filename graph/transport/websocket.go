package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"sidereal/fault"
	"sidereal/graph/document"
	"sidereal/graph/live"
)

// subprotocol is the one that is spoken (PROTOCOL.md of the npm package graphql-ws).
const subprotocol = "graphql-transport-ws"

// legacySubprotocol is the one of the npm package subscriptions-transport-ws. It is agreed on only to be refused: a browser tells a page nothing of a socket whose
// subprotocol is not among those that it offered, neither code nor reason.
const legacySubprotocol = "graphql-ws"

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
	maxReasonBytes       = 123 // of a close frame (RFC 6455, section 5.5)
	writeTimeout         = 10 * time.Second
	defaultPingInterval  = 15 * time.Second
	defaultInitTimeout   = 5 * time.Second
	defaultMessageBytes  = 1 << 20
	defaultSubscriptions = 100
	maxRunning           = 200 // queries and mutations at once on a connection
	socketKind           = "websocket"
)

// WebSocket answers operations that come over WebSockets with the subprotocol graphql-transport-ws. It implements graphql.Transport.
//
// When the server stops, a socket is closed with 1012, on which clients connect again after a pause. One whose client breaks the protocol is closed with the
// protocol's code and a reason, and so is one whose token is refused or has ended (4403), and one whose client falls too far behind (1013); one that no longer reads or
// answers pings is cut.
//
// Thousands of sockets wait for an event that comes now and then, so a socket that waits holds one goroutine, which reads, and the least of memory: neither the request
// that it began with, nor buffers for writing. What is written is written by a goroutine that ends when there is nothing more to write.
type WebSocket struct {
	Driver           *live.Driver // required
	Sockets          *Sockets     // those that are open; required
	Authenticate     Authenticator
	AllowOrigin      func(r *http.Request) bool // whether the page that opens it may; nil lets those of our own host. Others get 403.
	Documents        *document.Library          // where documents are found that operations do not carry
	InitTimeout      time.Duration              // for connection_init; 0 is 5 s
	PingInterval     time.Duration              // between two pings, and for the answer; 0 is 15 s
	MaxMessageBytes  int64                      // of a message from the client; 0 is 1 MiB
	MaxSubscriptions int                        // at once on a connection; 0 is 100

	Admit       Admit      // before a connection is upgraded: it is refused with 429 for RATE_LIMITED, with 503 for anything else; nil admits all
	AdmitViewer Admit      // when connection_init has brought the viewer: it is closed with 1013; nil admits all
	Watch       StartWatch // of the token that a connection came with; nil lets it stay for ever
	Meter       Meter      // nil counts nothing

	// Now returns the cursor of this moment in the stream of events, empty when it is not known: connection_ack tells it, so that a client that subscribes behind it
	// misses nothing that comes later, whether or not its connection lasts until the first event. Nil knows none.
	Now func(ctx context.Context) string
}

// Supports implements graphql.Transport.
func (*WebSocket) Supports(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

// Do implements graphql.Transport. It returns when the connection is a WebSocket, which lives on: Sockets knows it.
func (t *WebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if t.AllowOrigin != nil && !t.AllowOrigin(r) {
		http.Error(w, "a page of this origin may not open a WebSocket", http.StatusForbidden)

		return
	}

	if !t.Sockets.enter() {
		refuseUpgrade(w, fault.New(fault.UpstreamUnavailable, "the server is stopping"))

		return
	}

	release, err := admit(r.Context(), t.Admit)
	if err != nil {
		t.Sockets.leave()
		refuseUpgrade(w, err)

		return
	}

	socket, err := websocket.Accept(upgrade{w, &t.Sockets.rooms}, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol, legacySubprotocol},
		InsecureSkipVerify: t.AllowOrigin != nil,          // it was asked above
		CompressionMode:    websocket.CompressionDisabled, // messages are small and many: it would cost more than it saves
	})
	if err != nil { // Accept has answered
		release()
		t.Sockets.leave()

		return
	}

	c := newConnection(t, socket, r, exec, release)

	go c.serve() //nolint:contextcheck // the request's ends with its handler
}

// admit asks for admission, where anybody decides on it.
func admit(ctx context.Context, decide Admit) (release func(), err error) {
	if decide == nil {
		return func() {}, nil
	}

	return decide(ctx)
}

// refuseUpgrade answers a connection that there is no room for.
func refuseUpgrade(w http.ResponseWriter, err error) {
	message := "try again later"
	if f, ok := fault.As(err); ok {
		message = f.Message
	}

	w.Header().Set("Retry-After", "1") // where the fault knows nothing better
	http.Error(w, message, noRoom(w.Header(), err))
}

func orDefault[T int | int64 | time.Duration](value, fallback T) T {
	if value == 0 {
		return fallback
	}

	return value
}
