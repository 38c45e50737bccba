package chart_test

import (
	"errors"
	"testing"

	"sidereal/chart"
)

func TestRecentResultsAreThoseAskedForLast(t *testing.T) {
	const size = 10

	r := chart.NewRecent[int, int](size)

	for i := range 5 * size {
		r.Add(i, i*i)

		if got, ok := r.Get(0); !ok || got != 0 {
			t.Fatalf("after %d results: the one that is asked for all the time is lost", i)
		}
	}

	kept := 0

	for i := range 5 * size {
		if got, ok := r.Get(i); ok {
			kept++

			if got != i*i {
				t.Errorf("%d: want %d, got %d", i, i*i, got)
			}
		}
	}

	if kept < size || kept > 2*size {
		t.Errorf("want %d to %d results kept, got %d", size, 2*size, kept)
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	r := chart.NewRecent[string, int](1)
	errFirst := errors.New("the first time")

	if _, err := r.Of("key", func() (int, error) { return 0, errFirst }); !errors.Is(err, errFirst) {
		t.Errorf("want the error, got %v", err)
	}

	for range 2 {
		if got, err := r.Of("key", func() (int, error) { return 7, nil }); got != 7 || err != nil {
			t.Errorf("want 7, got %d (%v)", got, err)
		}
	}

	if got, _ := r.Of("key", func() (int, error) { return 8, nil }); got != 7 {
		t.Errorf("want the result that is kept, got %d", got)
	}
}
