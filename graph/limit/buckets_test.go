package limit

import (
	"strconv"
	"sync"
	"testing"
	"time"
)

// clock is a time that tests set.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.t
}

func (c *clock) sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.t = c.t.Add(d)
}

func newClock() *clock { return &clock{t: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func TestBucketsFillWithTime(t *testing.T) {
	c := newClock()
	l := NewLocal(c.now)

	take := func(points, want float64, wantOK bool) {
		t.Helper()

		if left, ok := l.Take(t.Context(), "a", 100, 10, points); left != want || ok != wantOK {
			t.Errorf("taking %v: want %v left and %v, got %v and %v", points, want, wantOK, left, ok)
		}
	}

	take(60, 40, true)
	take(41, 40, false)
	take(40, 0, true)
	c.sleep(500 * time.Millisecond)
	take(5, 0, true)
	c.sleep(time.Hour)
	take(0, 100, true)
	take(101, 100, false)

	c.sleep(-time.Hour)
	take(100, 0, true)
	take(1, 0, false)
}

func TestBucketsOfOthersAreUntouched(t *testing.T) {
	l := NewLocal(newClock().now)
	l.Take(t.Context(), "a", 100, 10, 100)

	if left, ok := l.Take(t.Context(), "b", 100, 10, 1); left != 99 || !ok {
		t.Errorf("want 99 left, got %v and %v", left, ok)
	}
}

func TestSettlingGivesBackAndTakes(t *testing.T) {
	c := newClock()
	l := NewLocal(c.now)

	l.Take(t.Context(), "a", 100, 10, 80)

	for _, test := range []struct{ points, want float64 }{
		{-30, 50}, {-80, 100}, {130, -30}, {1000, -100},
	} {
		if got := l.Settle(t.Context(), "a", 100, 10, test.points); got != test.want {
			t.Errorf("settling %v: want %v left, got %v", test.points, test.want, got)
		}
	}

	c.sleep(10 * time.Second)

	if left, ok := l.Take(t.Context(), "a", 100, 10, 1); left != 0 || ok {
		t.Errorf("want debts paid first, got %v and %v", left, ok)
	}
}

// However many ask at once, no more is taken than there is.
func TestNobodyOverspends(t *testing.T) {
	l := NewLocal(newClock().now)

	var (
		group sync.WaitGroup
		mu    sync.Mutex
		taken float64
	)

	for range 16 {
		group.Go(func() {
			for range 100 {
				if _, ok := l.Take(t.Context(), "a", 1000, 1, 3); ok {
					mu.Lock()
					taken += 3
					mu.Unlock()
				}
			}
		})
	}

	group.Wait()

	if taken != 999 {
		t.Errorf("want 999 points taken out of 1000, got %v", taken)
	}
}

func TestBucketsHaveABound(t *testing.T) {
	c := newClock()
	l := NewLocal(c.now)

	const most = shards * perShard

	l.Take(t.Context(), "miser", 1000, 1, 1000)

	for i := range 2 * most {
		l.Take(t.Context(), strconv.Itoa(i), 1000, 1, 1)
	}

	kept := 0
	for i := range l.shards {
		kept += len(l.shards[i].buckets)
	}

	if kept > most || kept < most/2 {
		t.Errorf("want at most %d buckets, got %d", most, kept)
	}

	// Whoever has spent all is among the last to be forgotten.
	if left, ok := l.Take(t.Context(), "miser", 1000, 1, 1); ok {
		t.Errorf("the empty bucket was forgotten, %v left", left)
	}
}

func BenchmarkTake(b *testing.B) {
	l := NewLocal(time.Now)

	b.ReportAllocs()

	for b.Loop() {
		l.Take(b.Context(), "user:somebody", 1e9, 1e9, 1)
	}
}
