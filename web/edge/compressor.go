package edge

import (
	"io"
	"net/http"
	"strconv"
	"strings"
)

// compressor is the answer to one request. It holds back the head and the first bytes until it is clear whether they are compressed.
type compressor struct {
	http.ResponseWriter

	coding  *coding // the one that the client wants; nil for none
	head    bool    // the request is a HEAD, whose answer has no bytes
	status  int     // 0 until the handler names it
	held    []byte  // the first bytes, while there are fewer than minCompressed
	settled bool    // whether the head is on its way
	encoder encoder // nil when the answer is not compressed
}

// WriteHeader implements http.ResponseWriter.
func (c *compressor) WriteHeader(status int) {
	switch {
	case c.settled || status < http.StatusOK && status != http.StatusSwitchingProtocols:
		c.ResponseWriter.WriteHeader(status)
	case c.status == 0:
		c.status = status

		if !c.eligible() {
			_ = c.settle(false) // nothing is held back that could fail
		}
	}
}

// Write implements http.ResponseWriter.
func (c *compressor) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.WriteHeader(http.StatusOK)
	}

	if !c.settled {
		if len(c.held)+len(b) < minCompressed {
			c.held = append(c.held, b...)

			return len(b), nil
		}

		if err := c.settle(true); err != nil {
			return 0, err
		}
	}

	if c.encoder != nil {
		return c.encoder.Write(b)
	}

	return c.ResponseWriter.Write(b)
}

// FlushError is for http.ResponseController.
func (c *compressor) FlushError() error {
	if c.status == 0 {
		c.WriteHeader(http.StatusOK)
	}

	if !c.settled {
		if err := c.settle(true); err != nil {
			return err
		}
	}

	if c.encoder != nil {
		if err := c.encoder.Flush(); err != nil {
			return err
		}
	}

	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Flush implements http.Flusher.
func (c *compressor) Flush() { _ = c.FlushError() }

// Unwrap is for http.ResponseController.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// finish ends the answer once its handler is done.
func (c *compressor) finish() {
	if !c.settled && (c.status != 0 || len(c.held) > 0) {
		_ = c.settle(c.head) // the client may be gone, here and below
	}

	if c.encoder != nil {
		_ = c.encoder.Close()
		c.encoder.Reset(io.Discard) // it must not keep the answer alive

		c.coding.pool.Put(c.encoder)
		c.encoder = nil
	}
}

// eligible tells whether an answer may be compressed, for whoever takes it; then its form depends on the request's Accept-Encoding, and its head says so.
func (c *compressor) eligible() bool {
	h := c.Header()

	for _, vary := range h.Values("Vary") {
		if strings.Contains(strings.ToLower(vary), "accept-encoding") {
			return false // the handler has chosen a form itself
		}
	}

	if h.Get("Content-Encoding") != "" || h.Get("Content-Range") != "" || strings.Contains(h.Get("Cache-Control"), "no-transform") {
		return false
	}

	unchanged := c.status == http.StatusNotModified
	if !unchanged && (c.status == http.StatusNoContent || c.status == http.StatusSwitchingProtocols || !compressible(h.Get("Content-Type"))) {
		return false
	}

	h.Add("Vary", "Accept-Encoding")

	if tag := h.Get("ETag"); strings.HasPrefix(tag, `"`) {
		h.Set("ETag", "W/"+tag)
	}

	return !unchanged
}

// length returns the length that the handler names, 0 when it names none.
func (c *compressor) length() int {
	n, err := strconv.Atoi(c.Header().Get("Content-Length"))
	if err != nil {
		return 0
	}

	return n
}

// settle sends the head, compressed or not, and what was held back. It returns the error of the connection.
func (c *compressor) settle(compress bool) error {
	c.settled = true

	if compress && c.coding != nil && (!c.head || c.length() >= minCompressed) {
		c.Header().Set("Content-Encoding", c.coding.name)
		c.Header().Del("Content-Length")

		if !c.head {
			c.encoder, _ = c.coding.pool.Get().(encoder)
			c.encoder.Reset(c.ResponseWriter)
		}
	}

	c.ResponseWriter.WriteHeader(c.status)

	if len(c.held) == 0 {
		return nil
	}

	held := c.held
	c.held = nil

	var err error

	if c.encoder != nil {
		_, err = c.encoder.Write(held)
	} else {
		_, err = c.ResponseWriter.Write(held)
	}

	return err
}
