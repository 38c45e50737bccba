package chart

import (
	"math"
	"time"

	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
)

// Phase is one of the eight phases of the Moon.
type Phase uint8

// The phases in their order.
const (
	NewMoon Phase = iota
	WaxingCrescent
	FirstQuarter
	WaxingGibbous
	FullMoon
	WaningGibbous
	LastQuarter
	WaningCrescent
	PhaseCount = iota
)

var phaseNames = [PhaseCount]string{
	"New Moon", "Waxing Crescent", "First Quarter", "Waxing Gibbous", "Full Moon", "Waning Gibbous", "Last Quarter", "Waning Crescent",
}

// String returns the phase's English name.
func (p Phase) String() string { return phaseNames[p] }

// lunationNames are the phases of Rudhyar's lunation cycle.
var lunationNames = [PhaseCount]string{"New Moon", "Crescent", "First Quarter", "Gibbous", "Full Moon", "Disseminating", "Last Quarter", "Balsamic"}

// LunationName returns the name that the phase has in Rudhyar's lunation cycle: the last is the Balsamic Moon.
func (p Phase) LunationName() string { return lunationNames[p] }

const phaseWidth = circle / PhaseCount

// MoonPhase is how the Moon is lit.
type MoonPhase struct {
	Elongation float64 // ecliptic longitude of the Moon less that of the Sun, degrees in [0, 360)
	Waxing     bool    // the elongation is below 180 degrees

	// PhaseAngle is the angle between the Sun and the Earth as seen from the Moon's centre, degrees in [0, 180]; Illumination is the fraction of the
	// disc that is lit, (1 + cos PhaseAngle)/2. Both take the latitude of the Moon and the distances of both into account (Meeus, Astronomical
	// Algorithms, 2nd ed., eq. 48.1 to 48.3), so that a full moon off the node is not quite full.
	PhaseAngle, Illumination float64

	// Phase is the phase whose exact elongation, a multiple of 45 degrees, is nearest: the Moon is new from 22.5 degrees before the conjunction to
	// 22.5 degrees after it.
	Phase Phase

	// Lunation is the phase of the lunation cycle that astrologers use (Rudhyar, The Lunation Cycle, 1967): each begins at its exact elongation and
	// lasts for 45 degrees, so that it is new from 0 to 45.
	Lunation Phase
}

// MoonPhase returns the phase of the Moon at the chart's instant.
func (c *Chart) MoonPhase() MoonPhase { return phaseOf(&c.bodies[Sun], &c.bodies[Moon]) }

func phaseOf(sun, moon *ephemeris.Position) MoonPhase {
	elongation := Normalize(moon.Longitude - sun.Longitude)
	apart := acos(sin(sun.Latitude)*sin(moon.Latitude) + cos(sun.Latitude)*cos(moon.Latitude)*cos(elongation))
	angle := atan2(sun.Distance*sin(apart), moon.Distance-sun.Distance*cos(apart))

	return MoonPhase{
		Elongation:   elongation,
		Waxing:       elongation < circle/2,
		PhaseAngle:   angle,
		Illumination: (1 + cos(angle)) / 2,
		Phase:        Phase(int(elongation/phaseWidth+0.5) % PhaseCount),
		Lunation:     Phase(int(elongation / phaseWidth)),
	}
}

// Lunations are the exact new and full moons around an instant, in UTC to the second: when the apparent longitudes of the Moon and the Sun are the
// same, and opposite. Those beyond the ephemeris are zero.
type Lunations struct {
	PreviousNew, NextNew, PreviousFull, NextFull time.Time

	// AgeDays is the time since the previous new moon, in days; NaN when that lies beyond the ephemeris.
	AgeDays float64
}

// Lunations returns the new and full moons around a chart's instant: the previous ones at it or before, the next ones after it.
func (c *Caster) Lunations(chart *Chart) Lunations {
	elongation := chart.MoonPhase().Elongation
	toNew, toFull := circle-elongation, Normalize(circle/2-elongation)
	from := chart.sky.JulianDayUT

	if toFull == 0 { // full at this very instant: that one is the previous
		toFull = circle
	}

	seeker := motion.NewSeeker(c.ephemeris)
	new0, known := elongationAfter(seeker, from, elongation, toNew-circle)
	l := Lunations{AgeDays: math.NaN(), PreviousNew: instantOf(new0, known)}

	if known {
		l.AgeDays = from - new0
	}

	l.NextNew = instantOf(elongationAfter(seeker, from, elongation, toNew))
	l.PreviousFull = instantOf(elongationAfter(seeker, from, elongation, toFull-circle))
	l.NextFull = instantOf(elongationAfter(seeker, from, elongation, toFull))

	return l
}

// elongationAfter returns the Julian day UT at which the Moon's elongation, now degrees at the Julian day from, will have grown by degrees, which may
// be negative; false beyond the ephemeris.
//
// The elongation grows by 10.4 to 15.2 degrees a day, so that Newton's method converges from the mean of 12.19 without losing a turn.
func elongationAfter(seeker *motion.Seeker, from, now, degrees float64) (julianDay float64, ok bool) {
	const meanRate = 360 / 29.530588853 // degrees a day (Meeus, eq. 49.1)

	return seeker.Reach(elongationOfMoon, from+degrees/meanRate, now+degrees)
}

// elongationOfMoon is the course of the Moon's longitude less the Sun's.
func elongationOfMoon(sky *ephemeris.Sky) (longitude, rate float64) {
	sun, moon := sky.Position(ephemeris.Sun), sky.Position(ephemeris.Moon)

	return moon.Longitude - sun.Longitude, moon.LongitudeSpeed - sun.LongitudeSpeed
}

// instantOf returns the time in UTC, to the second, of a Julian day; the zero time for one that is not known.
func instantOf(julianDay float64, known bool) time.Time {
	if !known {
		return time.Time{}
	}

	return ephemeris.Time(julianDay).Round(time.Second)
}
