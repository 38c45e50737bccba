package ephemeris

import "math"

// The mean orbit of the Moon, for the distances of the mean points: semi-major axis in AU (384 400 km), eccentricity and inclination
// (Chapront-Touzé & Chapront, Lunar Tables and Programs, 1991).
const (
	moonAxis         = 384400e3 / 149597870700.0
	moonEccentricity = 0.054900489
	moonInclination  = 5.1453964 * radian
)

// earthMoonGM is the product of the gravitational constant and the masses of Earth and Moon, in AU³/day².
const earthMoonGM = 3.98600448e14 * (1 + 1/81.3005690741906) * secondsPerDay * secondsPerDay / (149597870700.0 * 149597870700.0 * 149597870700.0)

// meanNode returns the mean ascending node, from the true equinox.
func (s *Sky) meanNode(p *Position) {
	t := s.days / daysPerCentury

	*p = Position{
		Longitude:      normalize(polynomial(t, s.ephemeris.meanNode) + s.NutationLongitude),
		LongitudeSpeed: slope(t, s.ephemeris.meanNode)/daysPerCentury + s.nutationRate,
		Distance:       moonAxis,
	}
}

// meanLilith returns the mean apogee, projected from the inclined orbit onto the ecliptic.
func (s *Sky) meanLilith(p *Position) {
	t := s.days / daysPerCentury
	node, nodeRate := polynomial(t, s.ephemeris.meanNode), slope(t, s.ephemeris.meanNode)/daysPerCentury
	apogee, apogeeRate := polynomial(t, s.ephemeris.meanApogee), slope(t, s.ephemeris.meanApogee)/daysPerCentury

	const (
		sinInclination = 0.08968344880024576
		cosInclination = 0.9959703203465923
	)

	sin, cos := math.Sincos((apogee - node) * radian)
	rate := apogeeRate - nodeRate
	flat2 := 1 - sinInclination*sinInclination*sin*sin

	*p = Position{
		Longitude:      normalize(node + math.Atan2(sin*cosInclination, cos)*degree + s.NutationLongitude),
		Latitude:       math.Asin(sinInclination*sin) * degree,
		Distance:       moonAxis * (1 + moonEccentricity),
		LongitudeSpeed: nodeRate + rate*cosInclination/flat2 + s.nutationRate,
		LatitudeSpeed:  rate * sinInclination * cos / math.Sqrt(flat2),
	}
}

// orbit is the Moon's osculating orbit around the Earth in the ecliptic frame of date.
type orbit struct {
	place, velocity, acceleration vector
	pole, poleRate                vector // place × velocity
}

// orbit returns the orbit as it is seen, a light-time ago. The Moon is looked up again for that: by Taylor's series the acceleration would be off
// by 3e-6 of itself, and the rate of the apogee by some arc seconds a day.
func (s *Sky) orbit() orbit {
	var moon state

	s.ephemeris.moon.at(s.days-s.moon.place.norm()/lightSpeed, &moon)

	o := orbit{
		place: s.frame.turn(moon.place), velocity: s.frame.turn(moon.velocity), acceleration: s.frame.turn(moon.acceleration),
	}
	o.pole, o.poleRate = o.place.cross(o.velocity), o.place.cross(o.acceleration)

	return o
}

// apogee returns the vector of the eccentricity turned round (towards the apogee; its length is the eccentricity) and its rate.
func (o *orbit) apogee() (direction, rate vector) {
	r := o.place.norm()
	radial := o.place.dot(o.velocity) / r
	unit := o.place.times(1 / r)
	unitRate := o.velocity.minus(unit.times(radial)).times(1 / r)

	direction = unit.minus(o.velocity.cross(o.pole).times(1 / earthMoonGM))
	rate = unitRate.minus(o.acceleration.cross(o.pole).plus(o.velocity.cross(o.poleRate)).times(1 / earthMoonGM))

	return direction, rate
}

// semiLatusRectum of the orbit, in AU, and its rate.
func (o *orbit) semiLatusRectum() (p, rate float64) {
	return o.pole.dot(o.pole) / earthMoonGM, 2 * o.pole.dot(o.poleRate) / earthMoonGM
}

// trueNode returns the ascending node of the osculating orbit. Its distance is where the orbit crosses the ecliptic.
func (s *Sky) trueNode(p *Position) {
	o := s.orbit()

	poleRate := o.poleRate.plus(s.spin.cross(o.pole))

	p.set(vector{-o.pole.y, o.pole.x, 0}, vector{-poleRate.y, poleRate.x, 0})

	latus, latusRate := o.semiLatusRectum()
	apogee, apogeeRate := o.apogee()
	sin, cos := math.Sincos(p.Longitude * radian)
	turning := p.LongitudeSpeed*radian - s.spin.z // against fixed space
	away := 1 / (1 - apogee.x*cos - apogee.y*sin)
	awayRate := apogeeRate.x*cos + apogeeRate.y*sin + turning*(apogee.y*cos-apogee.x*sin)

	p.Distance = latus * away
	p.DistanceSpeed = latusRate*away + latus*away*away*awayRate
}

// osculatingLilith returns the apogee of the osculating orbit.
func (s *Sky) osculatingLilith(p *Position) {
	o := s.orbit()
	direction, rate := o.apogee()
	latus, latusRate := o.semiLatusRectum()
	eccentricity := direction.norm()
	eccentricityRate := direction.dot(rate) / eccentricity

	p.set(direction, rate.plus(s.spin.cross(direction)))
	p.Distance = latus / (1 - eccentricity)
	p.DistanceSpeed = (latusRate + p.Distance*eccentricityRate) / (1 - eccentricity)
}
