// Package collectiontest is the conformance suite of collection.Store: every implementation passes it.
package collectiontest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/account/collection"
	"sidereal/chart"
	"sidereal/chart/charttest"
	"sidereal/fault"
)

// Opened is a fresh, empty store, how to store the charts that are to be saved, and how to close what is behind it.
type Opened struct {
	Store  collection.Store
	Charts func(ctx context.Context, r chart.Record) error
	Close  func()
}

const (
	mine   = "user 'one' \"quoted\" ? $1"
	theirs = "user two"
	room   = 1000 // of a collection, where the test is about something else
	series = 12
)

// TestStore runs the suite; open is called for a fresh, empty store each time.
func TestStore(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()

	prepared := func(t *testing.T) Opened {
		t.Helper()

		o := open(t)
		for n := range series {
			if err := o.Charts(t.Context(), charttest.Record(n)); err != nil {
				t.Fatal(err)
			}
		}

		return o
	}

	for name, test := range map[string]func(*testing.T, collection.Store){
		"SavesAndReturnsEveryField":       savesEveryField,
		"AChartIsSavedOncePerOwner":       savesOnce,
		"ChangesWhatIsGiven":              changesWhatIsGiven,
		"WhatIsNotTheOwnersIsNotThere":    hidesFromOthers,
		"PagesInBothDirections":           pages,
		"PagesAreStableUnderInserts":      stableUnderInserts,
		"HoldsNoMoreThanItMay":            holdsNoMore,
		"ManyAtOnceFindTheRoomThereIs":    holdsNoMoreAtOnce,
		"ReturnsTheCallersOwnCancelation": returnsCancelation,
	} {
		t.Run(name, func(t *testing.T) { test(t, prepared(t).Store) })
	}

	t.Run("AClosedStoreIsAFault", func(t *testing.T) {
		opened := prepared(t)
		opened.Close()

		for what, err := range calls(t.Context(), opened.Store) {
			if _, ok := fault.As(err); !ok {
				t.Errorf("%s: want a fault, got %v", what, err)
			}
		}
	})
}

// Saved returns the n-th of a series of different saved charts of an owner. Two of them were saved at the same time.
func Saved(owner string, n int) collection.Saved {
	return collection.Saved{
		ID: collection.ID(fmt.Sprintf("%s%025d", string(rune('A'+n*7%26)), n)), Owner: owner, Chart: charttest.Record(n).Hash,
		Label: fmt.Sprintf("chart %d of 'her' ? $1 \\ 🌍", n), Note: fmt.Sprintf("line %d\nline two", n),
		SavedAt: time.Date(2026, 11, 24, 12, n/2, 0, 123_456_000, time.UTC),
	}
}

// ofOther returns what Saved does, with the id of another owner's.
func ofOther(n int) collection.Saved {
	s := Saved(theirs, n)
	s.ID = "2" + s.ID[1:]

	return s
}

func save(t *testing.T, s collection.Store, all ...collection.Saved) {
	t.Helper()

	for _, saved := range all {
		if stored, created, err := s.Save(t.Context(), saved, false, room); err != nil || !created || stored != saved {
			t.Fatalf("save: want %+v, got %+v, created %t, %v", saved, stored, created, err)
		}
	}
}

// only checks that an owner has one chart with that id, and that it is this.
func only(t *testing.T, s collection.Store, want collection.Saved) {
	t.Helper()

	found, err := s.ByIDs(t.Context(), want.Owner, []collection.ID{want.ID})
	if err != nil || len(found) != 1 || found[want.ID] != want {
		t.Errorf("want %+v, got %+v, %v", want, found, err)
	}

	if n, err := s.Count(t.Context(), want.Owner); err != nil || n != 1 {
		t.Errorf("want one chart of %s, got %d, %v", want.Owner, n, err)
	}
}

func savesEveryField(t *testing.T, s collection.Store) {
	t.Helper()

	empty := Saved(theirs, 3)
	empty.Note = ""

	save(t, s, Saved(mine, 1), empty)
	only(t, s, Saved(mine, 1))
	only(t, s, empty)
}

