package chart_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// A pattern of an unknown time is certain when the chart of every quarter of an hour has it, and so is the phase of the Moon.
func TestPatternsAndPhasesAreCertainWhenEveryQuarterHasThem(t *testing.T) {
	caster, orbs := casttest.Caster(t), chart.StandardOrbs()
	outcomes := map[string]int{}

	for month := time.January; month <= time.December; month += 2 {
		for _, day := range []int{4, 20} {
			c := castAt(t, inputAt(t, fmt.Sprintf("1990-%02d-%02d", month, day), "", "America/New_York"))
			quarters := everyQuarterOf(t, caster, c)
			aspects := c.Aspects(orbs)

			for _, p := range c.PatternsOf(aspects, chart.Tropical, chart.Placidus) {
				want := !slices.ContainsFunc(quarters, func(q quarter) bool { return !q.has(p) })

				got, err := c.PatternCertain(&p, aspects, &orbs, chart.Tropical)
				if err != nil {
					t.Fatal(err)
				}

				if got != want {
					t.Errorf("%s: %s of %s: want %t, got %t", c.Birth.Instant, p.Kind, p.Bodies, want, got)
				}

				outcomes[fmt.Sprintf("stellium %t, certain %t", p.Kind == chart.SignStellium, got)]++
			}

			noon := c.MoonPhase()
			want := !slices.ContainsFunc(quarters, func(q quarter) bool {
				return q.phase.Phase != noon.Phase || q.phase.Lunation != noon.Lunation
			})

			if got := c.PhaseCertain(); got != want {
				t.Errorf("%s: phase certain: want %t, got %t", c.Birth.Instant, want, got)
			}

			outcomes[fmt.Sprintf("phase %t", want)]++
		}
	}

	for _, outcome := range []string{
		"stellium false, certain false", "stellium false, certain true", "stellium true, certain false", "stellium true, certain true", "phase false", "phase true",
	} {
		if outcomes[outcome] == 0 {
			t.Errorf("the case %q never came up: %v", outcome, outcomes)
		}
	}
}

// quarter is what a chart of a quarter of an hour shows.
type quarter struct {
	patterns []chart.Pattern
	phase    chart.MoonPhase
}

// has says whether there is a pattern, or a stellium of more bodies.
func (q quarter) has(p chart.Pattern) bool {
	return slices.ContainsFunc(q.patterns, func(other chart.Pattern) bool {
		if p.Kind != chart.SignStellium {
			return other.Kind == p.Kind && other.Focal == p.Focal && slices.Equal(other.Bodies, p.Bodies)
		}

		return other.Kind == p.Kind && other.Sign == p.Sign &&
			!slices.ContainsFunc(p.Bodies, func(b chart.Body) bool { return !slices.Contains(other.Bodies, b) })
	})
}

// everyQuarterOf looks at every quarter of an hour of a chart's day.
func everyQuarterOf(t *testing.T, caster *chart.Caster, day *chart.Chart) []quarter {
	t.Helper()

	sun, err := day.Certainty(chart.Sun, chart.Tropical)
	if err != nil {
		t.Fatal(err)
	}

	var all []quarter

	for at := sun.Spans[0].From; !at.After(sun.Spans[len(sun.Spans)-1].To); at = at.Add(15 * time.Minute) {
		birth := day.Birth
		birth.Instant, birth.TimeKnown = at, true

		c, err := caster.Cast(birth)
		if err != nil {
			t.Fatal(err)
		}

		all = append(all, quarter{c.Patterns(chart.Tropical, chart.Placidus), c.MoonPhase()})
	}

	return all
}
