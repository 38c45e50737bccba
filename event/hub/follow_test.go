package hub

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sidereal/event"
	"sidereal/event/eventtest"
	"sidereal/fault"
)

// again waits until the hub has tried the stream again, and follows it.
func (r *rig) again() {
	time.Sleep(2 * maxBackoff)
	synctest.Wait()
}

func TestNothingIsMissedByADisturbanceAndItIsSaidOnce(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		s := r.subscribe(everything, Place{})
		r.want(s, nil)
		r.publish(3)
		r.again()

		if r.log.b.Len() != 0 {
			r.Errorf("want nothing in the log while all is well, got %s", r.log.b.String())
		}

		for range 3 {
			r.Cut()
			r.publish(2)
		}

		r.Unreachable(true)
		time.Sleep(time.Minute)
		r.want(s, numbers(1, 3)) // a follower that was cut off waits a moment

		if r.hub.Stats().Reached {
			r.Error("want the figures to say that the stream is not reached")
		}

		live := r.subscribe(everything, Place{})

		for _, from := range []Place{{Beginning: true}, {After: s.Cursor()}} {
			_, err := r.trySubscribe(everything, from)
			r.wantFault(err, fault.UpstreamUnavailable, "")
		}

		r.Unreachable(false)
		r.publish(2)
		r.again()

		r.want(s, numbers(4, 11))
		r.want(live, numbers(4, 11))

		if begun, ended := r.log.count("events do not come"), r.log.count("events come again"); begun != 1 || ended != 1 {
			r.Errorf("want one beginning and one end in the log, got %d and %d", begun, ended)
		}

		r.Cut()
		r.again()

		if begun, ended := r.log.count("events do not come"), r.log.count("events come again"); begun != 2 || ended != 2 {
			r.Errorf("want the next disturbance to be said, too, got %d and %d", begun, ended)
		}
	})
}

func TestTheStreamIsTriedAgainMoreAndMoreRarely(t *testing.T) {
	for failures, longest := range map[int]time.Duration{1: minBackoff, 2: 2 * minBackoff, 4: 8 * minBackoff, 7: maxBackoff, 1000: maxBackoff} {
		for range 100 {
			if got := backoff(failures, maxBackoff); got < longest/2 || got > longest {
				t.Fatalf("after %d failures: want %v or up to a half less, got %v", failures, longest, got)
			}
		}
	}
}

func TestWhoMayHaveMissedAnEventIsTold(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		idle, buffered := r.subscribe(everything, Place{}), r.subscribe(everything, Place{})
		r.want(idle, nil)
		r.publish(5)
		r.want(idle, numbers(1, 5))

		r.Unreachable(true)
		synctest.Wait()
		r.Unreachable(false)
		r.publish(10)
		r.Lose(6) // one that nobody has seen
		r.again()

		if got := idle.notified.Load(); got != 2 {
			r.Errorf("want a notification for the events and one for the end, got %d", got)
		}

		for s, want := range map[*reader][]string{idle: nil, buffered: numbers(1, 5)} {
			got, err := s.upToError()
			earliest := r.wantFault(err, fault.CursorExpired, "earliest")

			if !slices.Equal(got, want) {
				r.Errorf("want %v first, got %v", want, got)
			}

			r.want(r.subscribe(everything, Place{After: earliest}), numbers(7, 15))
		}

		live := r.subscribe(everything, Place{})
		r.publish(1)
		r.want(live, numbers(16, 16))

		if r.log.count(`"subscriptions ended"=2`) != 1 {
			r.Errorf("want the log to say so once, got %s", r.log.b.String())
		}
	})
}

func TestNobodyIsTroubledByWhatWasLostBehindHim(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		s := r.subscribe(everything, Place{})
		r.publish(5)
		r.Unreachable(true)
		synctest.Wait()
		r.Unreachable(false)
		r.publish(5)
		r.Lose(5) // all that was seen, and no more
		r.again()
		r.want(s, numbers(1, 10))
	})
}

