package hub

import (
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"sidereal/event"
	"sidereal/event/eventtest"
)

// benched is a hub that has reached the stream, without a follower: the benchmark is it.
func benched(b *testing.B) *Hub {
	b.Helper()

	h := New(eventtest.New(), Config{Log: slog.New(slog.DiscardHandler)})

	state, err := h.state(b.Context())
	if err != nil {
		b.Fatal(err)
	}

	h.adopt(b.Context(), state, gone)
	h.firstTry()

	return h
}

func subscribed(b *testing.B, h *Hub, n int, filter func(i int) event.Filter) []*Subscription {
	b.Helper()

	list := make([]*Subscription, n)

	for i := range list {
		s, err := h.Subscribe(b.Context(), filter(i), Place{}, func() {})
		if err != nil {
			b.Fatal(err)
		}

		if p, err := s.Next(b.Context()); p != nil || err != nil {
			b.Fatal(p, err)
		}

		list[i] = s
	}

	return list
}

// BenchmarkBroadcast delivers an event to all of 10 000 subscriptions and lets each take it.
func BenchmarkBroadcast(b *testing.B) {
	const n = 10_000

	h := benched(b)
	list := subscribed(b, h, n, func(int) event.Filter { return event.Filter{Owners: []string{"a"}} })
	e := event.New(event.SystemWarning, time.Now(), "", "a", nil)

	var (
		delivering time.Duration
		i          uint64
	)

	b.ReportAllocs()

	for b.Loop() {
		i++
		begun := time.Now()

		h.deliver(&event.Placed{Event: e, Cursor: event.Cursor{Epoch: "epoch1", Sequence: i}})

		delivering += time.Since(begun)

		for _, s := range list {
			if p, err := s.Next(b.Context()); p == nil || err != nil {
				b.Fatal(p, err)
			}

			if p, err := s.Next(b.Context()); p != nil || err != nil {
				b.Fatal(p, err)
			}
		}
	}

	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/subscriber")
	b.ReportMetric(float64(delivering.Nanoseconds())/float64(b.N)/n, "delivery-ns/subscriber")
}

// BenchmarkDeliverToOneOwner delivers an event to one of 10 000 subscriptions.
func BenchmarkDeliverToOneOwner(b *testing.B) {
	h := benched(b)
	list := subscribed(b, h, 10_000, func(i int) event.Filter { return event.Filter{Owners: []string{fmt.Sprint(i), "*"}} })
	e := event.New(event.SystemWarning, time.Now(), "", "77", nil)

	b.ReportAllocs()

	for i := uint64(1); b.Loop(); i++ {
		h.deliver(&event.Placed{Event: e, Cursor: event.Cursor{Epoch: "epoch1", Sequence: i}})

		if p, err := list[77].Next(b.Context()); p == nil || err != nil {
			b.Fatal(p, err)
		}
	}
}

// BenchmarkSubscribe opens and closes a subscription among 100 000 others, and says what an idle one keeps.
func BenchmarkSubscribe(b *testing.B) {
	const n = 100_000

	h := benched(b)
	before := heap()
	list := subscribed(b, h, n, func(int) event.Filter { return event.Filter{Owners: []string{"a", "*"}} })
	kept := float64(heap()-before) / n

	b.ReportAllocs()

	for b.Loop() {
		s, err := h.Subscribe(b.Context(), event.Filter{Owners: []string{"a", "*"}}, Place{}, func() {})
		if err != nil {
			b.Fatal(err)
		}

		s.Close()
	}

	b.ReportMetric(kept, "B/idle")
	runtime.KeepAlive(list)
}

func heap() uint64 {
	var m runtime.MemStats

	runtime.GC()
	runtime.ReadMemStats(&m)

	return m.HeapAlloc
}
