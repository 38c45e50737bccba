// Package motion finds when a longitude has a given value: crossings, stations, and the time spent near a value.
//
// A longitude is followed in steps short against its changes of direction, and cut at its stations, so that it is monotone between two
// neighbouring knots. There a value is taken once or not at all, and none is missed where a body turns round: two crossings that lie close
// together lie on two sides of a station.
package motion

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"sidereal/ephemeris"
)

// Course is a longitude that changes in time: it returns the value in degrees (of any turn) and the rate in degrees a day under a sky. Between two
// steps the value must change by less than 180 degrees.
type Course func(sky *ephemeris.Sky) (longitude, rate float64)

// Of returns the course of a body in tropical longitude.
func Of(body ephemeris.Body) Course {
	return func(sky *ephemeris.Sky) (longitude, rate float64) {
		p := sky.Position(body)

		return p.Longitude, p.LongitudeSpeed
	}
}

// Minus returns the course of the distance from b to a.
func Minus(a, b Course) Course {
	return func(sky *ephemeris.Sky) (longitude, rate float64) {
		l, v := a(sky)
		m, w := b(sky)

		return l - m, v - w
	}
}

// steps are the days between two samples, by body: a fifth or less of the shortest time between two stations. The Sun, the Moon and the mean points have
// none (they need steps for the turns alone); the osculating points turn every few days.
var steps = [ephemeris.BodyCount]float64{
	ephemeris.Sun: 16, ephemeris.Moon: 1, ephemeris.Mercury: 3.5, ephemeris.Venus: 8, ephemeris.Mars: 11, ephemeris.Jupiter: 23, ephemeris.Saturn: 26,
	ephemeris.Uranus: 29, ephemeris.Neptune: 31, ephemeris.Pluto: 31, ephemeris.Chiron: 25, ephemeris.Ceres: 17, ephemeris.Pallas: 15,
	ephemeris.Juno: 14, ephemeris.Vesta: 16, ephemeris.MeanNode: 16, ephemeris.TrueNode: 0.5, ephemeris.MeanLilith: 16, ephemeris.OsculatingLilith: 0.25,
}

// Step returns the step in days by which a body can be followed.
func Step(body ephemeris.Body) float64 { return steps[body] }

// Track is a course over a range of time. It is not safe for concurrent use.
type Track struct {
	sampler

	knots    []knot // in time order, at least two; the course is monotone between neighbours
	stations []Station
}

// Station is where a course turns round.
type Station struct {
	JulianDay  float64 // UT
	Longitude  float64 // degrees in [0, 360)
	Retrograde bool    // it moves backwards afterwards
}

// checkEvery is how many steps are taken between two looks at the context.
const checkEvery = 1024

// Follow returns the course between two Julian days UT, sampled at least every step days. The range must lie within the ephemeris
// (*ephemeris.RangeError) and end behind its start; ctx ends long work with its own error.
func Follow(ctx context.Context, e *ephemeris.Ephemeris, course Course, from, to, step float64) (*Track, error) {
	t := &Track{sampler: sampler{ephemeris: e, course: course}}

	if !(to > from) {
		return nil, fmt.Errorf("motion: a range from %f to %f is none", from, to)
	}

	for _, end := range []float64{from, to} {
		if end == ephemeris.EndJulianDay { // the end excluded is a sound end of a range
			continue
		}

		if _, err := e.Sky(end); err != nil {
			return nil, err
		}
	}

	count := max(1, int(math.Ceil((to-from)/step)))
	samples := make([]knot, count+1)

	for i := range samples {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}

		jd := from + (to-from)*float64(i)/float64(count)
		samples[i] = t.at(min(jd, beforeEnd))

		if i > 0 {
			samples[i].value = unwrap(samples[i].value, samples[i-1].value)
		}
	}

	t.cut(samples)

	return t, nil
}

// cut puts the stations between the samples.
func (t *Track) cut(samples []knot) {
	t.knots = append(make([]knot, 0, len(samples)+8), samples[0])

	for i := 1; i < len(samples); i++ {
		a, b := samples[i-1], samples[i]

		if a.back() != b.back() {
			t.turn(a, b)
		} else if dip, ok := t.dip(samples, i); ok {
			t.turn(a, dip)
			t.turn(dip, b)
		}

		t.knots = append(t.knots, b)
	}
}

