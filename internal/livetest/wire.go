package livetest

import (
	"errors"
	"net"
	"sync/atomic"
)

// ErrCut says that the client itself has cut the connection.
var ErrCut = errors.New("livetest: the connection was cut")

// wire is a connection that can be cut behind any byte that it reads, without a farewell.
type wire struct {
	*net.TCPConn

	left atomic.Int64 // bytes to the cut; 0 when there is to be none
	done atomic.Bool  // it was cut there
}

// Read implements io.Reader. Where the cut is due, it returns what comes before.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.TCPConn.Read(p)

	left := w.left.Load()
	if left == 0 {
		return n, err
	}

	if int64(n) < left {
		w.left.Add(-int64(n))

		return n, err
	}

	w.done.Store(true)
	w.cut()

	return int(left), ErrCut
}

// cut ends the connection with a reset, as a process or a cable that goes away does; what was sent and not read is lost.
func (w *wire) cut() {
	_ = w.SetLinger(0)
	_ = w.Close()
}
