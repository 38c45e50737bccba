package readingtest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"sidereal/reading"
)

// series keeps n readings, of which each two were created at the same time, in no order, and returns their ids, newest first. Of each three, account "a" follows one, "b" two.
func (f *fixture) series(n int) []string {
	f.Helper()

	all := make([]reading.Reading, n)

	for _, i := range slices.Concat(odd(n, 1), odd(n, 0)) {
		r, spec := f.reading(fmt.Sprint(i), i/2)
		r.ID, spec.ID = id(i), id(i)
		r.Request.Chart = f.charts[i%2]

		accounts := []string{"b"}
		if i%3 == 0 {
			accounts = []string{"a"}
		}

		for _, account := range accounts {
			if _, _, err := f.Store.Ask(f.Context(), r, spec, account, reading.ReuseAny); err != nil {
				f.Fatal(err)
			}
		}

		all[i] = r
	}

	slices.SortFunc(all, func(x, y reading.Reading) int {
		return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(y.ID, x.ID))
	})

	return idsOf(all)
}

// odd returns the numbers below n that leave a rest when halved.
func odd(n, rest int) (numbers []int) {
	for i := rest; i < n; i += 2 {
		numbers = append(numbers, i)
	}

	return numbers
}

func idsOf(readings []reading.Reading) []string {
	ids := make([]string, len(readings))
	for i, r := range readings {
		ids[i] = r.ID
	}

	return ids
}

// walk reads all pages of a query, and returns the ids newest first.
func (f *fixture) walk(q reading.Query) (ids []string) {
	f.Helper()

	for range 100 {
		page, err := f.Store.Page(f.Context(), q)
		if err != nil || len(page.Readings) > q.First || page.More && len(page.Readings) < q.First {
			f.Fatalf("%+v, %v", page, err)
		}

		if q.Backward {
			ids = append(idsOf(page.Readings), ids...)
		} else {
			ids = append(ids, idsOf(page.Readings)...)
		}

		if !page.More {
			return ids
		}

		if q.Backward {
			q.Before = new(page.Readings[0].Mark())
		} else {
			q.After = new(page.Readings[len(page.Readings)-1].Mark())
		}
	}

	f.Fatal("the pages have no end")

	return nil
}

func pages(f *fixture) {
	if page, err := f.Store.Page(f.Context(), reading.Query{First: 5}); err != nil || page.More || len(page.Readings) != 0 {
		f.Errorf("want nothing, got %+v, %v", page, err)
	}

	want := f.series(13)

	for _, first := range []int{1, 4, 13, 50} {
		for _, backward := range []bool{false, true} {
			f.Run(fmt.Sprint(first, backward), func(t *testing.T) {
				if got := f.walk(reading.Query{First: first, Backward: backward}); !slices.Equal(got, want) {
					t.Errorf("want %v, got %v", want, got)
				}
			})
		}
	}

	after, before := f.find(want[2]), f.find(want[9])
	q := reading.Query{First: 50, After: new(after.Mark()), Before: new(before.Mark())}

	if got := f.walk(q); !slices.Equal(got, want[3:9]) {
		f.Errorf("want those between, %v, got %v", want[3:9], got)
	}

	page, err := f.Store.Page(f.Context(), q)
	if err != nil {
		f.Fatal(err)
	}

	for _, got := range page.Readings {
		f.wantSame(f.find(got.ID), got)
	}
}

func pagesStay(f *fixture) {
	want := f.series(6)

	first, err := f.Store.Page(f.Context(), reading.Query{First: 3})
	if err != nil {
		f.Fatal(err)
	}

	r, spec := f.reading("newest", 100)
	if _, _, err := f.Store.Ask(f.Context(), r, spec, "a", reading.ReuseAny); err != nil {
		f.Fatal(err)
	}

	second, err := f.Store.Page(f.Context(), reading.Query{First: 3, After: new(first.Readings[2].Mark())})
	if err != nil {
		f.Fatal(err)
	}

	if got := idsOf(slices.Concat(first.Readings, second.Readings)); !slices.Equal(got, want) || second.More {
		f.Errorf("want %v, got %v", want, got)
	}
}

func selects(f *fixture) {
	all := f.series(12)

	for i, end := range []reading.Status{reading.Cancelled, reading.Queued, reading.Cancelled} {
		if end == reading.Cancelled {
			f.cancel(id(i))
		}
	}

	number := func(id string) (n int) {
		if _, err := fmt.Sscanf(id, "0195-%d", &n); err != nil {
			f.Fatal(err)
		}

		return n
	}
	cancelled := func(n int) bool { return n == 0 || n == 2 }
	alive := []reading.Status{reading.Queued, reading.Writing}

	for name, test := range map[string]struct {
		query reading.Query
		is    func(n int) bool
	}{
		"all":                    {reading.Query{}, func(int) bool { return true }},
		"of a chart":             {reading.Query{Chart: f.charts[1]}, func(n int) bool { return n%2 == 1 }},
		"of another chart":       {reading.Query{Chart: "no chart"}, func(int) bool { return false }},
		"of a follower":          {reading.Query{Follower: new("a")}, func(n int) bool { return n%3 == 0 }},
		"of nobody":              {reading.Query{Follower: new("")}, func(int) bool { return false }},
		"cancelled":              {reading.Query{Statuses: []reading.Status{reading.Cancelled}}, cancelled},
		"alive":                  {reading.Query{Statuses: alive}, func(n int) bool { return !cancelled(n) }},
		"failed":                 {reading.Query{Statuses: []reading.Status{reading.Failed}}, func(int) bool { return false }},
		"of a follower, alive":   {reading.Query{Follower: new("a"), Statuses: alive}, func(n int) bool { return n%3 == 0 && !cancelled(n) }},
		"of a chart, alive":      {reading.Query{Chart: f.charts[0], Statuses: alive}, func(n int) bool { return n%2 == 0 && !cancelled(n) }},
		"of both and of a chart": {reading.Query{Chart: f.charts[0], Follower: new("b")}, func(n int) bool { return n%2 == 0 && n%3 != 0 }},
	} {
		f.Run(name, func(t *testing.T) {
			want := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !test.is(number(id)) })

			for _, backward := range []bool{false, true} {
				q := test.query
				q.First, q.Backward = 2, backward

				if got := f.walk(q); !slices.Equal(got, want) {
					t.Errorf("want %v, got %v", want, got)
				}

				if n, err := f.Store.Count(t.Context(), q); err != nil || n != len(want) {
					t.Errorf("want a count of %d, got %d, %v", len(want), n, err)
				}
			}
		})
	}
}

// A follower's list is in the order of the readings, not of the asking.
func followersAreApart(f *fixture) {
	f.series(4)

	for _, i := range []int{2, 0, 3, 1} {
		r, spec := f.reading(fmt.Sprint(i), i)
		if stored, created, err := f.Store.Ask(f.Context(), r, spec, "late", reading.ReuseAny); err != nil || created || stored.ID != id(i) {
			f.Fatal(stored, created, err)
		}
	}

	if got, want := f.walk(reading.Query{Follower: new("late"), First: 3}), []string{id(3), id(2), id(1), id(0)}; !slices.Equal(got, want) {
		f.Errorf("want %v, got %v", want, got)
	}

	if _, err := f.Store.Withdraw(f.Context(), id(2), "late"); err != nil {
		f.Fatal(err)
	}

	if got, want := f.walk(reading.Query{Follower: new("late"), First: 3}), []string{id(3), id(1), id(0)}; !slices.Equal(got, want) {
		f.Errorf("want %v, got %v", want, got)
	}
}
