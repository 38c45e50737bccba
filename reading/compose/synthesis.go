package compose

import (
	"slices"

	"sidereal/chart"
	"sidereal/reading"
	"sidereal/reading/library"
)

// synthesis takes up the themes again and says what might be done with them, where help and work lie, and where it leads.
func (w *writer) synthesis() {
	said := []reading.Sentence{w.say("opening-synthesis", nil)}

	for i, group := range []string{"invitation", "invitation-next", "invitation-third"}[:themeCounts[w.options.Detail]] {
		if i < len(w.facts.themes) {
			t := &w.facts.themes[i]
			with := fill{"theme": w.word("theme", library.SignSlug(t.sign))}
			w.add(append(append(said, w.say(group, with, t.because()...)), w.text(library.Invitation(t.sign), t.because()...)...)...)
			said = nil
		}
	}

	w.add(append(said, w.balance()...)...)

	if w.options.Detail == reading.Comprehensive {
		w.contrast(1, func(a, b chart.Sign) (library.ID, bool) {
			return library.BothModalities(a.Modality(), b.Modality()), a.Modality() != b.Modality()
		})
	}

	if w.options.Detail != reading.Brief || w.room() {
		w.add(w.text(library.Closing, w.strongestNames()...)...)
	}
}

// balance says in a paragraph where help and work lie, and where the Node points.
func (w *writer) balance() []reading.Sentence {
	var said []reading.Sentence

	for _, b := range [...]struct {
		tone  library.Tone
		group string
	}{{library.Flowing, "resource"}, {library.Tense, "task"}} {
		if i := slices.IndexFunc(w.facts.links, func(l link) bool { return l.tone == b.tone }); i >= 0 {
			l := &w.facts.links[i]
			said = append(said, w.say(b.group, fill{"first": called(chart.Point(l.First)), "second": called(chart.Point(l.Second))}, l.name))
		}
	}

	if node := w.facts.of(chart.TrueNodePoint); node.inSign && w.options.Detail != reading.Brief {
		said = append(said, w.say("direction", fill{"sign": node.sign.String()}, node.signName()))
		said = append(said, w.text(library.InSign(node.point, node.sign), node.signName())...)
	}

	return said
}

// strongestNames returns the names of the factors that count most.
func (w *writer) strongestNames() []string {
	const most = 3

	factors := w.Factors()
	names := make([]string, min(most, len(factors)))

	for i := range names {
		names[i] = factors[i].Name
	}

	return names
}
