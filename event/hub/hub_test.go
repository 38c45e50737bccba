package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"sidereal/event"
	"sidereal/event/eventtest"
	"sidereal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestASubscriptionGetsWhatHappensFromNowOn(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		r.publish(3)

		s := r.subscribe(everything, Place{})
		r.want(s, nil)
		r.publish(4)

		if got := s.notified.Load(); got != 1 {
			r.Errorf("want one notification for all that came while nobody asked, got %d", got)
		}

		r.want(s, numbers(4, 7))
		r.publish(1)
		r.want(s, numbers(8, 8))

		if got := s.notified.Load(); got != 2 {
			r.Errorf("want another one after there was nothing, got %d", got)
		}

		if got, want := r.hub.Stats(), (Stats{Subscriptions: 1, Events: 8, Head: 8, Reached: true}); got != want {
			r.Errorf("want %+v, got %+v", want, got)
		}
	})
}

func TestASubscriptionIsNotToldBeforeItAsks(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		s := r.subscribe(everything, Place{})
		r.publish(3)

		if got := s.notified.Load(); got != 0 {
			r.Errorf("want no notification before Next returned nothing, got %d", got)
		}

		r.want(s, numbers(1, 3))
	})
}

func TestAReplayGoesOnLive(t *testing.T) {
	inBubble(t, Config{Page: 4}, nil, func(r *rig) {
		r.publish(20)

		whole := r.subscribe(everything, Place{Beginning: true})
		part := r.subscribe(everything, Place{After: event.Cursor{Epoch: "epoch1", Sequence: 13}})
		none := r.subscribe(everything, Place{After: event.Cursor{Epoch: "epoch1", Sequence: 20}})

		if got, want := whole.Cursor(), (event.Cursor{Epoch: "epoch1"}); got != want {
			r.Errorf("want the place before the first event, got %v", got)
		}

		r.publish(5)

		r.want(whole, numbers(1, 25))
		r.want(part, numbers(14, 25))
		r.want(none, numbers(21, 25))

		if got := r.hub.Stats(); got.Replays != 2 || got.Reads != 5+2 || got.FellBehind != 0 {
			r.Errorf("want 2 replays of 5 and 2 pages, got %+v", got)
		}

		r.publish(1)

		for _, s := range []*reader{whole, part, none} {
			r.want(s, numbers(26, 26))
		}
	})
}

func TestAStreamWithoutEventsIsItsOwnBeginning(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		s := r.subscribe(everything, Place{Beginning: true})
		r.want(s, nil)
		r.publish(2)
		r.want(s, numbers(1, 2))
	})
}

func TestAPlaceThatTheStreamDoesNotHoldIsExpired(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		r.publish(10)
		r.Lose(4)

		for name, after := range map[string]event.Cursor{
			"of another epoch":      {Epoch: "epoch0", Sequence: 7},
			"beyond the newest":     {Epoch: "epoch1", Sequence: 11},
			"two before the oldest": {Epoch: "epoch1", Sequence: 3},
		} {
			_, err := r.trySubscribe(everything, Place{After: after})
			earliest := r.wantFault(err, fault.CursorExpired, "earliest")

			if s := r.subscribe(everything, Place{After: earliest}); !slices.Equal(s.rest(), numbers(5, 10)) {
				r.Errorf("%s: want the earliest cursor %v to give all that is left", name, earliest)
			}
		}

		r.want(r.subscribe(everything, Place{After: event.Cursor{Epoch: "epoch1", Sequence: 4}}), numbers(5, 10))
		r.want(r.subscribe(everything, Place{Beginning: true}), numbers(5, 10))
	})
}

func TestNothingIsTakenBeforeTheStreamWasReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, Broker: eventtest.New()}
		r.hub = New(r.Broker, Config{Log: slog.New(slog.NewTextHandler(&r.log, nil))})

		begun := time.Now()
		if _, err := r.trySubscribe(everything, Place{}); fault.CodeOf(err) != fault.UpstreamUnavailable || time.Since(begun) != timeout {
			t.Errorf("want UPSTREAM_UNAVAILABLE of a hub that was not started, in time, got %v after %v", err, time.Since(begun))
		}

		r.Unreachable(true)
		r.start()

		for _, from := range []Place{{}, {Beginning: true}, {After: event.Cursor{Epoch: "epoch1", Sequence: 1}}} {
			_, err := r.trySubscribe(everything, from)
			r.wantFault(err, fault.UpstreamUnavailable, "")

			if f, _ := fault.As(err); f.RetryAfter <= 0 {
				t.Errorf("want to be told when to try again, got %+v", f)
			}
		}

		if r.hub.Stats().Reached {
			t.Error("want the figures to say that the stream is not reached")
		}

		if now := r.hub.Now(t.Context()); !now.IsZero() {
			t.Errorf("want no place in a stream that was never reached, got %v", now)
		}

		r.Unreachable(false)
		time.Sleep(maxBackoff)
		synctest.Wait()

		s := r.subscribe(everything, Place{})
		r.publish(2)
		r.want(s, numbers(1, 2))
		r.stop()

		_, err := r.trySubscribe(everything, Place{})
		r.wantFault(err, fault.UpstreamUnavailable, "")

		if now := r.hub.Now(t.Context()); !now.IsZero() {
			t.Errorf("want no place of a hub that has stopped, got %v", now)
		}
	})
}

// slowly answers after a while.
type slowly struct{ *eventtest.Broker }

func (b slowly) State(ctx context.Context) (event.State, error) {
	time.Sleep(time.Second)

	return b.Broker.State(ctx)
}

func TestAHubThatHasJustStartedIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, Broker: eventtest.New()}
		r.hub = New(slowly{r.Broker}, Config{Log: slog.New(slog.DiscardHandler)})
		r.start()

		if now, want := r.hub.Now(t.Context()), (event.Cursor{Epoch: "epoch1"}); now != want {
			t.Errorf("want the place %v, got %v", want, now)
		}

		r.stop()
	})

	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, Broker: eventtest.New()}
		r.hub = New(slowly{r.Broker}, Config{Log: slog.New(slog.DiscardHandler)})
		r.start()

		s := r.subscribe(everything, Place{})
		r.publish(1)
		r.want(s, numbers(1, 1))
		r.stop()
	})
}

// Whoever subscribes behind the place that was now gets what happens from then on, whatever the hub went through meanwhile.
func TestNothingIsMissedSinceThePlaceOfNow(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		empty := r.hub.Now(r.Context())
		r.publish(3)
		now := r.hub.Now(r.Context())
		r.publish(2)
		r.Cut()
		r.publish(2)
		r.again()

		r.want(r.subscribe(everything, Place{After: empty}), numbers(1, 7))
		r.want(r.subscribe(everything, Place{After: now}), numbers(4, 7))

		r.Unreachable(true)
		time.Sleep(time.Minute)

		cutOff := r.hub.Now(r.Context()) // it is still the place behind the last event seen
		r.Unreachable(false)
		r.publish(1)
		r.again()

		r.want(r.subscribe(everything, Place{After: cutOff}), numbers(8, 8))
	})
}

func TestAHubIsStartedOnce(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		if err := r.hub.Start(r.Context()); !errors.Is(err, errStarted) {
			r.Errorf("want an error, got %v", err)
		}
	})

	if err := New(eventtest.New(), Config{}).Stop(t.Context()); err != nil {
		t.Errorf("want a hub that was not started to stop, got %v", err)
	}
}

func TestACloseLeavesNothing(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		filters := []event.Filter{everything, {Owners: []string{"a", "b", "a"}}, {Subject: "s", Everybody: true}, {}}
		for i := range 100 {
			filters = append(filters, event.Filter{Owners: []string{fmt.Sprint(i), ""}}, event.Filter{Subject: fmt.Sprint(i), Owners: []string{""}})
		}

		var open []*Subscription

		for i := range 100_000 {
			s, err := r.hub.Subscribe(r.Context(), filters[i%len(filters)], Place{}, func() {})
			if err != nil {
				r.Fatal(err)
			}

			if open = append(open, s); len(open) == 100 { // close some other than the last one opened
				k := i % len(open)
				open[k].Close()
				open[k].Close()
				open = slices.Delete(open, k, k+1)
			}
		}

		if got := r.hub.Stats().Subscriptions; got != int64(len(open)) {
			r.Errorf("want %d subscriptions, got %d", len(open), got)
		}

		r.publish(1)

		for _, s := range open {
			if want := s.filter.Everybody && s.filter.Subject == "" || len(s.filter.Owners) > 0 && s.filter.Subject == "" && slices.Contains(s.filter.Owners, ""); (s.buffer.len() == 1) != want {
				r.Errorf("%+v: want the event: %v, got %d", s.filter, want, s.buffer.len())
			}

			s.Close()
		}

		seats, buckets := r.hub.index.size()
		if got := r.hub.Stats().Subscriptions; seats != 0 || buckets != 0 || got != 0 {
			r.Errorf("want nothing left, got %d seats in %d buckets, %d subscriptions", seats, buckets, got)
		}
	})
}

func TestAClosedSubscriptionGivesNothing(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		s := r.subscribe(everything, Place{})
		r.want(s, nil)
		r.publish(2)
		s.Close()
		r.publish(2)
		r.want(s, nil)

		if got := s.notified.Load(); got != 1 {
			r.Errorf("want no notification after the end, got %d", got)
		}
	})
}

func TestTheIndexGivesWhatMatchesSays(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		words := []string{"", "a", "b", "*"}
		types := []event.Type{event.ReadingStarted, event.ReadingFailed}

		var readers []*reader

		for _, subject := range words {
			for _, owners := range [][]string{nil, {"a"}, {""}, {"b", "b"}, {"a", "", "*"}} {
				for _, everybody := range []bool{false, true} {
					for _, some := range [][]event.Type{nil, types[:1], types} {
						readers = append(readers, r.subscribe(event.Filter{Types: some, Subject: subject, Owners: owners, Everybody: everybody}, Place{}))
					}
				}
			}
		}

		var all []event.Event

		for _, subject := range words {
			for _, owner := range words {
				for _, t := range types {
					e := event.New(t, time.Now(), subject, owner, len(all))
					all = append(all, e)
					r.put(e)
				}
			}
		}

		synctest.Wait()

		for _, s := range readers {
			var want []string

			for i := range all {
				if s.filter.Matches(&all[i]) {
					want = append(want, fmt.Sprint(i))
				}
			}

			r.want(s, want)
		}
	})
}

func TestANotificationThatPanicsHarmsNobodyElse(t *testing.T) {
	inBubble(t, Config{}, nil, func(r *rig) {
		bad, err := r.hub.Subscribe(r.Context(), everything, Place{}, func() { panic("at the disco") })
		if err != nil {
			r.Fatal(err)
		}

		if p, err := bad.Next(r.Context()); p != nil || err != nil {
			r.Fatal(p, err)
		}

		good := r.subscribe(everything, Place{})
		r.want(good, nil)
		r.publish(1)

		if got := good.notified.Load(); got != 1 || r.log.count("at the disco") != 1 {
			r.Errorf("want one notification, and one line in the log, got %d and %d", got, r.log.count("at the disco"))
		}
	})
}
