package cache_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/cache"
	"sidereal/graph/limit"
	"sidereal/internal/redistest"
)

// rate is how fast the buckets of these tests fill, a second: so slowly that it does not matter.
const rate = 0.001

// process returns the buckets of one more process.
func process(t *testing.T, url string, log *slog.Logger) *cache.Buckets {
	t.Helper()

	b, err := cache.NewBuckets(url, limit.NewLocal(time.Now), log)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = b.Close() })

	return b
}

// near tells whether a level is the one that is wanted, but for what came back in the meantime.
func near(got, want float64) bool { return got >= want && got < want+0.1 }

func TestProcessesShareBuckets(t *testing.T) {
	url := redistest.Start(t).URL()
	one, other := process(t, url, slog.New(slog.DiscardHandler)), process(t, url, slog.New(slog.DiscardHandler))

	for i, step := range []struct {
		in     *cache.Buckets
		points float64
		want   float64
		ok     bool
	}{
		{one, 60, 40, true},
		{other, 41, 40, false},
		{other, 40, 0, true},
		{one, 1, 0, false},
	} {
		if left, ok := step.in.Take(t.Context(), "a", 100, rate, step.points); !near(left, step.want) || ok != step.ok {
			t.Errorf("step %d: want %v left and %v, got %v and %v", i, step.want, step.ok, left, ok)
		}
	}

	for i, step := range []struct {
		in           *cache.Buckets
		points, want float64
	}{
		{one, -30, 30}, {other, 50, -20}, {one, 1000, -100}, {other, -1000, 100},
	} {
		if left := step.in.Settle(t.Context(), "a", 100, rate, step.points); !near(left, step.want) {
			t.Errorf("settling %d: want %v left, got %v", i, step.want, left)
		}
	}

	if left, ok := one.Take(t.Context(), "b", 100, rate, 1); left != 99 || !ok {
		t.Errorf("want the bucket of another full, got %v and %v", left, ok)
	}
}

func TestSharedBucketsFillWithTime(t *testing.T) {
	b := process(t, redistest.Start(t).URL(), slog.New(slog.DiscardHandler))

	const perSecond = 1000

	b.Take(t.Context(), "a", 100, perSecond, 100)

	// 100 points are back after a tenth of a second, and never more.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		left, _ := b.Take(t.Context(), "a", 100, perSecond, 0)
		if left == 100 {
			break
		}

		if left > 100 || time.Now().After(deadline) {
			t.Fatalf("want 100 left, got %v", left)
		}
	}
}

// However many processes ask at once, no more is taken than there is.
func TestNobodyOverspendsASharedBucket(t *testing.T) {
	url := redistest.Start(t).URL()

	var (
		group sync.WaitGroup
		mu    sync.Mutex
		taken float64
	)

	for range 4 {
		b := process(t, url, slog.New(slog.DiscardHandler))

		group.Go(func() {
			for range 50 {
				if _, ok := b.Take(t.Context(), "a", 100, rate, 3); ok {
					mu.Lock()
					taken += 3
					mu.Unlock()
				}
			}
		})
	}

	group.Wait()

	if taken != 99 {
		t.Errorf("want 99 points taken out of 100, got %v", taken)
	}
}

// Without Redis each process has buckets of its own, and goes back to the shared ones when they are there again.
func TestBucketsSurviveRedis(t *testing.T) {
	server := redistest.Start(t)

	var text bytes.Buffer

	b := process(t, server.URL(), slog.New(slog.NewTextHandler(&text, nil)))
	b.Take(t.Context(), "a", 100, rate, 100)

	server.Stop()

	if left, ok := b.Take(t.Context(), "a", 100, rate, 30); left != 70 || !ok {
		t.Errorf("want the process's own bucket to have 70 left, got %v and %v", left, ok)
	}

	if left := b.Settle(t.Context(), "a", 100, rate, -10); !near(left, 80) {
		t.Errorf("want 80 left, got %v", left)
	}

	if n := strings.Count(text.String(), "redis failed"); n != 1 {
		t.Errorf("want the failure logged once, got %d:\n%s", n, &text)
	}

	server.Restart(t)

	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(text.String(), "redis is back"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not go back to Redis:\n%s", &text)
		}

		b.Take(t.Context(), "b", 100, rate, 0)
	}

	// The server has lost everything, so the bucket is full.
	if left, ok := b.Take(t.Context(), "a", 100, rate, 1); left != 99 || !ok {
		t.Errorf("want the shared bucket, got %v and %v", left, ok)
	}
}

// A client that has gone says nothing about Redis, and its operation is decided all the same.
func TestBucketsOfAClientThatHasGone(t *testing.T) {
	var text bytes.Buffer

	b := process(t, redistest.Start(t).URL(), slog.New(slog.NewTextHandler(&text, nil)))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if left, ok := b.Take(ctx, "a", 100, rate, 1); left != 99 || !ok {
		t.Errorf("want 99 left, got %v and %v", left, ok)
	}

	if text.Len() > 0 {
		t.Errorf("want nothing logged, got %s", &text)
	}
}

func TestBadRedisOfBuckets(t *testing.T) {
	if _, err := cache.NewBuckets("http://example.com", limit.NewLocal(time.Now), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("want an error")
	}
}

func BenchmarkSharedTake(b *testing.B) {
	shared, err := cache.NewBuckets(redistest.Start(b).URL(), limit.NewLocal(time.Now), slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer shared.Close()

	for b.Loop() {
		shared.Take(b.Context(), "user:somebody", 1e9, 1e9, 1)
	}
}
