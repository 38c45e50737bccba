package motion

import "math"

// standing returns the knot between a and b, whose rates differ in sign, at which the course stands still: by Chandrupatla's method (Adv. Eng. Software 28,
// 145 (1997)), that is inverse quadratic interpolation where three points allow it, else bisection. The last interpolation, of less than ten seconds, is
// taken without looking at it: its value is that of the neighbour, which is the same to 1e-9 degree.
func (s *sampler) standing(a, b knot) knot {
	const (
		maxSteps = 40
		enough   = 1e-4 // days
	)

	share := a.rate / (a.rate - b.rate) // the way from a to b, first by a straight line

	for range maxSteps {
		jd := a.jd + share*(b.jd-a.jd)

		switch {
		case math.Abs(jd-a.jd) < enough:
			return knot{jd: jd, value: a.value}
		case math.Abs(jd-b.jd) < enough:
			return knot{jd: jd, value: b.value}
		}

		k, third := s.near(jd, a.value), b

		if k.back() == a.back() {
			third = a
		} else {
			b = a
		}

		a = k
		share = interpolate(a, b, third)
	}

	return a
}

// interpolate returns how far on the way from a to b the rate is 0, by the parabola of the Julian day through a, b and third, or the middle where that does
// not stay between them.
func interpolate(a, b, third knot) float64 {
	place := (a.jd - b.jd) / (third.jd - b.jd)
	rate := (a.rate - b.rate) / (third.rate - b.rate)

	if rate*rate >= place || (1-rate)*(1-rate) >= 1-place {
		return 0.5
	}

	return a.rate/(b.rate-a.rate)*third.rate/(b.rate-third.rate) +
		(third.jd-a.jd)/(b.jd-a.jd)*a.rate/(third.rate-a.rate)*b.rate/(third.rate-b.rate)
}

// passing returns the Julian day between a and b at which the monotone course has a value: by Newton's method from where the cubic through the knots
// and their rates has it, within bounds that narrow.
func (s *sampler) passing(a, b knot, value float64) float64 {
	const (
		tolerance = 1e-9 // days: 0.1 ms; the resolution of a Julian day is 0.04 ms
		near      = 1e-6 // days: a step of Newton's from here leaves an error below the tolerance
	)

	back := b.value < a.value
	jd := cubicPassing(a, b, value)

	for range 100 {
		k := s.near(jd, a.value)
		if k.value == value {
			return jd
		}

		if k.value < value != back {
			a = k
		} else {
			b = k
		}

		next := jd + (value-k.value)/k.rate

		switch {
		case math.Abs(next-jd) < near || b.jd-a.jd < tolerance:
			return min(max(next, a.jd), b.jd)
		case next > a.jd && next < b.jd:
			jd = next
		default:
			jd = a.jd + (b.jd-a.jd)/2
		}
	}

	return jd
}

// cubicPassing returns where Hermite's cubic between two knots has a value, to a millionth of the way: a first guess.
func cubicPassing(a, b knot, value float64) float64 {
	days, whole := b.jd-a.jd, b.value-a.value
	p, q, want := a.rate*days, b.rate*days, value-a.value
	low, high, x := 0.0, 1.0, want/whole

	for range 12 {
		y := x * (p + x*(3*whole-2*p-q+x*(p+q-2*whole)))
		slope := p + x*(2*(3*whole-2*p-q)+3*x*(p+q-2*whole))

		if y < want == (whole > 0) {
			low = x
		} else {
			high = x
		}

		next := x + (want-y)/slope
		if !(next > low && next < high) {
			next = (low + high) / 2
		}

		if math.Abs(next-x) < 1e-6 {
			break
		}

		x = next
	}

	return a.jd + x*days
}
