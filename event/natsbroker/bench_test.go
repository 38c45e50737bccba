package natsbroker

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sidereal/event"
)

func benchmarked(b *testing.B, cfg Config) (*Stream, context.Context) {
	b.Helper()

	cfg.StoreDir, cfg.Log = b.TempDir(), quiet

	c, err := Open(cfg)
	if err != nil {
		b.Fatal(err)
	}

	b.Cleanup(c.Close)

	ctx, cancel := context.WithTimeout(b.Context(), 90*time.Second)
	b.Cleanup(cancel)

	return c.Events(), ctx
}

// fill publishes n events, of 100 owners and each of its own subject.
func fill(ctx context.Context, b *testing.B, s *Stream, n int) {
	b.Helper()

	events := make([]event.Event, 0, 1000)

	for i := range n {
		e := sample(fmt.Sprintf("owner-%d", i%100))
		e.Subject = fmt.Sprintf("subject-%d", i)

		if events = append(events, e); len(events) == cap(events) || i == n-1 {
			if _, err := s.PublishAll(ctx, events); err != nil {
				b.Fatal(err)
			}

			events = events[:0]
		}
	}
}

// policies are the ways in which the embedded server writes to its disk.
func policies() map[string]Config {
	return map[string]Config{"always": {SyncAlways: true}, "1s": {Sync: time.Second}, "10s": {Sync: 10 * time.Second}}
}

func BenchmarkPublish(b *testing.B) {
	for name, cfg := range policies() {
		b.Run("sync="+name, func(b *testing.B) {
			s, ctx := benchmarked(b, cfg)

			for b.Loop() {
				if err := s.Publish(ctx, sample("a")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// One operation is an event.
func BenchmarkPublishAll(b *testing.B) {
	for name, cfg := range policies() {
		b.Run("sync="+name, func(b *testing.B) {
			s, ctx := benchmarked(b, cfg)

			b.ResetTimer()
			fill(ctx, b, s, b.N)
		})
	}
}

// One operation is an event.
func BenchmarkFollow(b *testing.B) {
	s, ctx := benchmarked(b, Config{})
	fill(ctx, b, s, b.N)

	state, err := s.State(ctx)
	if err != nil {
		b.Fatal(err)
	}

	ctx, cancel := context.WithCancel(ctx)
	heard := 0

	b.ReportAllocs()
	b.ResetTimer()

	_ = s.Follow(ctx, state.Epoch, 0, func(*event.Placed) {
		if heard++; heard == b.N {
			b.StopTimer()
			cancel()
		}
	})

	if heard != b.N {
		b.Fatalf("want %d events, got %d", b.N, heard)
	}
}

func BenchmarkRead100(b *testing.B) {
	s, ctx := benchmarked(b, Config{})
	fill(ctx, b, s, 100_000)

	state, err := s.State(ctx)
	if err != nil {
		b.Fatal(err)
	}

	for name, test := range map[string]struct {
		filter event.Filter
		after  uint64
		want   int
	}{
		"of everybody":     {event.Filter{Everybody: true}, 90_000, 100},
		"of one owner":     {event.Filter{Owners: []string{"owner-7"}}, 50_000, 100},
		"of types":         {event.Filter{Types: []event.Type{event.UserRegistered, event.SystemError}, Owners: []string{"owner-7", ""}}, 50_000, 100},
		"of one subject":   {event.Filter{Subject: "subject-50007", Owners: []string{"owner-7"}}, 0, 1},
		"of nothing there": {event.Filter{Owners: []string{"nobody"}}, 0, 0},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				got, _, err := s.Read(ctx, state.Epoch, test.filter, test.after, state.Last, 100)
				if err != nil || len(got) != test.want {
					b.Fatalf("want %d events, got %d, %v", test.want, len(got), err)
				}
			}
		})
	}
}