func TestAStreamMadeAnewEndsThoseOfTheOldOne(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		old := r.subscribe(everything, Place{})
		r.want(old, nil)
		r.publish(5)
		r.Renew()
		r.publish(3)
		r.again()

		if got := r.hub.Stats().Head; got != 3 {
			r.Errorf("want the head of the new one, got %d", got)
		}

		got, err := old.upToError()
		if earliest := r.wantFault(err, fault.CursorExpired, "earliest"); earliest != (event.Cursor{Epoch: "epoch2"}) || !slices.Equal(got, numbers(1, 5)) {
			r.Errorf("want the events of the old one, and the place before the first of the new one, got %v and %v", got, earliest)
		}

		s := r.subscribe(everything, Place{Beginning: true})
		r.publish(1)
		r.want(s, numbers(6, 9))
	})
}

// Two streams that lose what nobody could keep: the newest events. The second one has given their sequences anew before the hub comes back.
func TestAStreamThatWentBackEndsThoseWhoHadSeenMore(t *testing.T) {
	for name, published := range map[string]int{"and is shorter": 1, "and is as long": 2, "and is longer": 7} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, Config{}, nil, func(r *rig) {
				s := r.subscribe(everything, Place{})
				r.publish(5)
				r.Unreachable(true)
				synctest.Wait()
				r.Rewind(2)
				r.Unreachable(false)
				r.publish(published)
				r.again()

				got, err := s.upToError()
				earliest := r.wantFault(err, fault.CursorExpired, "earliest")

				if !slices.Equal(got, numbers(1, 5)) {
					r.Errorf("want what had been seen, got %v", got)
				}

				r.want(r.subscribe(everything, Place{After: earliest}), append(numbers(1, 3), numbers(6, 5+published)...))
			})
		})
	}
}

// late is a stream whose follower waits for a gate before it gives each event, and says that it is lost when the stream was made anew while it waited.
type late struct {
	*eventtest.Broker

	closed atomic.Bool
	gate   chan struct{}
}

func (b *late) Follow(ctx context.Context, epoch string, after uint64, deliver func(*event.Placed)) error {
	return b.Broker.Follow(ctx, epoch, after, func(p *event.Placed) {
		if b.closed.Load() {
			select {
			case <-b.gate:
			case <-ctx.Done():
				return
			}
		}

		deliver(p)
	})
}

// lateRig runs a test with a hub that does not hear of more events until open is called.
func lateRig(t *testing.T, test func(r *rig, shut, open func())) {
	t.Helper()

	b := &late{}

	inBubble(t, Config{}, func(in *eventtest.Broker) event.Broker { b.Broker = in; return b }, func(r *rig) {
		test(r, func() { b.gate = make(chan struct{}); b.closed.Store(true) }, func() { b.closed.Store(false); close(b.gate); synctest.Wait() })
	})
}

func TestWhoComesFromAHubThatIsAheadHearsNothingTwice(t *testing.T) {
	lateRig(t, func(r *rig, shut, open func()) {
		r.publish(3)
		shut()
		r.publish(7)

		if got := r.hub.Stats().Head; got != 3 {
			r.Fatalf("want a hub that is late, got %d", got)
		}

		s := r.subscribe(everything, Place{After: event.Cursor{Epoch: "epoch1", Sequence: 8}})
		r.want(s, nil)
		open()
		r.want(s, numbers(9, 10))

		if got := s.notified.Load(); got != 1 {
			r.Errorf("want one notification, got %d", got)
		}
	})
}

func TestWhoHasMissedNothingGoesOnInAStreamThatLostEvents(t *testing.T) {
	lateRig(t, func(r *rig, shut, open func()) {
		r.publish(3)

		missed := r.subscribe(everything, Place{})
		shut()
		r.publish(7)

		ahead := r.subscribe(everything, Place{After: event.Cursor{Epoch: "epoch1", Sequence: 8}})
		newest := r.subscribe(everything, Place{After: event.Cursor{Epoch: "epoch1", Sequence: 10}})
		r.want(ahead, nil)
		r.want(newest, nil)

		r.Lose(6)
		r.Cut()
		open() // the event that was on its way is delivered, and those behind it are lost
		r.again()

		got, err := missed.upToError()
		r.wantFault(err, fault.CursorExpired, "earliest")

		if !slices.Equal(got, numbers(4, 4)) {
			r.Errorf("want what the hub has seen, got %v", got)
		}

		if got := ahead.notified.Load(); got != 1 {
			r.Errorf("want to be told of what can be read now, got %d", got)
		}

		r.want(ahead, numbers(9, 10))
		r.publish(2)
		r.want(ahead, numbers(11, 12))
		r.want(newest, numbers(11, 12))
	})
}

