// Package readingtest is the conformance suite of reading.Store: every implementation passes it.
package readingtest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/charttest"
	"sidereal/event"
	"sidereal/fault"
	"sidereal/job"
	"sidereal/reading"
)

// Opened is a fresh store and what it stands on.
type Opened struct {
	Store reading.Store
	Other reading.Store // the same store, as another node has it
	Jobs  job.Store     // that of the readings' jobs
	// Chart has a chart be there, of which readings may be kept.
	Chart func(ctx context.Context, r chart.Record) error
	Close func()
}

const (
	kind = "suite.reading"
	hour = time.Hour
)

// TestStore runs the suite; open is called for a fresh, empty store each time.
func TestStore(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()

	for name, test := range map[string]func(*fixture){
		"AReadingComesBackAsItWentIn":              comesBack,
		"AReadingIsWhereItsJobIs":                  followsItsJob,
		"OneUnderWayIsFollowed":                    followsOneUnderWay,
		"ACompletedOneWillDoWhereItMay":            reuses,
		"OfKeysEachIsItsOwn":                       keysAreApart,
		"OfManyWhoAskAtOnceOneCreates":             oneCreates,
		"OfTwoKindsOfJobsOneCreates":               oneCreatesOfTwoKinds,
		"WhoAsksWhileItEndsGetsOneThatLives":       livesThroughCancel,
		"WhoAsksWhileOthersLeaveGetsOneThatStays":  livesThroughWithdrawal,
		"WhatCannotBeKeptLeavesNothing":            keepsAllOrNothing,
		"SectionsAreKeptOnce":                      sectionsOnce,
		"SectionsAndSpendingAreOneWithTheJob":      joinsTheJob,
		"SpendingAddsUp":                           spends,
		"WhoWithdrawsDoesNotFollow":                withdraws,
		"PagesAreNewestFirst":                      pages,
		"AReadingThatIsAddedMovesNoPage":           pagesStay,
		"AQuerySelects":                            selects,
		"AFollowersListIsHisOwn":                   followersAreApart,
		"ACallersOwnCancelationPasses":             returnsCancelation,
		"ManyReadingsAreFetchedAtOnceAndNoneForNo": fetches,
	} {
		t.Run(name, func(t *testing.T) { test(newFixture(t, open(t))) })
	}

	t.Run("AClosedStoreIsAFault", func(t *testing.T) {
		f := newFixture(t, open(t))
		f.Close()

		for name, err := range f.everything(t.Context()) {
			if _, ok := fault.As(err); !ok {
				t.Errorf("%s: want a fault, got %v", name, err)
			}
		}
	})
}

// fixture is a store under test, with two charts.
type fixture struct {
	*testing.T
	Opened

	charts [2]chart.Hash
}

// start is when the first reading of the suite is asked for.
var start = time.Date(2026, 11, 24, 12, 0, 0, 123_456_000, time.UTC)

func newFixture(t *testing.T, o Opened) *fixture {
	t.Helper()

	f := &fixture{T: t, Opened: o}

	for i := range f.charts {
		record := charttest.Record(i)
		f.charts[i] = record.Hash

		if err := o.Chart(t.Context(), record); err != nil {
			t.Fatal(err)
		}
	}

	return f
}

// everything calls every method, and returns their errors by name.
func (f *fixture) everything(ctx context.Context) map[string]error {
	r, spec := f.reading("k", 0)
	_, _, ask := f.Store.Ask(ctx, r, spec, "", reading.ReuseAny)
	_, byIDs := f.Store.ByIDs(ctx, []string{"x"})
	_, sections := f.Store.Sections(ctx, []string{"x"})
	_, page := f.Store.Page(ctx, reading.Query{First: 1})
	_, count := f.Store.Count(ctx, reading.Query{})
	_, spent := f.Store.Spent(ctx, "", start)
	_, withdraw := f.Store.Withdraw(ctx, "x", "")

	return map[string]error{
		"Ask": ask, "ByIDs": byIDs, "Sections": sections, "Page": page, "Count": count, "Spent": spent, "Withdraw": withdraw,
		"SaveSections": f.Store.SaveSections(ctx, "x", 0, sectionsOf("x")), "Spend": f.Store.Spend(ctx, "", start, reading.Usage{Calls: 1}),
	}
}

