package readingtest

import (
	"fmt"
	"sync"

	"sidereal/job"
	"sidereal/reading"
)

// rounds is how often those who race do it.
const rounds = 40

// askedAtOnce has many ask for one key at once, on two nodes, and returns how often each reading was answered.
func (f *fixture) askedAtOnce(many int, specs func(n int) (reading.Reading, job.Spec), reuse reading.Reuse) (ids map[string]int) {
	f.Helper()

	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		creates int
	)

	ids = make(map[string]int)

	for n := range many {
		r, spec := specs(n)
		store := []reading.Store{f.Store, f.Other}[n%2]

		wg.Go(func() {
			stored, created, err := store.Ask(f.Context(), r, spec, r.ID, reuse)
			if err != nil {
				f.Error(err)

				return
			}

			mu.Lock()
			defer mu.Unlock()

			ids[stored.ID]++

			if created {
				creates++
			}
		})
	}

	wg.Wait()

	if len(ids) != 1 || creates != 1 {
		f.Errorf("want one reading, created once, got %v, created %d times", ids, creates)
	}

	f.count(reading.Query{}, 1)

	return ids
}

func oneCreates(f *fixture) {
	for id, n := range f.askedAtOnce(100, func(int) (reading.Reading, job.Spec) { return f.reading("k", 0) }, reading.ReuseNone) {
		if f.find(id); n != 100 {
			f.Errorf("want it answered to all, got %d", n)
		}
	}
}

// The two engines have their own kinds of jobs: whose reading is created first is followed by all the same.
func oneCreatesOfTwoKinds(f *fixture) {
	f.askedAtOnce(40, func(n int) (reading.Reading, job.Spec) {
		r, spec := f.reading("k", 0)
		if n%4 < 2 {
			spec.Kind = "suite.other"
		}

		return r, spec
	}, reading.ReuseAny)
}

// raced runs two actions at once.
func raced(a, b func()) {
	var wg sync.WaitGroup

	wg.Go(a)
	wg.Go(b)
	wg.Wait()
}

// Whoever asks while a job is cancelled gets that reading only if it was followed before it ended; never one that has ended.
func livesThroughCancel(f *fixture) {
	for n := range rounds {
		key := fmt.Sprint(n)
		first := f.create(key, "a")

		raced(
			func() { f.cancel(first.ID) },
			func() {
				r, spec := f.reading(key, 0)

				stored, created, err := f.Other.Ask(f.Context(), r, spec, "b", reading.ReuseAny)
				if err != nil || stored.Status != reading.Queued || created == (stored.ID == first.ID) {
					f.Errorf("want one that waits, got %+v, created %t, %v", stored, created, err)
				}
			},
		)

		if got := f.find(first.ID); got.Status != reading.Cancelled {
			f.Errorf("want it CANCELLED, got %+v", got)
		}
	}
}

// The last one leaves, and so the reading is ended; whoever asks in between is not cut off.
func livesThroughWithdrawal(f *fixture) {
	for n := range rounds {
		key := fmt.Sprint(n)
		first := f.create(key, "a")

		var asked reading.Reading

		raced(
			func() {
				left, err := f.Store.Withdraw(f.Context(), first.ID, "a")
				if err != nil {
					f.Error(err)
				}

				if left == 0 {
					f.cancel(first.ID)
				}
			},
			func() {
				r, spec := f.reading(key, 0)

				var err error
				if asked, _, err = f.Other.Ask(f.Context(), r, spec, "b", reading.ReuseAny); err != nil {
					f.Error(err)
				}
			},
		)

		if got := f.find(asked.ID); got.Status != reading.Queued {
			f.Errorf("want what was asked for in the queue, got %+v", got)
		}

		f.count(reading.Query{Follower: new("b"), Statuses: []reading.Status{reading.Queued}}, n+1)
	}
}
