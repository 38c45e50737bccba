package model

import (
	"slices"
	"time"

	"sidereal/chart"
	"sidereal/chart/forecast"
)

// Return is the view of a solar or lunar return.
type Return struct {
	forecast.Return

	Chart *Chart
}

// NewReturn returns the view of a return whose chart was calculated at an instant.
func NewReturn(r forecast.Return, calculated time.Time) *Return {
	return &Return{Return: r, Chart: Derived(r.Chart, calculated)}
}

// Derived returns the view of a chart that follows from others and is not stored.
func Derived(c *chart.Chart, calculated time.Time) *Chart {
	return &Chart{Stored: chart.Stored{Chart: c, CalculatedAt: calculated.UTC().Truncate(time.Microsecond)}}
}

// UncertaintySeconds returns how far the return may be off, in seconds.
func (r *Return) UncertaintySeconds() int { return int(r.Uncertainty / time.Second) }

// Progression is the view of a progressed chart.
type Progression struct {
	*forecast.Progression

	Zodiac chart.Zodiac // that it is counted in
}

// Positions returns where the bodies are.
func (p *Progression) Positions() []ProgressedPosition {
	positions := make([]ProgressedPosition, len(p.Progression.Positions))
	for i := range positions {
		positions[i] = ProgressedPosition{p.Progression.Positions[i]}
	}

	return positions
}

// Houses returns the progressed houses, nil when the time of birth is unknown.
func (p *Progression) Houses() *Houses {
	return housesOf(p.Progression.Houses, p.Zodiac, func(b chart.Body) chart.Degree {
		i := slices.IndexFunc(p.Progression.Positions, func(at forecast.Position) bool { return at.Body == b })

		return p.Progression.Positions[i].Degree // rulers are bodies of every progression
	})
}

// UncertaintySeconds returns how far the time of life may be off, in seconds.
func (p *Progression) UncertaintySeconds() int { return int(p.Uncertainty / time.Second) }

// ProgressedPosition is the view of a progressed body's position.
type ProgressedPosition struct{ forecast.Position }

// House returns the house of birth, nil when the time of birth is unknown.
func (p *ProgressedPosition) House() *int { return houseOf(&p.Position.House) }

// ProgressedHouse returns the progressed house, nil when the time of birth is unknown.
func (p *ProgressedPosition) ProgressedHouse() *int { return houseOf(&p.Position.ProgressedHouse) }
