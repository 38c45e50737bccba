package ephemeris

import "math"

const (
	// lightSpeed in AU a day: 299792458 m/s, the astronomical unit being 149597870700 m (IAU 2012 resolution B2).
	lightSpeed = 299792458.0 * secondsPerDay / 149597870700.0
)

// sight is a line of sight from the Earth's centre in the ICRF: where a body's light comes from, and how that changes by the day.
type sight struct {
	direction, turning      vector // a unit vector and its derivative
	distance, distanceSpeed float64
}

// planet returns the apparent place of a body with a series of its own.
func (s *Sky) planet(body *series, p *Position) {
	var (
		b state
		l sight
	)

	body.at(s.days, &b)
	b.place = b.place.minus(s.earth.place)
	s.look(&b, &l)
	s.deflect(&l)
	s.apparent(&l, p)
}

// sunPosition returns the apparent place of the Sun, which deflects the light of the others only.
func (s *Sky) sunPosition(p *Position) {
	var l sight

	from := state{s.sun.place.minus(s.earth.place), s.sun.velocity, s.sun.acceleration}
	s.look(&from, &l)
	s.apparent(&l, p)
}

// moonPosition returns the apparent place of the Moon. Its barycentric velocity is that of the Earth and its own.
func (s *Sky) moonPosition(p *Position) {
	var l sight

	from := state{s.moon.place, s.earth.velocity.plus(s.moon.velocity), s.earth.acceleration.plus(s.moon.acceleration)}
	s.look(&from, &l)
	s.apparent(&l, p)
}

// look finds the place that a body's light left, given its present place as seen from the Earth's centre, its barycentric velocity and
// acceleration.
//
// The light-time x solves c x = |place - velocity x|; to first order in velocity/c it is distance / (c + radial velocity), good to 1e-8 of itself.
// The place at that time follows by Taylor's series; the cubic term is left out (Mercury: 2e-11 AU).
func (s *Sky) look(from *state, l *sight) {
	distance2 := from.place.dot(from.place)
	lightTime := distance2 / (lightSpeed*math.Sqrt(distance2) + from.place.dot(from.velocity))

	velocity := from.velocity.minus(from.acceleration.times(lightTime))
	place := from.place.minus(from.velocity.plus(velocity).times(lightTime / 2))

	l.distance = place.norm()
	nearness := 1 / l.distance
	l.direction = place.times(nearness)

	// The body is seen to move at velocity (1 - dx/dt) against the Earth.
	against := velocity.minus(s.earth.velocity)
	lightTimeRate := l.direction.dot(against) / (lightSpeed + l.direction.dot(velocity))
	motion := against.minus(velocity.times(lightTimeRate))

	l.distanceSpeed = l.direction.dot(motion)
	l.turning = motion.minus(l.direction.times(l.distanceSpeed)).times(nearness)
}

// apparent adds aberration, turns to the ecliptic of date and takes the angles.
//
// The direction with aberration is gamma u + (1 + u·beta/(1 + gamma)) beta, up to its length, which the angles do not need (Explanatory
// Supplement, 3rd ed., eq. 7.40). The rate of gamma, 1e-10 a day, is left out.
func (s *Sky) apparent(l *sight, p *Position) {
	along := 1 / (1 + s.gamma)
	factor := 1 + l.direction.dot(s.beta)*along
	factorRate := (l.turning.dot(s.beta) + l.direction.dot(s.betaRate)) * along

	direction := l.direction.times(s.gamma).plus(s.beta.times(factor))
	turning := l.turning.times(s.gamma).plus(s.beta.times(factorRate)).plus(s.betaRate.times(factor))

	direction = s.frame.turn(direction)
	turning = s.frame.turn(turning).plus(s.spin.cross(direction))
	p.set(direction, turning)
	p.Distance, p.DistanceSpeed = l.distance, l.distanceSpeed
}

// set takes longitude and latitude with their speeds from a direction in the ecliptic frame of date, of any length, and its change by the day.
func (p *Position) set(a, rate vector) {
	flat2 := a.x*a.x + a.y*a.y
	flat := math.Sqrt(flat2)

	longitude := math.Atan(a.y/a.x) * degree
	if a.x < 0 {
		longitude += fullTurn / 2
	} else if longitude < 0 {
		longitude += fullTurn
		if longitude >= fullTurn { // a tiny negative angle rounds up
			longitude = 0
		}
	}

	p.Longitude = longitude
	p.Latitude = math.Atan(a.z/flat) * degree
	p.LongitudeSpeed = (a.x*rate.y - a.y*rate.x) / flat2 * degree
	p.LatitudeSpeed = (rate.z*flat2 - a.z*(a.x*rate.x+a.y*rate.y)) / ((flat2 + a.z*a.z) * flat) * degree
}
