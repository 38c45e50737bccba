// Package peopletest is the conformance suite of people.Store: every implementation passes it.
package peopletest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"sidereal/atlas"
	"sidereal/fault"
	"sidereal/people"
)

// Opened is a fresh, empty store and how to close what is behind it.
type Opened struct {
	Store people.Store
	Close func()
}

// TestStore runs the suite; open is called for a fresh, empty store each time.
func TestStore(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()

	for name, test := range map[string]func(*testing.T, people.Store){
		"SavesAndReturnsEveryField":         savesEveryField,
		"KeepsWhatIsDocumentedBetter":       keepsTheBetter,
		"ARepeatedBatchChangesNothing":      repeatsWithoutEffect,
		"ABatchIsStoredWholeOrNotAtAll":     wholeOrNotAtAll,
		"BatchesAtOnceTakeTurns":            takesTurns,
		"FindsByKeys":                       findsByKeys,
		"FindsByTheBeginningsOfWords":       findsByWords,
		"PagesInTheOrderOfNames":            pagesInOrder,
		"PagesAreStableUnderInserts":        stableUnderInserts,
		"RemembersTheVersionOfTheList":      remembersTheList,
		"ReturnsTheCallersOwnCancelation":   returnsCancelation,
		"ABatchMayBeLargerThanAStatementIs": takesLargeBatches,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t).Store) })
	}

	t.Run("AClosedStoreIsAFault", func(t *testing.T) {
		opened := open(t)
		opened.Close()

		for what, err := range map[string]error{
			"Save":   second(opened.Store.Save(t.Context(), batch(Person(1)))),
			"Page":   second(opened.Store.Page(t.Context(), people.Query{Limit: 1})),
			"ByKeys": second(opened.Store.ByKeys(t.Context(), []people.Key{Person(1).Key()})),
			"State":  second(opened.Store.State(t.Context())),
		} {
			if _, ok := fault.As(err); !ok {
				t.Errorf("%s: want a fault, got %v", what, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Person returns the n-th of a series of different people. Every fourth has the name of the one before, and another date.
func Person(n int) people.Person {
	p := people.Person{
		Name: fmt.Sprintf("Ädä %c. O'Brien-%d 'quoted' \"twice\" ? $1", 'A'+n%7, n-n%4/3),
		Date: atlas.Date{Year: 1800 + n%200, Month: 2, Day: 1 + n%28}, Rating: people.RatingX,
		Occupation: "poet, 100 % of the _time_", Link: fmt.Sprintf("https://example.org/%d", n),
	}

	if n%2 == 0 {
		p.Place = people.Place{
			Name: "Łódź 東京 🌍", Country: "Poland", Located: true, Latitude: float64(n%90) + 0.1234, Longitude: -float64(n%180) - 0.4321,
			Zone: "Europe/Warsaw",
		}
	}

	if n%6 == 0 {
		p.TimeKnown, p.Clock, p.Rating = true, atlas.Clock{Hour: n % 24, Minute: n % 60, Second: 59}, people.Rating(n%5)
		p.DateSource, p.TimeSource, p.CalendarNote = "a", "b", "c"
	}

	return p
}

func series(n int) []people.Person {
	all := make([]people.Person, n)
	for i := range all {
		all[i] = Person(i)
	}

	return all
}

func batch(all ...people.Person) people.Batch { return people.Batch{People: all} }

func save(t *testing.T, s people.Store, want people.Saved, b people.Batch) {
	t.Helper()

	if got, err := s.Save(t.Context(), b); err != nil || got != want {
		t.Fatalf("save: want %+v, got %+v, %v", want, got, err)
	}
}

func stored(t *testing.T, s people.Store, key people.Key) people.Person {
	t.Helper()

	found, err := s.ByKeys(t.Context(), []people.Key{key})
	if err != nil {
		t.Fatal(err)
	}

	return found[key]
}

func savesEveryField(t *testing.T, s people.Store) {
	t.Helper()

	yearOnly, equator, midnight := Person(1), Person(2), Person(6)
	yearOnly.YearOnly, yearOnly.Date = true, atlas.Date{Year: 2399, Month: 1, Day: 1}
	equator.Place.Latitude, equator.Place.Longitude = 0, 0
	midnight.Clock = atlas.Clock{}
	save(t, s, people.Saved{Created: 4}, batch(yearOnly, equator, midnight, Person(12)))

	for _, want := range []people.Person{yearOnly, equator, midnight, Person(12)} {
		if got := stored(t, s, want.Key()); got != want {
			t.Errorf("want %+v, got %+v", want, got)
		}
	}
}

func keepsTheBetter(t *testing.T, s people.Store) {
	t.Helper()

	full := Person(6)
	bare, other := full, full
	bare.TimeKnown, bare.Clock, bare.Rating, bare.TimeSource = false, atlas.Clock{}, people.RatingX, ""
	other.Occupation = "painter"

	save(t, s, people.Saved{Created: 1}, batch(bare))
	save(t, s, people.Saved{Changed: 1}, batch(full))
	save(t, s, people.Saved{Unchanged: 1}, batch(bare))

	if got := stored(t, s, full.Key()); got != full {
		t.Errorf("want %+v, got %+v", full, got)
	}

	save(t, s, people.Saved{Changed: 1}, batch(other))

	if got := stored(t, s, full.Key()); got != other {
		t.Errorf("want %+v, got %+v", other, got)
	}
}

func revision(t *testing.T, s people.Store) int64 {
	t.Helper()

	state, err := s.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return state.Revision
}

func repeatsWithoutEffect(t *testing.T, s people.Store) {
	t.Helper()

	before := revision(t, s)
	save(t, s, people.Saved{Created: 20}, batch(series(20)...))

	after := revision(t, s)
	if after <= before {
		t.Errorf("want the revision to grow, got %d and %d", before, after)
	}

	save(t, s, people.Saved{Unchanged: 20}, batch(series(20)...))
	save(t, s, people.Saved{}, batch())

	if again := revision(t, s); again != after {
		t.Errorf("want revision %d, got %d", after, again)
	}
}

func wholeOrNotAtAll(t *testing.T, s people.Store) {
	t.Helper()

	save(t, s, people.Saved{Created: 1}, batch(Person(0)))

	before := revision(t, s)
	broken := Person(3)
	broken.Name = "a\x00b\xff" // what no caller sends, and PostgreSQL refuses

	all := slices.Concat(series(700)[1:], []people.Person{broken})
	if _, err := s.Save(t.Context(), batch(all...)); err == nil {
		return // a store that takes it has stored it whole
	}

	if page, err := s.Page(t.Context(), people.Query{Limit: 10}); err != nil || len(page.People) != 1 || revision(t, s) != before {
		t.Errorf("want only the first person, got %d, %v", len(page.People), err)
	}
}

func takesTurns(t *testing.T, s people.Store) {
	t.Helper()

	const writers, each = 6, 30

	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		total people.Saved
	)

	for range writers {
		wg.Go(func() {
			saved, err := s.Save(t.Context(), batch(series(each)...))
			if err != nil {
				t.Error(err)
			}

			mu.Lock()
			defer mu.Unlock()

			total.Created += saved.Created
			total.Unchanged += saved.Unchanged
		})
	}

	wg.Wait()

	if want := (people.Saved{Created: each, Unchanged: each * (writers - 1)}); total != want {
		t.Errorf("want %+v, got %+v", want, total)
	}
}

func findsByKeys(t *testing.T, s people.Store) {
	t.Helper()

	save(t, s, people.Saved{Created: 20}, batch(series(20)...))

	if found, err := s.ByKeys(t.Context(), nil); err != nil || len(found) != 0 {
		t.Errorf("no keys: want nothing, got %v, %v", found, err)
	}

	keys := make([]people.Key, 300)
	for i := range keys {
		keys[i] = Person(i).Key()
	}

	found, err := s.ByKeys(t.Context(), slices.Concat(keys, keys[3:4]))
	if err != nil || len(found) != 20 {
		t.Fatalf("want 20, got %d, %v", len(found), err)
	}

	for i := range 20 {
		if found[keys[i]] != Person(i) {
			t.Errorf("want %+v, got %+v", Person(i), found[keys[i]])
		}
	}
}

// ordered returns people as Go sorts them, those whose names have all the words.
func ordered(all []people.Person, words []string) []people.Person {
	var chosen []people.Person

	for _, p := range all {
		if hasWords(people.Fold(p.Name), words) {
			chosen = append(chosen, p)
		}
	}

	slices.SortFunc(chosen, func(a, b people.Person) int {
		x, y := a.Mark(), b.Mark()

		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Key, y.Key))
	})

	return chosen
}

func hasWords(folded string, words []string) bool {
	for _, word := range words {
		if !slices.ContainsFunc(strings.Fields(folded), func(w string) bool { return strings.HasPrefix(w, word) }) {
			return false
		}
	}

	return true
}

func findsByWords(t *testing.T, s people.Store) {
	t.Helper()

	all := series(12)

	for i, name := range []string{"Édith Piaf", "Edith Wharton", "Thomas Edison", "Łucja Çelik", "Ædda Straße", "李小龍", "Meredith %_ Smith"} {
		p := Person(100 + 2*i)
		p.Name = name
		all = append(all, p)
	}

	save(t, s, people.Saved{Created: len(all)}, batch(all...))

	for text, atLeast := range map[string]int{
		"": len(all), "edith": 2, "EDI": 3, "é": 5, "piaf ed": 1, "lu ce": 1, "strass": 1, "aedda": 1, "李": 1, "ith": 0, "smith": 1, "obrien": 12, "x y z": 0,
	} {
		words := strings.Fields(people.Fold(text))
		want := ordered(all, words)

		got, err := s.Page(t.Context(), people.Query{Words: words, Limit: 100})
		if err != nil || got.More || !slices.Equal(got.People, want) || len(want) != atLeast {
			t.Errorf("%q: want %d (%d), got %d, %v", text, atLeast, len(want), len(got.People), err)
		}
	}
}

func pagesInOrder(t *testing.T, s people.Store) {
	t.Helper()

	all := series(15)
	save(t, s, people.Saved{Created: len(all)}, batch(all...))

	for _, words := range [][]string{nil, {"b"}} {
		want := ordered(all, words)

		for limit := 1; limit <= len(want)+1; limit++ {
			var after *people.Mark

			for from := 0; from < len(want); from += limit {
				end := min(from+limit, len(want))

				page, err := s.Page(t.Context(), people.Query{Words: words, After: after, Limit: limit})
				if err != nil || page.More != (end < len(want)) || !slices.Equal(page.People, want[from:end]) {
					t.Fatalf("words %v, limit %d, from %d: got %d, more %t, %v", words, limit, from, len(page.People), page.More, err)
				}

				mark := page.People[len(page.People)-1].Mark()
				after = &mark
			}
		}
	}
}

func stableUnderInserts(t *testing.T, s people.Store) {
	t.Helper()

	old := series(30)
	save(t, s, people.Saved{Created: len(old)}, batch(old...))

	seen := make(map[people.Key]int)
	q := people.Query{Limit: 4}

	for next := 1000; ; next++ {
		page, err := s.Page(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}

		for _, p := range page.People {
			seen[p.Key()]++
		}

		if !page.More {
			break
		}

		mark := page.People[len(page.People)-1].Mark()
		q.After = &mark

		if next < 1020 {
			save(t, s, people.Saved{Created: 1}, batch(Person(next)))
		}
	}

	for _, p := range old {
		if seen[p.Key()] != 1 {
			t.Errorf("%s was seen %d times", p.Name, seen[p.Key()])
		}
	}
}

func remembersTheList(t *testing.T, s people.Store) {
	t.Helper()

	for _, want := range []people.State{{}, {Revision: 1, List: "one"}, {Revision: 1, List: "two"}} {
		b := people.Batch{List: want.List}
		if want.List == "one" {
			b.People = series(1)
		}

		if _, err := s.Save(t.Context(), b); err != nil {
			t.Fatal(err)
		}

		if got, err := s.State(t.Context()); err != nil || got.List != want.List {
			t.Errorf("want %+v, got %+v, %v", want, got, err)
		}
	}
}

func returnsCancelation(t *testing.T, s people.Store) {
	t.Helper()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := s.Page(ctx, people.Query{Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("Page: want context.Canceled, got %v", err)
	}

	if _, err := s.Save(ctx, batch(Person(1))); !errors.Is(err, context.Canceled) {
		t.Errorf("Save: want context.Canceled, got %v", err)
	}

	if page, err := s.Page(t.Context(), people.Query{Limit: 1}); len(page.People) != 0 || err != nil {
		t.Errorf("want nothing stored, got %d, %v", len(page.People), err)
	}
}

func takesLargeBatches(t *testing.T, s people.Store) {
	t.Helper()

	save(t, s, people.Saved{Created: 3000}, batch(series(3000)...))
}
