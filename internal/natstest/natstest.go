// Package natstest starts a real NATS server with JetStream for a test, on a free loopback port.
package natstest

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const patience = 30 * time.Second

// Server is a NATS server that can be stopped and started again over what it has stored.
type Server struct {
	dir     string
	port    int
	change  func(*server.Options) // of a server that is not as Start makes it; may be nil
	cluster bool
	running *server.Server
}

// Start starts a server that stops when the test ends.
func Start(t testing.TB) *Server {
	t.Helper()

	return StartWith(t, nil)
}

// StartWith starts a server with other options.
func StartWith(t testing.TB, change func(*server.Options)) *Server {
	t.Helper()

	s := &Server{dir: t.TempDir(), port: server.RANDOM_PORT, change: change}
	s.Restart(t)
	t.Cleanup(s.Stop)

	return s
}

// URL is where the server listens, also after a restart.
func (s *Server) URL() string { return fmt.Sprintf("nats://127.0.0.1:%d", s.port) }

// Stop stops the server at once. Stopping a stopped one does nothing.
func (s *Server) Stop() {
	if s.running != nil {
		s.running.Shutdown()
		s.running.WaitForShutdown()
		s.running = nil
	}
}

// Restart starts the server, stopping it first when it runs.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop()

	options := &server.Options{Host: "127.0.0.1", Port: s.port, JetStream: true, StoreDir: s.dir, NoSigs: true, NoLog: true}
	if s.change != nil {
		s.change(options)
	}

	running, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}

	running.Start()

	s.running = running

	if s.cluster {
		return // it is ready when it has met others
	}

	if !running.ReadyForConnections(patience) {
		t.Fatal("the NATS server does not start")
	}

	s.port = running.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // of tcp
}

// Message is a message of a stream.
type Message struct {
	ID      string // its Nats-Msg-Id
	Subject string
	Data    []byte
}

// Messages returns what a stream holds, oldest first; nothing when there is no such stream.
func (s *Server) Messages(t testing.TB, stream string) (messages []Message) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	conn, err := nats.Connect(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()

	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}

	found, err := js.Stream(ctx, stream)
	if err != nil {
		return nil
	}

	for n := uint64(1); n <= found.CachedInfo().State.LastSeq; n++ {
		m, err := found.GetMsg(ctx, n)
		if err != nil {
			t.Fatal(err)
		}

		messages = append(messages, Message{ID: m.Header.Get(jetstream.MsgIDHeader), Subject: m.Subject, Data: m.Data})
	}

	return messages
}
