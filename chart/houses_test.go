package chart

import (
	"testing"

	"pgregory.net/rapid"
)

func housesFrom(cusps Cusps) *Houses {
	h := &Houses{}
	for i, c := range cusps {
		h.Cusps[i] = Tropical.Degree(c)
	}

	return h
}

func TestBodiesFallIntoTheRightHouse(t *testing.T) {
	equal := housesFrom(equalFrom(350)) // house 1 runs across 0 degrees

	tests := []struct {
		name      string
		longitude float64
		want      int
	}{
		{"on the first cusp", 350, 1},
		{"just before the first cusp", 349.999999, 12},
		{"before 0 degrees", 359.999999, 1},
		{"at 0 degrees", 0, 1},
		{"behind 0 degrees", 0.000001, 1},
		{"just before the second cusp", 19.999999, 1},
		{"on the second cusp", 20, 2},
		{"in the middle", 175, 7},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := equal.House(tt.longitude); got != tt.want {
				t.Errorf("want house %d, got %d", tt.want, got)
			}
		})
	}
}

// Below the polar circles, for every system: a body on a cusp is in that cusp's house, and a body just before it in the one before.
func TestCuspsBeginTheirHouses(t *testing.T) {
	const obliquity = 23.44

	rapid.Check(t, func(t *rapid.T) {
		system := HouseSystem(rapid.IntRange(0, HouseSystemCount-1).Draw(t, "system"))
		armc := rapid.Float64Range(0, 359.999).Draw(t, "armc")
		latitude := rapid.Float64Range(-66, 66).Draw(t, "latitude")
		h := housesFrom(CuspsAt(system, armc, obliquity, latitude))

		for i, cusp := range h.Cusps {
			if got := h.House(cusp.Longitude); got != i+1 {
				t.Fatalf("%s: the cusp of house %d at %.9f is in house %d of %v", system, i+1, cusp.Longitude, got, h.Cusps)
			}

			if got := h.House(Normalize(cusp.Longitude - 1e-7)); got != (i+11)%12+1 {
				t.Fatalf("%s: just before the cusp of house %d lies house %d", system, i+1, got)
			}
		}
	})
}

// Beyond them houses may run clockwise, but every degree must be in one house, and the middle of a house in that house.
func TestHousesCoverTheCircleAtEveryLatitude(t *testing.T) {
	const obliquity = 23.44

	rapid.Check(t, func(t *rapid.T) {
		system := HouseSystem(rapid.IntRange(0, HouseSystemCount-1).Draw(t, "system"))
		armc := rapid.Float64Range(0, 359.999).Draw(t, "armc")
		latitude := rapid.Float64Range(-89.9, 89.9).Draw(t, "latitude")

		if !system.ExistsAt(latitude, obliquity) {
			return
		}

		h := housesFrom(CuspsAt(system, armc, obliquity, latitude))
		total := 0.0

		for i := range h.Cusps {
			total += Difference(h.Cusps[(i+1)%12].Longitude, h.Cusps[i].Longitude)

			middle := Normalize(h.Cusps[i].Longitude + Difference(h.Cusps[(i+1)%12].Longitude, h.Cusps[i].Longitude)/2)
			if got := h.House(middle); got != i+1 {
				t.Fatalf("%s at latitude %g: the middle of house %d is in house %d", system, latitude, i+1, got)
			}
		}

		if total = total * total / circle; total < circle-1e-6 || total > circle+1e-6 {
			t.Fatalf("%s at latitude %g: the houses go round by %g degrees", system, latitude, total)
		}
	})
}

func TestPlacidusConvergesUpToThePolarCircle(t *testing.T) {
	const obliquity = 23.44

	for _, latitude := range []float64{66.5599999, 66.55, 66, -66.5599999} {
		for armc := 0.0; armc < circle; armc += 0.25 {
			h := CuspsAt(Placidus, armc, obliquity, latitude)
			for i := range h {
				if width := Difference(h[(i+1)%12], h[i]); !(width > 0) { // NaN too
					t.Fatalf("latitude %g, armc %g: house %d is %g degrees wide", latitude, armc, i+1, width)
				}
			}
		}
	}
}
