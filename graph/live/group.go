package live

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
)

// What a group keeps for those of it that come later: the slower sockets, and who catches up.
const (
	maxAnswers     = 256
	maxAnswerBytes = 1 << 20
)

// groups is the groups that have members.
type groups struct {
	mu    sync.Mutex
	byKey map[shareKey]*group
}

// group is subscriptions with one share key.
type group struct {
	groups    *groups
	key       shareKey
	operation *graphql.OperationContext // of its first member, as it was asked
	maxTime   time.Duration
	members   atomic.Int64 // changes under groups.mu

	mu      sync.Mutex
	answers map[string]*answer // by the keys of items
	order   []string           // of those that are kept, from the oldest
	bytes   int                // of those that are kept
}

// answer is that of a group to an item.
type answer struct {
	done   chan struct{} // closed when there is a result
	result []byte
}

// join adds a member to the group of its key.
func (d *Driver) join(ctx context.Context, operation *graphql.OperationContext) *group {
	key := d.share(ctx, operation)

	d.groups.mu.Lock()
	defer d.groups.mu.Unlock()

	g := d.groups.byKey[key]
	if g == nil {
		g = &group{groups: &d.groups, key: key, operation: asked(operation), maxTime: d.config.MaxTime}
		d.groups.byKey[key] = g
	}

	g.members.Add(1)

	return g
}

// leave ends a membership. The last one takes the group with it.
func (g *group) leave() {
	g.groups.mu.Lock()
	defer g.groups.mu.Unlock()

	if g.members.Add(-1) == 0 {
		delete(g.groups.byKey, g.key)
	}
}

// asked returns a new operation that asks the same: without the bill, which is its first member's, and without what the executor remembers of the last execution.
func asked(o *graphql.OperationContext) *graphql.OperationContext {
	return &graphql.OperationContext{
		RawQuery: o.RawQuery, Variables: o.Variables, OperationName: o.OperationName, Doc: o.Doc, Operation: o.Operation,
		DisableIntrospection: o.DisableIntrospection, RecoverFunc: o.RecoverFunc,
		ResolverMiddleware: o.ResolverMiddleware, RootResolverMiddleware: o.RootResolverMiddleware,
	}
}

// answer returns the answer to an item: an ExecutionResult as JSON. The first member that asks makes it, and an answer without errors is kept for those that ask later;
// one with errors, which may be gone the next time, goes only to those that wait for it. The error is that of ctx, while waiting.
func (g *group) answer(ctx context.Context, exec graphql.GraphExecutor, item *Item) ([]byte, error) {
	if g.members.Load() == 1 {
		result, _ := g.execute(ctx, exec, item)

		return result, nil
	}

	g.mu.Lock()

	if a, ok := g.answers[item.Key]; ok {
		g.mu.Unlock()

		select {
		case <-a.done:
			return a.result, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}

	if g.answers == nil {
		g.answers = make(map[string]*answer)
	}

	a := &answer{done: make(chan struct{})}
	g.answers[item.Key] = a
	g.mu.Unlock()

	result, failed := g.execute(ctx, exec, item)

	a.result = result
	close(a.done)
	g.keep(item.Key, a, failed)

	return result, nil
}

// keep keeps an answer that was made, or forgets it. The oldest ones go when there are too many.
func (g *group) keep(key string, a *answer, failed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()

	if failed {
		delete(g.answers, key)

		return
	}

	g.order = append(g.order, key)
	g.bytes += len(a.result)

	for len(g.order) > maxAnswers || g.bytes > maxAnswerBytes {
		oldest := g.order[0]
		g.order = g.order[1:]
		g.bytes -= len(g.answers[oldest].result)
		delete(g.answers, oldest)
	}
}

// execute makes the answer to an item, and tells whether it has errors. Others wait for it, so it does not end with the subscriber that it is made by.
func (g *group) execute(ctx context.Context, exec graphql.GraphExecutor, item *Item) (result []byte, failed bool) {
	ctx = context.WithValue(context.WithoutCancel(ctx), executionKey{}, &execution{item: item})

	if g.maxTime > 0 {
		var cancel context.CancelFunc

		ctx, cancel = context.WithTimeout(ctx, g.maxTime)
		defer cancel()
	}

	operation := asked(g.operation)

	defer func() {
		if panicked := recover(); panicked != nil { // outside the resolvers
			ctx := graphql.WithOperationContext(ctx, operation)
			err := operation.RecoverFunc(ctx, panicked)
			result, failed = refused(exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)})), true
		}
	}()

	respond, dispatched := exec.DispatchOperation(ctx, operation)

	response := respond(dispatched)
	if response == nil {
		late := fault.New(fault.Timeout, "the operation took longer than it may")

		return refused(exec.DispatchError(graphql.WithOperationContext(ctx, operation), gqlerror.List{gqlerror.Wrap(late)})), true
	}

	return encode(response), len(response.Errors) > 0
}
