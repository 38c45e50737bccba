package chart

import (
	"fmt"
	"math"
	"time"

	"sidereal/ephemeris"
)

// daySteps is how many parts a day is looked at in. In one of them, two hours, no body passes a whole sign (the Moon moves 1.3 degrees, the narrowest sign
// has 12), and none turns twice.
const daySteps = 12

// day is the sky over the local day of a birth.
type day struct {
	caster  *Caster
	moments [daySteps + 1]moment
}

// moment is the sky at an instant of a day.
type moment struct {
	julianDay float64 // UT
	sky       ephemeris.Sky
	bodies    [BodyCount]ephemeris.Position
}

// time returns the moment to the second.
func (m *moment) time() time.Time { return ephemeris.Time(m.julianDay).Round(time.Second) }

// day returns the sky over the birth's local day, which is computed when it is first asked for.
func (c *Chart) day() (*day, error) {
	if known := c.daySky.Load(); known != nil {
		return known, nil
	}

	start, end := c.caster.localDay(c.Birth)
	from, to := ephemeris.JulianDay(start), ephemeris.JulianDay(end)
	d := &day{caster: c.caster}

	for i := range d.moments {
		m, err := d.at(from + (to-from)*float64(i)/daySteps)
		if err != nil {
			return nil, err
		}

		d.moments[i] = *m
	}

	c.daySky.Store(d)

	return d, nil
}

// at returns the sky at an instant or, where the day reaches beyond the ephemeris, at its end.
func (d *day) at(julianDay float64) (*moment, error) {
	within := max(ephemeris.FirstJulianDay, min(julianDay, math.Nextafter(ephemeris.EndJulianDay, 0)))

	sky, err := d.caster.ephemeris.Sky(within)
	if err != nil {
		return nil, fmt.Errorf("chart: day: %w", err)
	}

	m := &moment{julianDay: julianDay, sky: sky}
	observe(&m.sky, &m.bodies)

	return m, nil
}

// track is how one angle goes over a day: its value in degrees, and its speed in degrees a day.
type track struct {
	day *day
	of  func(*moment) (angle, speed float64)
}

// monotone returns the moments of the day with the stations of the angle put in at their place, so that the angle goes one way between any two, and the
// stations on their own.
func (t track) monotone() (all []*moment, turns []*moment, err error) {
	for i := range t.day.moments {
		m := &t.day.moments[i]

		if i > 0 {
			_, before := t.of(&t.day.moments[i-1])
			_, after := t.of(m)

			if before < 0 != (after < 0) {
				turn, err := t.bisect(&t.day.moments[i-1], m, func(m *moment) bool { _, speed := t.of(m); return speed < 0 == (before < 0) })
				if err != nil {
					return nil, nil, err
				}

				all, turns = append(all, turn), append(turns, turn)
			}
		}

		all = append(all, m)
	}

	return all, turns, nil
}

// bisect returns the first moment between two at which holds is no longer true, to a tenth of a second.
func (t track) bisect(low, high *moment, holds func(*moment) bool) (*moment, error) {
	const tenth = 0.1 / 86400

	for high.julianDay-low.julianDay > tenth {
		middle, err := t.day.at((low.julianDay + high.julianDay) / 2)
		if err != nil {
			return nil, err
		}

		if holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}

	return high, nil
}
