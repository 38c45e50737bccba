package chart

import (
	"math"
	"time"

	"sidereal/ephemeris"
)

// wanderer is a body that turns back and forth: how it is sought in the ephemeris.
type wanderer struct {
	body   Body
	source ephemeris.Body
	mean   float64 // motion in longitude, degrees a day
	step   float64 // days, less than the shortest time between two stations
}

// wanderers are the bodies that have stations. The means are those of their years (and of the Earth's for Mercury and Venus, which keep with the
// Sun). The shortest times between stations from 1800 to 2399 are 18, 40, 58, 116, 132, 148, 156, 156, 128, 90, 76, 72 and 84 days, within 2 days.
var wanderers = [...]wanderer{
	{Mercury, ephemeris.Mercury, 0.98565, 16},
	{Venus, ephemeris.Venus, 0.98565, 36},
	{Mars, ephemeris.Mars, 0.52403, 54},
	{Jupiter, ephemeris.Jupiter, 0.08309, 110},
	{Saturn, ephemeris.Saturn, 0.03346, 125},
	{Uranus, ephemeris.Uranus, 0.01172, 140},
	{Neptune, ephemeris.Neptune, 0.00598, 148},
	{Pluto, ephemeris.Pluto, 0.00397, 148},
	{Chiron, ephemeris.Chiron, 0.01945, 120},
	{Ceres, ephemeris.Ceres, 0.21408, 84},
	{Pallas, ephemeris.Pallas, 0.21366, 70},
	{Juno, ephemeris.Juno, 0.22606, 66},
	{Vesta, ephemeris.Vesta, 0.27154, 78},
}

// stationaryShare is the part of its mean daily motion below which a body counts as stationary: a tenth. So Mercury is for 20 hours on either side of
// its station, Venus, Jupiter and Saturn for 2 days, Mars for 4, Pluto for 17 hours.
const stationaryShare = 0.1

// Stationary says whether the body moves at less than a tenth of its mean daily motion. Luminaries, nodes, apogees and lots never are.
func (c *Chart) Stationary(b Body) bool {
	for i := range wanderers {
		if w := &wanderers[i]; w.body == b {
			return math.Abs(c.bodies[b].LongitudeSpeed) < stationaryShare*w.mean
		}
	}

	return false
}

// Station is when a body turns: its speed in tropical longitude is 0.
type Station struct {
	Instant    time.Time // UTC, to the second; zero when it lies beyond the ephemeris
	Longitude  float64   // tropical, degrees
	Retrograde bool      // the body turns retrograde; else direct
}

// Known says whether the ephemeris reaches to the station.
func (s Station) Known() bool { return !s.Instant.IsZero() }

// Stations are the stations of a body around an instant.
type Stations struct {
	Body           Body
	Retrograde     bool // now
	Stationary     bool // now; see [Chart.Stationary]
	Previous, Next Station
}

// Stations returns the stations of Mercury to Pluto, Chiron and the four asteroids around the chart's instant. They are those of the tropical longitude;
// the precession of a sidereal one would shift them by minutes to hours.
func (c *Caster) Stations(chart *Chart) []Stations {
	all := make([]Stations, len(wanderers))
	for i := range wanderers {
		all[i] = c.stations(chart, &wanderers[i])
	}

	return all
}

// StationsOf returns the stations of one body; false for one that has none: the Sun, the Moon, nodes, apogees and lots.
func (c *Caster) StationsOf(chart *Chart, body Body) (Stations, bool) {
	for i := range wanderers {
		if wanderers[i].body == body {
			return c.stations(chart, &wanderers[i]), true
		}
	}

	return Stations{}, false
}

func (c *Caster) stations(chart *Chart, w *wanderer) Stations {
	now := turn{chart.sky.JulianDayUT, chart.bodies[w.body].LongitudeSpeed, chart.bodies[w.body].Longitude}

	return Stations{
		Body:       w.body,
		Retrograde: now.speed < 0,
		Stationary: chart.Stationary(w.body),
		Previous:   c.station(w, now, -w.step),
		Next:       c.station(w, now, w.step),
	}
}

// turn is a Julian day at which a body moves at a speed in longitude, degrees a day.
type turn struct {
	julianDay, speed, longitude float64
}

// station walks from an instant until the speed changes its sign, and finds the instant between.
func (c *Caster) station(w *wanderer, from turn, step float64) Station {
	for {
		to, ok := c.turnAt(w, from.julianDay+step)
		if !ok { // the last stretch before the end of the ephemeris is shorter than a step
			to, ok = c.turnAt(w, max(ephemeris.FirstJulianDay, min(from.julianDay+step, math.Nextafter(ephemeris.EndJulianDay, 0))))
			if !ok || from.speed < 0 == (to.speed < 0) {
				return Station{}
			}
		}

		if from.speed < 0 != (to.speed < 0) {
			return c.stationBetween(w, from, to)
		}

		from = to
	}
}

// stationBetween finds the instant at which the speed is 0 between two others, by Chandrupatla's method (Adv. Eng. Software 28, 145 (1997)): inverse
// quadratic interpolation where three points allow it, else bisection. The last interpolation, of less than ten seconds, is taken without looking at
// it again.
func (c *Caster) stationBetween(w *wanderer, a, b turn) Station {
	const (
		maxSteps = 40
		enough   = 1e-4 // days
	)

	retrograde := (a.speed > b.speed) == (a.julianDay < b.julianDay)
	share := a.speed / (a.speed - b.speed) // the way from a to b, first by a straight line

	for range maxSteps {
		at := a.julianDay + share*(b.julianDay-a.julianDay)
		if math.Abs(at-a.julianDay) < enough || math.Abs(at-b.julianDay) < enough {
			return Station{Instant: instantOf(at, true), Longitude: a.longitude, Retrograde: retrograde}
		}

		now, ok := c.turnAt(w, at)
		if !ok {
			return Station{}
		}

		third := b

		if now.speed < 0 == (a.speed < 0) {
			third = a
		} else {
			b = a
		}

		a = now
		share = interpolate(a, b, third)
	}

	return Station{Instant: instantOf(a.julianDay, true), Longitude: a.longitude, Retrograde: retrograde}
}

// interpolate returns how far on the way from a to b the speed is 0, by the parabola of the Julian day through a, b and third, or the middle where that
// does not stay between them.
func interpolate(a, b, third turn) float64 {
	place := (a.julianDay - b.julianDay) / (third.julianDay - b.julianDay)
	speed := (a.speed - b.speed) / (third.speed - b.speed)

	if speed*speed >= place || (1-speed)*(1-speed) >= 1-place {
		return 0.5
	}

	return a.speed/(b.speed-a.speed)*third.speed/(b.speed-third.speed) +
		(third.julianDay-a.julianDay)/(b.julianDay-a.julianDay)*a.speed/(third.speed-a.speed)*b.speed/(third.speed-b.speed)
}

func (c *Caster) turnAt(w *wanderer, julianDay float64) (t turn, ok bool) {
	sky, err := c.ephemeris.Sky(julianDay)
	if err != nil {
		return turn{}, false
	}

	p := sky.Position(w.source)

	return turn{julianDay, p.LongitudeSpeed, p.Longitude}, true
}
