// Package transit says what the moving sky does to a chart: the aspects at an instant with their whole passage, and everything that happens in a
// range of time.
//
// Longitudes of the sky and of the chart are counted in one zodiac. In the tropical zodiac that is the common practice; in a sidereal one it makes
// the transits precession-corrected, since each longitude is counted from the ayanamsa of its own time. Instants are good to the second where the
// body moves by more than 0.01 arc second in it, and otherwise to the time that it takes for that (Pluto near a station: some minutes); they are given
// to the millisecond, so that they can be found again.
package transit

import (
	"errors"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/fault"
)

// DefaultOrbs returns the usual limits of transits, which are tighter than those of birth charts: 2.5 degrees for conjunction and opposition (3 where
// the Sun or the Moon takes part), 2 (2.5) for trine and square, 1.5 (2) for the sextile and 1 for the other kinds.
func DefaultOrbs() chart.Orbs {
	o := chart.UniformOrbs(1)

	for kind, limit := range map[chart.AspectKind]chart.OrbLimit{
		chart.Conjunction: {Planets: 2.5, Luminaries: 3},
		chart.Opposition:  {Planets: 2.5, Luminaries: 3},
		chart.Trine:       {Planets: 2, Luminaries: 2.5},
		chart.Square:      {Planets: 2, Luminaries: 2.5},
		chart.Sextile:     {Planets: 1.5, Luminaries: 2},
	} {
		_ = o.Set(kind, limit) // these are sound
	}

	return o
}

// checkMovers refuses bodies that do not move through the sky.
func checkMovers(bodies []chart.Body, field string) error {
	if err := chart.CheckPoints(bodies, field); err != nil {
		return err
	}

	for _, b := range bodies {
		if _, _, moves := b.Course(chart.Tropical); !moves {
			return fault.Invalid(field, "the %s turns with the Earth and has no transits", b)
		}
	}

	return nil
}

// outside turns the ephemeris' refusal of an instant into a fault of the field.
func outside(err error, field string) error {
	if beyond, ok := errors.AsType[*ephemeris.RangeError](err); ok {
		return fault.Invalid(field, "%s lies outside: %s", ephemeris.Time(beyond.JulianDayUT).Format(time.RFC3339), beyond)
	}

	return err
}

// mark is a longitude at which an aspect to a point of the chart is exact.
type mark struct {
	target    chart.Placed
	kind      chart.AspectKind
	longitude float64 // [0, 360)
}

// marksOf returns where aspects of a kind to a target are exact: two longitudes, or one.
func marksOf(target chart.Placed, kind chart.AspectKind) []mark {
	ahead := mark{target, kind, chart.Normalize(target.Longitude + kind.Angle())}
	if kind == chart.Conjunction || kind == chart.Opposition {
		return []mark{ahead}
	}

	return []mark{ahead, {target, kind, chart.Normalize(target.Longitude - kind.Angle())}}
}
