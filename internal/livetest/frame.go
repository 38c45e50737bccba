package livetest

import (
	"bufio"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Opcodes of RFC 6455, section 5.2.
const (
	opContinuation = 0x0
	opText         = 0x1
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA
)

const (
	final = 0x80 // the last frame of a message
	mask  = 0x80 // a frame from a client
	// maxBytes bounds a message; what tests receive is far smaller.
	maxBytes = 1 << 20
	// magic is what a server appends to the client's key (RFC 6455, section 1.3).
	magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
)

var (
	errHandshake = errors.New("livetest: the handshake is not that of RFC 6455")
	errFrame     = errors.New("livetest: the server sent a frame that breaks RFC 6455")
)

// CloseError is the close frame of the server.
type CloseError struct {
	Code   int // 1005 when it has none
	Reason string
}

// Error implements error.
func (e *CloseError) Error() string {
	return fmt.Sprintf("livetest: the server closed the socket: %d %s", e.Code, e.Reason)
}

// handshake asks for a WebSocket.
func handshake(out io.Writer, in *bufio.Reader, endpoint *url.URL) error {
	var nonce [16]byte

	_, _ = rand.Read(nonce[:]) // never fails (crypto/rand)
	key := base64.StdEncoding.EncodeToString(nonce[:])

	if _, err := fmt.Fprintf(out, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n", endpoint.RequestURI(), endpoint.Host, key, protocol); err != nil {
		return err
	}

	response, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}

	defer response.Body.Close() // of a refusal; what comes behind 101 is no body

	if response.StatusCode != http.StatusSwitchingProtocols {
		return &RefusedError{Status: response.StatusCode}
	}

	sum := sha1.Sum([]byte(key + magic))
	if response.Header.Get("Sec-WebSocket-Accept") != base64.StdEncoding.EncodeToString(sum[:]) || response.Header.Get("Sec-WebSocket-Protocol") != protocol {
		return errHandshake
	}

	return nil
}

// read returns the next text message, and answers the frames of control on the way.
func (s *Socket) read() ([]byte, error) {
	var message []byte

	for begun := false; ; {
		head, payload, err := s.frame(maxBytes - len(message))
		if err != nil {
			return nil, err
		}

		switch opcode := head &^ final; {
		case opcode == opPing:
			if err := s.write(opPong, payload); err != nil {
				return nil, err
			}
		case opcode == opPong:
		case opcode == opClose:
			return nil, closed(payload)
		case opcode == opText && !begun, opcode == opContinuation && begun:
			message, begun = append(message, payload...), true
			if head&final != 0 {
				return message, nil
			}
		default:
			return nil, fmt.Errorf("%w: opcode %x", errFrame, opcode)
		}
	}
}

// frame returns the next frame's first byte and its payload.
func (s *Socket) frame(most int) (head byte, payload []byte, err error) {
	var buffer [8]byte

	if _, err := io.ReadFull(s.in, buffer[:2]); err != nil {
		return 0, nil, err
	}

	head = buffer[0]
	size := uint64(buffer[1] &^ mask)

	if buffer[1]&mask != 0 {
		return 0, nil, fmt.Errorf("%w: it is masked", errFrame)
	}

	switch size { // RFC 6455, section 5.2
	case 126:
		_, err = io.ReadFull(s.in, buffer[:2])
		size = uint64(binary.BigEndian.Uint16(buffer[:2]))
	case 127:
		_, err = io.ReadFull(s.in, buffer[:8])
		size = binary.BigEndian.Uint64(buffer[:8])
	}

	if err != nil {
		return 0, nil, err
	}

	if size > uint64(most) {
		return 0, nil, fmt.Errorf("%w: %d bytes", errFrame, size)
	}

	payload = make([]byte, size)
	_, err = io.ReadFull(s.in, payload)

	return head, payload, err
}

// closed reads the payload of a close frame.
func closed(payload []byte) error {
	const none = 1005 // RFC 6455, section 7.4.1

	if len(payload) < 2 {
		return &CloseError{Code: none}
	}

	return &CloseError{Code: int(binary.BigEndian.Uint16(payload)), Reason: string(payload[2:])}
}

// write sends a frame. Clients mask theirs (RFC 6455, section 5.3).
func (s *Socket) write(opcode byte, payload []byte) error {
	frame := append(make([]byte, 0, len(payload)+14), final|opcode)

	switch size := len(payload); {
	case size < 126:
		frame = append(frame, mask|byte(size))
	case size < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, mask|126), uint16(size))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, mask|127), uint64(size))
	}

	var key [4]byte

	_, _ = rand.Read(key[:])
	frame = append(frame, key[:]...)

	for i, b := range payload {
		frame = append(frame, b^key[i%4])
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	_, err := s.wire.Write(frame)

	return err
}
