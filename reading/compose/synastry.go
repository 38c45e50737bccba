package compose

import (
	"cmp"
	"fmt"
	"slices"

	"sidereal/chart"
	"sidereal/chart/pair"
	"sidereal/reading"
	"sidereal/reading/library"
)

// synastry tells what another person's chart does to this one: the aspects between the two, strongest first, and the other's bodies in its houses.
func (w *writer) synastry() error {
	orbs := chart.StandardOrbs()

	between, err := pair.Compare(w.chart, w.options.With, pair.Options{Orbs: &orbs, Zodiac: w.options.Zodiac, Houses: w.options.Houses})
	if err != nil {
		return err
	}

	said := []reading.Sentence{w.say("opening-synastry", nil)}

	const guestShare = 3 // of the words, one part in so many is for the houses

	all := w.budget
	if len(between.SecondInFirst) > 0 {
		w.budget -= all / guestShare
	}

	for _, a := range w.contactsWith(between.Aspects, &orbs) {
		if w.room() {
			w.add(append(said, w.contactWith(&a)...)...)
			said = nil
		}
	}

	w.budget = all

	for _, o := range between.SecondInFirst {
		if o.Body <= chart.Saturn && w.room() && w.staysIn(o.Body, o.House) && w.has(library.Guest(o.House)) {
			w.add(append(said, w.guest(o)...)...)
			said = nil
		}
	}

	if said != nil {
		w.add(w.say("synastry-none", nil, "no close contact that is certain"))
	}

	return nil
}

// contactsWith returns the aspects of the major kinds to a body of the other that hold whatever an unknown time of birth is, strongest first.
func (w *writer) contactsWith(aspects []pair.Aspect, orbs *chart.Orbs) []pair.Aspect {
	found := slices.DeleteFunc(slices.Clone(aspects), func(a pair.Aspect) bool {
		_, isBody := a.Second.Body()

		return !isBody || library.ToneOf(a.Kind) == library.Minor || a.Orb+a.Uncertainty > orbs.Limit(a.Kind, a.First, a.Second)
	})
	strength := func(a *pair.Aspect) float64 { return a.Strength + (bodyWeights[a.First]+bodyWeights[a.Second])/2 }

	slices.SortStableFunc(found, func(a, b pair.Aspect) int { return cmp.Compare(strength(&b), strength(&a)) })

	return found
}

// contactWith tells of an aspect: what in this chart is reached, and what the other brings; nothing when both were told before.
func (w *writer) contactWith(a *pair.Aspect) []reading.Sentence {
	body, _ := a.Second.Body()
	because := fmt.Sprintf("%s %s the other's %s, orb %.1f°", a.First, a.Kind, a.Second, a.Orb)

	if a.Uncertainty > 0 {
		because = fmt.Sprintf("%s %s the other's %s", a.First, a.Kind, a.Second)
	}

	text := append(w.text(library.Reached(a.First), because), w.text(library.Brought(body), because)...)
	if text == nil {
		return nil
	}

	with := fill{
		"first": named(a.First), "second": named(a.Second), "kind": a.Kind.String(), "a-kind": withArticle(a.Kind),
		"close": w.close(a.Orb, a.Uncertainty == 0),
	}

	return append([]reading.Sentence{w.say("synastry-"+string(library.ToneOf(a.Kind)), with, because)}, text...)
}

// staysIn says whether a body of the other is in a house of this chart wherever its unknown time of birth puts it.
func (w *writer) staysIn(body chart.Body, house int) bool {
	at, _ := w.options.With.Position(body, w.options.Zodiac)
	if at.Range == nil {
		return true
	}

	houses := w.chart.Houses(w.options.Houses, w.options.Zodiac)

	return houses.House(at.Range.From) == house && houses.House(at.Range.To) == house
}

func (w *writer) guest(o pair.Overlay) []reading.Sentence {
	because := fmt.Sprintf("the other's %s in the %s house", o.Body, ordinals[o.House].short)
	with := fill{"name": named(chart.Point(o.Body)), "house": ordinals[o.House].long, "topic": w.topic(o.House)}

	return append([]reading.Sentence{w.say("overlay", with, because)}, w.text(library.Guest(o.House), because)...)
}
