package chart_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// holding returns the houses that a longitude lies in, by the signed arcs from cusp to cusp; a cusp belongs to the house that it begins.
func holding(h *chart.Houses, longitude float64) []int {
	var numbers []int

	for i := range h.Cusps {
		begin, end := h.Cusps[i].Longitude, h.Cusps[(i+1)%12].Longitude

		switch width, within := chart.Difference(end, begin), chart.Difference(longitude, begin); {
		case width > 0 && within >= 0 && within < width, width < 0 && within <= 0 && within > width:
			numbers = append(numbers, i+1)
		}
	}

	return numbers
}

func nearestCusp(h *chart.Houses, longitude float64) float64 {
	nearest := 360.0
	for i := range h.Cusps {
		nearest = min(nearest, chart.Separation(longitude, h.Cusps[i].Longitude))
	}

	return nearest
}

// For every system, zodiac, latitude and instant every longitude is in exactly one house: around 0 degrees, on cusps and next to them.
func TestEveryLongitudeIsInExactlyOneHouse(t *testing.T) {
	caster := casttest.Caster(t)

	rapid.Check(t, func(t *rapid.T) {
		birth := chart.Birth{
			Instant:   time.Unix(rapid.Int64Range(-5_000_000_000, 13_000_000_000).Draw(t, "instant"), 0).UTC(),
			TimeKnown: true,
			Latitude:  rapid.Float64Range(-89.9, 89.9).Draw(t, "latitude"),
			Longitude: rapid.Float64Range(-180, 180).Draw(t, "longitude"),
		}
		zodiac := chart.Zodiac(rapid.IntRange(0, chart.ZodiacCount-1).Draw(t, "zodiac"))
		system := chart.HouseSystem(rapid.IntRange(0, chart.HouseSystemCount-1).Draw(t, "system"))

		c, err := caster.Cast(birth)
		if err != nil {
			t.Fatal(err)
		}

		h := c.Houses(system, zodiac)
		if h.FellBack() != (h.FallbackReason != "") {
			t.Fatalf("%s fell back to %s: %q", h.Requested, h.System, h.FallbackReason)
		}

		longitudes := []float64{0, math.Nextafter(360, 0), 1e-9, 180, rapid.Float64Range(0, 359.999999).Draw(t, "somewhere")}
		for i := range h.Cusps {
			cusp := h.Cusps[i].Longitude
			longitudes = append(longitudes, cusp, chart.Normalize(cusp+1e-7), chart.Normalize(cusp-1e-7))
		}

		for _, l := range longitudes {
			in, got := holding(h, l), h.House(l)
			if nearestCusp(h, l) < 1e-9 { // rounding decides
				continue
			}

			if len(in) != 1 || in[0] != got {
				t.Fatalf("%s, %s: %.9f lies in %v, said to be in %d of %v", h.System, zodiac, l, in, got, h.Cusps)
			}
		}

		for i := range h.Cusps { // on a cusp exactly, the house that begins there or, where cusps fall together, one beside it
			got := h.House(h.Cusps[i].Longitude)
			if got != i+1 && chart.Separation(h.Cusps[got-1].Longitude, h.Cusps[i].Longitude) > 1e-9 {
				t.Fatalf("%s, %s: the cusp of house %d is in house %d", h.System, zodiac, i+1, got)
			}
		}
	})
}

// Near the pole houses run clockwise and are narrow: the width of a house and the way to its end once differed in the last bit, so that this cusp was
// in the house before.
func TestNarrowClockwiseHousesEndBeforeTheNextCusp(t *testing.T) {
	c, err := casttest.Caster(t).Cast(chart.Birth{Instant: time.Unix(0, 0).UTC(), TimeKnown: true, Latitude: -89.9, Longitude: 1})
	if err != nil {
		t.Fatal(err)
	}

	h := c.Houses(chart.Regiomontanus, chart.Tropical)
	for i := range h.Cusps {
		if got := h.House(h.Cusps[i].Longitude); got != i+1 {
			t.Errorf("the cusp of house %d is in house %d", i+1, got)
		}
	}
}

// Bodies are in houses by their longitudes, in every zodiac alike, save for whole signs, which are others there.
func TestBodiesAreInTheSameHouseInEveryZodiac(t *testing.T) {
	caster := casttest.Caster(t)

	for _, v := range readVectors(t)[:100] {
		c, err := caster.Cast(birthOf(v))
		if err != nil {
			t.Fatal(err)
		}

		for system := range chart.HouseSystem(chart.HouseSystemCount) {
			if system == chart.WholeSign {
				continue
			}

			for _, body := range []chart.Body{chart.Sun, chart.Moon, chart.Pluto, chart.TrueNode} {
				tropical, _ := c.Position(body, chart.Tropical)

				for zodiac := range chart.Zodiac(chart.ZodiacCount) {
					sidereal, _ := c.Position(body, zodiac)
					if want, got := tropical.House(system), sidereal.House(system); want != got {
						t.Errorf("%s, %s, %s: want house %d, got %d in the zodiac %s", v.UT, system, body, want, got, zodiac)
					}
				}
			}
		}
	}
}
