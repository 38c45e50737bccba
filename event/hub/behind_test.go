package hub

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sidereal/event"
	"sidereal/event/eventtest"
	"sidereal/fault"
)

// hooked calls a function before each read of the stream.
type hooked struct {
	*eventtest.Broker

	beforeRead func(ctx context.Context) error
}

func (b *hooked) Read(ctx context.Context, epoch string, f event.Filter, after, upTo uint64, limit int) ([]*event.Placed, uint64, error) {
	if b.beforeRead != nil {
		if err := b.beforeRead(ctx); err != nil {
			return nil, 0, err
		}
	}

	return b.Broker.Read(ctx, epoch, f, after, upTo, limit)
}

func TestASubscriptionThatIsBehindReadsTheStreamAndRejoins(t *testing.T) {
	b := &hooked{}

	inBubble(t, Config{Buffer: 8, Page: 16}, func(in *eventtest.Broker) event.Broker { b.Broker = in; return b }, func(r *rig) {
		slow, fast := r.subscribe(everything, Place{}), r.subscribe(everything, Place{})

		for i := range 100 {
			r.publish(1)
			r.want(fast, numbers(i+1, i+1))
		}

		if got := slow.buffer.len(); got != 8 {
			r.Errorf("want a buffer of 8, got %d", got)
		}

		reads := 0
		b.beforeRead = func(context.Context) error {
			if reads++; reads <= 6 {
				r.publish(3) // what comes meanwhile is buffered, and at the third page it is behind again
			}

			return nil
		}

		if got := slow.rest(); !slices.Equal(got, numbers(1, 118)) {
			r.Errorf("want all events, got %v", got)
		}

		r.publish(8)
		r.want(slow, numbers(119, 126))

		if got := r.hub.Stats(); got.FellBehind != 3 || got.Replays != 0 {
			r.Errorf("want it to have fallen behind twice, the other one once, and no replay, got %+v", got)
		}

		r.want(fast, numbers(101, 126))
	})
}

func TestAReadThatFailsIsTriedAgain(t *testing.T) {
	inBubble(t, Config{Buffer: 4, Page: 4}, nil, func(r *rig) {
		s := r.subscribe(everything, Place{})
		r.publish(20)
		r.Unreachable(true)

		got, err := s.upToError()
		r.wantFault(err, fault.UpstreamUnavailable, "")

		if !slices.Equal(got, numbers(1, 4)) {
			r.Errorf("want what is buffered, got %v", got)
		}

		r.Unreachable(false)
		r.want(s, numbers(5, 20))
	})
}

func TestASubscriptionThatStaysBehindUntilItsNextEventIsLostEnds(t *testing.T) {
	inBubble(t, Config{Buffer: 4}, nil, func(r *rig) {
		lost, kept := r.subscribe(everything, Place{}), r.subscribe(everything, Place{})
		r.publish(20)

		if got := r.take(kept, 1); !slices.Equal(got, numbers(1, 1)) {
			r.Fatal(got)
		}

		r.Lose(4) // the buffer holds those
		r.want(kept, numbers(2, 20))
		r.Lose(1)

		got, err := lost.upToError()
		earliest := r.wantFault(err, fault.CursorExpired, "earliest")

		if !slices.Equal(got, numbers(1, 4)) {
			r.Errorf("want what is buffered first, got %v", got)
		}

		if _, again := lost.Next(r.Context()); again != err { //nolint:errorlint // the same one
			r.Errorf("want the same error again, got %v", again)
		}

		r.want(r.subscribe(everything, Place{After: earliest}), numbers(6, 20))
	})
}

// take returns the next n events.
func (r *rig) take(s *reader, n int) []string {
	r.Helper()

	var got []string

	for range n {
		p, err := s.Next(r.Context())
		if p == nil || err != nil {
			r.Fatalf("want %d events, got %v, %v", n, got, err)
		}

		got = append(got, string(raw(p)))
	}

	return got
}

func TestASubscriptionOfRareEventsIsNotExpiredByOthers(t *testing.T) {
	inBubble(t, Config{Buffer: 2, MaxBehind: 10}, nil, func(r *rig) {
		s := r.subscribe(event.Filter{Subject: "rare", Everybody: true}, Place{})
		r.want(s, nil)
		r.publish(50)
		r.Lose(50)

		for range 5 {
			r.put(event.New(event.ReadingProgress, time.Now(), "rare", "", 0))
		}

		synctest.Wait()
		r.want(s, []string{"0", "0", "0", "0", "0"})

		// The first one that did not fit into the buffer is far behind those that did, and all between are lost.
		rare := func() { r.put(event.New(event.ReadingProgress, time.Now(), "rare", "", 1)) }

		rare()
		rare()
		r.publish(50)
		rare()
		synctest.Wait()
		r.Lose(57) // all but the last one
		r.want(s, []string{"1", "1", "1"})
	})
}

