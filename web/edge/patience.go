package edge

import (
	"net/http"
	"time"
)

// patience is how long a client may leave what is written to it unread. http.Server's WriteTimeout would bound the whole answer and cut streams, however well
// they are read; this bounds each write, so that a stream lives as long as its client reads it and says nothing for as long as it likes.
//
// A handler that is less patient sets its own deadline, which counts until it sets another one.
type patience struct {
	control *http.ResponseController
	timeout time.Duration
	handler time.Time // the handler's deadline; zero for none
}

func newPatience(w http.ResponseWriter, r *http.Request, timeout time.Duration) patience {
	p := patience{control: http.NewResponseController(w), timeout: timeout}

	if timeout > 0 && r.ProtoMajor == 1 { // the connection may carry the deadline of the request before
		_ = p.control.SetWriteDeadline(time.Time{})
	}

	return p
}

// write begins the time of a write. Not every ResponseWriter has deadlines; one that has none is a test's.
func (p *patience) write() {
	if p.timeout == 0 {
		return // the handler's is set
	}

	deadline := time.Now().Add(p.timeout)
	if !p.handler.IsZero() && p.handler.Before(deadline) {
		deadline = p.handler
	}

	_ = p.control.SetWriteDeadline(deadline)
}

// stream ends the time of a write that has reached the client, and that of reading the request, whose end would end the request's context: what is flushed is a
// stream, and what follows may take its time.
func (p *patience) stream() {
	_ = p.control.SetReadDeadline(time.Time{})

	if p.timeout > 0 {
		_ = p.control.SetWriteDeadline(p.handler)
	}
}

// set notes the handler's deadline.
func (p *patience) set(deadline time.Time) error {
	p.handler = deadline

	return p.control.SetWriteDeadline(deadline)
}
