package main

import (
	"fmt"
	"math"
)

// earthMoonRatio is the mass of the Earth over that of the Moon in DE431; the reader uses the same to get from the barycentre to the Earth.
const earthMoonRatio = 81.3005690741906

// Plan says how a quantity is fitted.
type Plan struct {
	Name       string
	Components int
	Days       float64 // length of a segment; the nearest that divides the span is taken
	Degrees    int     // coefficients of a component
	Quantum    float64 // of degree 0, in the quantity's unit
	Sharpen    float64 // the quantum of degree k is Quantum / (1 + Sharpen*k), to spare the derivatives
	Sample     func(s *Source, days []float64) ([][3]float64, error)
}

func vector(number int) func(*Source, []float64) ([][3]float64, error) {
	return func(s *Source, days []float64) ([][3]float64, error) { return s.Ask(number, days) }
}

// barycentre samples the Earth-Moon barycentre: it moves smoothly where the Earth swings with the month.
func barycentre(s *Source, days []float64) ([][3]float64, error) {
	earth, err := s.Ask(0, days)
	if err != nil {
		return nil, err
	}

	moon, err := s.Ask(1, days)
	for i := range moon {
		for k := range 3 {
			earth[i][k] += moon[i][k] / (1 + earthMoonRatio)
		}
	}

	return earth, err
}

func nutation(_ *Source, days []float64) ([][3]float64, error) {
	values := make([][3]float64, len(days))
	for i, day := range days {
		values[i][0], values[i][1] = iau2000B((day - j2000) / 36525)
	}

	return values, nil
}

// plans are the series of the file, in its order. The number of degrees ends where the coefficients meet the noise of the source (its own
// segments join to 1e-10 to 1e-8 AU).
var plans = []Plan{
	{"Earth-Moon barycentre", 3, 32, 10, 4e-10, 0, barycentre},
	{"Moon", 3, 16, 25, 6.4e-12, 3, vector(1)},
	{"Sun", 3, 128, 9, 1e-9, 0, vector(2)},
	{"Mercury", 3, 16, 15, 2e-9, 0, vector(3)},
	{"Venus", 3, 32, 12, 4e-10, 0, vector(4)},
	{"Mars", 3, 48, 12, 4e-10, 0, vector(5)},
	{"Jupiter", 3, 256, 10, 2e-9, 0, vector(6)},
	{"Saturn", 3, 256, 9, 4e-9, 0, vector(7)},
	{"Uranus", 3, 256, 9, 4e-9, 0, vector(8)},
	{"Neptune", 3, 256, 9, 4e-9, 0, vector(9)},
	{"Pluto", 3, 256, 9, 4e-9, 0, vector(10)},
	{"Chiron", 3, 256, 10, 4e-9, 0, vector(11)},
	{"Ceres", 3, 96, 11, 1e-9, 0, vector(12)},
	{"Pallas", 3, 96, 11, 1e-9, 0, vector(13)},
	{"Juno", 3, 96, 12, 1e-9, 0, vector(14)},
	{"Vesta", 3, 96, 11, 1e-9, 0, vector(15)},
	{"nutation", 2, 16, 16, 8e-9, 0, nutation},
}

// Fit samples the quantity, fits each segment and rounds its coefficients to the quanta.
func (p *Plan) Fit(source *Source) (*Series, error) {
	segments := int(math.Round(span / p.Days))
	half := span / float64(segments) / 2
	nodes := NewNodes(2*p.Degrees+8, p.Degrees)
	series := &Series{Components: p.Components, Coefficients: make([]int64, 0, segments*p.Degrees*p.Components)}

	for k := range p.Degrees {
		exponent := -math.Log2(p.Quantum / (1 + p.Sharpen*float64(k)))
		series.Quanta = append(series.Quanta, int8(math.Ceil(exponent)))
	}

	days := make([]float64, len(nodes.X))
	samples := make([]float64, len(nodes.X))
	largest := make([]float64, p.Degrees)

	for segment := range segments {
		for j, x := range nodes.X {
			days[j] = start + half*(float64(2*segment+1)+x)
		}

		values, err := p.Sample(source, days)
		if err != nil {
			return nil, err
		}

		rounded := make([]int64, p.Degrees*p.Components)

		for component := range p.Components {
			for j := range samples {
				samples[j] = values[j][component]
			}

			for k, c := range nodes.Coefficients(samples) {
				rounded[k*p.Components+component] = int64(math.Round(math.Ldexp(c, int(series.Quanta[k]))))
				largest[k] = max(largest[k], math.Abs(c))
			}
		}

		series.Coefficients = append(series.Coefficients, rounded...)
	}

	bits := 0
	for _, w := range series.widths() {
		bits += int(w)
	}

	fmt.Printf("%-22s %6d segments of %7.3f days, %2d coefficients, last %.1e, %4d bits, %7.3f MB\n", p.Name, segments, 2*half, p.Degrees,
		largest[p.Degrees-1], bits, float64(bits*segments)/8e6)

	return series, nil
}
