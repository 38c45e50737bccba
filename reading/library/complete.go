package library

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"sidereal/chart"
)

// Passers are the bodies whose transits have texts: those that stay long enough for a reading to be of use.
func Passers() []chart.Body {
	return []chart.Body{chart.Jupiter, chart.Saturn, chart.Uranus, chart.Neptune, chart.Pluto, chart.Chiron, chart.TrueNode}
}

// Needed returns every id that a chart can need.
func Needed() []ID {
	var ids []ID

	add := func(more ...ID) { ids = append(ids, more...) }

	for _, p := range chart.MainPoints() {
		add(Host(p), Reached(p))

		for s := range chart.Sign(chart.SignCount) {
			add(InSign(p, s))
		}
	}

	for _, b := range chart.MainBodies() {
		add(OnAngle(b, chart.AscendantPoint), OnAngle(b, chart.MidheavenPoint), Brought(b))

		for house := 1; house <= 12; house++ {
			add(InHouse(b, house))
		}

		if b != chart.TrueNode {
			add(DominantBody(b), BothEased(b))
		}

		if b > chart.Moon && b != chart.TrueNode { // the Node goes backwards as a rule
			add(Retrograde(b))
		}
	}

	ids = append(ids, ofAspects()...)

	return append(ids, ofKinds()...)
}

// ofAspects returns the ids on aspects, at birth and of the moving sky.
func ofAspects() []ID {
	var ids []ID

	bodies := chart.MainBodies()
	for i, first := range bodies {
		for _, second := range bodies[i+1:] {
			for kind := range chart.AspectKind(chart.AspectKindCount) {
				if Possible(first, second, kind) {
					ids = append(ids, Between(first, second, kind))
				}
			}
		}
	}

	for _, b := range Passers() {
		ids = append(ids, Passing(b, Together), Passing(b, Flowing), Passing(b, Tense))
	}

	return ids
}

// Possible says whether two bodies can make an aspect within the standard orbs: Mercury is never over 28 degrees from the Sun, Venus never over 48, and the
// two never over 76 from each other.
func Possible(first, second chart.Body, kind chart.AspectKind) bool {
	apart := 180.0

	switch {
	case first == chart.Sun && second == chart.Mercury:
		apart = 28
	case first == chart.Sun && second == chart.Venus:
		apart = 48
	case first == chart.Mercury && second == chart.Venus:
		apart = 76
	}

	orbs := chart.StandardOrbs()

	return kind.Angle()-orbs.Limit(kind, chart.Point(first), chart.Point(second)) <= apart
}

// ofKinds returns the ids on elements, modalities, phases, sects, patterns, signs and houses, and the closing words.
func ofKinds() []ID {
	ids := []ID{Closing, GrandSextile, Sect(chart.Diurnal), Sect(chart.Nocturnal)}

	for e := range chart.Element(chart.ElementCount) {
		ids = append(ids, DominantElement(e), MissingElement(e))
		for other := e + 1; int(other) < chart.ElementCount; other++ {
			ids = append(ids, BothElements(e, other))
		}
	}

	for m := range chart.Modality(chart.ModalityCount) {
		ids = append(ids, DominantModality(m))
		for other := m + 1; int(other) < chart.ModalityCount; other++ {
			ids = append(ids, BothModalities(m, other))
		}
	}

	for p := range chart.Phase(chart.PhaseCount) {
		ids = append(ids, Phase(p))
	}

	for k := range chart.PatternKind(chart.PatternKindCount) {
		ids = append(ids, Pattern(k))
	}

	for s := range chart.Sign(chart.SignCount) {
		ids = append(ids, Theme(s), Invitation(s), Cusp(s))
	}

	for house := 1; house <= 12; house++ {
		ids = append(ids, RulerIn(house), Guest(house))
	}

	return ids
}

// neededWords returns the keys of all words that phrases are filled with.
func neededWords() []string {
	var keys []string

	for _, p := range chart.MainPoints() {
		keys = append(keys, "part-"+Slug(p))
		if _, isBody := p.Body(); isBody {
			keys = append(keys, "about-"+Slug(p))
		}
	}

	for s := range chart.Sign(chart.SignCount) {
		keys = append(keys, "theme-"+SignSlug(s))
	}

	for house := 1; house <= 12; house++ {
		keys = append(keys, "topic-"+strconv.Itoa(house))
	}

	return keys
}

// home guesses the file that a missing text belongs to: that of the id most like it.
func (l *Library) home(missing ID) string {
	var (
		file    string
		longest int
	)

	for _, id := range slices.Sorted(maps.Keys(l.fragments)) {
		shared := 0
		for shared < min(len(id), len(missing)) && id[shared] == missing[shared] {
			shared++
		}

		if shared > longest {
			file, longest = l.fragments[id][0].File, shared
		}
	}

	return cmp.Or(file, "no file yet")
}

// complete refuses a library that lacks a text or a word, or has one that nothing asks for.
func (l *Library) complete() error {
	problems := l.completeWords()

	needed := map[ID]bool{}
	for _, id := range Needed() {
		needed[id] = true
	}

	for _, id := range slices.Sorted(maps.Keys(needed)) {
		if len(l.fragments[id]) == 0 {
			problems = append(problems, fmt.Errorf("%s is missing (%s)", id, l.home(id)))
		}
	}

	for _, id := range slices.Sorted(maps.Keys(l.fragments)) {
		if !needed[id] {
			problems = append(problems, fmt.Errorf("%s: no chart asks for it (%s)", id, l.fragments[id][0].File))
		}
	}

	return errors.Join(problems...)
}

func (l *Library) completeWords() []error {
	var problems []error

	needed := neededWords()

	for _, key := range needed {
		if l.words[key] == "" {
			problems = append(problems, fmt.Errorf("the word %s is missing (phrases.yaml)", key))
		}
	}

	for _, key := range slices.Sorted(maps.Keys(l.words)) {
		if !slices.Contains(needed, key) {
			problems = append(problems, fmt.Errorf("the word %s: no phrase asks for it (phrases.yaml)", key))
		}
	}

	return problems
}
