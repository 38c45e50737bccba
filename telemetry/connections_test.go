package telemetry_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sidereal/telemetry"
)

func TestConnectionsAreCountedByKindAndSubscriptionsByField(t *testing.T) {
	hub := telemetry.HubFigures{EventsIn: 7, Replays: 3, SlowConsumers: 2}
	c := telemetry.NewConnections(func() telemetry.HubFigures { return hub })

	for range 3 {
		c.SocketOpened(telemetry.WebSocket)
		c.SocketOpened(telemetry.EventStream)
		c.SubscriptionOpened("events")
	}

	c.SocketClosed(telemetry.WebSocket)
	c.SubscriptionClosed("events")
	c.SubscriptionOpened("batchEvents")
	c.SubscriptionClosed("batchEvents")
	c.EventSent(-1)
	c.EventSent(0)
	c.SlowConsumer()

	got := c.Snapshot()
	want := telemetry.ConnectionsSnapshot{
		HubFigures: hub, WebSockets: 2, EventStreams: 3, EventsOut: 2, ClosedForSlowness: 1,
		Subscriptions: []telemetry.FieldSubscriptions{{Field: "batchEvents", Open: 0}, {Field: "events", Open: 2}},
		Latency:       got.Latency,
	}

	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}

	if got.Latency.Count != 1 {
		t.Errorf("want the time counted that is known, got %d", got.Latency.Count)
	}
}

func TestCountsStayExactWhenManyCountAtOnce(t *testing.T) {
	const counters, rounds = 8, 1000

	c := telemetry.NewConnections(nil)

	var group sync.WaitGroup

	for range counters {
		group.Go(func() {
			for range rounds {
				c.SocketOpened(telemetry.EventStream)
				c.SubscriptionOpened("events")
				c.EventSent(time.Millisecond)
				c.SubscriptionClosed("events")
				c.SocketClosed(telemetry.EventStream)
			}
		})
	}

	group.Wait()

	if s := c.Snapshot(); s.EventStreams != 0 || s.Subscriptions[0].Open != 0 || s.EventsOut != counters*rounds || s.Latency.Count != counters*rounds {
		t.Errorf("want nobody left and %d events, got %+v", counters*rounds, s)
	}
}

func TestQuantilesAreThoseOfWhatTookSoLong(t *testing.T) {
	for name, test := range map[string]struct {
		observed      func(l *telemetry.Latency)
		p50, p95, p99 time.Duration
		within        float64 // of the quantile
		most          time.Duration
	}{
		"nothing": {func(*telemetry.Latency) {}, 0, 0, 0, 0, 0},
		"one":     {func(l *telemetry.Latency) { l.Observe(0) }, 0, 0, 0, 0, 0},
		"1 ms to 1 s, evenly": {func(l *telemetry.Latency) {
			for ms := range 1000 {
				l.Observe(time.Duration(ms+1) * time.Millisecond)
			}
		}, 500 * time.Millisecond, 950 * time.Millisecond, 990 * time.Millisecond, 0.03, time.Second},
		"mostly quick": {func(l *telemetry.Latency) {
			for range 98 {
				l.Observe(2 * time.Millisecond)
			}

			l.Observe(5 * time.Second)
			l.Observe(5 * time.Second)
		}, 2 * time.Millisecond, 2 * time.Millisecond, 5 * time.Second, 0.34, 5 * time.Second},
		"beyond all bounds": {func(l *telemetry.Latency) { l.Observe(time.Minute) }, 35 * time.Second, 58 * time.Second, 60 * time.Second, 0.05, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			l := telemetry.NewLatency()
			test.observed(l)
			s := l.Snapshot()

			for _, q := range []struct {
				name      string
				want, got time.Duration
			}{{"p50", test.p50, s.P50}, {"p95", test.p95, s.P95}, {"p99", test.p99, s.P99}, {"max", test.most, s.Max}} {
				if off := (q.got - q.want).Abs(); float64(off) > test.within*float64(q.want) {
					t.Errorf("want %s %v, got %v", q.name, q.want, q.got)
				}
			}
		})
	}
}

func TestBucketsReachFromAMillisecondToTenSeconds(t *testing.T) {
	l := telemetry.NewLatency()

	l.Observe(time.Millisecond)
	l.Observe(time.Millisecond + 1)
	l.Observe(10 * time.Second)
	l.Observe(10*time.Second + 1)

	buckets := l.Snapshot().Buckets
	last := len(buckets) - 1

	for i, want := range map[int]telemetry.LatencyBucket{
		0: {UpTo: time.Millisecond, Count: 1}, 1: {UpTo: 1_333_521, Count: 1}, last - 1: {UpTo: 10 * time.Second, Count: 1}, last: {UpTo: 0, Count: 1},
	} {
		if buckets[i] != want {
			t.Errorf("want the bucket %d %+v, got %+v", i, want, buckets[i])
		}
	}

	for i := 2; i < last; i++ {
		if ratio := float64(buckets[i].UpTo) / float64(buckets[i-1].UpTo); ratio < 1.33 || ratio > 1.34 {
			t.Errorf("want each bound a third above the one before, got %v", ratio)
		}
	}
}

func BenchmarkEventSent(b *testing.B) {
	c := telemetry.NewConnections(nil)

	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.EventSent(3 * time.Millisecond)
		}
	})
}