func TestWhoComesWithAPlaceInANewStreamWaitsForTheHub(t *testing.T) {
	lateRig(t, func(r *rig, shut, open func()) {
		r.publish(3)
		shut()
		r.publish(1) // holds the follower, so that the hub hears of the new stream late
		r.Renew()
		r.publish(4) // 5 to 8

		whole, part := r.subscribe(everything, Place{Beginning: true}), r.subscribe(everything, Place{After: event.Cursor{Epoch: "epoch2", Sequence: 3}})
		newest := r.subscribe(everything, Place{After: event.Cursor{Epoch: "epoch2", Sequence: 4}})

		for _, s := range []*reader{whole, part, newest} {
			r.want(s, nil)
		}

		open() // the last one of the old stream is delivered, and is not theirs
		r.want(newest, nil)
		r.again()
		r.want(whole, numbers(5, 8))
		r.want(part, numbers(8, 8))
		r.publish(1)

		for _, s := range []*reader{whole, part, newest} {
			r.want(s, numbers(9, 9))
		}
	})
}

// renewing is a stream that is made anew whenever it has been asked what it holds, so many times, and whose hub has found that out before the answer comes.
type renewing struct {
	*eventtest.Broker

	times int
	hub   *Hub
}

func (b *renewing) State(ctx context.Context) (event.State, error) {
	state, err := b.Broker.State(ctx)

	if b.hub != nil && b.times > 0 {
		b.times--
		b.Renew()

		now, _ := b.Broker.State(ctx)
		b.hub.adopt(ctx, now, gone)
	}

	return state, err
}

func TestAPlaceIsLookedUpAgainWhenTheStreamWasMadeAnewMeanwhile(t *testing.T) {
	for times, want := range map[int]fault.Code{1: "", attempts - 1: "", attempts: fault.UpstreamUnavailable} {
		synctest.Test(t, func(t *testing.T) {
			b := &renewing{Broker: eventtest.New(), times: times}
			h := New(b, Config{Log: slog.New(slog.DiscardHandler)})
			state, _ := b.State(t.Context())
			h.adopt(t.Context(), state, gone) // as its follower would; there is none, so that nothing else asks
			h.firstTry()
			b.hub = h

			s, err := h.Subscribe(t.Context(), everything, Place{Beginning: true}, func() {})
			if want != "" {
				if fault.CodeOf(err) != want {
					t.Errorf("made anew %d times: want %s, got %v", times, want, err)
				}

				return
			}

			if err != nil || !strings.HasPrefix(s.Cursor().Epoch, "epoch") || s.Cursor().Epoch != h.seen.Epoch {
				t.Errorf("made anew %d times: want a place in the newest one, got %v", times, err)
			}
		})
	}
}

// repeating is a stream that gives every event twice, and everything again at the end.
type repeating struct{ *eventtest.Broker }

func (b repeating) Follow(ctx context.Context, epoch string, after uint64, deliver func(*event.Placed)) error {
	var all []*event.Placed

	return b.Broker.Follow(ctx, epoch, after, func(p *event.Placed) {
		all = append(all, p)

		for _, p := range all {
			deliver(p)
			deliver(p)
		}
	})
}

func TestWhatABrokerRepeatsIsLeftOut(t *testing.T) {
	inBubble(t, Config{}, func(in *eventtest.Broker) event.Broker { return repeating{in} }, func(r *rig) {
		s := r.subscribe(everything, Place{})
		r.publish(5)
		r.want(s, numbers(1, 5))
	})
}

// brittle is a stream that panics.
type brittle struct {
	*eventtest.Broker

	whole atomic.Bool
}

