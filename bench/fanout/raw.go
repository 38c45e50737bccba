//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// broadcaster is the least that a server can do: it sends the bytes that are posted to it to every socket, and neither parses, stores nor checks anything.
type broadcaster struct {
	fanned bool // a goroutine and a queue for each socket, rather than one loop

	mu      sync.Mutex
	sockets map[*websocket.Conn]chan []byte
	pending chan []byte
}

// serveRaw serves until the process ends, and prints the port.
func serveRaw(fanned bool) error {
	const waiting = 1 << 12

	b := &broadcaster{fanned: fanned, sockets: make(map[*websocket.Conn]chan []byte), pending: make(chan []byte, waiting)}
	mux := http.NewServeMux()
	mux.HandleFunc("/graphql", b.accept)
	mux.HandleFunc("POST /publish", func(w http.ResponseWriter, r *http.Request) {
		if text, err := io.ReadAll(r.Body); err == nil {
			b.pending <- text

			w.WriteHeader(http.StatusNoContent)
		}
	})

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}

	go b.broadcast()

	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}

	fmt.Println(port)

	return http.Serve(listener, mux)
}

// accept answers as graphql-transport-ws wants it, so that the same client may connect.
func (b *broadcaster) accept(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return
	}
	defer socket.CloseNow()

	for {
		_, text, err := socket.Read(context.Background())

		switch {
		case err != nil:
			b.remove(socket)

			return
		case strings.Contains(string(text), `"connection_init"`):
			err = socket.Write(context.Background(), websocket.MessageText, []byte(`{"type":"connection_ack"}`))
		case strings.Contains(string(text), `"subscribe"`):
			b.add(socket)
		}

		if err != nil {
			return
		}
	}
}

func (b *broadcaster) add(socket *websocket.Conn) {
	const behind = 1 << 10

	b.mu.Lock()
	defer b.mu.Unlock()

	b.sockets[socket] = nil
	if !b.fanned {
		return
	}

	queue := make(chan []byte, behind)
	b.sockets[socket] = queue

	go func() {
		for text := range queue {
			_ = socket.Write(context.Background(), websocket.MessageText, text)
		}
	}()
}

func (b *broadcaster) remove(socket *websocket.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()

	if queue := b.sockets[socket]; queue != nil {
		close(queue)
	}

	delete(b.sockets, socket)
}

// broadcast sends what is pending, one after the other.
func (b *broadcaster) broadcast() {
	for text := range b.pending {
		b.mu.Lock()

		for socket, queue := range b.sockets {
			if queue != nil {
				queue <- text
			} else {
				_ = socket.Write(context.Background(), websocket.MessageText, text)
			}
		}

		b.mu.Unlock()
	}
}
