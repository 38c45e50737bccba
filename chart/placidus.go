package chart

import "math"

// placidusPrecision ends the iteration, in radians: 2e-10 of an arc second.
const placidusPrecision = 1e-15

// placidus returns the degrees that have covered one and two thirds of their own semi-arc between meridian and horizon.
//
// With k = tan(latitude) tan(obliquity), a degree of the ecliptic with the right ascension ra has the ascensional difference
// asin(k sin ra), and the cusp is where ra lies a fraction of the semi-diurnal arc (90 degrees + that difference) from the meridian: eastwards
// for the cusps 11 and 12, westwards for 9 and 8, which lie opposite 3 and 2. Below the polar circles |k| < 1, the equation's derivative lies
// in [1/3, 5/3], and Newton's method converges in three to five steps.
func placidus(armc, obliquity, latitude float64) between {
	const radian = math.Pi / 180

	k := math.Tan(latitude*radian) * math.Tan(obliquity*radian)
	meridian := armc * radian
	cosObliquity := math.Cos(obliquity * radian)

	cusp := func(fraction float64) float64 {
		ra := placidusAscension(meridian, k, fraction)
		sinRA, cosRA := math.Sincos(ra)

		return math.Atan2(sinRA, cosRA*cosObliquity) / radian
	}

	return between{
		c11: Normalize(cusp(1.0 / 3)), c12: Normalize(cusp(2.0 / 3)),
		c2: Normalize(cusp(-2.0/3) + 180), c3: Normalize(cusp(-1.0/3) + 180),
	}
}

// placidusAscension solves ra = meridian + fraction * (pi/2 + asin(k sin ra)) for the right ascension ra, in radians.
func placidusAscension(meridian, k, fraction float64) float64 {
	ra := meridian + fraction*math.Pi/2

	for range 50 {
		sinRA, cosRA := math.Sincos(ra)
		u := k * sinRA
		root := math.Sqrt(1 - u*u)
		miss := ra - meridian - fraction*(math.Pi/2+math.Asin(u))
		step := miss / (1 - fraction*k*cosRA/root)
		ra -= step

		if math.Abs(step) < placidusPrecision {
			break
		}
	}

	return ra
}
