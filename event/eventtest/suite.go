package eventtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sidereal/event"
)

// Frail is a stream that can be harmed. An opened broker that has these methods is tested for what they do to those who read and follow.
type Frail interface {
	// Lose drops the oldest n events.
	Lose(n int)
	// Renew makes the stream anew: empty, and of another epoch.
	Renew()
}

// patience bounds what a broker may take to do one thing. No test waits for it when all is well.
const patience = 10 * time.Second

// Run tests what an event.Broker must keep to. Open returns one over an empty stream; it is called once for each test.
func Run(t *testing.T, open func(t *testing.T) event.Broker) {
	t.Helper()

	tests := []struct {
		name string
		test func(*fixture)
	}{
		{"an empty stream says so", testEmpty},
		{"an event comes back as it went in", testContents},
		{"an id is taken once", testIDs},
		{"a read gives what passes the filter", testFilters},
		{"pages join without a gap or a repeat", testPages},
		{"a read looks no further than it is told", testUpTo},
		{"another epoch is expired", testOtherEpoch},
		{"a lost place is expired, and the one before the oldest is not", testLost},
		{"a stream made anew has another epoch and ends who follows", testRenewed},
		{"a follower begins behind its place and goes on live", testFollow},
		{"a follower of the newest hears only what comes", testFollowLive},
		{"a follower ends with its context", testFollowEnds},
		{"a follower is waited for", testFollowWaits},
		{"many publishers make one order", testPublishers},
		{"a context that has ended is an error", testEnded},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 6*patience)
			t.Cleanup(cancel)

			tt.test(&fixture{T: t, ctx: ctx, broker: open(t)})
		})
	}
}

func testEmpty(f *fixture) {
	state := f.state()
	if state.Epoch == "" || state.Last+1 != state.First {
		f.Errorf("want an epoch, and the last one before the first, got %+v", state)
	}

	if got, reached, err := f.broker.Read(f.ctx, state.Epoch, everything, state.Last, state.Last, 10); err != nil || len(got) != 0 || reached != state.Last {
		f.Errorf("want nothing up to %d, got %d events up to %d, %v", state.Last, len(got), reached, err)
	}
}

func testContents(f *fixture) {
	want := []event.Event{
		event.New(event.UserRegistered, moment, "a subject", "an owner", map[string]any{"name": "Ædda <&> \u2028", "n": 1}),
		event.New(event.SystemWarning, moment.Add(1234*time.Microsecond), "", "", nil),
		event.New(event.ReadingProgress, moment, "dots.and spaces", "*", json.RawMessage(`[1,2.50,"three"]`)),
		event.New(event.BatchJobFailed, moment, "> * .", "~tilde.>", "text"),
		event.New(event.Type("not.yet.known"), moment, "s", "o", true),
	}

	f.publish(want...)

	before := f.state()
	got := f.read(everything)

	if diff := cmp.Diff(want, events(got), cmp.Transformer("decoded", decoded)); diff != "" {
		f.Errorf("want what was published (-), got (+):\n%s", diff)
	}

	if before.First != got[0].Cursor.Sequence || before.Last != got[len(got)-1].Cursor.Sequence {
		f.Errorf("want the state to be that of what is read, got %+v", before)
	}

	for i, p := range got {
		if p.Cursor.Epoch != before.Epoch || p.StoredAt.IsZero() || i > 0 && p.Cursor.Sequence <= got[i-1].Cursor.Sequence {
			f.Errorf("want a place behind the one before, and a time, got %+v at %v", p.Cursor, p.StoredAt)
		}

		if _, raw := p.Data.(json.RawMessage); !raw {
			f.Errorf("want data as json.RawMessage, got %T", p.Data)
		}
	}
}

// decoded is an event whose data is in one form.
func decoded(e event.Event) map[string]any {
	var data any

	if text, err := json.Marshal(e.Data); err == nil {
		_ = json.Unmarshal(text, &data)
	}

	return map[string]any{"id": e.ID, "type": e.Type, "at": e.OccurredAt, "subject": e.Subject, "owner": e.Owner, "data": data}
}

func testIDs(f *fixture) {
	first, second := sample(1), sample(2)
	f.publish(first, second, first)
	f.publish(second, sample(3))

	if got := f.read(everything); len(got) != 3 {
		f.Errorf("want 3 events, got %d", len(got))
	}
}

func testFilters(f *fixture) {
	f.publish(mixture()...)

	all := f.read(everything)

	for _, filter := range filters() {
		var want []event.Event

		for _, p := range all {
			if filter.Matches(&p.Event) {
				want = append(want, p.Event)
			}
		}

		if diff := cmp.Diff(ids(want), ids(events(f.read(filter)))); diff != "" {
			f.Errorf("%+v: want what Matches says (-), got (+):\n%s", filter, diff)
		}
	}
}

