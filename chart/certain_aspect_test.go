package chart_test

import (
	"slices"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// An aspect of an unknown time is certain when the chart of every quarter of an hour has it.
func TestAspectsAreCertainWhenEveryQuarterHasThem(t *testing.T) {
	caster := casttest.Caster(t)
	wide := chart.StandardOrbs()

	for kind := range chart.AspectKind(chart.AspectKindCount) { // limits that overlap: quintile and sextile, conjunction and semisextile
		if err := wide.Set(kind, chart.OrbLimit{Planets: 12, Luminaries: 15}); err != nil {
			t.Fatal(err)
		}
	}

	certainOnes, others := 0, 0

	for _, date := range []string{"1990-01-15", "1990-04-01", "1990-10-28", "2001-06-21", "2012-12-21", "1985-03-17"} {
		unknown := castAt(t, inputAt(t, date, "", "America/New_York"))

		spans, err := unknown.Certainty(chart.Sun, chart.Tropical)
		if err != nil {
			t.Fatal(err)
		}

		for _, orbs := range []chart.Orbs{chart.StandardOrbs(), wide} {
			always := everyQuarter(t, caster, unknown, spans.Spans[0].From, spans.Spans[len(spans.Spans)-1].To, orbs)

			for _, a := range unknown.Aspects(orbs) {
				certain, err := unknown.AspectCertain(a, orbs)
				if err != nil {
					t.Fatal(err)
				}

				want := always(a)
				if certain != want {
					low, high, _ := unknown.SeparationRange(a.First, a.Second)
					t.Errorf("%s: %s %s %s: want %t, got %t (%.4f to %.4f)", date, a.First, a.Kind, a.Second, want, certain, low, high)
				}

				if certain {
					certainOnes++
				} else {
					others++
				}
			}
		}
	}

	if certainOnes < 50 || others < 10 {
		t.Errorf("%d certain, %d not: the test tests nothing", certainOnes, others)
	}
}

// everyQuarter returns whether the charts of every quarter of an hour have an aspect.
func everyQuarter(t *testing.T, caster *chart.Caster, day *chart.Chart, from, to time.Time, orbs chart.Orbs) func(chart.Aspect) bool {
	t.Helper()

	var all [][]chart.Aspect

	for at := from; !at.After(to); at = at.Add(15 * time.Minute) {
		birth := day.Birth
		birth.Instant, birth.TimeKnown = at, true

		c, err := caster.Cast(birth)
		if err != nil {
			t.Fatal(err)
		}

		all = append(all, c.Aspects(orbs))
	}

	return func(a chart.Aspect) bool {
		for _, aspects := range all {
			if !slices.ContainsFunc(aspects, func(b chart.Aspect) bool { return a.First == b.First && a.Second == b.Second && a.Kind == b.Kind }) {
				return false
			}
		}

		return true
	}
}
