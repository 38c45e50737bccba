package reading_test

import (
	"context"
	"sync"
	"testing"

	"sidereal/account"
	"sidereal/fault"
	"sidereal/reading"
)

func TestManyWhoAskAtOnceAreServedByOneGeneration(t *testing.T) {
	f := setUp(t).modelled()
	f.start(f.jobs)

	var (
		wg  sync.WaitGroup
		mu  sync.Mutex
		ids = map[string]int{}
		all int
	)

	for range 100 {
		wg.Go(func() {
			r, created, err := f.service.Request(f.Context(), f.asks())
			if err != nil {
				t.Error(err)
			}

			mu.Lock()
			defer mu.Unlock()

			ids[r.ID]++

			if created {
				all++
			}
		})
	}

	wg.Wait()

	if len(ids) != 1 || all != 1 {
		t.Fatalf("want one reading, created once, got %v, %d", ids, all)
	}

	for id := range ids {
		f.await(id, reading.Completed)
	}

	if calls := len(f.model.calls()); calls != 3 {
		t.Errorf("want each of 3 sections asked for once, got %d", calls)
	}
}

func TestACompletedReadingServesWhoAsksAgain(t *testing.T) {
	f := setUp(t).modelled()
	f.start(f.jobs)
	f.model.write = func(ctx context.Context, _ int, a reading.Assignment, l reading.Listener) (reading.Section, reading.Usage, error) {
		if !f.model.Ready() {
			return reading.Section{}, reading.Usage{}, fault.New(fault.UpstreamUnavailable, "the model is away")
		}

		return written(ctx, a, l, "well")
	}

	ask := func(what string, regenerate, want bool) reading.Reading {
		t.Helper()

		r := f.asks()
		r.Regenerate = regenerate

		asked, created := f.request(t.Context(), r)
		if created != want {
			t.Errorf("%s: want created %t, got %t", what, want, created)
		}

		return f.await(asked.ID, reading.Completed)
	}

	f.model.set(false)

	first := ask("the first", false, true)
	if !first.State.Degraded {
		t.Errorf("want it degraded, got %+v", first.State)
	}

	ask("while the model is away", false, false)
	f.model.set(true)

	whole := ask("when the model is back", false, true)
	if whole.State.Degraded {
		t.Errorf("want it whole, got %+v", whole.State)
	}

	ask("again", false, false)
	ask("to be written anew", true, true)
}

func TestAnAPIKeyNeedsItsScope(t *testing.T) {
	f := setUp(t)
	reader := account.WithViewer(t.Context(), account.Viewer{Subject: "ann", Role: account.User, Key: "k", Scopes: account.ScopeRead})
	writer := account.WithViewer(t.Context(), account.Viewer{Subject: "ann", Role: account.User, Key: "k", Scopes: account.ScopeWrite})

	if _, _, err := f.service.Request(reader, f.asks()); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("request: want FORBIDDEN, got %v", err)
	}

	asked, _ := f.request(writer, f.asks())

	if _, _, err := f.service.Cancel(reader, asked.ID); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("cancel: want FORBIDDEN, got %v", err)
	}

	if _, err := f.service.Mine(writer, reading.Query{First: 1}); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("mine: want FORBIDDEN, got %v", err)
	}

	if _, err := f.service.CountMine(t.Context(), reading.Query{}); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("nobody's: want UNAUTHENTICATED, got %v", err)
	}

	mine, err := f.service.Mine(reader, reading.Query{First: 10})
	if err != nil || len(mine.Readings) != 1 || mine.Readings[0].ID != asked.ID {
		t.Errorf("want the reading, got %+v, %v", mine, err)
	}
}

func TestReadingsAreListedByFollowerAndByChart(t *testing.T) {
	f := setUp(t).modelled()
	first, _ := f.request(f.as("ann"), f.asks())
	f.request(f.as("bob"), f.asks())

	of := f.asks()
	of.Chart = f.bob
	second, _ := f.request(f.as("bob"), of)

	for who, want := range map[string]int{"ann": 1, "bob": 2, "cleo": 0} {
		n, err := f.service.CountMine(f.as(who), reading.Query{})
		if err != nil || n != want {
			t.Errorf("%s: want %d, got %d, %v", who, want, n, err)
		}
	}

	page, err := f.service.OfChart(t.Context(), reading.Query{Chart: f.bob, First: 10})
	if err != nil || len(page.Readings) != 1 || page.Readings[0].ID != second.ID || page.Readings[0].State.Engine != reading.LanguageModel {
		t.Errorf("want %s, which the model is to write, got %+v, %v", second.ID, page, err)
	}

	if n, err := f.service.CountOfChart(t.Context(), reading.Query{Chart: f.ann, Follower: new("cleo")}); err != nil || n != 1 {
		t.Errorf("want %s, whoever asks, got %d, %v", first.ID, n, err)
	}
}
