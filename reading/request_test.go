package reading_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/chart"
	"sidereal/fault"
	"sidereal/reading"
)

func TestRequestsAreChecked(t *testing.T) {
	f := setUp(t)
	with := setUp(t).modelled()

	for name, c := range map[string]struct {
		model       bool
		change      func(*reading.Request)
		code        fault.Code
		field, says string
	}{
		"a chart that was never calculated": {false, func(r *reading.Request) { r.Chart = "nobody's" }, fault.NotFound, "chartHash", "never"},
		"another that was not":              {false, func(r *reading.Request) { r.SynastryWith = "nobody's" }, fault.NotFound, "includeSynastryWith", "never"},
		"a chart with itself":               {false, func(r *reading.Request) { r.SynastryWith = r.Chart }, fault.ValidationFailed, "includeSynastryWith", "another"},
		"a relationship of one":             {false, func(r *reading.Request) { r.Kind = reading.Relationship }, fault.ValidationFailed, "includeSynastryWith", "RELATIONSHIP"},
		"synastry of one": {
			false, func(r *reading.Request) { r.Sections = []reading.SectionKind{reading.Synastry} }, fault.ValidationFailed, "includeSynastryWith", "SYNASTRY",
		},
		"no sections": {false, func(r *reading.Request) { r.Sections = []reading.SectionKind{} }, fault.ValidationFailed, "sections", "at least one"},
		"a section twice": {
			false, func(r *reading.Request) { r.Sections = append(r.Sections, reading.Planets) }, fault.ValidationFailed, "sections", "PLANETS twice",
		},
		"no such section":      {false, func(r *reading.Request) { r.Sections[0] = reading.SectionKindCount }, fault.ValidationFailed, "sections", "no such"},
		"no such kind":         {false, func(r *reading.Request) { r.Kind = reading.KindCount }, fault.ValidationFailed, "kind", "no such"},
		"no such engine":       {false, func(r *reading.Request) { r.Engine = reading.EngineChoiceCount }, fault.ValidationFailed, "engine", "no such"},
		"no such detail":       {false, func(r *reading.Request) { r.Detail = reading.DetailCount }, fault.ValidationFailed, "detail", "no such"},
		"no such zodiac":       {false, func(r *reading.Request) { r.Zodiac = chart.ZodiacCount }, fault.ValidationFailed, "zodiac", "no such"},
		"no such house system": {false, func(r *reading.Request) { r.Houses = chart.HouseSystemCount }, fault.ValidationFailed, "houseSystem", "no such"},
		"a language of nobody": {true, func(r *reading.Request) { r.Language = "xx" }, fault.ValidationFailed, "language", "xx"},
		"no language":          {true, func(r *reading.Request) { r.Language = "" }, fault.ValidationFailed, "language", ""},
		"German without a model": {
			false, func(r *reading.Request) { r.Language = "de" }, fault.ValidationFailed, "language", "no language model",
		},
		"German of the built-in engine": {
			true, func(r *reading.Request) { r.Language, r.Engine = "de", reading.OnlyComposed }, fault.ValidationFailed, "language", "English only, not German",
		},
		"a model that is not there": {
			false, func(r *reading.Request) { r.Engine = reading.OnlyLanguageModel }, fault.UpstreamUnavailable, "engine", "no language model",
		},
		"nothing to write": {
			false, func(r *reading.Request) { r.Chart, r.Sections = f.timeless, []reading.SectionKind{reading.Houses} }, fault.ValidationFailed, "sections",
			"The time of birth is unknown",
		},
	} {
		t.Run(name, func(t *testing.T) {
			service := f.service
			if c.model {
				service = with.service
			}

			r := f.asks()
			c.change(&r)

			_, created, err := service.Request(t.Context(), r)

			got, ok := fault.As(err)
			if !ok || created || got.Code != c.code || got.Field != c.field || !strings.Contains(got.Message, c.says) {
				t.Errorf("want %s of %q that says %q, got %v", c.code, c.field, c.says, err)
			}
		})
	}

	f.wantEvents()
}