func (b *brittle) Follow(ctx context.Context, epoch string, after uint64, deliver func(*event.Placed)) error {
	if b.whole.CompareAndSwap(false, true) {
		panic("in a broker")
	}

	return b.Broker.Follow(ctx, epoch, after, deliver)
}

func TestAPanicIsADisturbance(t *testing.T) {
	inBubble(t, Config{}, func(in *eventtest.Broker) event.Broker { return &brittle{Broker: in} }, func(r *rig) {
		s := r.subscribe(everything, Place{})
		r.publish(2)
		r.again()
		r.want(s, numbers(1, 2))

		if r.log.count("in a broker") != 1 {
			r.Errorf("want the panic in the log, got %s", r.log.b.String())
		}
	})
}

func TestWhoReadsAnOldStreamIsNotTooSlowForTheNewOne(t *testing.T) {
	inBubble(t, Config{MaxBehind: 3, Page: 4}, nil, func(r *rig) {
		r.publish(10)

		unread, begun := r.subscribe(everything, Place{Beginning: true}), r.subscribe(everything, Place{Beginning: true})
		r.take(begun, 5)
		r.Unreachable(true)
		synctest.Wait()
		r.Rewind(7)
		r.Unreachable(false)
		r.again() // the hub is at 3, and the reader at 8 of 10

		got, err := begun.upToError()
		r.wantFault(err, fault.CursorExpired, "earliest")

		if !slices.Equal(got, numbers(6, 8)) {
			r.Errorf("want what it has read, got %v", got)
		}

		r.Renew()
		r.publish(50)
		r.again()

		_, err = unread.upToError()
		r.wantFault(err, fault.CursorExpired, "earliest")
	})
}

// What a subscription that has all up to place, or up to what the hub has seen, can get of a stream that holds 6 to 10.
func TestASubscriptionGoesOnWhereItHasMissedNothing(t *testing.T) {
	state := event.State{Epoch: "b", First: 6, Last: 10}
	at := func(epoch string, sequence uint64) event.Cursor {
		return event.Cursor{Epoch: epoch, Sequence: sequence}
	}

	tests := []struct {
		name        string
		place, seen event.Cursor
		found       standing
		ends        bool
		through     uint64 // where it reads on; 0 where it need not
	}{
		{"all up to the place before the oldest", at("b", 1), at("b", 5), gone, false, 5},
		{"one event less", at("b", 1), at("b", 4), gone, true, 0},
		{"ahead of the hub", at("b", 7), at("b", 2), gone, false, 7},
		{"behind the hub, which has all", at("b", 1), at("b", 10), gone, false, 0},
		{"a place in the new stream", at("b", 5), at("a", 99), gone, false, 5},
		{"a place in the new stream that it has lost", at("b", 4), at("a", 99), gone, true, 0},
		{"the newest place in the new stream", at("b", 10), at("a", 99), gone, false, 0},
		{"a place that the new stream has not reached", at("b", 11), at("a", 99), gone, true, 0},
		{"a place in the old stream", at("a", 7), at("a", 7), gone, true, 0},
		{"sequences that were given anew", at("b", 7), at("b", 7), wentBack, true, 0},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &Subscription{place: tt.place, reached: tt.place.Sequence, idle: true}

			wake, ended := s.adopt(tt.seen, state, tt.found)
			if ended != tt.ends || (s.ended != nil) != tt.ends || s.behind != (tt.through != 0) || s.through != tt.through || wake != (tt.ends || tt.through != 0) {
				t.Errorf("want it to end: %v, or to read behind %d, got %v and %d, wake %v", tt.ends, tt.through, ended, s.through, wake)
			}

			if s.behind && s.slack != state.Last-tt.through {
				t.Errorf("want the distance to be allowed, got %d", s.slack)
			}

			if !s.behind {
				return
			}

			later := event.State{Epoch: state.Epoch, First: state.First, Last: 20}
			if wake, ended := s.adopt(event.Cursor{Epoch: state.Epoch, Sequence: state.Last}, later, gone); wake || ended || s.through != tt.through {
				t.Errorf("want what it has not read to be read still, got to read behind %d, %v, %v", s.through, wake, ended)
			}
		})
	}
}
