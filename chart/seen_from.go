package chart

import "math"

// SeenFrom returns the chart of the same instant for another place, in degrees; the local day of an unknown time stays that of the birth. It asks the
// ephemeris for nothing.
func (c *Chart) SeenFrom(latitude, longitude float64) *Chart {
	birth := c.Birth
	birth.Latitude, birth.Longitude = latitude, longitude

	seen := &Chart{
		Birth: birth, Hash: birth.Hash(), caster: c.caster,
		sky: c.sky, armc: Normalize(c.sky.SiderealTime + longitude), bodies: c.bodies,
		dayStart: c.dayStart, dayEnd: c.dayEnd,
	}

	if birth.TimeKnown {
		seen.angles = AnglesAt(seen.armc, seen.sky.Obliquity, latitude)
		seen.bodies[PartOfFortune] = seen.partOfFortune()
	}

	return seen
}

// The Earth's ellipsoid (WGS 84) and the astronomical unit (IAU 2012).
const (
	equatorialRadius = 6378.137 // km
	flattening       = 1 / 298.257223563
	astronomicalUnit = 149597870.7 // km
)

// Topocentric returns the tropical longitude and latitude of a body as seen from the birth place at sea level instead of the Earth's centre, in degrees:
// up to a degree away for the Moon, a few arc seconds for others. Points without a distance have no parallax. (Meeus, Astronomical Algorithms, 2nd ed., ch.
// 11 and 40, by vectors.)
func (c *Chart) Topocentric(body Body) (longitude, latitude float64) {
	p := c.bodies[body]
	if p.Distance == 0 {
		return p.Longitude, p.Latitude
	}

	place := geocentricPlace(c.Birth.Latitude)
	observer := [3]float64{place.cosine * cos(c.armc), place.cosine * sin(c.armc), place.sine}

	// From the equator to the ecliptic.
	e := c.sky.Obliquity
	x := p.Distance*cos(p.Latitude)*cos(p.Longitude) - observer[0]
	y := p.Distance*cos(p.Latitude)*sin(p.Longitude) - (observer[1]*cos(e) + observer[2]*sin(e))
	z := p.Distance*sin(p.Latitude) - (observer[2]*cos(e) - observer[1]*sin(e))

	return Normalize(atan2(y, x)), atan2(z, math.Hypot(x, y))
}

// distances of a place from the Earth's axis and from the plane of the equator, in astronomical units.
type axes struct{ cosine, sine float64 }

func geocentricPlace(latitude float64) axes {
	const radius, polar = equatorialRadius / astronomicalUnit, (1 - flattening) * (1 - flattening)

	s := sin(latitude)
	normal := radius / math.Sqrt(1-(1-polar)*s*s)

	return axes{cosine: normal * cos(latitude), sine: polar * normal * s}
}

// GeocentricLatitude returns the angle at the Earth's centre between the equator and a place of the given geographic latitude, both in degrees.
func GeocentricLatitude(latitude float64) float64 {
	place := geocentricPlace(latitude)

	return atan2(place.sine, place.cosine)
}
