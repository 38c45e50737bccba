package motion

import (
	"math"

	"sidereal/ephemeris"
)

// knot is the course at one instant. Its value is unwrapped: it runs on beyond 360 and below 0.
type knot struct{ jd, value, rate float64 }

// back says whether the course moves backwards; one that stands still moves on.
func (k knot) back() bool { return k.rate < 0 }

// sampler looks at a course.
type sampler struct {
	ephemeris *ephemeris.Ephemeris
	course    Course
	sky       ephemeris.Sky // the last one looked at; here, since it would escape to the heap with each call of the course
}

// at evaluates the course; jd was checked to lie within the ephemeris.
func (s *sampler) at(jd float64) knot {
	s.sky, _ = s.ephemeris.Sky(jd)
	value, rate := s.course(&s.sky)

	return knot{jd, value, rate}
}

// near evaluates the course, on the turn of a value that is less than half a turn away.
func (s *sampler) near(jd, value float64) knot {
	k := s.at(jd)
	k.value = unwrap(k.value, value)

	return k
}

// unwrap returns the value plus the whole turns that bring it nearest to another.
func unwrap(value, near float64) float64 { return value - 360*math.Round((value-near)/360) }

// beforeEnd is the last instant of the ephemeris.
var beforeEnd = math.Nextafter(ephemeris.EndJulianDay, 0)

// inside says whether a Julian day UT lies within the ephemeris.
func inside(jd float64) bool { return jd >= ephemeris.FirstJulianDay && jd <= beforeEnd }