func TestAReadKeepsNothingForWhoHasGone(t *testing.T) {
	b := &hooked{}

	inBubble(t, Config{}, func(in *eventtest.Broker) event.Broker { b.Broker = in; return b }, func(r *rig) {
		r.publish(5)

		s := r.subscribe(everything, Place{Beginning: true})
		b.beforeRead = func(context.Context) error { s.Close(); return nil }

		r.want(s, nil)

		if got := s.page.len(); got != 0 {
			r.Errorf("want nothing to be kept, got %d events", got)
		}
	})
}

func TestASubscriptionThatIsTooSlowEnds(t *testing.T) {
	inBubble(t, Config{Buffer: 4, Page: 4, MaxBehind: 50}, nil, func(r *rig) {
		in, out := r.subscribe(everything, Place{}), r.subscribe(everything, Place{})
		r.publish(54)

		if got := r.take(in, 5); !slices.Equal(got, numbers(1, 5)) { // 50 behind when it reads
			r.Errorf("want it to go on, got %v", got)
		}

		r.publish(1)
		r.take(out, 4)

		_, err := out.upToError()
		after := r.wantFault(err, fault.RateLimited, "resumeAfter")

		if after != out.Cursor() {
			r.Errorf("want to resume at %v, got %v", out.Cursor(), after)
		}

		if got := r.hub.Stats().Slow; got != 1 {
			r.Errorf("want one to be counted, got %d", got)
		}

		// A replay may be longer than that, and what is resumed ends in its turn only when it gets even further behind.
		again := r.subscribe(everything, Place{After: after})
		r.publish(50)
		r.want(again, numbers(5, 105))
		r.publish(55)
		r.take(again, 4)

		_, err = again.Next(r.Context())
		r.wantFault(err, fault.RateLimited, "resumeAfter")
	})
}

func TestOnlySoManyReadAtOnce(t *testing.T) {
	var (
		b      = &hooked{}
		now    atomic.Int64
		most   atomic.Int64
		closed = make(chan struct{})
	)

	inBubble(t, Config{Reads: 3}, func(in *eventtest.Broker) event.Broker { b.Broker = in; return b }, func(r *rig) {
		r.publish(5)

		closed = make(chan struct{}) // of this bubble
		b.beforeRead = func(ctx context.Context) error {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)

			select {
			case <-closed:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}

		done := make(chan []string, 8)

		for range 8 {
			s := r.subscribe(everything, Place{Beginning: true})
			go func() { done <- s.rest() }()
		}

		synctest.Wait()

		late := r.subscribe(everything, Place{Beginning: true})
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)

		_, err := late.Next(ctx)
		cancel()
		r.wantFault(err, fault.UpstreamUnavailable, "")

		if !errors.Is(err, context.DeadlineExceeded) {
			r.Errorf("want the reason to be kept for the log, got %v", err)
		}

		close(closed)

		for range 8 {
			if got := <-done; !slices.Equal(got, numbers(1, 5)) {
				r.Errorf("want all events, got %v", got)
			}
		}

		if got := most.Load(); got != 3 {
			r.Errorf("want 3 at once, got %d", got)
		}

		r.want(late, numbers(1, 5))
	})
}

func TestAStreamThatDoesNotAnswerIsNotWaitedForForEver(t *testing.T) {
	b := &hooked{}

	inBubble(t, Config{}, func(in *eventtest.Broker) event.Broker { b.Broker = in; return b }, func(r *rig) {
		r.publish(1)

		s := r.subscribe(everything, Place{Beginning: true})
		b.beforeRead = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

		begun := time.Now()
		_, err := s.Next(r.Context())
		r.wantFault(err, fault.UpstreamUnavailable, "")

		if took := time.Since(begun); took != timeout {
			r.Errorf("want an answer after %v, got it after %v", timeout, took)
		}
	})
}

// stuck is a stream that gives nothing and comes no further.
type stuck struct{ *eventtest.Broker }

func (stuck) Read(_ context.Context, _ string, _ event.Filter, after, _ uint64, _ int) ([]*event.Placed, uint64, error) {
	return nil, after, nil
}

func TestAReadThatComesNoFurtherIsAnError(t *testing.T) {
	inBubble(t, Config{}, func(in *eventtest.Broker) event.Broker { return stuck{in} }, func(r *rig) {
		r.publish(1)

		_, err := r.subscribe(everything, Place{Beginning: true}).Next(r.Context())
		r.wantFault(err, fault.UpstreamUnavailable, "")
	})
}
