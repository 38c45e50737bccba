package chart_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/internal/casttest"
)

func TestLunationsAreThoseOfSwissEphemerisToTheSecond(t *testing.T) {
	caster := casttest.Caster(t)

	for _, line := range readLines(t, "lunations.txt") {
		var (
			julianDay float64
			want      [4]float64
		)

		if _, err := fmt.Sscan(line, &julianDay, &want[0], &want[1], &want[2], &want[3]); err != nil {
			t.Fatal(err)
		}

		got := caster.Lunations(castJulianDay(t, caster, julianDay))

		for i, instant := range []time.Time{got.PreviousNew, got.NextNew, got.PreviousFull, got.NextFull} {
			if off := secondsOff(instant, want[i]); off > 1 {
				t.Errorf("%.4f: want %s, got %s, off by %.2f s", julianDay, ephemeris.Time(want[i]), instant, off)
			}
		}

		if age := julianDay - want[0]; math.Abs(got.AgeDays-age) > 1e-4 {
			t.Errorf("%.4f: want an age of %.5f days, got %.5f", julianDay, age, got.AgeDays)
		}
	}
}

// At every instant of a lunation the answer surrounds it, and the next new moon of one is the previous of the other.
func TestLunationsSurroundTheInstant(t *testing.T) {
	caster := casttest.Caster(t)

	for day := 2451500.0; day < 2451600; day += 0.37 {
		c := castJulianDay(t, caster, day)
		at, l := c.Birth.Instant, caster.Lunations(c)

		for _, pair := range [][2]time.Time{{l.PreviousNew, l.NextNew}, {l.PreviousFull, l.NextFull}} {
			if length := pair[1].Sub(pair[0]).Hours() / 24; pair[0].After(at) || !pair[1].After(at) || length < 29.2 || length > 29.9 {
				t.Errorf("%s lies not between %s and %s", at, pair[0], pair[1])
			}
		}

		if waxing := l.NextFull.Before(l.NextNew); waxing != c.MoonPhase().Waxing {
			t.Errorf("%s: want waxing %t", at, waxing)
		}
	}
}

func TestLunationsAtTheirOwnInstantAreThePreviousOnes(t *testing.T) {
	caster := casttest.Caster(t)
	first := caster.Lunations(castJulianDay(t, caster, 2451545))

	for _, instant := range []time.Time{first.NextNew, first.NextFull} {
		c := castJulianDay(t, caster, ephemeris.JulianDay(instant.Add(time.Second)))
		if l := caster.Lunations(c); !l.PreviousNew.Equal(instant) && !l.PreviousFull.Equal(instant) {
			t.Errorf("want %s as the previous one, got %+v", instant, l)
		}
	}
}

func TestLunationsBeyondTheEphemerisAreNotKnown(t *testing.T) {
	caster := casttest.Caster(t)

	first := caster.Lunations(castJulianDay(t, caster, ephemeris.FirstJulianDay+1))
	if !first.PreviousNew.IsZero() || !math.IsNaN(first.AgeDays) || first.NextNew.IsZero() {
		t.Errorf("at the start: %+v", first)
	}

	if last := caster.Lunations(castJulianDay(t, caster, ephemeris.EndJulianDay-1)); !last.NextNew.IsZero() || last.PreviousNew.IsZero() {
		t.Errorf("at the end: %+v", last)
	}
}

// Meeus, Astronomical Algorithms, 2nd ed., example 48.a: on 1992-04-12 at 0h TD the phase angle is 69.0756 degrees and 0.6786 of the disc is lit.
// Delta T is 59 s then.
func TestIlluminationIsThatOfMeeus(t *testing.T) {
	p := castJulianDay(t, casttest.Caster(t), 2448724.5-59.0/86400).MoonPhase()
	if math.Abs(p.PhaseAngle-69.0756) > 0.001 || math.Abs(p.Illumination-0.6786) > 0.00005 {
		t.Errorf("want 69.0756 and 0.6786, got %.4f and %.4f", p.PhaseAngle, p.Illumination)
	}

	if !p.Waxing || p.Phase != chart.WaxingGibbous && p.Phase != chart.FirstQuarter {
		t.Errorf("want a waxing moon after the first quarter, got %+v", p)
	}
}

func TestPhasesAreNamedByTheirElongation(t *testing.T) {
	caster := casttest.Caster(t)
	seen := map[chart.Phase]bool{}

	for day := 2451500.0; day < 2451530; day += 0.25 {
		p := castJulianDay(t, caster, day).MoonPhase()
		seen[p.Phase] = true

		if chart.Separation(p.Elongation, 45*float64(p.Phase)) > 22.5+1e-9 {
			t.Errorf("%s at %g degrees", p.Phase, p.Elongation)
		}

		if within := p.Elongation - 45*float64(p.Lunation); within < 0 || within >= 45 {
			t.Errorf("%s at %g degrees", p.Lunation.LunationName(), p.Elongation)
		}
	}

	if len(seen) != chart.PhaseCount {
		t.Errorf("want all phases in a month, got %v", seen)
	}
}