func TestARequestIncludesWhatItsKindAndItsSectionsNeed(t *testing.T) {
	f := setUp(t)
	f.start(f.jobs)

	for name, c := range map[string]struct {
		request reading.Request
		want    []reading.SectionKind
	}{
		"natal":                   {reading.Request{}, []reading.SectionKind{0, 1, 2, 3, 4, 7}},
		"natal with all":          {reading.Request{IncludeTransits: true, SynastryWith: f.bob}, []reading.SectionKind{0, 1, 2, 3, 4, 5, 6, 7}},
		"forecast":                {reading.Request{Kind: reading.Forecast}, []reading.SectionKind{0, 5, 7}},
		"forecast with synastry":  {reading.Request{Kind: reading.Forecast, SynastryWith: f.bob}, []reading.SectionKind{0, 5, 6, 7}},
		"relationship":            {reading.Request{Kind: reading.Relationship, SynastryWith: f.bob}, []reading.SectionKind{0, 6, 7}},
		"of sections":             {reading.Request{Sections: []reading.SectionKind{3, 1}}, []reading.SectionKind{1, 3}},
		"of sections and transit": {reading.Request{Sections: []reading.SectionKind{7, 0}, IncludeTransits: true}, []reading.SectionKind{0, 5, 7}},
		"transits":                {reading.Request{Sections: []reading.SectionKind{5}}, []reading.SectionKind{5}},
		"without a time":          {reading.Request{Chart: f.timeless}, []reading.SectionKind{0, 1, 3, 7}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.request.Chart == "" {
				c.request.Chart = f.ann
			}

			c.request.Detail, c.request.Language = reading.Brief, reading.English
			asked, _ := f.request(t.Context(), c.request)
			got := f.await(asked.ID, reading.Completed)

			planned := got.State.Planned
			if name == "natal" || name == "natal with all" || name == "without a time" { // whether there are patterns is the charts' matter
				planned, c.want = without(planned, reading.Patterns), without(c.want, reading.Patterns)
			}

			if len(planned) != len(c.want) || string(planned) != string(c.want) {
				t.Errorf("want %v, got %v", c.want, planned)
			}

			noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
			if about := len(without(planned, reading.Transits)) < len(planned); about != got.TransitsOn.Equal(noon) || about == got.TransitsOn.IsZero() {
				t.Errorf("transits: %t, on %v", about, got.TransitsOn)
			}
		})
	}
}

func without(kinds []reading.SectionKind, kind reading.SectionKind) (rest []reading.SectionKind) {
	for _, k := range kinds {
		if k != kind {
			rest = append(rest, k)
		}
	}

	return rest
}

func TestEqualRequestsAreOneReading(t *testing.T) {
	f := setUp(t).modelled()
	first, created := f.request(f.as("ann"), f.asks())

	if !created || first.Status != reading.Queued || first.State.Engine != reading.LanguageModel {
		t.Fatalf("want a new reading for the model, got %+v", first)
	}

	for name, change := range map[string]func(*reading.Request){
		"as it was": func(*reading.Request) {},
		"sections in another order": func(r *reading.Request) {
			r.Sections = []reading.SectionKind{reading.Synthesis, reading.Planets, reading.Overview}
		},
		"anew while it is under way": func(r *reading.Request) { r.Regenerate = true },
	} {
		r := f.asks()
		change(&r)

		if again, created := f.request(f.as("bob"), r); created || again.ID != first.ID || again.Key != first.Key {
			t.Errorf("%s: want the first one, got %+v", name, again)
		}
	}

	forecast, _ := f.request(t.Context(), reading.Request{Chart: f.ann, Kind: reading.Forecast, Language: reading.English})
	spelled, created := f.request(t.Context(), reading.Request{
		Chart: f.ann, Sections: []reading.SectionKind{reading.Transits, reading.Overview, reading.Synthesis}, Language: reading.English,
	})

	if created || spelled.ID != forecast.ID {
		t.Errorf("want the sections of a kind to be the kind, got %+v and %+v", forecast, spelled)
	}

	keys := map[string]string{first.Key: "the first"}

	for name, change := range map[string]func(*reading.Request){
		"another chart":           func(r *reading.Request) { r.Chart = f.bob },
		"fewer sections":          func(r *reading.Request) { r.Sections = r.Sections[:2] },
		"all sections":            func(r *reading.Request) { r.Sections = nil },
		"another zodiac":          func(r *reading.Request) { r.Zodiac = chart.Lahiri },
		"other houses":            func(r *reading.Request) { r.Houses = chart.Koch },
		"another detail":          func(r *reading.Request) { r.Detail = reading.Standard },
		"with transits":           func(r *reading.Request) { r.IncludeTransits = true },
		"with another":            func(r *reading.Request) { r.SynastryWith = f.bob },
		"of the built-in engine":  func(r *reading.Request) { r.Engine = reading.OnlyComposed },
		"of the model only":       func(r *reading.Request) { r.Engine = reading.OnlyLanguageModel },
		"in German":               func(r *reading.Request) { r.Language = "de" },
		"without a time of birth": func(r *reading.Request) { r.Chart = f.timeless },
	} {
		r := f.asks()
		change(&r)

		other, created := f.request(f.as("bob"), r)
		if before, known := keys[other.Key]; known || !created {
			t.Errorf("%s: want a reading of its own, got that of %q", name, before)
		}

		keys[other.Key] = name
	}

	tomorrow := f.asks()
	tomorrow.IncludeTransits = true
	f.clock.move(24 * time.Hour)

	if _, created = f.request(f.as("bob"), tomorrow); !created {
		t.Error("want transits of the next day to be another reading")
	}

	f.config.Model = nil
	f.serve()

	composed := f.asks()
	composed.Engine = reading.OnlyComposed

	if same, _ := f.request(t.Context(), f.asks()); keys[same.Key] != "of the built-in engine" {
		t.Error("without a model, want any engine to be the built-in one")
	}
}

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
