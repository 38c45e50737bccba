package transport

import (
	"context"

	"github.com/coder/websocket"

	"sidereal/account"
	"sidereal/fault"
)

// read handles the client's messages until the socket is closed, by either side.
func (c *connection) read() {
	for {
		// A context that ends would cut the socket; instead, whoever wants its end closes it.
		kind, data, err := c.socket.Read(context.WithoutCancel(c.life))
		if err != nil {
			return
		}

		if kind != websocket.MessageText {
			c.close(closeBadRequest, "Invalid message: only text frames are understood")

			return
		}

		m, err := parseMessage(data)
		if err != nil {
			c.close(closeBadRequest, "Invalid message: "+err.Error())

			return
		}

		if !c.handle(m) {
			return
		}
	}
}

// handle answers one message; false when it closed the socket.
func (c *connection) handle(m *clientMessage) bool {
	switch m.Type {
	case typePing:
		return c.pong(m)
	case typePong:
		return true
	case typeInit:
		return c.initialise(m)
	case typeSubscribe:
		return c.subscribe(m)
	default: // complete: parseMessage lets nothing else through
		c.forget(m.ID)

		return true
	}
}

// pong answers a ping. One with a token in its payload renews that of the connection, and the answer does not send it back.
func (c *connection) pong(m *clientMessage) bool {
	if m.authorization == "" {
		return c.send(&serverMessage{Type: typePong, Payload: m.Payload})
	}

	if err := c.renew(m.authorization); err != nil {
		return c.forbid(err)
	}

	return c.send(&serverMessage{Type: typePong})
}

// renew replaces the token of the connection.
func (c *connection) renew(header string) error {
	if c.watch == nil {
		return fault.New(fault.Unauthenticated, "the connection came with no token, so there is none to renew")
	}

	token, err := bearer(header)
	if err != nil {
		return err
	}

	return c.watch.Renew(token)
}

// forbid closes the socket because of its viewer.
func (c *connection) forbid(err error) bool {
	reason := "Forbidden"
	if f, ok := fault.As(err); ok {
		reason += ": " + f.Message
	}

	c.close(closeForbidden, reason)

	return false
}

// initialise acknowledges the connection, or refuses it for its token, or because its viewer has too many.
func (c *connection) initialise(m *clientMessage) bool {
	if !c.begin() {
		c.close(closeTooManyInits, "Too many initialisation requests")

		return false
	}

	c.init.Stop()

	ctx, err := c.transport.Authenticate.Viewer(c.life, m.authorization)
	if err != nil {
		return c.forbid(err)
	}

	release, err := admit(ctx, c.transport.AdmitViewer)
	if err != nil {
		reason := "try again later"
		if f, ok := fault.As(err); ok {
			reason = f.Message
		}

		c.close(websocket.StatusTryAgainLater, reason)

		return false
	}

	c.release = append(c.release, release)
	c.viewer = ctx
	c.startWatch(m.authorization)

	return c.acknowledge()
}

// acknowledge says that the connection stands, and where it is in the stream of events.
func (c *connection) acknowledge() bool {
	m := &serverMessage{Type: typeAck}

	if c.transport.Now != nil {
		if cursor := c.transport.Now(c.viewer); cursor != "" {
			m.Payload = acknowledgement{cursor}
		}
	}

	return c.send(m)
}

// startWatch watches over the token that the viewer came with: that of connection_init, or else of the request.
func (c *connection) startWatch(header string) {
	if header == "" {
		header = c.header
	}

	c.header = ""

	viewer, ok := account.ViewerFrom(c.viewer)
	token, err := bearer(header)

	if !ok || err != nil || c.transport.Watch == nil {
		return
	}

	c.watch = c.transport.Watch(c.viewer, token, viewer, func(reason string) {
		c.spawn(func() { c.close(closeForbidden, "Forbidden: "+reason) })
	})
}

// now returns the context of an operation that begins now: with the viewer as it is now.
func (c *connection) now() context.Context {
	if c.watch == nil {
		return c.viewer
	}

	return account.WithViewer(c.life, c.watch.Viewer())
}

// subscribe starts an operation.
func (c *connection) subscribe(m *clientMessage) bool {
	if c.viewer == nil {
		c.close(closeUnauthorized, "Unauthorized")

		return false
	}

	op, open, ok := c.register(m.ID)
	if !ok {
		c.close(closeDuplicate, "Subscriber for "+m.ID+" already exists")

		return false
	}

	if largest := orDefault(c.transport.MaxSubscriptions, defaultSubscriptions) + maxRunning; open > largest {
		c.forget(m.ID)

		return c.refuse(m.ID, fault.New(fault.RateLimited, "a connection runs at most %d operations at once", largest))
	}

	c.spawn(func() { c.run(op, m.operation) })

	return true
}

// refuse answers an operation that is not registered with an error; false when the socket is gone.
func (c *connection) refuse(id string, err error) bool {
	return c.send(&serverMessage{ID: id, Type: typeError, Payload: c.present(err)})
}
