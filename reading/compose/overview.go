package compose

import (
	"fmt"
	"slices"
	"strings"

	"sidereal/chart"
	"sidereal/reading"
	"sidereal/reading/library"
)

// How many of a thing a reading has, by detail.
var (
	themeCounts    = [reading.DetailCount]int{1, 2, 3}
	contrastCounts = [reading.DetailCount]int{1, 1, 2}
	easedCounts    = [reading.DetailCount]int{0, 1, 3}
)

// overview tells of the themes, of what prevails, of the Moon's phase, and of the contradictions of temperament.
func (w *writer) overview() {
	opening := []reading.Sentence{w.say("opening-overview", nil)}
	if !w.facts.timeKnown {
		opening = append(opening, w.say("time-unknown", nil, "time of birth unknown"))
	}

	for i, group := range []string{"theme-first", "theme-next", "theme-third"}[:themeCounts[w.options.Detail]] {
		if i < len(w.facts.themes) {
			w.add(append(opening, w.theme(&w.facts.themes[i], group)...)...)
			opening = nil
		}
	}

	for _, p := range w.prevailing() {
		if w.room() {
			w.add(append(opening, w.text(p.id, p.because)...)...)
			opening = nil
		}
	}

	w.contrasts(contrastCounts[w.options.Detail])

	for _, p := range w.lights() {
		if w.room() {
			w.add(append(opening, w.text(p.id, p.because)...)...)
			opening = nil
		}
	}
}

// theme tells a theme and what it comes from.
func (w *writer) theme(t *theme, group string) []reading.Sentence {
	const most = 4 // factors that a reader takes in

	because := t.because()
	said := append([]reading.Sentence{w.say(group, nil, because...)}, w.text(library.Theme(t.sign), because...)...)

	named := make([]string, min(len(t.evidence), most))
	for i := range named {
		named[i] = t.evidence[i].text
	}

	return append(said, w.say("evidence", fill{"count": counts[len(named)], "list": joined(named)}, because[:len(named)]...))
}

// point is a text that names its factor itself.
type point struct {
	id      library.ID
	because string
}

// prevailing returns the elements, the modality and the body that prevail for certain.
func (w *writer) prevailing() []point {
	elements, modalities, unsure := w.facts.counted()

	var points []point

	if e, ok := leader(elements[:], unsure); ok {
		points = append(points, point{library.DominantElement(chart.Element(e)), fmt.Sprintf("%s dominant, %d of 11", chart.Element(e), elements[e])})
	}

	// Without a time of birth the sum of a body's aspects changes over the day.
	if d := w.facts.dominance.DominantBodies; w.facts.timeKnown && len(d) == 1 {
		points = append(points, point{library.DominantBody(d[0]), d[0].String() + " strongest by aspects"})
	}

	if m, ok := leader(modalities[:], unsure); ok {
		points = append(points, point{library.DominantModality(chart.Modality(m)), fmt.Sprintf("%s dominant, %d of 11", chart.Modality(m), modalities[m])})
	}

	for e, n := range elements {
		if n == 0 && unsure == 0 {
			points = append(points, point{library.MissingElement(chart.Element(e)), "no body in " + chart.Element(e).String()})

			break // a second one would say much the same
		}
	}

	return points
}

// counted counts the bodies by element and modality, without the Node; unsure are those that change their sign in the course of an unknown day.
func (f *facts) counted() (elements [chart.ElementCount]int, modalities [chart.ModalityCount]int, unsure int) {
	for i := range f.placements {
		p := &f.placements[i]

		switch _, isBody := p.point.Body(); {
		case !isBody || p.point == chart.TrueNodePoint:
		case !p.inSign:
			unsure++
		default:
			elements[p.sign.Element()]++
			modalities[p.sign.Modality()]++
		}
	}

	return elements, modalities, unsure
}

// leader returns the place of the largest count; false when another could be as large.
func leader(numbers []int, unsure int) (int, bool) {
	first := slices.Index(numbers, slices.Max(numbers))

	for i, n := range numbers {
		if i != first && n+unsure >= numbers[first] {
			return 0, false
		}
	}

	return first, true
}

// lights returns the phase of the Moon and the sect, as far as they are certain.
func (w *writer) lights() []point {
	var points []point

	if w.facts.phaseSure {
		name := w.facts.lunation.LunationName()
		if !strings.HasSuffix(name, "Moon") {
			name += " Moon"
		}

		points = append(points, point{library.Phase(w.facts.lunation), name})
	}

	if w.facts.sectKnown {
		because := "Sun above the horizon"
		if w.facts.sect == chart.Nocturnal {
			because = "Sun below the horizon"
		}

		points = append(points, point{library.Sect(w.facts.sect), because})
	}

	return points
}

// contrasts tells where the Sun, the Moon and the Ascendant contradict each other in element, and how both are true.
func (w *writer) contrasts(most int) {
	w.contrast(most, func(a, b chart.Sign) (library.ID, bool) {
		return library.BothElements(a.Element(), b.Element()), a.Element() != b.Element()
	})
}

func (w *writer) contrast(most int, between func(a, b chart.Sign) (library.ID, bool)) {
	for _, pair := range [...][2]chart.Point{
		{chart.SunPoint, chart.MoonPoint},
		{chart.SunPoint, chart.AscendantPoint},
		{chart.MoonPoint, chart.AscendantPoint},
	} {
		first, second := w.facts.of(pair[0]), w.facts.of(pair[1])
		if most == 0 || second == nil || !first.inSign || !second.inSign || !w.room() {
			continue
		}

		id, differ := between(first.sign, second.sign)
		if !differ || !w.has(id) {
			continue
		}

		because := []string{first.signName(), second.signName()}
		with := fill{"first": named(pair[0]), "second": named(pair[1]), "sign": first.sign.String(), "other": second.sign.String()}
		w.add(append([]reading.Sentence{w.say("contrast-signs", with, because...)}, w.text(id, because...)...)...)

		most--
	}
}
