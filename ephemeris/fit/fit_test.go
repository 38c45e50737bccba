package main

import (
	"math"
	"testing"
)

// The values are the check of the ERFA library for eraNut00b at the TT date 2400000.5 + 53736; the full arguments differ by 1e-5 arc second.
func TestNutationHasTheLibrarysCheckValues(t *testing.T) {
	longitude, obliquity := iau2000B((2400000.5 + 53736 - j2000) / 36525)

	for name, v := range map[string][2]float64{
		"longitude": {longitude * math.Pi / 180, -0.9632552291148362783e-5},
		"obliquity": {obliquity * math.Pi / 180, 0.4063197106621159367e-4},
	} {
		if off := math.Abs(v[0]-v[1]) * 180 / math.Pi * 3600; off > 2e-5 {
			t.Errorf("%s: %v, want %v", name, v[0], v[1])
		}
	}
}

func TestCoefficientsReproduceAPolynomial(t *testing.T) {
	nodes := NewNodes(12, 5)

	samples := make([]float64, len(nodes.X))
	for i, x := range nodes.X {
		samples[i] = 3 - 2*x + 8*x*x*x*x // T0..T4: 6, -2, 4, 0, 1
	}

	for k, want := range []float64{6, -2, 4, 0, 1} {
		if got := nodes.Coefficients(samples)[k]; math.Abs(got-want) > 1e-13 {
			t.Errorf("degree %d: %v, want %v", k, got, want)
		}
	}

	p := monomials([]float64{6, -2, 4, 0, 1}, 10, 2) // x = (t - 10) / 2
	for _, at := range []float64{8, 9.5, 12} {
		x := (at - 10) / 2
		want := 3 - 2*x + 8*x*x*x*x

		if got := evaluate(p, j2000+at*36525); math.Abs(got-want) > 1e-9 {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
}

func TestPackedCoefficientsTakeNoMoreBitsThanTheyNeed(t *testing.T) {
	s := &Series{Components: 2, Quanta: []int8{0, 0}, Coefficients: []int64{3, -4, 0, -1, -8, 1, 1, 0}}

	widths := s.widths()
	for i, want := range []uint8{4, 3, 2, 1} {
		if widths[i] != want {
			t.Errorf("field %d: %d bits, want %d", i, widths[i], want)
		}
	}

	packed := s.pack(widths)
	if len(packed) != 3+8 { // 20 bits and eight bytes more
		t.Fatalf("%d bytes", len(packed))
	}

	// 3 and -4, 0, -1: 0011 100 00 1 from the lowest bit on.
	if got := int(packed[0]) | int(packed[1]&3)<<8; got != 0b1_00_100_0011 {
		t.Errorf("first segment is %010b", got)
	}
}
