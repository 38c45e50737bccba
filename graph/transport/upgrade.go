package transport

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"time"
)

// The buffers that a socket holds while it waits. net/http's, of 4 KiB each, are given up.
const (
	readBufferBytes  = 512
	writeBufferBytes = 16 // for the header of a frame: bufio's least
)

// upgrade hands a connection over to the WebSocket with buffers of its own.
type upgrade struct {
	http.ResponseWriter

	rooms *rooms
}

// Hijack implements http.Hijacker.
func (u upgrade) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, old, err := http.NewResponseController(u.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}

	early := old.Reader.Buffered()                                                              // what the client sent before it was answered
	reader := bufio.NewReaderSize(struct{ io.Reader }{old.Reader}, max(readBufferBytes, early)) // a bufio.Reader itself would be taken over as it is

	if _, err = reader.Peek(early); err != nil { // it is in old's buffer
		return nil, nil, err
	}

	writer := &frameWriter{connection: connection, rooms: u.rooms}

	return connection, bufio.NewReadWriter(reader, bufio.NewWriterSize(writer, writeBufferBytes)), nil
}

// frameWriter writes the frames of a socket whole, one system call each, and gives the client writeTimeout to take one. It holds a buffer only while it does.
type frameWriter struct {
	connection net.Conn
	rooms      *rooms
	frame      *[]byte // so far; nil between two
}

// Write implements io.Writer. It gets the parts of unmasked frames (RFC 6455, section 5.2), one frame after the other.
func (f *frameWriter) Write(part []byte) (int, error) {
	if f.frame == nil {
		f.frame = f.rooms.lend()
	}

	*f.frame = append(*f.frame, part...)

	if size, known := frameSize(*f.frame); !known || len(*f.frame) < size {
		return len(part), nil
	}

	frame := f.frame
	f.frame = nil

	defer f.rooms.giveBack(frame)

	if err := f.connection.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}

	if _, err := f.connection.Write(*frame); err != nil {
		return 0, err
	}

	return len(part), nil
}

// frameSize returns the size of the frame that begins like this; false when too little of it is there.
func frameSize(frame []byte) (size int, known bool) {
	const shortHeader, longHeader, longestHeader = 2, 4, 10

	if len(frame) < shortHeader {
		return 0, false
	}

	switch length := int(frame[1] & 0x7f); {
	case length < 126:
		return shortHeader + length, true
	case length == 126 && len(frame) >= longHeader:
		return longHeader + int(binary.BigEndian.Uint16(frame[shortHeader:])), true
	case length == 127 && len(frame) >= longestHeader:
		return longestHeader + int(binary.BigEndian.Uint64(frame[shortHeader:])), true
	default:
		return 0, false
	}
}