func savesOnce(t *testing.T, s collection.Store) {
	t.Helper()

	first, other := Saved(mine, 1), ofOther(1)
	save(t, s, first, other)

	again := first
	again.ID, again.Label, again.Note, again.SavedAt = "AGAIN", "another label", "another note", first.SavedAt.Add(time.Hour)

	want := first
	want.Label = again.Label

	if stored, created, err := s.Save(t.Context(), again, true, room); err != nil || created || stored != want {
		t.Errorf("the note kept: want %+v, got %+v, created %t, %v", want, stored, created, err)
	}

	only(t, s, want)

	want.Note = again.Note

	if stored, created, err := s.Save(t.Context(), again, false, room); err != nil || created || stored != want {
		t.Errorf("the note replaced: want %+v, got %+v, created %t, %v", want, stored, created, err)
	}

	only(t, s, want)
	only(t, s, other)
}

func changesWhatIsGiven(t *testing.T, s collection.Store) {
	t.Helper()

	want := Saved(mine, 1)
	save(t, s, want)

	label, note, none := "another", "another note", ""

	for _, step := range []struct {
		change      collection.Change
		label, note string
	}{
		{collection.Change{}, want.Label, want.Note},
		{collection.Change{Label: &label}, label, want.Note},
		{collection.Change{Note: &note}, label, note},
		{collection.Change{Note: &none}, label, none},
	} {
		want.Label, want.Note = step.label, step.note

		if stored, found, err := s.Update(t.Context(), mine, want.ID, step.change); err != nil || !found || stored != want {
			t.Errorf("want %+v, got %+v, found %t, %v", want, stored, found, err)
		}

		only(t, s, want)
	}

	if found, err := s.Delete(t.Context(), mine, want.ID); err != nil || !found {
		t.Errorf("delete: found %t, %v", found, err)
	}

	if found, err := s.Delete(t.Context(), mine, want.ID); err != nil || found {
		t.Errorf("delete again: found %t, %v", found, err)
	}
}

func hidesFromOthers(t *testing.T, s collection.Store) {
	t.Helper()

	secret := Saved(theirs, 1)
	save(t, s, secret, Saved(mine, 2))

	label := "taken"
	owners := []string{mine, "", strings.ToUpper(theirs), theirs + " "}

	for _, owner := range owners {
		found, err := s.ByIDs(t.Context(), owner, []collection.ID{secret.ID, Saved(mine, 2).ID})
		if _, seen := found[secret.ID]; err != nil || seen {
			t.Errorf("%q finds %+v, %v", owner, found, err)
		}

		if stored, found, err := s.Update(t.Context(), owner, secret.ID, collection.Change{Label: &label}); err != nil || found || stored != (collection.Saved{}) {
			t.Errorf("%q changes %+v, %t, %v", owner, stored, found, err)
		}

		if found, err := s.Delete(t.Context(), owner, secret.ID); err != nil || found {
			t.Errorf("%q deletes: %t, %v", owner, found, err)
		}

		page, err := s.Page(t.Context(), collection.Query{Owner: owner, Limit: room})
		if slices.Contains(page.Saved, secret) || err != nil || page.More {
			t.Errorf("%q lists %+v, %v", owner, page, err)
		}
	}

	only(t, s, secret)
}

// inOrder returns the series of mine as a collection is ordered.
func inOrder() []collection.Saved {
	all := make([]collection.Saved, series)
	for n := range all {
		all[n] = Saved(mine, n)
	}

	slices.SortFunc(all, func(a, b collection.Saved) int {
		if c := b.SavedAt.Compare(a.SavedAt); c != 0 {
			return c
		}

		return strings.Compare(string(b.ID), string(a.ID))
	})

	return all
}