func testPages(f *fixture) {
	f.publish(mixture()...)
	f.publish(mixture()...)

	for _, filter := range filters() {
		want := ids(events(f.read(filter)))

		for _, limit := range []int{1, 2, 7} {
			state := f.state()

			var got []event.Event

			for reached := state.First - 1; reached < state.Last; {
				page, next, err := f.broker.Read(f.ctx, state.Epoch, filter, reached, state.Last, limit)
				if err != nil || len(page) > limit || next <= reached {
					f.Fatalf("%+v from %d: want up to %d events and to come further, got %d and %d, %v", filter, reached, limit, len(page), next, err)
				}

				got, reached = append(got, events(page)...), next
			}

			if diff := cmp.Diff(want, ids(got)); diff != "" {
				f.Errorf("%+v in pages of %d: want all of them (-), got (+):\n%s", filter, limit, diff)
			}
		}
	}
}

func testUpTo(f *fixture) {
	f.publish(samples(6)...)

	all := f.read(everything)

	for _, to := range []int{1, 3, 4} {
		upTo := all[to].Cursor.Sequence

		got, reached, err := f.broker.Read(f.ctx, all[0].Cursor.Epoch, everything, all[1].Cursor.Sequence, upTo, 10)
		if err != nil || reached != upTo || len(got) != to-1 {
			f.Errorf("behind the second and up to the %d. one: want %d events up to %d, got %d up to %d, %v", to+1, to-1, upTo, len(got), reached, err)
		}
	}
}

func testOtherEpoch(f *fixture) {
	f.publish(samples(3)...)

	if err := f.readError("another", f.state().First); !errors.Is(err, event.ErrExpired) {
		f.Errorf("want a read to be expired, got %v", err)
	}

	if err := f.broker.Follow(f.ctx, "another", f.state().First, f.unwanted); !errors.Is(err, event.ErrExpired) {
		f.Errorf("want a follower to be expired, got %v", err)
	}
}

func testLost(f *fixture) {
	frail := f.frail()

	f.publish(samples(10)...)

	all := f.read(everything)
	epoch := all[0].Cursor.Epoch

	frail.Lose(4)

	state := f.state()
	if state.First != all[4].Cursor.Sequence || state.Last != all[9].Cursor.Sequence {
		f.Errorf("want the state to begin with the fifth, got %+v", state)
	}

	if err := f.readError(epoch, all[2].Cursor.Sequence); !errors.Is(err, event.ErrExpired) {
		f.Errorf("want a read behind the third to be expired, got %v", err)
	}

	if err := f.broker.Follow(f.ctx, epoch, all[2].Cursor.Sequence, f.unwanted); !errors.Is(err, event.ErrExpired) {
		f.Errorf("want a follower behind the third to be expired, got %v", err)
	}

	if got := f.read(everything); len(got) != 6 {
		f.Errorf("want the 6 that are left, got %d", len(got))
	}

	follower := f.follow(epoch, state.First-1)
	defer follower.end()

	for _, want := range all[4:] {
		if got := follower.next(); got.ID != want.ID {
			f.Errorf("want %v, got %v", want.Cursor, got.Cursor)
		}
	}

	frail.Lose(6)

	if state := f.state(); state.First != state.Last+1 || state.Last != all[9].Cursor.Sequence {
		f.Errorf("want an empty stream that remembers its last sequence, got %+v", state)
	}

	f.publish(sample(11))

	if got := follower.next(); got.Subject != sample(11).Subject {
		f.Errorf("want the follower to go on, got %v", got)
	}
}

func testRenewed(f *fixture) {
	frail := f.frail()

	f.publish(samples(5)...)

	old := f.state()
	follower := f.follow(old.Epoch, old.Last)

	frail.Renew()

	if err := follower.wait(); err == nil {
		f.Error("want the follower to end with an error")
	}

	f.publish(sample(6))

	if state := f.state(); state.Epoch == old.Epoch || state.Epoch == "" {
		f.Errorf("want another epoch than %q, got %+v", old.Epoch, state)
	}

	if err := f.readError(old.Epoch, old.Last); !errors.Is(err, event.ErrExpired) {
		f.Errorf("want the old epoch to be expired, got %v", err)
	}

	if got := f.read(everything); len(got) != 1 {
		f.Errorf("want the new event, got %d", len(got))
	}
}

