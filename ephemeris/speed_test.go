package ephemeris

import (
	"math"
	"testing"
)

// The speeds are the derivatives of the places: a central difference of fourth order says the same. In a few of the steps there is a joint of
// segments, where the places of two fits differ a little; the osculating points feel the one in the Moon's velocity.
func TestSpeedsAreDerivatives(t *testing.T) {
	const step = 0.03 // days

	e := open(t)

	for b := range Body(BodyCount) {
		most, typical := 5e-6, 2e-6 // degrees or AU a day
		if b == OsculatingLilith || b == TrueNode {
			most, typical = 1e-2, 2e-4
		}

		var off [3]deviations

		for _, day := range instants()[:1000] {
			at := func(steps float64) Position { return skyAt(t, e, day+steps*step).Position(b) }
			got := at(0)

			sun := skyAt(t, e, day).Position(Sun)
			if b >= Mercury && b <= Vesta && math.Abs(math.Remainder(sun.Longitude-got.Longitude, 360)) < 1 {
				continue // near the Sun places bend too fast for such steps
			}

			difference := func(value func(Position) float64) float64 {
				rise := func(steps float64) float64 { return math.Remainder(value(at(steps))-value(at(-steps)), 360) }

				return (8*rise(1) - rise(2)) / (12 * step)
			}

			off[0] = append(off[0], math.Abs(difference(func(p Position) float64 { return p.Longitude })-got.LongitudeSpeed))
			off[1] = append(off[1], math.Abs(difference(func(p Position) float64 { return p.Latitude })-got.LatitudeSpeed))
			off[2] = append(off[2], math.Abs(difference(func(p Position) float64 { return p.Distance })-got.DistanceSpeed))
		}

		for i, name := range [3]string{"longitude", "latitude", "distance"} {
			t.Logf("%-18s %-9s %.1e a day (99 %%: %.1e)", b, name, off[i].max(), off[i].typical())

			if off[i].max() > most || off[i].typical() > typical {
				t.Errorf("%s of %s: the speed is off by %.1e a day at most, by %.1e in 99 of 100; want %.0e and %.0e", name, b, off[i].max(), off[i].typical(), most, typical)
			}
		}
	}
}

// Where a body passes behind the Sun its light bends within hours, and the speeds follow.
func TestSpeedsFollowTheBendingOfLight(t *testing.T) {
	const step = 0.002 // days

	e := open(t)

	for _, day := range behindTheSun {
		at := func(steps float64) float64 {
			return skyAt(t, e, day.julianDayUT+steps*step).Position(day.body).Longitude
		}
		want := math.Remainder(at(1)-at(-1), 360) / (2 * step)

		if off := arc(skyAt(t, e, day.julianDayUT).Position(day.body).LongitudeSpeed, want); off > 1 {
			t.Errorf("speed of %s at %.4f: off by %.3f″ a day, want 1″", day.body, day.julianDayUT, off)
		}
	}
}
