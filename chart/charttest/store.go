// Package charttest is the conformance suite of chart.Store: every implementation passes it.
package charttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/fault"
)

// Opened is a fresh, empty store and how to close what is behind it.
type Opened struct {
	Store chart.Store
	Close func()
}

// TestStore runs the suite; open is called for a fresh, empty store each time.
func TestStore(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()

	for name, test := range map[string]func(*testing.T, chart.Store){
		"SavesAndReturnsEveryField":       savesEveryField,
		"KeepsTheFirstOfEqualHashes":      keepsTheFirst,
		"OneOfManyAtOnceCreates":          oneCreates,
		"FindsByHashes":                   findsByHashes,
		"PagesInEveryOrderAndDirection":   pagesInEveryOrder,
		"PagesAreStableUnderInserts":      stableUnderInserts,
		"FiltersAndCounts":                filtersAndCounts,
		"ReturnsTheCallersOwnCancelation": returnsCancelation,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t).Store) })
	}

	t.Run("AClosedStoreIsAFault", func(t *testing.T) {
		opened := open(t)
		opened.Close()

		if _, err := opened.Store.Page(t.Context(), chart.Query{Limit: 1}); !isFault(err) {
			t.Errorf("Page: want a fault, got %v", err)
		}

		if _, _, err := opened.Store.Save(t.Context(), Record(1)); !isFault(err) {
			t.Errorf("Save: want a fault, got %v", err)
		}
	})
}

func isFault(err error) bool {
	_, ok := fault.As(err)

	return ok
}

// Record returns the n-th of a series of different records. Every third was born at the same instant, and every fourth calculated at the same time.
func Record(n int) chart.Record {
	birth := chart.Birth{
		Instant:   time.Date(1900+n/3, 5, 17, 4, 30, 1, 0, time.UTC),
		TimeKnown: n%2 == 0,
		Zone:      "Europe/Berlin",
		UTCOffset: time.Duration(n-7) * 13 * time.Second,
		Latitude:  chart.RoundCoordinate(float64(n) / 7),
		Longitude: chart.RoundCoordinate(-float64(n) / 3),
		PlaceName: fmt.Sprintf("place %d 'quoted' \"twice\" ? $1", n),

		Calendar:     atlas.Calendar(n % atlas.CalendarCount),
		PlaceSource:  chart.PlaceSource(n % chart.PlaceSourceCount),
		PlaceID:      fmt.Sprintf("geonames:%d", n),
		ZoneSource:   chart.ZoneSource(n / 2 % chart.ZoneSourceCount),
		ZoneDistance: float64(n) / 3,
	}

	return chart.Record{Hash: birth.Hash(), Birth: birth, CalculatedAt: time.Date(2026, 11, 23, 12, n/4, 0, 123_456_000, time.UTC)}
}

func save(t *testing.T, s chart.Store, records ...chart.Record) {
	t.Helper()

	for _, r := range records {
		if stored, created, err := s.Save(t.Context(), r); err != nil || !created || stored != r {
			t.Fatalf("save: want %+v, got %+v, created %t, %v", r, stored, created, err)
		}
	}
}

func series(n int) []chart.Record {
	records := make([]chart.Record, n)
	for i := range records {
		records[i] = Record(i)
	}

	return records
}

func savesEveryField(t *testing.T, s chart.Store) {
	early, late, empty := Record(1), Record(2), Record(3)
	early.Birth.Instant = time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)
	early.Birth.Latitude, early.Birth.Longitude = -90, 180
	late.Birth.Instant = time.Date(2399, 12, 31, 23, 59, 59, 0, time.UTC)
	late.Birth.PlaceName = "Łódź 東京 🌍"
	empty.Birth = chart.Birth{Instant: empty.Birth.Instant, Zone: "UTC"}

	save(t, s, early, late, empty)

	found, err := s.ByHashes(t.Context(), []chart.Hash{early.Hash, late.Hash, empty.Hash})
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []chart.Record{early, late, empty} {
		if got := found[want.Hash]; got != want {
			t.Errorf("want %+v, got %+v", want, got)
		}
	}
}

