// Package pair is about two charts together: synastry with its score, the composite chart and the Davison chart. All of it is symmetric: with the
// charts swapped the same comes out, the roles swapped.
package pair

import (
	"cmp"
	"slices"

	"sidereal/chart"
)

// Options choose how two charts are compared.
type Options struct {
	// Points are those of both charts that aspects are taken between; chart.MainPoints when nil. Angles are left out where the time is unknown.
	Points []chart.Point
	// Orbs are the limits; chart.StandardOrbs when nil. The score has its own.
	Orbs *chart.Orbs
	// Zodiac is what all longitudes are counted in.
	Zodiac chart.Zodiac
	// Houses is the system of the overlays.
	Houses chart.HouseSystem
}

// Aspect is an aspect between a point of the first chart and one of the second. Both stand still, so that there is no applying.
type Aspect struct {
	First, Second chart.Point
	Kind          chart.AspectKind
	Orb           float64 // degrees from exact
	Strength      float64 // weight / (1 + orb)
	Uncertainty   float64 // how far the points may be off together for want of a time of birth, degrees
}

// Overlay is a body of one chart in a house of the other.
type Overlay struct {
	Body  chart.Body
	House int // 1 to 12
}

// Synastry is what two charts are to each other.
type Synastry struct {
	Aspects []Aspect // strongest first
	// FirstInSecond are the main bodies of the first chart in the houses of the second, SecondInFirst the other way; nil when the time of the chart
	// whose houses they would be is unknown.
	FirstInSecond, SecondInFirst []Overlay
	Score                        Score
	// Omissions say in sentences what was left out, and why.
	Omissions []string
}

// Compare returns the synastry of two charts. A bad choice of points is a VALIDATION_FAILED fault of the field "points".
func Compare(a, b *chart.Chart, o Options) (*Synastry, error) {
	if o.Points == nil {
		o.Points = chart.MainPoints()
	}

	if o.Orbs == nil {
		orbs := chart.StandardOrbs()
		o.Orbs = &orbs
	}

	if err := chart.CheckPoints(o.Points, "points"); err != nil {
		return nil, err
	}

	s := &Synastry{
		Aspects:       aspectsBetween(a.Placed(o.Points, o.Zodiac), b.Placed(o.Points, o.Zodiac), o.Orbs),
		FirstInSecond: overlays(a, b, &o),
		SecondInFirst: overlays(b, a, &o),
		Omissions:     omissions(a, b),
	}

	slices.SortStableFunc(s.Aspects, func(a, b Aspect) int { return cmp.Compare(b.Strength, a.Strength) })

	s.Score = score(a, b)

	return s, nil
}

func aspectsBetween(first, second []chart.Placed, orbs *chart.Orbs) []Aspect {
	aspects := make([]Aspect, 0, len(first)*len(second)/2)

	for _, p := range first {
		for _, q := range second {
			if kind, orb, ok := orbs.Nearest(p, q); ok {
				aspects = append(aspects, Aspect{
					First: p.Point, Second: q.Point, Kind: kind, Orb: orb, Strength: kind.Weight() / (1 + orb), Uncertainty: p.Uncertainty + q.Uncertainty,
				})
			}
		}
	}

	return aspects
}

// overlays returns the houses of host that the main bodies of guest fall into.
func overlays(guest, host *chart.Chart, o *Options) []Overlay {
	houses := host.Houses(o.Houses, o.Zodiac)
	if houses == nil {
		return nil
	}

	all := make([]Overlay, 0, len(chart.MainBodies()))

	for _, body := range chart.MainBodies() {
		p, _ := guest.Position(body, o.Zodiac)
		all = append(all, Overlay{Body: body, House: houses.House(p.Longitude)})
	}

	return all
}

func omissions(a, b *chart.Chart) []string {
	var all []string

	for _, side := range []struct {
		chart *chart.Chart
		name  string
	}{{a, "first"}, {b, "second"}} {
		if !side.chart.Birth.TimeKnown {
			all = append(all, "The time of birth of the "+side.name+" chart is unknown: it has no angles and no houses for the other's bodies, and its Moon, which "+
				"may stand up to 8 degrees elsewhere, does not count in the score.")
		}
	}

	return all
}
