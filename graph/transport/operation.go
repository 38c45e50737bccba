package transport

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
	"sidereal/graph/live"
)

// operation is one that has not ended.
type operation struct {
	connection *connection
	id         string
	context    context.Context //nolint:containedctx // its end is that of the operation
	cancel     context.CancelFunc

	subscribes   bool               // whether it counts as a subscription; under the connection's mu
	subscription *live.Subscription // nil before it is open, and for queries and mutations; changes under the connection's mu
	before       []byte             // a payload in a message
	state        atomic.Int32       // of its draining
}

// register makes room for an operation and returns how many there are; false when the id is taken.
func (c *connection) register(id string) (op *operation, open int, ok bool) {
	now := c.now()

	c.mu.Lock()
	defer c.mu.Unlock()

	if _, taken := c.operations[id]; taken {
		return nil, 0, false
	}

	op = &operation{connection: c, id: id}
	op.context, op.cancel = context.WithCancel(now)

	if c.operations == nil {
		c.operations = make(map[string]*operation, 1)
	}

	c.operations[id] = op

	return op, len(c.operations), true
}

// forget ends the operation with that id, if there is one.
func (c *connection) forget(id string) {
	c.mu.Lock()
	op := c.operations[id]
	c.drop(op)
	c.mu.Unlock()

	if op != nil {
		op.end()
	}
}

// retire frees the id of an operation that has ended; false when the client has ended it already.
func (c *connection) retire(op *operation) bool {
	c.mu.Lock()

	current := c.operations[op.id] == op
	if current {
		c.drop(op)
	}

	c.mu.Unlock()

	if current {
		op.end()
	}

	return current
}

// drop takes an operation, if there is one, from those of the connection, whose mu is held.
func (c *connection) drop(op *operation) {
	if op == nil {
		return
	}

	delete(c.operations, op.id)

	if op.subscribes {
		c.subscribed--
	}
}

// countSubscription notes that an operation is a subscription; a fault when there are too many.
func (c *connection) countSubscription(op *operation) error {
	largest := orDefault(c.transport.MaxSubscriptions, defaultSubscriptions)

	c.mu.Lock()
	defer c.mu.Unlock()

	if c.operations[op.id] != op {
		return nil // it has ended meanwhile
	}

	if c.subscribed == largest {
		return fault.New(fault.RateLimited, "a connection has at most %d subscriptions at once", largest)
	}

	op.subscribes = true
	c.subscribed++

	return nil
}

// attach gives an operation its subscription; false when it has ended meanwhile.
func (c *connection) attach(op *operation, s *live.Subscription) bool {
	c.mu.Lock()
	defer c.mu.Unlock()

	current := c.operations[op.id] == op
	if current {
		op.subscription = s
		c.meter.SubscriptionOpened(s.Field())
	}

	return current
}

// end ends an operation that is no longer one of the connection's.
func (op *operation) end() {
	op.cancel()

	if s := op.subscription; s != nil {
		s.Close()
		op.connection.meter.SubscriptionClosed(s.Field())
	}
}

// run executes an operation and sends what comes of it: an error when it cannot be executed, else any number of results and a complete. Nothing is sent any more
// when the client has ended it.
func (c *connection) run(op *operation, sent *request) {
	defer c.recoverFrom(op)

	ctx := withParts(op.context)

	found, err := c.transport.Documents.Find(ctx, sent.ask())
	if err != nil {
		c.fail(op, c.present(err))

		return
	}

	operationContext, errs := operationOf(ctx, c.exec, sent.params(found.Text))
	if errs != nil {
		response := c.exec.DispatchError(graphql.WithOperationContext(ctx, operationContext), errs)
		c.fail(op, response.Errors)

		return
	}

	c.transport.Documents.Learn(ctx, found)

	if operationContext.Operation.Operation == ast.Subscription {
		if err := c.countSubscription(op); err != nil {
			c.fail(op, c.present(err))

			return
		}

		c.follow(op, operationContext)

		return
	}

	next, ctx := c.exec.DispatchOperation(ctx, operationContext)

	response := next(ctx)
	if response == nil && op.context.Err() == nil {
		refused := givenUp(operationContext)
		c.fail(op, c.exec.DispatchError(graphql.WithOperationContext(ctx, refused.operation), refused.errs).Errors)

		return
	}

	if hasMore(response) {
		parts(ctx, c.exec, response, next, func(p any, _ bool) bool { return c.next(op, p) })
	} else if response != nil {
		c.next(op, response)
	}

	c.complete(op)
}

func hasMore(response *graphql.Response) bool {
	return response != nil && response.HasNext != nil && *response.HasNext
}

// next sends a result of an operation; false when nobody waits for it any more.
func (c *connection) next(op *operation, result any) bool {
	return op.context.Err() == nil && c.send(&serverMessage{ID: op.id, Type: typeNext, Payload: result})
}

// complete ends an operation that has nothing more to send.
func (c *connection) complete(op *operation) {
	if c.retire(op) {
		c.send(&serverMessage{ID: op.id, Type: typeComplete})
	}
}

// fail ends an operation with errors.
func (c *connection) fail(op *operation, errs gqlerror.List) {
	if c.retire(op) {
		c.send(&serverMessage{ID: op.id, Type: typeError, Payload: errs})
	}
}

// recoverFrom turns a panic outside a resolver into an error of the operation.
func (c *connection) recoverFrom(op *operation) {
	if panicked := recover(); panicked != nil {
		c.fail(op, gqlerror.List{recovered(op.context, c.exec, panicked)})
	}
}
