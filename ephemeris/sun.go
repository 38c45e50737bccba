package ephemeris

import "math"

const (
	// deflection is 2 GM/c² of the Sun in AU (GM = 1.32712440018e20 m³/s²).
	deflection = 2 * 1.32712440018e20 / (299792458.0 * 299792458.0) / 149597870700.0

	// sunRadius in AU: 695 700 km (IAU 2015 resolution B3).
	sunRadius = 6.957e8 / 149597870700.0
)

// sunlight is the way from the Sun to the Earth's centre.
type sunlight struct {
	toEarth, toEarthRate   vector // a unit vector and its derivative by the day
	distance, distanceRate float64
	slowing                float64 // minus the distance's rate over the distance
	bending                float64 // 2 GM/c² over the distance
	disc2                  float64 // square of the sine of the Sun's radius
	motion                 vector  // of the Earth against the Sun
}

func (l *sunlight) set(sun, earth *state) {
	place := earth.place.minus(sun.place)
	l.motion = earth.velocity.minus(sun.velocity)
	l.distance = place.norm()
	l.bending = deflection / l.distance
	l.disc2 = sunRadius * sunRadius / (l.distance * l.distance)
	l.toEarth = place.times(1 / l.distance)
	l.distanceRate = l.toEarth.dot(l.motion)
	l.slowing = -l.distanceRate / l.distance
	l.toEarthRate = l.motion.minus(l.toEarth.times(l.distanceRate)).times(1 / l.distance)
}

// deflect bends the line of sight away from the Sun.
//
// With u the direction, e from the Sun to the Earth, q from the Sun to the body and d the body's distance, the bending of Explanatory
// Supplement to the Astronomical Almanac (3rd ed., eq. 7.63), 2 GM/c² ((u·q)e - (e·u)q) / |e| (1 + q·e) with unit vectors, is
// 2 GM/c² d / |e| (|q| + |e| + d u·e) times the part of e that stands across u.
func (s *Sky) deflect(l *sight) {
	sun, e, toEarth := &s.sunlight, s.sunlight.distance, s.sunlight.toEarth

	body := toEarth.times(e).plus(l.direction.times(l.distance))
	bodyMotion := sun.motion.plus(l.direction.times(l.distanceSpeed)).plus(l.turning.times(l.distance))
	q := body.norm()
	qRate := body.dot(bodyMotion) / q

	m := l.direction.dot(toEarth)
	mRate := l.turning.dot(toEarth) + l.direction.dot(sun.toEarthRate)

	below := 1 / (q + e + l.distance*m)
	bend := sun.bending * l.distance * below
	bendRate := bend*(sun.slowing-below*(qRate+sun.distanceRate+l.distanceSpeed*m+l.distance*mRate)) + sun.bending*below*l.distanceSpeed

	across := toEarth.minus(l.direction.times(m))
	acrossRate := sun.toEarthRate.minus(l.direction.times(mRate)).minus(l.turning.times(m))

	if m < 0 && 1-m*m < sun.disc2 {
		mass, massRate := behindSun((1-m*m)/sun.disc2, -2*m*mRate/sun.disc2)
		bend, bendRate = bend*mass, bendRate*mass+bend*massRate
	}

	l.direction = l.direction.plus(across.times(bend))
	l.turning = l.turning.plus(acrossRate.times(bend)).plus(across.times(bendRate))
}

// massWithin is the part of the Sun's mass that lies within a cylinder along the line of sight, by the cylinder's radius in steps of 0.05 solar
// radii: the projection of the mass by radius of a standard solar model (enclosedMass in the tests, which repeat the projection).
var massWithin = [...]float64{
	0, 0.0536, 0.1891, 0.3566, 0.5171, 0.6501, 0.7518, 0.8261, 0.8791, 0.9167, 0.9426,
	0.9607, 0.9736, 0.9828, 0.9892, 0.9934, 0.9963, 0.9983, 0.9993, 0.9998, 1, 1, 1,
}

// behindSun returns the part of the Sun's mass that bends light which passes through the Sun, by the square of its distance from the centre in
// solar radii (below 1), and that part's rate. Only the mass nearer to the centre than the ray bends it.
func behindSun(x2, x2Rate float64) (mass, rate float64) {
	const steps = 20 // to the limb

	position := math.Sqrt(x2) * steps
	i := int(position)
	x := position - float64(i)
	before, y0, y1, after := massWithin[max(i-1, 1-i)], massWithin[i], massWithin[i+1], massWithin[i+2] // the mass is an even function

	// The cubic through four values, by its divided differences.
	a, b := (y1-before)/2, before-2.5*y0+2*y1-after/2
	c := (y0-y1)*1.5 + (after-before)/2
	mass = y0 + x*(a+x*(b+x*c))

	if position > 0 {
		rate = (a + x*(2*b+3*x*c)) * steps * steps * x2Rate / (2 * position)
	}

	return mass, rate
}
