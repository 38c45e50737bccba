package chart

import (
	"math"
	"time"

	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
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
	seeker := motion.NewSeeker(c.ephemeris)

	for i := range wanderers {
		all[i] = stations(seeker, chart, &wanderers[i])
	}

	return all
}

// StationsOf returns the stations of one body; false for one that has none: the Sun, the Moon, nodes, apogees and lots.
func (c *Caster) StationsOf(chart *Chart, body Body) (Stations, bool) {
	for i := range wanderers {
		if wanderers[i].body == body {
			return stations(motion.NewSeeker(c.ephemeris), chart, &wanderers[i]), true
		}
	}

	return Stations{}, false
}

func stations(seeker *motion.Seeker, chart *Chart, w *wanderer) Stations {
	at := &chart.bodies[w.body]
	course, now := motion.Of(w.source), motion.Start{JulianDayUT: chart.sky.JulianDayUT, Longitude: at.Longitude, Rate: at.LongitudeSpeed}

	return Stations{
		Body:       w.body,
		Retrograde: at.LongitudeSpeed < 0,
		Stationary: chart.Stationary(w.body),
		Previous:   stationOf(seeker.Station(course, now, -w.step)),
		Next:       stationOf(seeker.Station(course, now, w.step)),
	}
}

func stationOf(s motion.Station, known bool) Station {
	return Station{Instant: instantOf(s.JulianDay, known), Longitude: s.Longitude, Retrograde: s.Retrograde}
}
