package reading_test

import (
	"strings"
	"testing"
	"time"

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
