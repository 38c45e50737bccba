package resilience

import (
	"time"

	"github.com/mercari/go-circuitbreaker"
)

// steps is how many parts a window moves in.
const steps = 10

// window counts the results of the last while. It forgets them a step at a time; the library's own counters forget all at once, so that failures on both
// sides of that moment would never come together.
type window struct {
	began   time.Time
	step    time.Duration
	latest  int64 // the number of the step that was counted in last
	results [steps]circuitbreaker.Counters
}

func newWindow(length time.Duration, now time.Time) window {
	return window{began: now, step: max(length/steps, 1)}
}

// add counts a result.
func (w *window) add(now time.Time, failed bool) {
	w.move(now)

	r := &w.results[w.latest%steps]
	if failed {
		r.Failures++
	} else {
		r.Successes++
	}
}

// count returns the results in the window.
func (w *window) count(now time.Time) circuitbreaker.Counters {
	w.move(now)

	var sum circuitbreaker.Counters

	for i := range w.results {
		sum.Successes += w.results[i].Successes
		sum.Failures += w.results[i].Failures
	}

	return sum
}

// move forgets the steps that have left the window.
func (w *window) move(now time.Time) {
	current := max(int64(now.Sub(w.began)/w.step), w.latest)

	for s := max(w.latest+1, current-steps+1); s <= current; s++ {
		w.results[s%steps] = circuitbreaker.Counters{}
	}

	w.latest = current
}
