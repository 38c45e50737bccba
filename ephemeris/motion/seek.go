package motion

import (
	"math"

	"sidereal/ephemeris"
)

// Seeker looks for single instants of courses next to one that is known; Follow is for all of a range. It is not safe for concurrent use.
type Seeker struct{ sampler }

// NewSeeker returns a seeker in an ephemeris.
func NewSeeker(e *ephemeris.Ephemeris) *Seeker { return &Seeker{sampler{ephemeris: e}} }

// Start is what is known of a course at an instant within the ephemeris: its longitude in degrees and its rate in degrees a day.
type Start struct{ JulianDayUT, Longitude, Rate float64 }

// Station returns the first station of a course behind its start or, with a stride below 0, the last one before it; false when it lies beyond the
// ephemeris. The stride, in days, must be less than the shortest time between two stations.
func (s *Seeker) Station(course Course, from Start, stride float64) (Station, bool) {
	s.course = course
	a := knot{jd: from.JulianDayUT, value: from.Longitude, rate: from.Rate}

	for {
		jd := max(ephemeris.FirstJulianDay, min(a.jd+stride, beforeEnd))
		if jd == a.jd {
			return Station{}, false
		}

		b := s.near(jd, a.value)
		if a.back() != b.back() {
			turn := s.standing(a, b)

			return Station{JulianDay: turn.jd, Longitude: normalize(turn.value), Retrograde: b.back() == (stride > 0)}, true
		}

		a = b
	}
}

// Reach returns the Julian day UT near a guess at which the course has a longitude, in degrees of any turn; false when it lies beyond the ephemeris. The course
// must be nearly uniform from the guess on, as those of the Sun and of the Moon are: the way is Newton's. A step below a thousandth of a day leaves an
// error of some milliseconds at most, since the errors square: with the Moon's acceleration of 0.4 degrees a day², 0.02 of the step's square.
func (s *Seeker) Reach(course Course, guess, longitude float64) (julianDay float64, ok bool) {
	const (
		maxSteps = 20
		enough   = 1e-3 // days
	)

	s.course = course

	for range maxSteps {
		if !inside(guess) {
			return 0, false
		}

		k := s.near(guess, longitude)
		step := (longitude - k.value) / k.rate
		guess += step

		if math.Abs(step) < enough {
			break
		}
	}

	return guess, true
}
