// Package ephemeris says where the Sun, the Moon, the planets, Chiron, four asteroids and the points of the Moon's orbit stand, for the years
// 1800 to 2399: apparent geocentric places on the true ecliptic and equinox of date, with their speeds.
//
// It holds Chebyshev series of barycentric vectors fitted to JPL's DE431 (see README.md for sources, formulas and accuracy) and reads nothing
// from outside. Angles are degrees, distances astronomical units, times Julian days.
package ephemeris

import (
	"fmt"
	"math"
)

// j2000 is the epoch that times are counted from, as a Julian day.
const j2000 = 2451545.0

// The range of the ephemeris as Julian days UT, the last exclusive: 1800-01-01T00:00 and 2400-01-01T00:00 in the Gregorian calendar.
const (
	FirstJulianDay = 2378496.5
	EndJulianDay   = 2597641.5
)

// Ephemeris holds the data. It is immutable to its users and safe for concurrent use; make one and share it, since it keeps what it unpacks
// (20 MB when every segment has been asked for).
type Ephemeris struct {
	version  string
	checksum uint32

	barycentre, moon, sun, nutation *series
	bodies                          [BodyCount]*series // Mercury to Vesta

	deltaT                     deltaTable
	meanNode, meanApogee       []float64
	ayanamsas                  [TrueSidereal][]float64
	sidereal1850, sidereal2050 []float64
}

// Open checks the embedded data (kind, format and checksum) and returns the ephemeris over them. It takes a few milliseconds.
func Open() (*Ephemeris, error) { return load(embedded) }

// Version names the data, for provenance: their source and fit, and their checksum.
func (e *Ephemeris) Version() string { return fmt.Sprintf("%s-%08x", e.version, e.checksum) }

// RangeError says that an instant lies outside the ephemeris.
type RangeError struct {
	JulianDayUT float64
}

// Error implements error.
func (e *RangeError) Error() string {
	return "the ephemeris covers 1800-01-01T00:00Z to 2400-01-01T00:00Z (the end excluded)"
}

// Sky returns the sky at a Julian day UT1; a *RangeError outside [FirstJulianDay, EndJulianDay).
func (e *Ephemeris) Sky(jdUT float64) (s Sky, err error) {
	if !(jdUT >= FirstJulianDay && jdUT < EndJulianDay) { // so that NaN is refused
		return s, &RangeError{JulianDayUT: jdUT}
	}

	s.ephemeris = e
	s.JulianDayUT = jdUT
	s.DeltaT = e.deltaT.at(jdUT)
	s.JulianDayTT = jdUT + s.DeltaT/secondsPerDay
	s.days = (jdUT - j2000) + s.DeltaT/secondsPerDay
	s.orient()
	s.observer()

	return s, nil
}

const (
	secondsPerDay  = 86400.0
	daysPerCentury = 36525.0
)

// Position is an apparent geocentric place on the true ecliptic and equinox of date: with light-time, gravitational deflection by the Sun and
// aberration. Mean points have the distance of the mean orbit.
type Position struct {
	Longitude float64 // degrees in [0, 360)
	Latitude  float64 // degrees
	Distance  float64 // AU

	LongitudeSpeed, LatitudeSpeed float64 // degrees a day
	DistanceSpeed                 float64 // AU a day
}

// Position returns the place of a body. It does not allocate.
func (s *Sky) Position(b Body) (p Position) {
	switch b {
	case Sun:
		s.sunPosition(&p)
	case Moon:
		s.moonPosition(&p)
	case MeanNode:
		s.meanNode(&p)
	case TrueNode:
		s.trueNode(&p)
	case MeanLilith:
		s.meanLilith(&p)
	case OsculatingLilith:
		s.osculatingLilith(&p)
	case Mercury, Venus, Mars, Jupiter, Saturn, Uranus, Neptune, Pluto, Chiron, Ceres, Pallas, Juno, Vesta:
		s.planet(s.ephemeris.bodies[b], &p)
	default:
		panic("ephemeris: unknown body")
	}

	return p
}

// Declination returns the declination of a point of the ecliptic of date, in degrees. longitude and latitude are degrees.
func (s *Sky) Declination(longitude, latitude float64) float64 {
	sinLatitude, cosLatitude := math.Sincos(latitude * radian)

	return math.Asin(sinLatitude*s.cosObliquity+cosLatitude*s.sinObliquity*math.Sin(longitude*radian)) * degree
}
