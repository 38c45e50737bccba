package ephemeris

import "math"

// Sky is the sky at one instant: the times, the orientation of the Earth, and where the observer at the Earth's centre is. It is a value that
// may be copied and used from many goroutines.
type Sky struct {
	JulianDayUT, JulianDayTT float64
	DeltaT                   float64 // TT - UT1, seconds
	NutationLongitude        float64 // degrees
	NutationObliquity        float64 // degrees
	MeanObliquity            float64 // of the ecliptic of date, degrees
	Obliquity                float64 // true: with nutation, degrees
	SiderealTime             float64 // Greenwich apparent, degrees in [0, 360)

	ephemeris    *Ephemeris
	days         float64 // TT from J2000.0
	nutationRate float64 // of the longitude, degrees a day

	sinObliquity, cosObliquity float64 // of the true obliquity

	frame matrix // from the ICRF to the true ecliptic and equinox of date
	spin  vector // angular velocity of fixed vectors in that frame, radians a day

	earth, sun state // barycentric, ICRF
	moon       state // geocentric, ICRF
	sunlight   sunlight

	beta, betaRate vector  // the Earth's velocity and acceleration in units of the speed of light
	gamma          float64 // sqrt(1 - beta²)
}

// Angles of the IAU 2006 precession by Julian centuries TT from J2000.0, in arc seconds, with the frame bias (Hilton et al., Celest. Mech. Dyn.
// Astr. 94, 351 (2006); Capitaine & Wallace, Astron. Astrophys. 450, 855 (2006), the Fukushima-Williams angles), and the mean obliquity.
var (
	precessionGamma = []float64{-0.052928, 10.556378, 0.4932044, -0.00031238, -0.000002788, 0.0000000260}
	precessionPhi   = []float64{84381.412819, -46.811016, 0.0511268, 0.00053289, -0.000000440, -0.0000000176}
	precessionPsi   = []float64{-0.041775, 5038.481484, 1.5584175, -0.00018522, -0.000026452, -0.0000000148}
	meanObliquity   = []float64{84381.406, -46.836769, -0.0001831, 0.00200340, -0.000000576, -0.0000000434}
)

// orient fills in nutation, obliquity, sidereal time and the frame.
//
// From the ICRF to the true equator one turns by R1(-obliquity) R3(-psi) R1(phi) R3(gamma), psi with the nutation in longitude; from there to the
// true ecliptic by R1(obliquity). The obliquity drops out, and with it the nutation in obliquity.
func (s *Sky) orient() {
	t := s.days / daysPerCentury

	s.NutationLongitude, s.NutationObliquity, s.nutationRate = s.ephemeris.nutation.pair(s.days)
	s.MeanObliquity = polynomial(t, meanObliquity) / 3600
	s.Obliquity = s.MeanObliquity + s.NutationObliquity
	s.sinObliquity, s.cosObliquity = math.Sincos(s.Obliquity * radian)
	s.SiderealTime = s.siderealTime(t)

	sinGamma, cosGamma := math.Sincos(polynomial(t, precessionGamma) * arcsecond)
	sinPhi, cosPhi := math.Sincos(polynomial(t, precessionPhi) * arcsecond)
	sinPsi, cosPsi := math.Sincos(polynomial(t, precessionPsi)*arcsecond + s.NutationLongitude*radian)

	// R1(phi) R3(gamma), by rows
	x := vector{cosGamma, sinGamma, 0}
	y := vector{-sinGamma * cosPhi, cosGamma * cosPhi, sinPhi}
	z := vector{sinGamma * sinPhi, -cosGamma * sinPhi, cosPhi}

	s.frame = matrix{
		x: x.times(cosPsi).minus(y.times(sinPsi)), // R3(-psi)
		y: x.times(sinPsi).plus(y.times(cosPsi)),
		z: z,
	}

	// The derivative of R3(-psi) R1(phi) R3(gamma) v is the spin times that vector.
	const perDay = arcsecond / daysPerCentury

	gammaRate, phiRate := slope(t, precessionGamma)*perDay, slope(t, precessionPhi)*perDay
	psiRate := slope(t, precessionPsi)*perDay + s.nutationRate*radian

	s.spin = vector{
		-phiRate*cosPsi + gammaRate*sinPhi*sinPsi,
		-phiRate*sinPsi - gammaRate*sinPhi*cosPsi,
		psiRate - gammaRate*cosPhi,
	}
}

// observer fills in where the Earth, the Sun and the Moon are, and how the Earth moves.
func (s *Sky) observer() {
	// The mass of the Earth over that of the Moon in DE431 (Folkner et al., IPN Progress Report 42-196, 2014); the fitting program uses the same.
	const earthMoonRatio = 81.3005690741906

	s.ephemeris.barycentre.at(s.days, &s.earth)
	s.ephemeris.moon.at(s.days, &s.moon)
	s.ephemeris.sun.at(s.days, &s.sun)

	const share = 1 / (1 + earthMoonRatio)

	s.earth.place = s.earth.place.minus(s.moon.place.times(share))
	s.earth.velocity = s.earth.velocity.minus(s.moon.velocity.times(share))
	s.earth.acceleration = s.earth.acceleration.minus(s.moon.acceleration.times(share))

	s.beta = s.earth.velocity.times(1 / lightSpeed)
	s.betaRate = s.earth.acceleration.times(1 / lightSpeed)
	s.sunlight.set(&s.sun, &s.earth)
	s.gamma = math.Sqrt(1 - s.beta.dot(s.beta))
}
