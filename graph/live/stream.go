// Package live executes subscriptions: it makes the source stream once for each subscriber, and the answer to an event once for all subscribers who asked the same and
// may see the same.
//
// It follows the specification's two steps (GraphQL, October 2021, 6.2.3). CreateSourceEventStream: the operation is dispatched once, its resolver calls Stream and hands
// over a Source. ExecuteSubscriptionEvent: for each item of the source the operation is dispatched again with the item in the context, Stream hands it to the executor as
// the only value of a channel, and the executor writes the selection.
package live

import (
	"context"
	"time"
)

// Source is the source stream of one subscriber. One goroutine at a time calls Next.
//
// A source that begins at a place where a client may resume before it has had an item says so with a method Cursor() string, which is called once, before Next.
type Source interface {
	// Next returns the next item; nil when there is none now: then the notify function that the source was opened with is called when there is one. io.EOF is the
	// end of the stream. A fault ends the subscription with this error.
	Next(ctx context.Context) (*Item, error)
	// Close frees what the source holds. It may be called at any time, and more than once.
	Close()
}

// Item is one item of a source stream.
type Item struct {
	Key    string    // equal keys of equal subscriptions mean equal items, whose answer is written once
	Value  any       // what the resolver's view gets
	Cursor string    // where a client may resume; empty where it cannot
	At     time.Time // when it was published; zero where that is not known
}

// Open makes a source. Notify is called, from any goroutine, when Next has something again; it returns at once.
type Open func(ctx context.Context, notify func()) (Source, error)

// execution is what a dispatch is for.
type execution struct {
	notify func()
	source Source // what Stream hands over when item is nil
	item   *Item  // the item to execute
}

type executionKey struct{}

// Stream is what a resolver of a subscription returns: the channel for the executor. In the first step it opens the source and returns a channel that is closed; in the
// second it returns one with the item's view in it. A view follows from the value and the field's arguments, and from nothing else: others may get the answer that
// is made of it.
func Stream[T any](ctx context.Context, open Open, view func(value any) T) (<-chan T, error) {
	x, ok := ctx.Value(executionKey{}).(*execution)
	if !ok {
		panic("live: a subscription was dispatched without a driver")
	}

	stream := make(chan T, 1)
	defer close(stream)

	if x.item != nil {
		stream <- view(x.item.Value)

		return stream, nil
	}

	source, err := open(ctx, x.notify)
	if err == nil {
		x.source = source
	}

	return stream, err
}
