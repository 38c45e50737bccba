package compose_test

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/reading"
)

// births returns n births between 1930 and 2025 between the 60th parallels, the same ones each time.
func births(n int) []chart.Birth {
	random := rand.New(rand.NewPCG(6, 29))
	all := make([]chart.Birth, n)

	for i := range all {
		at := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(95*365*24*3600)) * time.Second)
		all[i] = chart.Birth{
			Instant: at, TimeKnown: true, Zone: "UTC",
			Latitude: chart.RoundCoordinate(random.Float64()*120 - 60), Longitude: chart.RoundCoordinate(random.Float64()*360 - 180),
		}
	}

	return all
}

// withoutTimes returns the births with the hour forgotten.
func withoutTimes(all []chart.Birth) []chart.Birth {
	for i := range all {
		all[i].TimeKnown = false
		all[i].Instant = all[i].Instant.Truncate(24 * time.Hour).Add(12 * time.Hour)
	}

	return all
}

func sentencesOf(sections []reading.Section) []reading.Sentence {
	var all []reading.Sentence

	for _, s := range sections {
		for _, p := range s.Paragraphs {
			all = append(all, p.Sentences...)
		}
	}

	return all
}

func wordsOf(sections []reading.Section) int {
	n := 0
	for _, s := range sentencesOf(sections) {
		n += len(strings.Fields(s.Text))
	}

	return n
}

// optionsOf gives the charts of a test all zodiacs and house systems in turn.
func optionsOf(i int, d reading.Detail) reading.Options {
	return reading.Options{Detail: d, Zodiac: chart.Zodiac(i % chart.ZodiacCount), Houses: chart.HouseSystem(i % chart.HouseSystemCount)}
}

func TestSectionsAreThoseThatThereIsSomethingFor(t *testing.T) {
	c := composer(t)

	r, err := c.Plan(cast(t, withoutTimes(births(1))[0]), reading.Options{
		Sections: []reading.SectionKind{reading.Synastry, reading.Houses, reading.Planets, reading.Transits},
	})
	if err != nil {
		t.Fatal(err)
	}

	if got, want := r.Sections(), []reading.SectionKind{reading.Planets}; !slices.Equal(got, want) {
		t.Errorf("sections %v, want %v", got, want)
	}

	if got := r.Omitted(); len(got) != 3 {
		t.Errorf("omitted %v, want three with their reasons", got)
	}
}

func TestNoSectionIsEmpty(t *testing.T) {
	c := composer(t)

	for i, b := range append(births(12), withoutTimes(births(8))...) {
		for detail := range reading.Detail(reading.DetailCount) {
			o := optionsOf(i, detail)
			o.TransitsAt = time.Date(2030, 1, 1+i, 0, 0, 0, 0, time.UTC)
			o.With = cast(t, births(50)[49])

			r, err := c.Plan(cast(t, b), o)
			if err != nil {
				t.Fatal(err)
			}

			planned := r.Sections()

			for section, err := range r.Write(context.Background()) {
				if err != nil {
					t.Fatal(err)
				}

				if len(section.Paragraphs) == 0 || section.Kind != planned[0] || section.Title == "" {
					t.Errorf("%s reading %d: section %s has %d paragraphs where %s was planned", detail, i, section.Kind, len(section.Paragraphs), planned[0])
				}

				planned = planned[1:]
			}

			if len(planned) != 0 {
				t.Errorf("%s reading %d: %v were planned and not written", detail, i, planned)
			}
		}
	}
}

func TestOptionsThatDoNotExistAreRefused(t *testing.T) {
	c, natal := composer(t), cast(t, births(1)[0])

	for field, o := range map[string]reading.Options{
		"zodiac":      {Zodiac: chart.ZodiacCount},
		"houseSystem": {Houses: chart.HouseSystemCount},
		"detail":      {Detail: reading.DetailCount},
		"sections":    {Sections: []reading.SectionKind{reading.SectionKindCount}},
	} {
		_, err := c.Plan(natal, o)
		if f, ok := fault.As(err); !ok || f.Field != field {
			t.Errorf("%s: %v, want a fault of the field", field, err)
		}
	}
}

func TestWritingStopsWithItsContext(t *testing.T) {
	r, err := composer(t).Plan(cast(t, births(1)[0]), reading.Options{})
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	sections := 0

	for _, err := range r.Write(ctx) {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v, want the context's error", err)
			}

			break
		}

		sections++

		cancel()
	}

	if sections != 1 {
		t.Errorf("%d sections after the first was cancelled, want 1", sections)
	}
}

func TestFactorsComeStrongestFirst(t *testing.T) {
	r, err := composer(t).Plan(cast(t, births(1)[0]), reading.Options{})
	if err != nil {
		t.Fatal(err)
	}

	factors := r.Factors()
	if len(factors) < 40 {
		t.Fatalf("only %d factors", len(factors))
	}

	if !slices.IsSortedFunc(factors, func(a, b reading.Factor) int { return cmp.Compare(b.Strength.Total(), a.Strength.Total()) }) {
		t.Error("the factors are not in the order of their strength")
	}
}
