package compose

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sidereal/chart"
	"sidereal/chart/transit"
	"sidereal/reading"
	"sidereal/reading/library"
)

// transits tells what the slow planets do to the chart at the instant.
func (w *writer) transits(ctx context.Context) error {
	found, err := w.passing(ctx)
	if err != nil {
		return err
	}

	date := fill{"date": day(w.options.TransitsAt)}
	if len(found) == 0 {
		w.add(w.say("transit-none", date, "no transit of the slow planets within orb on "+date["date"]))

		return nil
	}

	said := []reading.Sentence{w.say("opening-transits", date)}

	for i := range found {
		if i > 0 && !w.room() {
			break
		}

		w.add(append(said, w.transit(&found[i])...)...)
		said = nil
	}

	return nil
}

// passing returns the transits of the major kinds that hold wherever the unknown time of birth puts the target, strongest first. One of each body and tone has
// a text.
func (w *writer) passing(ctx context.Context) ([]transit.Transit, error) {
	orbs := transit.DefaultOrbs()

	found, err := transit.At(ctx, w.composer.caster, w.chart, w.options.TransitsAt, transit.Options{
		Bodies: library.Passers(), Orbs: &orbs, Zodiac: w.options.Zodiac,
	})
	if err != nil {
		return nil, err
	}

	found = slices.DeleteFunc(found, func(t transit.Transit) bool {
		return library.ToneOf(t.Kind) == library.Minor || t.Orb+t.Uncertainty > orbs.Limit(t.Kind, chart.Point(t.Body), t.Target)
	})
	strength := func(t *transit.Transit) float64 { return t.Strength + bodyWeights[t.Target]/2 }

	slices.SortStableFunc(found, func(a, b transit.Transit) int { return cmp.Compare(strength(&b), strength(&a)) })

	told := map[library.ID]bool{}

	return slices.DeleteFunc(found, func(t transit.Transit) bool {
		id := library.Passing(t.Body, library.ToneOf(t.Kind))
		again := told[id]
		told[id] = true

		return again
	}), nil
}

func (w *writer) transit(t *transit.Transit) []reading.Sentence {
	because := fmt.Sprintf("transiting %s %s %s, orb %.1f°", t.Body, t.Kind, t.Target, t.Orb)
	if t.Uncertainty > 0 {
		because = fmt.Sprintf("transiting %s %s %s", t.Body, t.Kind, t.Target)
	}

	target := named(t.Target)
	if t.Target == chart.Point(t.Body) {
		target = "natal " + target // Jupiter comes to another Jupiter than itself
	}

	with := fill{
		"body": called(chart.Point(t.Body)), "target": target, "kind": t.Kind.String(), "a-kind": withArticle(t.Kind), "when": w.when(t),
	}
	said := append([]reading.Sentence{w.say("transit", with, because)}, w.text(library.Passing(t.Body, library.ToneOf(t.Kind)), because)...)

	return append(said, w.text(library.Host(t.Target), because)...)
}

// when says when a transit is exact, the next time first; nothing where the unknown time of birth puts it days away.
func (w *writer) when(t *transit.Transit) string {
	if t.Uncertainty > 0 || len(t.Exact) == 0 {
		return ""
	}

	for _, at := range t.Exact {
		if at.After(w.options.TransitsAt) {
			return w.phrase("transit-now", fill{"date": day(at)})
		}
	}

	return w.phrase("transit-past", fill{"date": day(t.Exact[len(t.Exact)-1])})
}

// day writes a date in UTC.
func day(at time.Time) string { return at.UTC().Format("January 2, 2006") }
