package model

import (
	"slices"

	"sidereal/chart"
	"sidereal/chart/pair"
	"sidereal/chart/wheel"
)

// Synastry is the view of two charts together.
type Synastry struct {
	*pair.Synastry

	A, B    *Chart
	options pair.Options
}

// NewSynastry compares two charts.
func NewSynastry(a, b *Chart, options pair.Options) (*Synastry, error) {
	found, err := pair.Compare(a.Chart, b.Chart, options)
	if err != nil {
		return nil, err
	}

	return &Synastry{Synastry: found, A: a, B: b, options: options}, nil
}

// AInB returns the bodies of the first in the houses of the second, nil when that has none.
func (s *Synastry) AInB() []pair.Overlay { return s.FirstInSecond }

// BInA returns the bodies of the second in the houses of the first, nil when that has none.
func (s *Synastry) BInA() []pair.Overlay { return s.SecondInFirst }

// Score returns the score.
func (s *Synastry) Score() *SynastryScore { return &SynastryScore{s.Synastry.Score} }

// Wheel draws both charts.
func (s *Synastry) Wheel(theme wheel.Theme, size int, swapped bool, title *string) (string, error) {
	inner, outer := s.A.Chart, s.B.Chart
	if swapped {
		inner, outer = outer, inner
	}

	options := wheelOptions(theme, size, s.options.Zodiac, s.options.Houses, title)
	options.Orbs = s.options.Orbs
	picture, err := wheel.DrawPair(inner, outer, options)

	return string(picture), err
}

// SynastryScore is the view of a score.
type SynastryScore struct{ pair.Score }

// Items returns what counts.
func (s *SynastryScore) Items() []ScoreItem {
	items := make([]ScoreItem, len(s.Score.Items))
	for i := range items {
		items[i] = ScoreItem{s.Score.Items[i]}
	}

	return items
}

// ScoreItem is the view of one thing that counts.
type ScoreItem struct{ pair.Item }

// AInB returns the body of the first in a house of the second, nil when it is something else.
func (i *ScoreItem) AInB() *pair.Overlay {
	if !i.OfFirst {
		return nil
	}

	return i.Overlay
}

// BInA returns the body of the second in a house of the first, nil when it is something else.
func (i *ScoreItem) BInA() *pair.Overlay {
	if i.OfFirst {
		return nil
	}

	return i.Overlay
}

// Composite is the view of a composite chart.
type Composite struct {
	*pair.Composite

	A, B *Chart

	zodiac chart.Zodiac
}

// NewComposite combines two charts.
func NewComposite(a, b *Chart, options pair.CompositeOptions) (*Composite, error) {
	combined, err := pair.Combine(a.Chart, b.Chart, options)
	if err != nil {
		return nil, err
	}

	return &Composite{Composite: combined, A: a, B: b, zodiac: options.Zodiac}, nil
}

// Positions returns the midpoints of the bodies.
func (c *Composite) Positions() []CompositePosition {
	positions := make([]CompositePosition, len(c.Composite.Positions))
	for i := range positions {
		positions[i] = CompositePosition{c.Composite.Positions[i]}
	}

	return positions
}

// Houses returns the houses, nil when a time of birth is unknown.
func (c *Composite) Houses() *Houses {
	return housesOf(c.Composite.Houses, c.zodiac, func(b chart.Body) chart.Degree {
		i := slices.IndexFunc(c.Composite.Positions, func(at pair.CompositePosition) bool { return at.Body == b })

		return c.Composite.Positions[i].Degree // rulers are bodies of every composite
	})
}

// CompositePosition is the view of a midpoint.
type CompositePosition struct{ pair.CompositePosition }

// House returns the composite house, nil when a time of birth is unknown.
func (p *CompositePosition) House() *int { return houseOf(&p.CompositePosition.House) }
