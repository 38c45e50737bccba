package compose

import (
	"cmp"
	"fmt"
	"slices"

	"sidereal/chart"
	"sidereal/reading"
	"sidereal/reading/library"
)

// contact is an aspect or a body on an angle, as the section tells of it.
type contact struct {
	strength float64
	tell     func() []reading.Sentence
}

// aspects tells of the aspects and of the bodies on the angles, strongest first; then of bodies that are helped and tested at once, and last of the lesser
// kinds.
func (w *writer) aspects() {
	said := []reading.Sentence{w.say("opening-aspects", nil)}
	major, minor := w.contacts()
	contrasts := min(easedCounts[w.options.Detail], len(major))

	const contrastWords = 70

	w.budget -= contrasts * contrastWords

	for _, c := range major {
		if !w.room() {
			break
		}

		w.add(append(said, c.tell()...)...)
		said = nil
	}

	w.budget += contrasts * contrastWords

	w.eased(contrasts)

	for _, c := range minor {
		if !w.room() {
			break
		}

		w.add(append(said, c.tell()...)...)
		said = nil
	}
}

// contacts returns the contacts that have a text of their own, and those of the lesser kinds, strongest first.
func (w *writer) contacts() (major, minor []contact) {
	for i := range w.facts.links {
		l := &w.facts.links[i]
		c := contact{l.strength.Total(), func() []reading.Sentence { return w.link(l) }}

		switch id := library.Between(l.First, l.Second, l.Kind); {
		case l.tone == library.Minor:
			minor = append(minor, c)
		case w.has(id):
			major = append(major, c)
		}
	}

	for i := range w.facts.placements {
		p := &w.facts.placements[i]

		for _, angle := range [...]chart.Point{chart.AscendantPoint, chart.MidheavenPoint} {
			if orb, on := w.facts.onAngle(p, angle); on {
				strength := p.strength.Total() + chart.Conjunction.Weight()/(1+orb)
				major = append(major, contact{strength, func() []reading.Sentence { return w.onAngle(p, angle, orb) }})
			}
		}
	}

	slices.SortStableFunc(major, func(a, b contact) int { return cmp.Compare(b.strength, a.strength) })

	return major, minor
}

func (w *writer) link(l *link) []reading.Sentence {
	text := w.text(library.Between(l.First, l.Second, l.Kind), l.name)
	if text == nil {
		return nil // a lesser kind whose wordings are all told
	}

	return append([]reading.Sentence{w.say(string(l.tone), w.pair(chart.Point(l.First), chart.Point(l.Second), l.Kind, l.Orb), l.name)}, text...)
}

// pair is what phrases about two points can be filled with.
func (w *writer) pair(first, second chart.Point, kind chart.AspectKind, orb float64) fill {
	return fill{
		"first": called(first), "second": called(second), "part-first": w.part(first), "part-second": w.part(second),
		"kind": kind.String(), "a-kind": withArticle(kind), "close": w.close(orb, w.facts.timeKnown),
	}
}

func (w *writer) onAngle(p *placement, angle chart.Point, orb float64) []reading.Sentence {
	body, _ := p.point.Body()
	because := fmt.Sprintf("%s conjunction %s, orb %.1f°", p.point, angle, orb)
	with := fill{"first": called(p.point), "angle": angle.String(), "close": w.close(orb, true)}

	return append([]reading.Sentence{w.say("on-angle", with, because)}, w.text(library.OnAngle(body, angle), because)...)
}

// eased tells of bodies that have both an easy and a hard aspect, the strongest of each, and how both are true.
func (w *writer) eased(most int) {
	for i := range w.facts.placements {
		body, isBody := w.facts.placements[i].point.Body()
		if !isBody || most == 0 || !w.room() || !w.has(library.BothEased(body)) {
			continue
		}

		friend, foe := w.strongest(body, library.Flowing), w.strongest(body, library.Tense)
		if friend == nil || foe == nil {
			continue
		}

		with := fill{
			"body":   called(chart.Point(body)),
			"friend": called(chart.Point(friend.other(body))),
			"foe":    called(chart.Point(foe.other(body))),
		}
		because := []string{friend.name, foe.name}
		w.add(append([]reading.Sentence{w.say("contrast-aspects", with, because...)}, w.text(library.BothEased(body), because...)...)...)

		most--
	}
}

// strongest returns the strongest aspect of a tone that a body has; nil when it has none.
func (w *writer) strongest(body chart.Body, tone library.Tone) *link {
	i := slices.IndexFunc(w.facts.links, func(l link) bool { return l.tone == tone && (l.First == body || l.Second == body) })
	if i < 0 {
		return nil
	}

	return &w.facts.links[i]
}

// other returns the other body of an aspect.
func (l *link) other(body chart.Body) chart.Body {
	if l.First == body {
		return l.Second
	}

	return l.First
}
