package compose

import (
	"sidereal/reading"
	"sidereal/reading/library"
)

// planets tells of the bodies, the Ascendant and the Midheaven in their signs, strongest first.
func (w *writer) planets() {
	said := []reading.Sentence{w.say("opening-planets", nil)}

	for i := range w.facts.placements {
		p := &w.facts.placements[i]
		if !p.inSign || !w.room() {
			continue
		}

		w.add(append(said, w.inSign(p)...)...)
		said = nil
	}
}

// inSign tells of a placement: its sign, what it rules, its dignity and its motion.
func (w *writer) inSign(p *placement) []reading.Sentence {
	group := "body-in-sign"
	if _, isBody := p.point.Body(); !isBody {
		group = library.Slug(p.point) + "-in-sign"
	}

	because := p.signName()
	with := fill{
		"body": called(p.point), "name": named(p.point), "sign": p.sign.String(), "about": w.word("about", library.Slug(p.point)),
	}
	said := append([]reading.Sentence{w.say(group, with, because)}, w.text(library.InSign(p.point, p.sign), because)...)

	if p.strength.Ruler > 0 {
		said = append(said, w.say("chart-ruler", with, p.point.String()+" rules the Ascendant"))
	}

	if w.options.Detail != reading.Brief {
		said = append(said, w.dignityOf(p, with)...)
	}

	if body, isBody := p.point.Body(); isBody && p.retrograde && w.options.Detail != reading.Brief && w.room() {
		said = append(said, w.text(library.Retrograde(body), p.point.String()+" retrograde")...)
	}

	return said
}

// dignityOf tells of a placement's strongest dignity or debility.
func (w *writer) dignityOf(p *placement, with fill) []reading.Sentence {
	for _, d := range [...]struct {
		holds       bool
		group, name string
	}{
		{p.dignity.Domicile, "domicile", "in domicile"},
		{p.dignity.Exaltation, "exaltation", "exalted"},
		{p.dignity.Detriment, "detriment", "in detriment"},
		{p.dignity.Fall, "fall", "in fall"},
	} {
		if d.holds {
			return []reading.Sentence{w.say(d.group, with, p.signName()+", "+d.name)}
		}
	}

	return nil
}
