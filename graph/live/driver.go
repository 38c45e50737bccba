package live

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
	"sidereal/graph/limit"
)

// Config says how a driver works.
type Config struct {
	// Plain tells whether the answer of an operation to an item follows from the item alone, whoever reads it. Nil is never: then only subscriptions of one viewer
	// share their answers.
	Plain   func(operation *graphql.OperationContext) bool
	MaxTime time.Duration // of the execution of one item; 0 for no end
}

// Driver executes subscriptions, whatever transport carries them. It is safe for concurrent use.
//
// Subscriptions that ask the same and may see the same are a group: the answer to an item is made by the first of them that reads it, and taken by the others.
type Driver struct {
	config  Config
	digests digests
	groups  groups
}

// NewDriver returns a driver.
func NewDriver(config Config) *Driver {
	return &Driver{config: config, digests: newDigests(), groups: groups{byKey: make(map[shareKey]*group)}}
}

// Open makes the source stream of a subscription: the operation comes from exec.CreateOperationContext with ctx, which has the viewer. Notify is called, from any
// goroutine, when Next has something again after it had nothing; it must return at once. A subscription must be closed.
//
// Instead of the subscription there is a response where it was refused: for the viewer, an argument, a cursor that has expired. Both are nil only when ctx has ended.
func (d *Driver) Open(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, notify func()) (*Subscription, *graphql.Response) {
	x := &execution{notify: notify}
	respond, dispatched := exec.DispatchOperation(context.WithValue(ctx, executionKey{}, x), operation)

	if x.source == nil {
		return nil, respond(dispatched)
	}

	if ctx.Err() != nil {
		x.source.Close()

		return nil, nil
	}

	field := graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{subscriptionType})[0].Name
	s := &Subscription{source: x.source, exec: exec, group: d.join(ctx, operation), field: field}
	s.retry.notify = notify

	if placed, ok := x.source.(interface{ Cursor() string }); ok {
		s.cursor = placed.Cursor()
	}

	if report, ok := limit.Subscribed(operation); ok {
		s.cost = &report
	}

	return s, nil
}

// Payload is the answer to one item.
type Payload struct {
	Result []byte    // the ExecutionResult as JSON on one line. It is shared, and must not be changed
	Cursor string    // where the client may resume; empty where it cannot
	At     time.Time // when the item was published; zero where that is not known
}

// Subscription is the open subscription of one subscriber.
type Subscription struct {
	source Source
	exec   graphql.GraphExecutor
	group  *group
	field  string
	cost   *limit.Report // until the first payload
	cursor string        // where it began, and then that of the last payload
	retry  retry
}

// Field returns the name of the field of the schema that is subscribed to.
func (s *Subscription) Field() string { return s.field }

// Cursor returns the cursor of the last payload, or before it that of where the source began; empty where there is none. It belongs to the goroutine that calls Next.
func (s *Subscription) Cursor() string { return s.cursor }

// Next returns the next payload; nil when there is none now: notify is called when there is one. io.EOF is the end; any other error ends the subscription, too, and
// belongs to the client. A source that cannot be reached at the moment is no error: it is asked again after a while. One goroutine at a time calls Next, with a context
// that has the viewer.
func (s *Subscription) Next(ctx context.Context) (*Payload, error) {
	item, err := s.source.Next(ctx)

	switch {
	case fault.CodeOf(err) == fault.UpstreamUnavailable:
		s.retry.later()

		return nil, nil //nolint:nilnil // nothing now
	case err != nil:
		return nil, err
	}

	s.retry.succeeded()

	if item == nil {
		return nil, nil //nolint:nilnil // nothing now
	}

	result, err := s.group.answer(ctx, s.exec, item)
	if err != nil {
		return nil, err
	}

	if item.Cursor != "" {
		s.cursor = item.Cursor
	}

	if s.cost != nil {
		result = withCost(result, *s.cost)
		s.cost = nil
	}

	return &Payload{Result: result, Cursor: item.Cursor, At: item.At}, nil
}

// Close ends the subscription. It may be called at any time, and more than once.
func (s *Subscription) Close() {
	if s.retry.stop() {
		s.source.Close()
		s.group.leave()
	}
}

// Errors returns an error of Next as the client sees it.
func (s *Subscription) Errors(ctx context.Context, err error) gqlerror.List {
	operation := graphql.WithOperationContext(ctx, s.group.operation)

	return s.exec.DispatchError(operation, gqlerror.List{gqlerror.Wrap(err)}).Errors
}
