package motion

import "math"

// at evaluates the course; jd was checked to lie within the ephemeris.
func (t *Track) at(jd float64) knot {
	t.sky, _ = t.ephemeris.Sky(jd)
	value, rate := t.course(&t.sky)

	return knot{jd, value, rate}
}

// near evaluates the course, on the turn of a value that is less than half a turn away.
func (t *Track) near(jd, value float64) knot {
	k := t.at(jd)
	k.value = unwrap(k.value, value)

	return k
}

// standing returns the knot between a and b, whose rates differ in sign, at which the course stands still: by false position in the Illinois variant
// (Dowell & Jarratt, BIT 11, 168 (1971)), with a bisection now and then in case that is slow.
func (t *Track) standing(a, b knot) knot {
	const tolerance = 1e-7 // days: 9 ms

	fa, fb := a.rate, b.rate
	last, kept := b, 0 // kept says which end stayed: -1 a, 1 b

	for round := 1; round < 100; round++ {
		jd := a.jd + (b.jd-a.jd)*fa/(fa-fb)
		if round%8 == 0 || !(jd > a.jd && jd < b.jd) {
			jd = a.jd + (b.jd-a.jd)/2
		}

		k := t.near(jd, a.value)
		if k.rate == 0 || math.Abs(k.jd-last.jd) < tolerance {
			return k
		}

		last = k

		if k.back() == a.back() {
			a, fa = k, k.rate
			if kept == 1 {
				fb /= 2
			}

			kept = 1

			continue
		}

		b, fb = k, k.rate
		if kept == -1 {
			fa /= 2
		}

		kept = -1
	}

	return last
}

// passing returns the Julian day between a and b at which the monotone course has a value: by Newton's method from where the cubic through the knots
// and their rates has it, within bounds that narrow.
func (t *Track) passing(a, b knot, value float64) float64 {
	const (
		tolerance = 1e-9 // days: 0.1 ms; the resolution of a Julian day is 0.04 ms
		near      = 1e-6 // days: a step of Newton's from here leaves an error below the tolerance
	)

	back := b.value < a.value
	jd := cubicPassing(a, b, value)

	for range 100 {
		k := t.near(jd, a.value)
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
