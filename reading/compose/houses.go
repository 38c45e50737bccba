package compose

import (
	"fmt"

	"sidereal/chart"
	"sidereal/reading"
	"sidereal/reading/library"
)

// houses tells of the strongest bodies in their houses or, in a comprehensive reading, of one house after the other.
func (w *writer) houses() {
	said := []reading.Sentence{w.say("opening-houses", nil)}

	if w.options.Detail == reading.Comprehensive {
		for house := 1; house <= 12; house++ {
			w.house(house, said)
			said = nil
		}

		return
	}

	for i := range w.facts.placements {
		p := &w.facts.placements[i]
		if p.house == 0 || !w.room() {
			continue
		}

		w.add(append(said, w.inHouse(p, "body-in-house")...)...)
		said = nil
	}
}

// inHouse tells of a body in its house.
func (w *writer) inHouse(p *placement, group string) []reading.Sentence {
	body, _ := p.point.Body()
	with := fill{"body": called(p.point), "name": named(p.point), "house": ordinals[p.house].long, "topic": w.topic(p.house)}

	return append([]reading.Sentence{w.say(group, with, p.houseName())}, w.text(library.InHouse(body, p.house), p.houseName())...)
}

// house tells of a house: how it begins, where its ruler is, and who is in it.
func (w *writer) house(house int, said []reading.Sentence) {
	r := &w.facts.rulers[house-1]
	cusp := fmt.Sprintf("%s on the cusp of the %s house", r.Sign, ordinals[house].short)
	with := fill{"sign": r.Sign.String(), "house": ordinals[house].long, "topic": w.topic(house)}

	if again := house > 1 && w.facts.rulers[house-2].Sign == r.Sign; again {
		said = append(said, w.say("cusp-again", with, cusp))
	} else {
		said = append(said, w.say("cusp", with, cusp))
		said = append(said, w.text(library.Cusp(r.Sign), cusp)...)
	}

	w.add(append(said, w.rulerOf(r)...)...)

	var guests []reading.Sentence

	for i := range w.facts.placements {
		if p := &w.facts.placements[i]; p.house == house {
			guests = append(guests, w.inHouse(p, "body-here")...)
		}
	}

	w.add(guests...)
}

// rulerOf tells where the ruler of a house is, and what that means the first time that one is there.
func (w *writer) rulerOf(r *chart.HouseRuler) []reading.Sentence {
	because := fmt.Sprintf("%s, ruler of the %s house, in the %s", r.Ruler, ordinals[r.House].short, ordinals[r.RulerHouse].short)
	with := fill{"body": called(chart.Point(r.Ruler)), "house": ordinals[r.RulerHouse].long, "topic": w.topic(r.RulerHouse)}
	id := library.RulerIn(r.RulerHouse)

	switch {
	case r.RulerHouse == r.House:
		return []reading.Sentence{w.say("ruler-at-home", with, because)}
	case !w.has(id):
		return []reading.Sentence{w.say("ruler-again", with, because)}
	}

	return append([]reading.Sentence{w.say("ruler-elsewhere", with, because)}, w.text(id, because)...)
}
