package live_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"sidereal/graph/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// read returns the value that a source has, nil for none.
func read(t *testing.T, s live.Source) any {
	t.Helper()

	item, err := s.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	if item == nil {
		return nil
	}

	return item.Value
}

func TestTicksAreSampledOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var samples atomic.Int64

		ticker := live.NewTicker(func() any { return int(samples.Add(1)) })
		var notified [3]atomic.Int64

		open := func(i int) live.Source {
			s, err := ticker.Every(time.Second)(t.Context(), func() { notified[i].Add(1) })
			if err != nil {
				t.Fatal(err)
			}

			return s
		}

		a, b := open(0), open(1)
		if got := []any{read(t, a), read(t, b), read(t, a)}; got[0] != 1 || got[1] != 2 || got[2] != nil {
			t.Errorf("want a value at once for each, and no second one, got %v", got)
		}

		time.Sleep(time.Second)
		synctest.Wait()

		if x, y := read(t, a), read(t, b); x != 3 || y != 3 || notified[0].Load() != 1 || notified[1].Load() != 1 {
			t.Errorf("want the same third value for both, and each notified once, got %v, %v, %d, %d", x, y, notified[0].Load(), notified[1].Load())
		}

		time.Sleep(3 * time.Second)
		synctest.Wait()

		if x := read(t, a); x != 6 {
			t.Errorf("want the slow one at the latest value, got %v", x)
		}

		a.Close()
		a.Close()
		b.Close()
		time.Sleep(5 * time.Second)
		synctest.Wait()

		if samples.Load() != 6 {
			t.Errorf("want no ticks when nobody subscribes, got %d samples", samples.Load())
		}

		c := open(2)
		defer c.Close()

		time.Sleep(time.Second)
		synctest.Wait()

		if samples.Load() != 8 || notified[2].Load() != 1 {
			t.Errorf("want ticks again for who comes later, got %d samples, %d", samples.Load(), notified[2].Load())
		}
	})
}