func pages(t *testing.T, s collection.Store) {
	t.Helper()

	all := inOrder()
	for n := range series {
		save(t, s, Saved(mine, n), ofOther(n))
	}

	mark := func(i int) *collection.Mark {
		if i < 0 || i >= len(all) {
			return nil
		}

		m := all[i].Mark()

		return &m
	}

	for after := -1; after < series; after++ {
		for before := after + 1; before <= series; before++ {
			for _, limit := range []int{1, 3, series} {
				between := all[after+1 : before]
				cut := min(limit, len(between))

				for fromEnd, want := range map[bool][]collection.Saved{false: between[:cut], true: between[len(between)-cut:]} {
					page, err := s.Page(t.Context(), collection.Query{Owner: mine, After: mark(after), Before: mark(before), Limit: limit, FromEnd: fromEnd})
					if err != nil || !slices.Equal(page.Saved, want) || page.More != (len(between) > limit) {
						t.Fatalf("%d of (%d, %d), from the end %t: want %+v, got %+v, %v", limit, after, before, fromEnd, want, page, err)
					}
				}
			}
		}
	}
}

func stableUnderInserts(t *testing.T, s collection.Store) {
	t.Helper()

	all := inOrder()
	save(t, s, all[6:]...)

	m := all[7].Mark()
	if _, err := s.Delete(t.Context(), mine, all[7].ID); err != nil { // its place outlives it
		t.Fatal(err)
	}

	save(t, s, all[:6]...)

	page, err := s.Page(t.Context(), collection.Query{Owner: mine, After: &m, Limit: 3})
	if err != nil || !slices.Equal(page.Saved, all[8:11]) {
		t.Errorf("want %+v, got %+v, %v", all[8:11], page, err)
	}
}

func holdsNoMore(t *testing.T, s collection.Store) {
	t.Helper()

	save(t, s, ofOther(5), ofOther(6), Saved(mine, 0), Saved(mine, 1))

	if _, _, err := s.Save(t.Context(), Saved(mine, 2), false, 2); !errors.Is(err, collection.ErrFull) {
		t.Errorf("want ErrFull, got %v", err)
	}

	again := Saved(mine, 1)
	again.ID = "AGAIN"

	if _, created, err := s.Save(t.Context(), again, false, 2); err != nil || created {
		t.Errorf("what is there may be saved again: created %t, %v", created, err)
	}

	if n, err := s.Count(t.Context(), mine); err != nil || n != 2 {
		t.Errorf("want 2, got %d, %v", n, err)
	}
}

func holdsNoMoreAtOnce(t *testing.T, s collection.Store) {
	t.Helper()

	const most = 5

	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		created int
	)

	for n := range series {
		wg.Go(func() {
			_, fresh, err := s.Save(t.Context(), Saved(mine, n), false, most)
			if err != nil && !errors.Is(err, collection.ErrFull) {
				t.Error(err)
			}

			mu.Lock()
			defer mu.Unlock()

			if fresh {
				created++
			}
		})
	}

	wg.Wait()

	if n, err := s.Count(t.Context(), mine); err != nil || n != most || created != most {
		t.Errorf("want %d saved, got %d in the store and %d told, %v", most, n, created, err)
	}
}

func returnsCancelation(t *testing.T, s collection.Store) {
	t.Helper()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	for what, err := range calls(ctx, s) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: want context.Canceled, got %v", what, err)
		}
	}
}

// calls returns the errors of all methods, each called once.
func calls(ctx context.Context, s collection.Store) map[string]error {
	errs := make(map[string]error)
	_, _, errs["Save"] = s.Save(ctx, Saved(mine, 1), false, room)
	_, _, errs["Update"] = s.Update(ctx, mine, "X", collection.Change{})
	_, errs["Delete"] = s.Delete(ctx, mine, "X")
	_, errs["ByIDs"] = s.ByIDs(ctx, mine, []collection.ID{"X"})
	_, errs["Page"] = s.Page(ctx, collection.Query{Owner: mine, Limit: 1})
	_, errs["Count"] = s.Count(ctx, mine)

	return errs
}
