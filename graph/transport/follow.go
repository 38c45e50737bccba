package transport

import (
	"errors"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"sidereal/fault"
	"sidereal/graph/live"
)

// The states of a subscription's draining.
const (
	idle     = iota
	draining // a goroutine sends what there is
	again    // and there is more since it looked
)

// follow opens a subscription and sends what there is already. Whatever comes later is sent by goroutines that its source starts.
func (c *connection) follow(op *operation, operationContext *graphql.OperationContext) {
	op.state.Store(draining)
	op.before = beforePayload(op.id)

	s, refused := c.transport.Driver.Open(op.context, c.exec, operationContext, op.ready)
	if refused != nil {
		c.next(op, refused)
		c.complete(op)

		return
	}

	if s == nil {
		return // the client has ended it
	}

	if !c.attach(op, s) {
		s.Close()

		return
	}

	op.drain()
}

// beforePayload returns what stands before the payload in a message with a result.
func beforePayload(id string) []byte {
	text, err := (&serverMessage{ID: id, Type: typeNext}).encode()
	if err != nil { // it is two strings
		panic(err)
	}

	return append(text[:len(text)-1], `,"payload":`...)
}

// ready starts to send what the subscription has, unless that is being done. It returns at once.
func (op *operation) ready() {
	for {
		switch op.state.Load() {
		case idle:
			if op.state.CompareAndSwap(idle, draining) {
				op.connection.spawn(func() {
					defer op.connection.recoverFrom(op)

					op.drain()
				})

				return
			}
		case draining:
			if op.state.CompareAndSwap(draining, again) {
				return
			}
		default:
			return
		}
	}
}

// drain sends what the subscription has, until it has nothing more.
func (op *operation) drain() {
	for op.deliver() {
		if op.state.CompareAndSwap(draining, idle) {
			return
		}

		op.state.Store(draining) // before it is asked once more
	}
}

// deliver sends results until there are none; false when the operation has ended.
func (op *operation) deliver() bool {
	for op.context.Err() == nil {
		payload, err := op.subscription.Next(op.context)
		if err != nil {
			op.finish(err)

			return false
		}

		if payload == nil {
			return true
		}

		if op.context.Err() != nil || !op.send(payload) {
			return false
		}
	}

	return false
}

// send writes a message with a result; false when the socket is gone.
func (op *operation) send(p *live.Payload) bool {
	rooms := &op.connection.transport.Sockets.rooms

	text := rooms.lend()
	defer rooms.giveBack(text)

	*text = append(append(append(*text, op.before...), p.Result...), '}')

	if !op.connection.write(*text) {
		return false
	}

	latency := time.Duration(-1)
	if !p.At.IsZero() {
		latency = max(0, time.Since(p.At))
	}

	op.connection.meter.EventSent(latency)

	return true
}

// finish ends the operation for the end of its source, or for an error. A client that is too slow loses the connection: it comes back, and resumes by its cursor.
func (op *operation) finish(err error) {
	c := op.connection

	switch {
	case errors.Is(err, io.EOF):
		c.complete(op)
	case op.context.Err() != nil: // it was ended meanwhile
	case fault.CodeOf(err) == fault.RateLimited:
		c.meter.SlowConsumer()
		c.close(websocket.StatusTryAgainLater, tooSlow(op.subscription.Cursor()))
	default:
		c.fail(op, op.subscription.Errors(op.context, err))
	}
}

// tooSlow says how to resume after cursor, which may be empty; one that a frame has no room for is left out, since half of it is none.
func tooSlow(cursor string) string {
	const reason = "too slow; connect again"

	if full := reason + ", after: " + cursor; cursor != "" && len(full) <= maxReasonBytes {
		return full
	}

	return reason
}
