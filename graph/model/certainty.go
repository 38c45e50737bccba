package model

import (
	"time"

	"sidereal/atlas"
	"sidereal/chart"
)

// Certainty is the view of what a day without a time leaves open.
type Certainty struct {
	Certain       bool
	Sign          *chart.Sign
	Changes       []SignChange
	MotionCertain bool
	Turns         []Turn
}

// SignChange is the view of a change of sign.
type SignChange struct {
	LocalTime  atlas.Clock
	At         time.Time
	From, Sign chart.Sign
}

// Turn is the view of a station within the day.
type Turn struct {
	LocalTime  atlas.Clock
	At         time.Time
	Retrograde bool
}

// Certainty returns what the day leaves open, nil when the time is known.
func (p *Position) Certainty() (*Certainty, error) {
	if p.Range == nil {
		return nil, nil //nolint:nilnil // null when the time is known
	}

	found, err := p.Position.Certainty()
	if err != nil {
		return nil, err
	}

	view := &Certainty{
		Certain:       found.Certain(),
		Changes:       make([]SignChange, 0, len(found.Spans)),
		MotionCertain: found.MotionCertain(),
		Turns:         make([]Turn, len(found.Turns)),
	}

	if view.Certain {
		view.Sign = &found.Spans[0].Sign
	}

	from := found.Spans[0].Sign
	for _, span := range found.Changes() {
		view.Changes = append(view.Changes, SignChange{LocalTime: p.clock(span.From), At: span.From, From: from, Sign: span.Sign})
		from = span.Sign
	}

	for i, turn := range found.Turns {
		view.Turns[i] = Turn{LocalTime: p.clock(turn.At), At: turn.At, Retrograde: turn.Retrograde}
	}

	return view, nil
}

// clock returns what local clocks showed.
func (p *Position) clock(at time.Time) atlas.Clock { return atlas.ClockOf(p.Chart().LocalTime(at)) }
