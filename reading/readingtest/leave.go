package readingtest

import (
	"errors"

	"sidereal/reading"
)

func withdraws(f *fixture) {
	r := f.create("k", "a")
	f.ask("k", "b", reading.ReuseAny)
	f.ask("k", "", reading.ReuseAny)
	f.ask("k", "b", reading.ReuseAny) // again: it counts once

	for i, account := range []string{"b", "a", ""} {
		if left, err := f.Store.Withdraw(f.Context(), r.ID, account); err != nil || left != 2-i {
			f.Errorf("want %d left, got %d, %v", 2-i, left, err)
		}

		if _, err := f.Store.Withdraw(f.Context(), r.ID, account); !errors.Is(err, reading.ErrUnknown) {
			f.Errorf("want ErrUnknown of who does not follow it, got %v", err)
		}

		f.count(reading.Query{Follower: &account}, 0)
	}

	if _, err := f.Store.Withdraw(f.Context(), "nobody's", "a"); !errors.Is(err, reading.ErrUnknown) {
		f.Errorf("want ErrUnknown of no reading, got %v", err)
	}

	if got := f.find(r.ID); got.Status != reading.Queued || got.Key != "k" {
		f.Errorf("want it as it was, got %+v", got)
	}

	// Nobody follows it, so it is about to end: who asks now gets another.
	second := f.create("k", "a")
	f.cancel(r.ID)
	f.complete(second.ID, `{}`)

	if left, err := f.Store.Withdraw(f.Context(), second.ID, "a"); err != nil || left != 0 {
		f.Fatal(left, err)
	}

	if again, created := f.ask("k", "a", reading.ReuseAny); created || again.ID != second.ID {
		f.Errorf("want the completed one, which nobody can end, got %+v, created %t", again, created)
	}
}