func keepsTheFirst(t *testing.T, s chart.Store) {
	first := Record(1)
	save(t, s, first)

	second := first
	second.Birth.Zone, second.Birth.PlaceName, second.CalculatedAt = "Asia/Tokyo", "elsewhere", first.CalculatedAt.Add(time.Hour)

	stored, created, err := s.Save(t.Context(), second)
	if err != nil || created || stored != first {
		t.Errorf("want the first, got %+v, created %t, %v", stored, created, err)
	}

	if n, err := s.Count(t.Context(), chart.Filter{}); n != 1 || err != nil {
		t.Errorf("want 1 record, got %d, %v", n, err)
	}
}

func oneCreates(t *testing.T, s chart.Store) {
	const writers = 8

	var (
		wg      sync.WaitGroup
		created = make(chan string, writers)
	)

	for i := range writers {
		wg.Go(func() {
			r := Record(1)
			r.Birth.PlaceName = fmt.Sprint(i)

			_, isNew, err := s.Save(t.Context(), r)
			if err != nil {
				t.Error(err)
			}

			if isNew {
				created <- r.Birth.PlaceName
			}
		})
	}

	wg.Wait()
	close(created)

	winner := <-created
	if _, second := <-created; second || winner == "" {
		t.Errorf("want exactly one of %d to create", writers)
	}

	if found, err := s.ByHashes(t.Context(), []chart.Hash{Record(1).Hash}); err != nil || found[Record(1).Hash].Birth.PlaceName != winner {
		t.Errorf("want what %s saved, got %+v, %v", winner, found, err)
	}
}

func findsByHashes(t *testing.T, s chart.Store) {
	save(t, s, series(20)...)

	if found, err := s.ByHashes(t.Context(), nil); err != nil || len(found) != 0 {
		t.Errorf("no hashes: want nothing, got %v, %v", found, err)
	}

	hashes := make([]chart.Hash, 1000) // 20 that are there, each once, and many that are not
	for i := range hashes {
		hashes[i] = Record(i).Hash
	}

	found, err := s.ByHashes(t.Context(), append(hashes, hashes[3]))
	if err != nil || len(found) != 20 {
		t.Fatalf("want 20, got %d, %v", len(found), err)
	}

	for i := range 20 {
		if found[hashes[i]] != Record(i) {
			t.Errorf("want %+v, got %+v", Record(i), found[hashes[i]])
		}
	}
}

// ordered returns the records in an order, as Go would sort them.
func ordered(records []chart.Record, o chart.Order) []chart.Record {
	sorted := slices.Clone(records)
	slices.SortFunc(sorted, func(a, b chart.Record) int {
		c := compare(a.Mark(o.Key), b.Mark(o.Key))
		if o.Descending {
			return -c
		}

		return c
	})

	return sorted
}

func compare(a, b chart.Mark) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}

	return slices.Compare([]byte(a.Hash), []byte(b.Hash))
}

func pagesInEveryOrder(t *testing.T, s chart.Store) {
	records := series(11)
	save(t, s, records...)

	for _, key := range []chart.OrderKey{chart.ByCalculatedAt, chart.ByInstant} {
		for _, descending := range []bool{false, true} {
			order := chart.Order{Key: key, Descending: descending}
			want := ordered(records, order)

			for after := -1; after < len(want); after++ {
				for before := after + 1; before <= len(want); before++ {
					for limit := 1; limit <= 4; limit++ {
						for _, fromEnd := range []bool{false, true} {
							checkPage(t, s, want, after, before, chart.Query{Order: order, Limit: limit, FromEnd: fromEnd})
						}
					}
				}
			}
		}
	}
}

