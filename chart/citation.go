package chart

import (
	"fmt"
	"time"
)

// WithEngine returns a caster whose charts name the version of the program in their provenance.
func (c *Caster) WithEngine(version string) *Caster {
	named := *c
	named.engine = version

	return &named
}

// Provenance says what a chart was computed with, so that it can be cited and repeated.
type Provenance struct {
	Engine    string // version of the program; empty where it gave none
	Ephemeris string // version and checksum of the ephemeris data
	TimeZones string // release and checksum of the time zone database
	// HashedText is the text whose SHA-256 in hexadecimal digits is the chart's hash: all that the chart follows from.
	HashedText string
	// Citation is the above in a sentence.
	Citation string
	Settings []Setting
}

// Setting is a convention that the charts follow.
type Setting struct{ Name, Value string }

// conventions are what astrologers' programs do in different ways, and how this one does it.
var conventions = [...]Setting{
	{"positions", "apparent and geocentric: light-time, aberration and the deflection by the Sun are in, parallax is not"},
	{"frame", "true ecliptic and equinox of date: IAU 2006 precession with IAU 2000B nutation"},
	{"source", "JPL DE431; asteroids by the integrations of the Swiss Ephemeris"},
	{"time", "civil time less the zone's offset is UT1; terrestrial time is that plus delta T as Swiss Ephemeris has it"},
	{"local mean time", "before the zone's first standard time: longitude × 4 minutes of the birth place itself"},
	{"unknown time", "cast for 12:00 local time, without houses, angles and the Part of Fortune"},
	{"latitude", "geographic"},
	{"coordinates", "rounded to 0.0001 degree"},
	{"lunar nodes", "aspects, patterns and the South Node take the true node"},
	{"Part of Fortune", "Ascendant + Moon - Sun by day, Ascendant + Sun - Moon by night"},
	{"day and night", "the centre of the Sun above or below the true horizon, without refraction"},
	{"houses", "by ecliptic longitude; a body on a cusp is in the house that begins there"},
	{"polar latitudes", "Porphyry houses where the system does not exist; the Ascendant is the degree on the horizon that lies behind the Midheaven"},
	{"rulers", "modern, with Chiron for Ophiuchus; dignities by the traditional ones"},
}

// Provenance returns what the chart was computed with.
func (c *Chart) Provenance() Provenance {
	p := Provenance{
		Engine:     c.caster.engine,
		Ephemeris:  c.caster.ephemeris.Version(),
		TimeZones:  c.caster.zones.Version(),
		HashedText: c.Birth.Canonical(),
		Settings:   append([]Setting(nil), conventions[:]...),
	}

	p.Citation = fmt.Sprintf("Sidereal %s, ephemeris %s, time zones %s: chart %s for %s UT at latitude %.4f, longitude %.4f.",
		p.Engine, p.Ephemeris, p.TimeZones, c.Hash, c.Birth.Instant.UTC().Format(time.DateTime), c.Birth.Latitude, c.Birth.Longitude)

	return p
}