// turn adds the station between two knots whose rates differ in sign.
func (t *Track) turn(a, b knot) {
	s := t.standing(a, b)
	t.knots = append(t.knots, s)
	t.stations = append(t.stations, Station{JulianDay: s.jd, Longitude: normalize(s.value), Retrograde: b.back()})
}

// dip looks for a pair of stations between samples[i-1] and samples[i], where the course moves the same way: by ternary search the slowest instant,
// or any other at which it moves the other way.
func (t *Track) dip(samples []knot, i int) (knot, bool) {
	a, b := samples[i-1], samples[i]

	sign := 1.0
	if a.back() {
		sign = -1
	}

	if !mayDip(samples, i, sign) {
		return knot{}, false
	}

	low, high := a.jd, b.jd
	for high-low > 1e-3 {
		x, y := t.near(low+(high-low)/3, a.value), t.near(high-(high-low)/3, a.value)

		switch {
		case x.back() != a.back():
			return x, true
		case y.back() != a.back():
			return y, true
		case x.rate*sign < y.rate*sign:
			high = y.jd
		default:
			low = x.jd
		}
	}

	return knot{}, false
}

// mayDip says whether the speed can come down to 0 between samples[i-1] and samples[i], and up again: it falls before and rises behind, by at least
// a quarter of what is left. A parabola falls by half of that at most.
func mayDip(samples []knot, i int, sign float64) bool {
	a, b := samples[i-1].rate*sign, samples[i].rate*sign
	before, after := math.Inf(1), math.Inf(1) // unknown at the ends of the track

	if i >= 2 {
		before = samples[i-2].rate * sign
	}

	if i+1 < len(samples) {
		after = samples[i+1].rate * sign
	}

	return before > a && after > b && max(before-a, after-b) > min(a, b)/4
}

// Stations returns where the course turns round, in time order. Turns there and back within three hours can be left out, such as the joints of the
// ephemeris' segments make: in 600 years three pairs of 16 067 of the True Node, and one of Pluto.
func (t *Track) Stations() []Station { return t.stations }

// Crossing is the passage of a course over a mark.
type Crossing struct {
	Mark       int     // index of the mark
	JulianDay  float64 // UT
	Retrograde bool    // it moves backwards
}

// Crossings yields every passage over one of the marks, longitudes in [0, 360) in ascending order, in time order from the track's start to its end,
// the end excluded. A mark that the course touches at a station is passed once.
func (t *Track) Crossings(marks []float64) iter.Seq[Crossing] {
	return func(yield func(Crossing) bool) {
		if len(marks) == 0 {
			return
		}

		for i := 1; i < len(t.knots); i++ {
			if !t.between(t.knots[i-1], t.knots[i], marks, yield) {
				return
			}
		}
	}
}

// between yields the crossings between two neighbouring knots, the first included and the second excluded.
func (t *Track) between(a, b knot, marks []float64, yield func(Crossing) bool) bool {
	back := b.value < a.value
	turn := 360 * math.Floor(a.value/360)
	i, found := slices.BinarySearch(marks, a.value-turn)

	if back && !found {
		i--
	}

	for {
		switch {
		case i == len(marks):
			i, turn = 0, turn+360
		case i < 0:
			i, turn = len(marks)-1, turn-360
		}

		value := marks[i] + turn
		if back && value <= b.value || !back && value >= b.value {
			return true
		}

		jd := a.jd
		if value != a.value {
			jd = t.passing(a, b, value)
		}

		if !yield(Crossing{Mark: i, JulianDay: jd, Retrograde: back}) {
			return false
		}

		if back {
			i--
		} else {
			i++
		}
	}
}

func normalize(degrees float64) float64 {
	degrees -= 360 * math.Floor(degrees/360)
	if degrees >= 360 { // a tiny negative angle rounds up
		return 0
	}

	return degrees
}
