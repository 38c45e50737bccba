package main

import (
	"fmt"
	"math"
	"slices"
)

// fitDeltaT samples delta T four times a year, with a margin for the reader's interpolation between four values.
func fitDeltaT(source *Source) (Table, error) {
	const step = 365.25 / 4

	table := Table{First: start - 2*step, Step: step}

	var days []float64
	for day := table.First; day < end+3*step; day += step {
		days = append(days, day)
	}

	answers, err := source.Ask(deltaT, days)
	for _, a := range answers {
		table.Values = append(table.Values, int32(math.Round(a[0]*1e4)))
	}

	return table, err
}

// Modes of swe_set_sid_mode, in the order of the file.
var ayanamsaModes = []int{0, 1, 5, 3} // Fagan-Bradley, Lahiri, Krishnamurti, Raman

// moonInclination is the mean inclination of the Moon's orbit that places the mean apogee (Chapront-Touzé & Chapront, Lunar Tables and
// Programs, 1991).
const moonInclination = 5.1453964 * math.Pi / 180

// fitPolynomials fits, in this order: mean node, mean apogee (both from the mean equinox, the apogee along its orbit), four mean ayanamsas
// (all in degrees, by Julian centuries TT from J2000.0), and what sidereal time has beyond the IAU 2006 expression before 1850 and after 2050
// (degrees, by Julian centuries UT from J2000.0).
func fitPolynomials(source *Source) ([][]float64, error) {
	var polynomials [][]float64

	whole := [2]float64{start, end}

	add := func(name string, quantity int, interval [2]float64, degree int, value func(day float64, a [3]float64) float64) error {
		p, worst, err := fitPolynomial(source, quantity, interval, degree, value)
		fmt.Printf("%-22s degree %d, within %.2e degrees\n", name, degree, worst)
		polynomials = append(polynomials, p)

		return err
	}

	// The published linear parts only keep the fitted angle from wrapping round.
	node := func(day float64) float64 { return 125.0445 - 1934.1363*(day-j2000)/36525 }
	apogee := func(day float64) float64 { return 263.3532 + 4069.0137*(day-j2000)/36525 }

	if err := add("mean node", meanNode, whole, 5, func(day float64, a [3]float64) float64 {
		return node(day) + wrap(a[0]-node(day))
	}); err != nil {
		return nil, err
	}

	if err := add("mean apogee", meanApogee, whole, 5, func(day float64, a [3]float64) float64 {
		fromNode := (a[0] - evaluate(polynomials[0], day)) * math.Pi / 180
		alongOrbit := math.Atan2(math.Sin(fromNode)/math.Cos(moonInclination), math.Cos(fromNode)) * 180 / math.Pi

		return apogee(day) + wrap(alongOrbit+evaluate(polynomials[0], day)-apogee(day))
	}); err != nil {
		return nil, err
	}

	for _, mode := range ayanamsaModes {
		if err := add(fmt.Sprintf("ayanamsa %d", mode), ayanamsa+mode, whole, 4, func(_ float64, a [3]float64) float64 { return a[0] }); err != nil {
			return nil, err
		}
	}

	excess := func(day float64, a [3]float64) float64 { return wrap(a[0] - siderealTimeIAU2006(day, a[1])) }
	for _, interval := range [][2]float64{{start, sidereal1850}, {sidereal2050, end}} {
		if err := add("sidereal time", siderealTime, interval, 4, excess); err != nil {
			return nil, err
		}
	}

	return polynomials, nil
}

// The Julian days UT1 between which the source's sidereal time is the IAU 2006 expression: 1850-01-01 and 2050-01-01.
const (
	sidereal1850 = 2396758.5
	sidereal2050 = 2469807.5
)

// siderealTimeIAU2006 returns the Greenwich apparent sidereal time in degrees (Capitaine, Wallace & Chapront, Astron. Astrophys. 412, 567 (2003);
// equation of the equinoxes by IAU 2000B nutation) for a Julian day UT1 and delta T in seconds.
func siderealTimeIAU2006(day, deltaT float64) float64 {
	d := day - j2000
	t := (d + deltaT/86400) / 36525
	turns := math.Mod(d, 1) + 0.7790572732640 + 0.00273781191135448*d
	precession := 0.014506 + t*(4612.156534+t*(1.3915817+t*(-0.00000044+t*(-0.000029956))))
	obliquity := (84381.406 - 46.836769*t) / 3600 * math.Pi / 180
	longitude, _ := iau2000B(t)

	return math.Mod(turns, 1)*360 + precession/3600 + longitude*math.Cos(obliquity)
}

// fitPolynomial returns the least-squares polynomial in Julian centuries from J2000.0, and its largest difference from the values.
func fitPolynomial(source *Source, quantity int, interval [2]float64, degree int, value func(float64, [3]float64) float64) ([]float64, float64, error) {
	nodes := NewNodes(400, degree+1)
	middle, half := (interval[0]+interval[1])/2, (interval[1]-interval[0])/2

	days := make([]float64, len(nodes.X))
	for j, x := range nodes.X {
		days[j] = middle + half*x
	}

	answers, err := source.Ask(quantity, days)
	if err != nil {
		return nil, 0, err
	}

	if quantity == siderealTime { // the value needs delta T too
		seconds, err := source.Ask(deltaT, days)
		if err != nil {
			return nil, 0, err
		}

		for i := range answers {
			answers[i][1] = seconds[i][0]
		}
	}

	samples := make([]float64, len(days))
	for j, a := range answers {
		samples[j] = value(days[j], a)
	}

	p := monomials(nodes.Coefficients(samples), (middle-j2000)/36525, half/36525)

	worst := 0.0
	for j, day := range days {
		worst = max(worst, math.Abs(samples[j]-evaluate(p, day)))
	}

	return p, worst, nil
}

// monomials turns a Chebyshev series in x = (t - middle) / half into a polynomial in t.
func monomials(chebyshev []float64, middle, half float64) []float64 {
	n := len(chebyshev)
	x := []float64{-middle / half, 1 / half} // x as a polynomial in t
	sum, previous, current := make([]float64, n), []float64{1}, x

	for k, c := range chebyshev {
		term := previous
		for i, v := range term {
			sum[i] += c * v
		}

		next := make([]float64, k+3) // T(k+2) = 2 x T(k+1) - T(k)
		for i, v := range current {
			next[i] += 2 * x[0] * v
			next[i+1] += 2 * x[1] * v
		}

		for i, v := range previous {
			next[i] -= v
		}

		previous, current = current, next
	}

	return sum
}

// evaluate returns a polynomial in Julian centuries from J2000.0 at a Julian day.
func evaluate(p []float64, day float64) float64 {
	t, sum := (day-j2000)/36525, 0.0
	for _, v := range slices.Backward(p) {
		sum = sum*t + v
	}

	return sum
}

// wrap returns an angle in [-180, 180].
func wrap(degrees float64) float64 { return math.Remainder(degrees, 360) }