// reading returns a reading of a key that nobody asked for yet, created n minutes after the first, and its job.
func (f *fixture) reading(key string, n int) (reading.Reading, job.Spec) {
	f.Helper()

	spec, err := job.NewSpec(time.Now(), kind, key, "owner", map[string]string{"of": key})
	if err != nil {
		f.Fatal(err)
	}

	return reading.Reading{
		ID: spec.ID, Key: key, Request: reading.Request{Chart: f.charts[0], Language: reading.English}, CreatedAt: start.Add(time.Duration(n) * time.Minute),
	}, spec
}

// ask asks for a reading of a key.
func (f *fixture) ask(key, account string, reuse reading.Reuse) (reading.Reading, bool) {
	f.Helper()

	r, spec := f.reading(key, 0)

	stored, created, err := f.Store.Ask(f.Context(), r, spec, account, reuse)
	if err != nil {
		f.Fatal(err)
	}

	if created != (stored.ID == r.ID) || stored.Key != key {
		f.Fatalf("want the reading %s where it is created, of the key %s, got %+v, created %t", r.ID, key, stored, created)
	}

	return stored, created
}

// create asks for a reading of a key that is new.
func (f *fixture) create(key, account string) reading.Reading {
	f.Helper()

	stored, created := f.ask(key, account, reading.ReuseAny)
	if !created {
		f.Fatalf("want a new reading, got %+v", stored)
	}

	return stored
}

func (f *fixture) find(id string) reading.Reading {
	f.Helper()

	found, err := f.Store.ByIDs(f.Context(), []string{id})
	if err != nil || len(found) != 1 || found[id].ID != id {
		f.Fatalf("want the reading %s, got %+v, %v", id, found, err)
	}

	return found[id]
}

// claim has a worker take a reading's job, which is the only one in the queue.
func (f *fixture) claim(id string) job.Job {
	f.Helper()

	jobs, err := f.Jobs.Claim(f.Context(), job.Request{Kind: kind, Worker: "a worker", Limit: 2, Length: hour})
	if err != nil || len(jobs) != 1 || jobs[0].ID != id {
		f.Fatalf("want the job %s, got %+v, %v", id, jobs, err)
	}

	return jobs[0]
}

func (f *fixture) write(j job.Job, c job.Change) {
	f.Helper()

	if err := f.Jobs.Write(f.Context(), j.Lease(), c); err != nil {
		f.Fatal(err)
	}
}

// complete has a reading written in a state.
func (f *fixture) complete(id, state string) {
	f.Helper()
	f.write(f.claim(id), job.Change{Status: job.Completed, Result: []byte(state)})
}

func (f *fixture) cancel(id string) {
	f.Helper()

	if _, cancelled, err := f.Jobs.Cancel(f.Context(), id); err != nil || !cancelled {
		f.Fatal(cancelled, err)
	}
}

func (f *fixture) count(q reading.Query, want int) {
	f.Helper()

	if got, err := f.Store.Count(f.Context(), q); err != nil || got != want {
		f.Errorf("want a count of %d, got %d, %v", want, got, err)
	}
}

func (f *fixture) wantSame(want, got reading.Reading) {
	f.Helper()

	if !reflect.DeepEqual(want, got) {
		f.Errorf("want\n%+v, got\n%+v", want, got)
	}
}

// sectionsOf returns two sections that say something.
func sectionsOf(what string) []reading.Section {
	return []reading.Section{
		{
			Kind: reading.Houses, Title: "The houses of " + what, Engine: reading.LanguageModel,
			Paragraphs: []reading.Paragraph{
				{Sentences: []reading.Sentence{
					{Text: `Says "<b>" & 'this' ? $1 \ ` + what + " \u2028 東京 🌍.", Because: []string{"Sun in Capricorn", "Moon square Saturn, orb 1.2°"}},
					{Text: "And this.", Because: []string{"Mars in Aries"}},
				}},
				{Sentences: []reading.Sentence{{Text: "Another paragraph.", Because: []string{"Sun in Capricorn"}}}},
			},
		},
		{Kind: reading.Overview, Title: "Overview of " + what, Paragraphs: []reading.Paragraph{}},
	}
}

// id returns an id of the suite's own.
func id(n int) string { return fmt.Sprintf("0195-%04d", n) }

func returnsCancelation(f *fixture) {
	ctx, cancel := context.WithCancel(f.Context())
	cancel()

	for name, err := range f.everything(ctx) {
		if !errors.Is(err, context.Canceled) {
			f.Errorf("%s: want Canceled, got %v", name, err)
		}
	}
}

// happened is an event about a subject.
func happened(subject string) event.Event {
	return event.New(event.ReadingProgress, start, subject, "owner", nil)
}