// checkPage asks for a page between two of the records (exclusive; -1 and len are open) and compares it with the slice.
func checkPage(t *testing.T, s chart.Store, all []chart.Record, after, before int, q chart.Query) {
	t.Helper()

	if after >= 0 {
		m := all[after].Mark(q.Order.Key)
		q.After = &m
	}

	if before < len(all) {
		m := all[before].Mark(q.Order.Key)
		q.Before = &m
	}

	want := all[after+1 : before]
	more := len(want) > q.Limit

	switch {
	case more && q.FromEnd:
		want = want[len(want)-q.Limit:]
	case more:
		want = want[:q.Limit]
	}

	got, err := s.Page(t.Context(), q)
	if err != nil || got.More != more || !slices.Equal(got.Records, want) {
		t.Fatalf("order %+v, after %d, before %d, limit %d, from end %t: want %d records, more %t; got %d, more %t, %v",
			q.Order, after, before, q.Limit, q.FromEnd, len(want), more, len(got.Records), got.More, err)
	}
}

func stableUnderInserts(t *testing.T, s chart.Store) {
	old := series(30)
	save(t, s, old...)

	seen := make(map[chart.Hash]int)
	q := chart.Query{Order: chart.Order{Key: chart.ByInstant}, Limit: 4}

	for next := 1000; ; {
		page, err := s.Page(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}

		for _, r := range page.Records {
			seen[r.Hash]++
		}

		if !page.More {
			break
		}

		m := page.Records[len(page.Records)-1].Mark(chart.ByInstant)
		q.After = &m

		for _, at := range []time.Time{m.At.Add(-time.Second), m.At, m.At.Add(time.Second)} { // before, at and behind the place
			r := Record(next)
			r.Birth.Instant = at
			next++

			if next < 1100 {
				save(t, s, r)
			}
		}
	}

	for _, r := range old {
		if seen[r.Hash] != 1 {
			t.Errorf("a record was seen %d times", seen[r.Hash])
		}
	}
}

func filtersAndCounts(t *testing.T, s chart.Store) {
	records := series(12)
	save(t, s, records...)

	at := func(year int) *time.Time {
		v := time.Date(year, 5, 17, 4, 30, 1, 0, time.UTC)

		return &v
	}
	fraction := at(1901).Add(time.Nanosecond)
	yes, no := true, false

	for name, f := range map[string]chart.Filter{
		"all":                    {},
		"from":                   {BornFrom: at(1901)},
		"before":                 {BornBefore: at(1902)},
		"between":                {BornFrom: at(1901), BornBefore: at(1903)},
		"from a fraction later":  {BornFrom: &fraction},
		"up to a fraction later": {BornBefore: &fraction},
		"time known":             {TimeKnown: &yes},
		"time unknown and from":  {TimeKnown: &no, BornFrom: at(1902)},
		"none":                   {BornFrom: at(2000)},
	} {
		var want []chart.Record

		for _, r := range ordered(records, chart.Order{Key: chart.ByInstant}) {
			if matches(f, r.Birth) {
				want = append(want, r)
			}
		}

		if n, err := s.Count(t.Context(), f); err != nil || n != len(want) {
			t.Errorf("%s: want a count of %d, got %d, %v", name, len(want), n, err)
		}

		page, err := s.Page(t.Context(), chart.Query{Filter: f, Order: chart.Order{Key: chart.ByInstant}, Limit: 100})
		if err != nil || !slices.Equal(page.Records, want) {
			t.Errorf("%s: want %d records, got %d, %v", name, len(want), len(page.Records), err)
		}
	}
}

func matches(f chart.Filter, b chart.Birth) bool {
	return (f.BornFrom == nil || !b.Instant.Before(*f.BornFrom)) && (f.BornBefore == nil || b.Instant.Before(*f.BornBefore)) &&
		(f.TimeKnown == nil || b.TimeKnown == *f.TimeKnown)
}

func returnsCancelation(t *testing.T, s chart.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := s.Page(ctx, chart.Query{Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("Page: want context.Canceled, got %v", err)
	}

	if _, _, err := s.Save(ctx, Record(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("Save: want context.Canceled, got %v", err)
	}

	if n, err := s.Count(t.Context(), chart.Filter{}); n != 0 || err != nil {
		t.Errorf("want nothing stored, got %d, %v", n, err)
	}
}
