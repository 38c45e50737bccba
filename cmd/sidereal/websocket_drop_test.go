package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/account"
)

// masked returns a short text frame as clients send them, with a mask of zeros.
func masked(text string) []byte {
	header := []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text)), 0, 0, 0, 0}

	return append(header, text...)
}

// dropped opens a connection, sends so many of the steps of a subscriber and drops it; with all of them, it first waits for the first event.
func (s *testServer) dropped(steps int, authorization string) error {
	address, err := url.Parse(s.url)
	if err != nil {
		return err
	}

	connection, err := net.DialTimeout("tcp", address.Host, patience)
	if err != nil {
		return err
	}

	defer connection.Close()

	_ = connection.SetDeadline(time.Now().Add(patience))

	all := [][]byte{
		[]byte("GET /graphql HTTP/1.1\r\nHost: " + address.Host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"),
		[]byte("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"),
		masked(`{"type":"connection_init","payload":{"Authorization":"` + authorization + `"}}`),
		masked(subscribed("1", watch)),
	}

	for _, step := range all[:min(steps, len(all))] {
		if _, err = connection.Write(step); err != nil {
			return err
		}
	}

	if steps <= len(all) {
		return nil
	}

	for reader := bufio.NewReader(connection); ; {
		text, err := reader.ReadBytes('}')
		if err != nil {
			return fmt.Errorf("no event came: %w", err)
		}

		if bytes.Contains(text, []byte(`"next"`)) {
			return nil
		}
	}
}

// Connections are dropped in the middle of the handshake, of connection_init, of a subscription: nothing of them is left.
func TestDroppedSocketsLeaveNothingBehind(t *testing.T) {
	s := start(t, embedded(t))
	s.quiet(t)

	authorization := bearer(t, account.Admin, time.Hour)
	before := runtime.NumGoroutine()

	const connections, atOnce = 2000, 8

	var dropping sync.WaitGroup

	numbers := make(chan int)

	for range atOnce {
		dropping.Go(func() {
			for i := range numbers {
				if err := s.dropped(1+i%5, authorization); err != nil {
					t.Error(err)
				}
			}
		})
	}

	for i := range connections {
		numbers <- i
	}

	close(numbers)
	dropping.Wait()

	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > before+2; time.Sleep(5 * time.Millisecond) { // two may be the database's
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("want %d goroutines as before, got %d:\n%.6000s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
	}

	if lines := s.log.lines("panic"); len(lines) > 0 {
		t.Errorf("unexpected: %s", strings.Join(lines, ""))
	}
}
