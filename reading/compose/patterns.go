package compose

import (
	"strings"

	"sidereal/chart"
	"sidereal/reading"
)

// patterns tells of the figures, each kind with its text once.
func (w *writer) patterns() {
	said := []reading.Sentence{w.say("opening-patterns", nil)}

	for i := range w.facts.figures {
		f := &w.facts.figures[i]
		if i > 0 && (!w.room() || w.options.Detail == reading.Brief) {
			break
		}

		w.add(append(said, w.figure(f)...)...)
		said = nil
	}
}

func (w *writer) figure(f *figure) []reading.Sentence {
	with := fill{
		"list": calledAll(f.Bodies), "a-figure": f.article, "figure": strings.TrimPrefix(f.article, "a "), "focal": called(chart.Point(f.Focal)),
		"count": counts[len(f.Bodies)], "sign": f.Sign.String(), "house": ordinals[f.House].long, "topic": w.topic(f.House),
	}
	first := w.has(f.id)
	group, again := "figure", "figure-again"

	switch {
	case f.Kind == chart.SignStellium:
		group, again = "crowd-in-sign", "crowd-again"
	case f.Kind == chart.HouseStellium:
		group, again = "crowd-in-house", "crowd-again"
	case f.HasFocal:
		group = "figure-focal"
	}

	switch {
	case first:
		return append([]reading.Sentence{w.say(group, with, f.name())}, w.text(f.id, f.name())...)
	case again == "crowd-again":
		return []reading.Sentence{w.say(group, with, f.name()), w.say(again, with, f.name())}
	}

	return []reading.Sentence{w.say(again, with, f.name())}
}
