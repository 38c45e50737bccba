package job

import (
	"testing"
	"time"

	"sidereal/fault"
)

func TestTheWaitGrowsToAMinute(t *testing.T) {
	for attempt, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 6: 32 * time.Second, 7: time.Minute, 1000: time.Minute} {
		shortest, longest := want, time.Duration(0)

		for range 200 {
			got := backoff(attempt)
			shortest, longest = min(shortest, got), max(longest, got)
		}

		if shortest < want/2 || longest > want || longest-shortest < want/10 {
			t.Errorf("after attempt %d: want from half of %v to all of it, by chance, got %v to %v", attempt, want, shortest, longest)
		}
	}
}

func TestAnErrorMayAskForMoreTime(t *testing.T) {
	kind := Kind{Backoff: func(int) time.Duration { return time.Minute }}

	for asked, want := range map[time.Duration]time.Duration{0: time.Minute, time.Second: time.Minute, time.Hour: time.Hour} {
		busy := fault.New(fault.RateLimited, "busy")
		busy.RetryAfter = asked

		if got := kind.wait(1, busy); got != want {
			t.Errorf("%v is asked for: want %v, got %v", asked, want, got)
		}
	}
}

func TestDocumentsAreBounded(t *testing.T) {
	for _, payload := range []any{func() {}, string(make([]byte, maxDocument))} {
		if _, err := NewSpec(time.Now(), "k", "", "", payload); fault.CodeOf(err) != fault.Internal || err == nil {
			t.Errorf("want a fault, got %v", err)
		}
	}
}
