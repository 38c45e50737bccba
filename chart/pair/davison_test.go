package pair_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/pair"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

func TestMiddlesBetweenPlaces(t *testing.T) {
	for name, test := range map[string]struct {
		method                      pair.PlaceMethod
		a, b                        [2]float64
		wantLatitude, wantLongitude float64
	}{
		// The worked example of midpointTo in Chris Veness' geodesy functions (latlon-spherical.js).
		"Cambridge and Paris":              {pair.GreatCircle, [2]float64{52.205, 0.119}, [2]float64{48.857, 2.351}, 50.5363, 1.2746},
		"on the equator":                   {pair.GreatCircle, [2]float64{0, 10}, [2]float64{0, 50}, 0, 30},
		"across the antimeridian":          {pair.GreatCircle, [2]float64{0, 170}, [2]float64{0, -150}, 0, -170},
		"over the pole":                    {pair.GreatCircle, [2]float64{60, 0}, [2]float64{60, 180}, 90, 0},
		"antipodes have the mean":          {pair.GreatCircle, [2]float64{30, 0}, [2]float64{-30, 180}, 0, 90},
		"means":                            {pair.Arithmetic, [2]float64{40, -74}, [2]float64{50, 2}, 45, -36},
		"means across the antimeridian":    {pair.Arithmetic, [2]float64{-36, 174}, [2]float64{21, -158}, -7.5, -172},
		"means between opposite meridians": {pair.Arithmetic, [2]float64{0, -90}, [2]float64{0, 90}, 0, 0},
	} {
		a, b := chart.Birth{Latitude: test.a[0], Longitude: test.a[1]}, chart.Birth{Latitude: test.b[0], Longitude: test.b[1]}

		for _, ends := range [][2]chart.Birth{{a, b}, {b, a}} {
			latitude, longitude := test.method.Between(ends[0], ends[1])
			polar := math.Abs(latitude) > 89.9999

			if math.Abs(latitude-test.wantLatitude) > 1e-4 || !polar && chart.Separation(longitude, test.wantLongitude) > 1e-4 || math.Abs(longitude) > 180 {
				t.Errorf("%s: want %g, %g, got %g, %g", name, test.wantLatitude, test.wantLongitude, latitude, longitude)
			}
		}
	}
}

// The Davison chart stands in the middle of the births, the same both ways; of a chart with itself it is the chart.
func TestDavisonChartsStandInTheMiddle(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(15, 16))

	for i := range 40 {
		a, b := randomChart(t, caster, random, true), randomChart(t, caster, random, i%4 != 0)
		method := pair.PlaceMethod(i % 2)

		there, err := pair.Davison(caster, a, b, method)
		back, err2 := pair.Davison(caster, b, a, method)

		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}

		if there.Hash != back.Hash || there.Birth.TimeKnown != b.Birth.TimeKnown {
			t.Errorf("want the same chart both ways, got %+v and %+v", there.Birth, back.Birth)
		}

		before, after := there.Birth.Instant.Sub(a.Birth.Instant), b.Birth.Instant.Sub(there.Birth.Instant)
		if d := (before - after).Abs(); d > time.Second {
			t.Errorf("want the middle in time, it is off by %s", d)
		}

		if self, err := pair.Davison(caster, a, a, method); err != nil || self.Hash != a.Hash {
			t.Errorf("want the chart itself, got %v, %v", self.Birth, err)
		}
	}

	// Births more than 292 years apart, which a time.Duration cannot hold.
	old, young := randomBirth(random, true), randomBirth(random, true)
	old.Instant, young.Instant = time.Date(1800, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(2399, 12, 30, 0, 0, 0, 0, time.UTC)

	far, err := pair.Davison(caster, cast(t, caster, old), cast(t, caster, young), pair.GreatCircle)
	if err != nil || far.Birth.Instant.Year() != 2099 && far.Birth.Instant.Year() != 2100 {
		t.Errorf("want a chart of the turn of 2099, got %v, %v", far.Birth.Instant, err)
	}

	_, err = pair.Davison(caster, far, far, 7)
	if f, ok := fault.As(err); !ok || f.Field != "place" {
		t.Errorf("want a fault of place, got %v", err)
	}
}
