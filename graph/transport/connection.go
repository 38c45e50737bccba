package transport

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/graph/document"
)

// connection is an accepted socket with its operations.
type connection struct {
	socket       *websocket.Conn
	exec         graphql.GraphExecutor
	documents    *document.Library
	request      *http.Request
	authenticate Authenticator
	life         context.Context //nolint:containedctx // ends when the client is no longer read
	viewer       context.Context //nolint:containedctx // life with the viewer, from connection_ack on; belongs to the goroutine that reads
	active       sync.WaitGroup  // of the goroutines that belong to it

	mu         sync.Mutex
	begun      bool // connection_init has come, or its time is up
	operations map[string]*operation
}

// operation is one that has not ended.
type operation struct {
	id      string
	context context.Context //nolint:containedctx // its end is that of the operation
	cancel  context.CancelFunc
}

// serve handles the connection until its socket is closed and everything that belongs to it has ended.
func (c *connection) serve(initTimeout, pingInterval time.Duration) {
	life, end := context.WithCancel(c.request.Context())
	c.life = life

	closed := make(chan struct{})
	unwatch := context.AfterFunc(c.request.Context(), func() {
		defer close(closed)

		c.close(websocket.StatusServiceRestart, "the server is stopping; connect again")
	})

	initTimer := time.AfterFunc(initTimeout, c.initTimeout)

	c.active.Go(func() { c.keepAlive(pingInterval) })
	c.read()
	initTimer.Stop()
	end()
	c.active.Wait()

	if !unwatch() {
		<-closed
	}
}

// begin notes that connection_init has come; false when it came before, or too late.
func (c *connection) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()

	first := !c.begun
	c.begun = true

	return first
}

// initTimeout closes the socket unless connection_init has come.
func (c *connection) initTimeout() {
	if c.begin() {
		c.close(closeInitTimeout, "Connection initialisation timeout")
	}
}

// close ends the socket with a code and a reason, which is cut where a frame has no room for it.
func (c *connection) close(code websocket.StatusCode, reason string) {
	if len(reason) > maxReasonBytes {
		reason = reason[:maxReasonBytes]
		for !utf8.ValidString(reason) {
			reason = reason[:len(reason)-1]
		}
	}

	_ = c.socket.Close(code, strings.ToValidUTF8(reason, "")) // the client may be gone
}

// register makes room for an operation and returns how many there are; false when the id is taken.
func (c *connection) register(id string) (op *operation, open int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()

	if _, taken := c.operations[id]; taken {
		return nil, 0, false
	}

	op = &operation{id: id}
	op.context, op.cancel = context.WithCancel(c.viewer)
	c.operations[id] = op

	return op, len(c.operations), true
}

// forget ends the operation with that id, if there is one.
func (c *connection) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()

	if op, ok := c.operations[id]; ok {
		op.cancel()
		delete(c.operations, id)
	}
}

// retire frees the id of an operation that has ended; false when the client has ended it already.
func (c *connection) retire(op *operation) bool {
	c.mu.Lock()
	defer c.mu.Unlock()

	op.cancel()

	if c.operations[op.id] != op {
		return false
	}

	delete(c.operations, op.id)

	return true
}

// run executes an operation and sends what comes of it: an error when it cannot be executed, else any number of results and a complete. Nothing is sent any more
// when the client has ended it.
func (c *connection) run(op *operation, sent *request) {
	defer c.recoverFrom(op)

	ctx := withParts(op.context)

	found, err := c.documents.Find(ctx, sent.ask())
	if err != nil {
		c.fail(op, c.present(err))

		return
	}

	params := sent.params(found.Text)
	params.Headers = c.request.Header

	operationContext, errs := operationOf(ctx, c.exec, params)
	if errs != nil {
		response := c.exec.DispatchError(graphql.WithOperationContext(ctx, operationContext), errs)
		c.fail(op, response.Errors)

		return
	}

	c.documents.Learn(ctx, found)

	next, ctx := c.exec.DispatchOperation(ctx, operationContext)

	response := next(ctx)
	if response == nil && operationContext.Operation.Operation != ast.Subscription && op.context.Err() == nil {
		refused := givenUp(operationContext)
		c.fail(op, c.exec.DispatchError(graphql.WithOperationContext(ctx, refused.operation), refused.errs).Errors)

		return
	}

	for ; response != nil; response = next(ctx) {
		if response.HasNext != nil && *response.HasNext {
			parts(ctx, c.exec, response, next, func(p any, _ bool) bool { return c.next(op, p) })

			break
		}

		if !c.next(op, response) {
			break
		}
	}

	if c.retire(op) && c.life.Err() == nil {
		c.send(&serverMessage{ID: op.id, Type: typeComplete})
	}
}

// next sends a result of an operation; false when nobody waits for it any more.
func (c *connection) next(op *operation, result any) bool {
	return op.context.Err() == nil && c.send(&serverMessage{ID: op.id, Type: typeNext, Payload: result})
}

// recoverFrom turns a panic outside a resolver into an error of the operation.
func (c *connection) recoverFrom(op *operation) {
	if panicked := recover(); panicked != nil {
		c.fail(op, gqlerror.List{recovered(op.context, c.exec, panicked)})
	}
}

// fail ends an operation with errors.
func (c *connection) fail(op *operation, errs gqlerror.List) {
	if c.retire(op) {
		c.send(&serverMessage{ID: op.id, Type: typeError, Payload: errs})
	}
}

// refuse answers an operation that is not registered with an error; false when the socket is gone.
func (c *connection) refuse(id string, err error) bool {
	return c.send(&serverMessage{ID: id, Type: typeError, Payload: c.present(err)})
}

// present returns an error of an operation that is not executed as the client sees it.
func (c *connection) present(err error) gqlerror.List {
	ctx := graphql.WithOperationContext(c.viewer, &graphql.OperationContext{})

	return c.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}).Errors
}

// send writes a message; false when the socket is gone. A client that does not read is one whose socket is cut.
func (c *connection) send(m *serverMessage) bool {
	data, err := m.encode()
	if err != nil { // only a broken resolver's raw data
		c.close(websocket.StatusInternalError, "internal error")

		return false
	}

	// A context that ends in the middle of a frame cuts the socket, so it must not be the operation's.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.life), writeTimeout)
	defer cancel()

	return c.socket.Write(ctx, websocket.MessageText, data) == nil
}

// keepAlive pings the client, which keeps the connection open on its way, and cuts the socket when no answer comes.
func (c *connection) keepAlive(interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()

	for {
		select {
		case <-c.life.Done():
			return
		case <-ticker.C:
		}

		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.life), interval)
		err := c.socket.Ping(ctx)

		cancel()

		if err != nil {
			_ = c.socket.CloseNow()

			return
		}
	}
}
