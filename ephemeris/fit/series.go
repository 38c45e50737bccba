package main

import (
	"fmt"
	"math"
)

// earthMoonRatio is the mass of the Earth over that of the Moon in DE431; the reader uses the same to get from the barycentre to the Earth.
const earthMoonRatio = 81.3005690741906

// Grid is how the source cuts time for a quantity: within a segment it is one polynomial, and neighbouring polynomials meet with an error of
// 1e-12 (Moon) to 1e-8 AU (asteroids). Segments of ours that respect those joints have no noise to fit.
type Grid struct {
	Start, Days float64 // Julian day TT, days
}

// Grids of the source files, from their headers.
var (
	gridMoon       = Grid{2378487.555370702, 27.5545514309491}
	gridMercury    = Grid{2378487.7270665597, 87.96934964454672}
	gridVenus      = Grid{2378485.762310084, 224.7008345677527}
	gridBarycentre = Grid{2378495.580455287, 365.259631152438} // of the Sun, too
	gridMars       = Grid{2377999.4796800744, 686.995803698292}
	gridOuter      = Grid{2378496.5, 4000}
	gridAsteroids  = Grid{2378496.5, 1000}
	gridNutation   = Grid{2378496.5, 16}
)

// Plan says how a quantity is fitted.
type Plan struct {
	Name       string
	Components int
	Grid       Grid
	Parts      int     // that a segment of the source is cut into
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

// plans are the series of the file, in its order.
var plans = []Plan{
	{"Earth-Moon barycentre", 3, gridBarycentre, 12, 10, 4e-10, 0, barycentre},
	{"Moon", 3, gridMoon, 2, 20, 6.4e-12, 3, vector(1)},
	{"Sun", 3, gridBarycentre, 3, 9, 1e-9, 0, vector(2)},
	{"Mercury", 3, gridMercury, 6, 14, 2e-9, 0, vector(3)},
	{"Venus", 3, gridVenus, 8, 11, 4e-10, 0, vector(4)},
	{"Mars", 3, gridMars, 16, 10, 4e-10, 0, vector(5)},
	{"Jupiter", 3, gridOuter, 16, 9, 2e-9, 0, vector(6)},
	{"Saturn", 3, gridOuter, 16, 8, 4e-9, 0, vector(7)},
	{"Uranus", 3, gridOuter, 16, 7, 4e-9, 0, vector(8)},
	{"Neptune", 3, gridOuter, 16, 6, 4e-9, 0, vector(9)},
	{"Pluto", 3, gridOuter, 16, 6, 4e-9, 0, vector(10)},
	{"Chiron", 3, gridAsteroids, 4, 9, 4e-9, 0, vector(11)},
	{"Ceres", 3, gridAsteroids, 10, 11, 1e-9, 0, vector(12)},
	{"Pallas", 3, gridAsteroids, 10, 11, 1e-9, 0, vector(13)},
	{"Juno", 3, gridAsteroids, 10, 12, 1e-9, 0, vector(14)},
	{"Vesta", 3, gridAsteroids, 10, 11, 1e-9, 0, vector(15)},
	{"nutation", 2, gridNutation, 1, 16, 8e-9, 0, nutation},
}

// Fit samples the quantity, fits each segment and rounds its coefficients to the quanta. The first and the last segment are cut off where the
// data end.
func (p *Plan) Fit(source *Source) (*Series, error) {
	length := p.Grid.Days / float64(p.Parts)
	skipped := math.Floor((start - p.Grid.Start) / length)
	series := &Series{Components: p.Components, Start: p.Grid.Start + skipped*length, Days: length}
	segments := int(math.Ceil((end - series.Start) / length))
	nodes := NewNodes(2*p.Degrees+8, p.Degrees)

	for k := range p.Degrees {
		exponent := -math.Log2(p.Quantum / (1 + p.Sharpen*float64(k)))
		series.Quanta = append(series.Quanta, int8(math.Ceil(exponent)))
	}

	days := make([]float64, len(nodes.X))
	samples := make([]float64, len(nodes.X))
	largest := make([]float64, p.Degrees)

	for segment := range segments {
		from := max(start, series.Start+float64(segment)*length)
		to := min(end, series.Start+float64(segment+1)*length)

		for j, x := range nodes.X {
			days[j] = (from+to)/2 + x*(to-from)/2
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

	fmt.Printf("%-22s %6d segments of %7.3f days, %2d coefficients, last %.1e, %4d bits, %7.3f MB\n", p.Name, segments, length, p.Degrees,
		largest[p.Degrees-1], bits, float64(bits*segments)/8e6)

	return series, nil
}
