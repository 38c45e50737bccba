// Package livetest is a client of subscriptions over graphql-transport-ws for tests and benchmarks: small enough for thousands in one process, strict about what the
// server sends, and able to lose its connection at any byte.
package livetest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	protocol    = "graphql-transport-ws"
	openTimeout = 10 * time.Second // from the first byte to connection_ack
	bufferBytes = 1 << 10
)

// Config says how to connect.
type Config struct {
	Endpoint      string // http://HOST:PORT/PATH
	Authorization string // in connection_init's payload; none when empty
	CutAfter      int    // cut the connection behind that many bytes of what the server sends, the handshake included; 0 for not
}

// Socket is an acknowledged connection. One goroutine at a time calls Next; the rest may be called at any time.
type Socket struct {
	Cursor string // of the moment of the acknowledgement in the stream of events; empty when the server tells none

	wire *wire
	in   *bufio.Reader

	mu sync.Mutex // of writing a frame
}

// Message is one of graphql-transport-ws.
type Message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// RefusedError is the answer of a server that accepts no WebSocket.
type RefusedError struct{ Status int }

// Error implements error.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("livetest: the server answers with %d %s", e.Status, http.StatusText(e.Status))
}

// Open connects and waits for connection_ack.
func Open(ctx context.Context, cfg Config) (*Socket, error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()

	endpoint, err := url.Parse(cfg.Endpoint)
	if err != nil {
		return nil, err
	}

	conn, err := new(net.Dialer).DialContext(ctx, "tcp", endpoint.Host)
	if err != nil {
		return nil, err
	}

	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return nil, fmt.Errorf("livetest: %s is not reached by TCP", endpoint.Host)
	}

	w := &wire{TCPConn: tcp}
	w.left.Store(int64(cfg.CutAfter))

	s := &Socket{wire: w, in: bufio.NewReaderSize(w, bufferBytes)}
	stop := context.AfterFunc(ctx, s.Cut)

	if err := s.greet(endpoint, cfg.Authorization); err != nil {
		s.Cut()

		if s.wire.done.Load() { // readers of HTTP hide it
			return nil, ErrCut
		}

		return nil, err
	}

	if !stop() {
		return nil, fmt.Errorf("livetest: no connection_ack: %w", ctx.Err())
	}

	return s, nil
}

// greet makes a WebSocket of the connection and initialises it.
func (s *Socket) greet(endpoint *url.URL, authorization string) error {
	if err := handshake(s.wire, s.in, endpoint); err != nil {
		return err
	}

	payload, err := json.Marshal(map[string]string{"Authorization": authorization})
	if err != nil {
		return err
	}

	initialise := Message{Type: "connection_init"}
	if authorization != "" {
		initialise.Payload = payload
	}

	if err := s.Send(initialise); err != nil {
		return err
	}

	switch m, err := s.Next(); {
	case err != nil:
		return err
	case m.Type != "connection_ack":
		return fmt.Errorf("livetest: want connection_ack, got %s", m.Type)
	default:
		return s.acknowledged(m)
	}
}

// acknowledged reads the payload of connection_ack, if there is one.
func (s *Socket) acknowledged(m Message) error {
	if len(m.Payload) == 0 {
		return nil
	}

	var payload struct{ Cursor string }
	if err := json.Unmarshal(m.Payload, &payload); err != nil {
		return fmt.Errorf("livetest: connection_ack: %w: %.200s", err, m.Payload)
	}

	s.Cursor = payload.Cursor

	return nil
}

// Subscribe begins an operation.
func (s *Socket) Subscribe(id, document string, variables map[string]any) error {
	payload, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}

	return s.Send(Message{ID: id, Type: "subscribe", Payload: payload})
}

// Send sends a message.
func (s *Socket) Send(m Message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}

	return s.write(opText, text)
}

// Next returns the next message that is no ping; those it answers. When the server has closed the socket, the error is a *CloseError.
func (s *Socket) Next() (Message, error) {
	for {
		text, err := s.read()
		if err != nil {
			return Message{}, err
		}

		var m Message
		if err := json.Unmarshal(text, &m); err != nil {
			return m, fmt.Errorf("livetest: %w: %.200s", err, text)
		}

		if m.Type != "ping" {
			return m, nil
		}

		if err := s.Send(Message{Type: "pong", Payload: m.Payload}); err != nil {
			return m, err
		}
	}
}

// CutAfter cuts the connection behind that many more bytes, at least one, of what is read from it. It returns false when that was to happen already.
func (s *Socket) CutAfter(bytes int) bool { return s.wire.left.CompareAndSwap(0, int64(bytes)) }

// Cut ends the connection at once with a reset. Cutting a cut one does nothing.
func (s *Socket) Cut() { s.wire.cut() }

// Release gives the connection to somebody who reads it in another way, with what has been read of it ahead.
func (s *Socket) Release() (conn *net.TCPConn, ahead []byte) {
	ahead, _ = s.in.Peek(s.in.Buffered())

	return s.wire.TCPConn, ahead
}
