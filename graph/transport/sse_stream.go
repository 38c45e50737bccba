package transport

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
	"sidereal/graph/live"
)

// stream opens a subscription and writes its results until it ends, its token does, the client goes or the server stops.
func (t SSE) stream(ctx context.Context, x exchange, operation *graphql.OperationContext, out *events) {
	ready := make(chan struct{}, 1)
	notify := func() {
		select {
		case ready <- struct{}{}:
		default:
		}
	}

	subscription, response := t.Driver.Open(ctx, x.exec, operation, notify)

	switch {
	case subscription != nil:
	case response != nil:
		out.finish(refusalBody(response))

		fallthrough
	default:
		return
	}

	defer subscription.Close()

	t.meter().SubscriptionOpened(subscription.Field())
	defer t.meter().SubscriptionClosed(subscription.Field())

	out.head()
	out.place(subscription.Cursor())
	notify() // there may be something to read already

	t.follow(ctx, x, subscription, ready, notify, out)

	if errors.Is(out.err, errSlow) {
		t.meter().SlowConsumer()
	}
}

// follow writes the results of a subscription as they come. After each it listens to what may end the stream: select takes any of those that are ready, so a stream
// that always has something to say ends, too.
func (t SSE) follow(ctx context.Context, x exchange, subscription *live.Subscription, ready <-chan struct{}, notify func(), out *events) {
	keepAlive := orDefault(t.KeepAlive, defaultKeepAlive)
	quiet := time.NewTimer(keepAlive)

	defer quiet.Stop()

	ended, unwatch := t.watch(ctx, x.r)
	defer unwatch()

	for out.err == nil {
		select {
		case <-ctx.Done():
			return
		case <-t.Stopping:
			return
		case reason := <-ended:
			out.finish(errorsBody(subscription.Errors(ctx, fault.New(fault.Unauthenticated, "%s", reason))))

			return
		case <-quiet.C:
			out.comment()
			quiet.Reset(keepAlive)
		case <-ready:
			if written, more := t.next(ctx, subscription, out); !more {
				return
			} else if written {
				notify()
				quiet.Reset(keepAlive)
			}
		}
	}
}

// next writes the next result, if there is one now; more is false when the stream has come to its end.
func (t SSE) next(ctx context.Context, subscription *live.Subscription, out *events) (written, more bool) {
	payload, err := subscription.Next(ctx)

	switch {
	case errors.Is(err, io.EOF):
		out.complete()
	case ctx.Err() != nil: // the client has gone, and that is what the error says
	case fault.CodeOf(err) == fault.RateLimited && err != nil: // it fell too far behind, and goes on by connecting again
		t.meter().SlowConsumer()
		out.next("", errorsBody(subscription.Errors(ctx, err)))
	case err != nil:
		out.finish(errorsBody(subscription.Errors(ctx, err)))
	case payload == nil:
		return false, true
	default:
		if out.next(payload.Cursor, payload.Result) {
			t.meter().EventSent(sincePublished(payload.At))
		}

		return true, true
	}

	return false, false
}

// sincePublished returns for how long something has been published; negative when it is not known when it was.
func sincePublished(at time.Time) time.Duration {
	if at.IsZero() {
		return -1
	}

	return max(time.Since(at), 0) // another node's clock may be ahead of ours
}

// errorsBody is the JSON of a result that has errors and no data key.
func errorsBody(errs gqlerror.List) []byte { return refusalBody(&graphql.Response{Errors: errs}) }

// errSlow is why a stream broke off whose client did not read what was written.
var errSlow = errors.New("the client does not read")

// events writes an answer as events. The first write that fails is the last.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	begun   bool
	buffer  []byte
	err     error
}

const (
	leastRetryMs = 1000
	retrySpanMs  = 2000
)

// head begins the answer, and says how long an EventSource waits before it connects again: each another time, so that all whose server went away do not come back at
// the same moment.
func (e *events) head() {
	e.begun = true

	header := e.w.Header()
	header.Set("Content-Type", eventStream+"; charset=utf-8")
	header.Set("Cache-Control", "no-store, no-transform") // an event compressed by itself is no smaller
	header.Set("X-Accel-Buffering", "no")                 // for nginx on the way
	header.Add("Vary", "Accept, Authorization")
	e.w.WriteHeader(http.StatusOK)

	e.buffer = append(e.buffer[:0], "retry: "...)
	e.buffer = strconv.AppendInt(e.buffer, leastRetryMs+rand.Int64N(retrySpanMs), 10) //nolint:gosec // spreading needs no secret
	e.buffer = append(e.buffer, "\n\n"...)
	e.flush()
}

// place says where the client is in the stream of events before it has had one, where that is known.
func (e *events) place(cursor string) {
	if cursor != "" {
		e.buffer = append(append(append(e.buffer[:0], "id: "...), cursor...), "\n\n"...)
		e.flush()
	}
}

// next writes a result, which is JSON on one line, and tells whether that went well.
func (e *events) next(cursor string, result []byte) bool {
	if !e.begun {
		e.head()
	}

	e.buffer = e.buffer[:0]

	if cursor != "" {
		e.buffer = append(append(append(e.buffer, "id: "...), cursor...), '\n')
	}

	e.buffer = append(append(append(e.buffer, "event: next\ndata: "...), result...), "\n\n"...)
	e.flush()

	return e.err == nil
}

// finish writes the last result.
func (e *events) finish(result []byte) {
	e.next("", result)
	e.complete()
}

// complete writes the last event. It has data, though empty: EventSource drops events without.
func (e *events) complete() {
	e.buffer = append(e.buffer[:0], "event: complete\ndata: \n\n"...)
	e.flush()
}

// comment writes what clients ignore, so that nobody on the way takes the connection for dead.
func (e *events) comment() {
	e.buffer = append(e.buffer[:0], ":\n\n"...)
	e.flush()
}

// keptBuffer is how large a buffer may be that is kept for the next event.
const keptBuffer = 16 << 10

// flush sends the buffer.
func (e *events) flush() {
	if e.err != nil {
		return
	}

	begun := time.Now()
	_ = e.control.SetWriteDeadline(begun.Add(e.timeout)) // not every ResponseWriter has one; one that has none is a test's

	if _, e.err = e.w.Write(e.buffer); e.err == nil {
		e.err = e.control.Flush()
	}

	if e.err != nil && time.Since(begun) >= e.timeout {
		e.err = errSlow
	}

	_ = e.control.SetWriteDeadline(time.Time{})

	if cap(e.buffer) > keptBuffer {
		e.buffer = nil
	}
}
