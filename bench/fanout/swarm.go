//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"sidereal/internal/livetest"
)

// swarm is thousands of subscribers that one thread reads (epoll): as cheap as a client can be, so that what is measured is the server.
type swarm struct {
	poll     int
	alike    bool // every socket must get the same messages in the same order
	members  map[int32]*member
	received []int // sockets that have got the n-th message
	messages [][]byte

	complete chan time.Time // when the last socket got the next message
	failed   chan error
	stop     atomic.Bool
	done     chan struct{}
}

// member is a socket.
type member struct {
	fd   int
	got  int    // messages
	rest []byte // the beginning of a frame whose end has not come yet
}

const (
	handshakes = 64      // under way at once
	frameBytes = 1 << 16 // read at once
)

// gather connects and subscribes. The swarm is to be closed.
func gather(size int, cfg livetest.Config, document string, alike bool) (*swarm, error) {
	poll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}

	s := &swarm{
		poll: poll, alike: alike, members: make(map[int32]*member, size), complete: make(chan time.Time, 1<<16), failed: make(chan error, 1), done: make(chan struct{}),
	}
	joined := make([]*member, size)

	var group errgroup.Group

	group.SetLimit(handshakes)

	for i := range joined {
		group.Go(func() (err error) {
			joined[i], err = join(cfg, document)

			return err
		})
	}

	err = group.Wait()

	for _, m := range joined {
		if m != nil {
			s.members[int32(m.fd)] = m
			err = errors.Join(err, syscall.EpollCtl(poll, syscall.EPOLL_CTL_ADD, m.fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(m.fd)}))
		}
	}

	go s.read(err == nil)

	if err != nil {
		s.close()

		return nil, fmt.Errorf("%d of %d sockets: %w", len(s.members), size, err)
	}

	return s, nil
}

// join returns a socket that has subscribed, out of the hands of Go's own poller.
func join(cfg livetest.Config, document string) (*member, error) {
	socket, err := livetest.Open(context.Background(), cfg)
	if err != nil {
		return nil, err
	}

	if err := socket.Subscribe("1", document, nil); err != nil {
		return nil, err
	}

	conn, ahead := socket.Release()
	defer conn.Close() // the copy stays open

	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}

	m := &member{rest: bytes.Clone(ahead)}

	var failed error
	if err := raw.Control(func(fd uintptr) { m.fd, failed = syscall.Dup(int(fd)) }); err != nil || failed != nil {
		return nil, errors.Join(err, failed)
	}

	return m, nil
}

// read reads all sockets until the swarm is closed, or one of them fails.
func (s *swarm) read(ok bool) {
	defer close(s.done)

	ready := make([]syscall.EpollEvent, 1024)
	buffer := make([]byte, frameBytes)

	for ok && !s.stop.Load() {
		n, err := syscall.EpollWait(s.poll, ready, 50) // milliseconds, to see stop
		if err != nil && !errors.Is(err, syscall.EINTR) {
			s.failed <- err

			return
		}

		for _, event := range ready[:max(n, 0)] {
			if err := s.readOne(s.members[event.Fd], buffer); err != nil {
				s.failed <- err

				return
			}
		}
	}
}

func (s *swarm) readOne(m *member, buffer []byte) error {
	n, err := syscall.Read(m.fd, buffer)

	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return nil
	case err != nil:
		return err
	case n == 0:
		return errors.New("the server closed a socket without a close frame")
	}

	data := buffer[:n]
	if len(m.rest) > 0 {
		m.rest = append(m.rest, data...)
		data = m.rest
	}

	for {
		head, payload, size := frame(data)
		if size == 0 {
			m.rest = append(m.rest[:0], data...)

			return nil
		}

		if err := s.take(m, head, payload); err != nil {
			return err
		}

		data = data[size:]
	}
}

// frame returns the first byte, the payload and the whole size of the frame that data begin with; 0 when it is not there yet.
func frame(data []byte) (head byte, payload []byte, size int) {
	if len(data) < 4 {
		if len(data) >= 2 && data[1] <= 2 && len(data) >= 2+int(data[1]) {
			return data[0], data[2 : 2+int(data[1])], 2 + int(data[1])
		}

		return 0, nil, 0
	}

	begin, length := 2, int(data[1])
	if length == 126 { // RFC 6455, section 5.2; longer ones than 64 kB do not come
		begin, length = 4, int(binary.BigEndian.Uint16(data[2:]))
	}

	if len(data) < begin+length {
		return 0, nil, 0
	}

	return data[0], data[begin : begin+length], begin + length
}

var nextMessage = []byte(`"type":"next"`)

// take handles a frame.
func (s *swarm) take(m *member, head byte, payload []byte) error {
	switch head {
	case 0x81: // a text in one frame
	case 0x89: // ping: a pong, masked by zeros
		_, err := syscall.Write(m.fd, append([]byte{0x8A, 0x80 | byte(len(payload)), 0, 0, 0, 0}, payload...))

		return err
	default:
		return fmt.Errorf("the server sent a frame %x %.100q", head, payload)
	}

	if !bytes.Contains(payload[:min(len(payload), 64)], nextMessage) {
		return fmt.Errorf("the server sent %.300s", payload)
	}

	n := m.got
	m.got++

	if n == len(s.messages) {
		s.messages = append(s.messages, bytes.Clone(payload))
		s.received = append(s.received, 0)
	} else if s.alike && !bytes.Equal(s.messages[n], payload) {
		return fmt.Errorf("message %d is %s for one and %s for another", n, s.messages[n], payload)
	}

	s.received[n]++
	if s.received[n] == len(s.members) {
		s.complete <- time.Now()
	}

	return nil
}

// next waits until every socket has got the next message, and returns when that was.
func (s *swarm) next() (time.Time, error) {
	select {
	case at := <-s.complete:
		return at, nil
	case err := <-s.failed:
		return time.Time{}, err
	case <-time.After(2 * time.Minute):
		return time.Time{}, errors.New("a message did not reach all sockets in two minutes")
	}
}

// close ends all connections with a reset, so that none lingers.
func (s *swarm) close() {
	s.stop.Store(true)
	<-s.done

	for _, m := range s.members {
		_ = syscall.SetsockoptLinger(m.fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
		_ = syscall.Close(m.fd)
	}

	_ = syscall.Close(s.poll)
}