func testFollow(f *fixture) {
	f.publish(samples(20)...)

	all := f.read(everything)
	follower := f.follow(all[0].Cursor.Epoch, all[4].Cursor.Sequence)

	f.publish(samples(40)...) // while it catches up

	want := f.read(everything)[5:]

	for i, p := range want {
		if got := follower.next(); got.ID != p.ID || got.Cursor != p.Cursor {
			f.Fatalf("at %d: want %v, got %v", i, p.Cursor, got.Cursor)
		}
	}

	follower.end()
}

func testFollowLive(f *fixture) {
	f.publish(samples(5)...)

	state := f.state()
	follower := f.follow(state.Epoch, state.Last)

	for i := range 5 {
		want := sample(i)
		f.publish(want)

		if got := follower.next(); got.ID != want.ID || got.Cursor.Sequence <= state.Last {
			f.Fatalf("want the one that was published behind %d, got %v", state.Last, got.Cursor)
		}
	}

	follower.end()
}

func testFollowEnds(f *fixture) {
	f.publish(sample(1))

	state := f.state()
	follower := f.follow(state.Epoch, state.First-1)
	follower.next()

	follower.cancel()

	if err := follower.wait(); err == nil {
		f.Error("want an error that says why it ended")
	}

	f.publish(sample(2))

	select {
	case p := <-follower.events:
		f.Errorf("want nothing after the end, got %v", p.Cursor)
	default:
	}
}

func testFollowWaits(f *fixture) {
	f.publish(samples(10)...)

	var (
		state  = f.state()
		heard  = make(chan struct{})
		inside sync.Mutex
	)

	ctx, cancel := context.WithCancel(f.ctx)
	ended := make(chan error, 1)

	go func() {
		ended <- f.broker.Follow(ctx, state.Epoch, state.First-1, func(*event.Placed) {
			if !inside.TryLock() {
				f.Error("want one call at a time")

				return
			}
			defer inside.Unlock()

			select {
			case heard <- struct{}{}:
			case <-ctx.Done():
			}
		})
	}()

	for range 10 {
		within(f, heard)
	}

	cancel()

	if err := within(f, ended); err == nil {
		f.Error("want an error that says why it ended")
	}
}

func testPublishers(f *fixture) {
	const publishers, each = 8, 25

	state := f.state()
	followers := []*follower{f.follow(state.Epoch, state.Last), f.follow(state.Epoch, state.Last)}

	var publishing sync.WaitGroup

	for p := range publishers {
		publishing.Go(func() {
			for i := range each {
				e := event.New(event.ChartCalculated, moment, fmt.Sprintf("publisher %d", p), "", i)
				if err := f.broker.Publish(f.ctx, e); err != nil {
					f.Errorf("publish: %v", err)
				}
			}
		})
	}

	publishing.Wait()

	all := f.read(everything)
	if len(all) != publishers*each {
		f.Fatalf("want %d events, got %d", publishers*each, len(all))
	}

	for _, follower := range followers {
		for _, want := range all {
			if got := follower.next(); got.ID != want.ID || got.Cursor != want.Cursor {
				f.Fatalf("want all to hear the same order, got %v for %v", got.Cursor, want.Cursor)
			}
		}

		follower.end()
	}

	for p := range publishers {
		own := event.Filter{Subject: fmt.Sprintf("publisher %d", p), Everybody: true}

		for i, got := range f.read(own) {
			if string(got.Data.(json.RawMessage)) != fmt.Sprint(i) { //nolint:forcetypeassert // testContents
				f.Errorf("%s: want its events in its order, got %s at %d", own.Subject, got.Data, i)
			}
		}
	}
}

func testEnded(f *fixture) {
	f.publish(sample(1))

	state := f.state()

	ended, cancel := context.WithCancel(f.ctx)
	cancel()

	if err := f.broker.Publish(ended, sample(2)); err == nil {
		f.Error("want an error of Publish")
	}

	if _, err := f.broker.State(ended); err == nil {
		f.Error("want an error of State")
	}

	if _, _, err := f.broker.Read(ended, state.Epoch, everything, state.First-1, state.Last, 1); err == nil || errors.Is(err, event.ErrExpired) {
		f.Errorf("want an error of Read that is not that of a lost place, got %v", err)
	}

	if err := f.broker.Follow(ended, state.Epoch, state.Last, f.unwanted); err == nil || errors.Is(err, event.ErrExpired) {
		f.Errorf("want an error of Follow that is not that of a lost place, got %v", err)
	}

	if got := f.read(everything); len(got) != 1 {
		f.Errorf("want one event, got %d", len(got))
	}
}
