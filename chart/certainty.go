package chart

import (
	"fmt"
	"math"
	"slices"
	"time"

	"sidereal/atlas"
	"sidereal/ephemeris"
)

// Certainty is what can be said of a body's place when only the day of birth is known.
type Certainty struct {
	// Spans are the signs that the body passes in the course of the local day, in order of time: one where the sign is certain. The first begins and
	// the last ends with the day. None when the time of birth is known.
	Spans []SignSpan
	// Turns are the stations within the day, in order of time. None when the time of birth is known.
	Turns []Turn
}

// Certain says whether the body is in one sign all day.
func (c *Certainty) Certain() bool { return len(c.Spans) <= 1 }

// MotionCertain says whether the body is direct or retrograde all day.
func (c *Certainty) MotionCertain() bool { return len(c.Turns) == 0 }

// Changes returns the spans that a change of sign begins.
func (c *Certainty) Changes() []SignSpan { return c.Spans[min(1, len(c.Spans)):] }

// SignSpan is a stay in a sign. Times are UTC, to the second; Chart.LocalTime says what clocks showed.
type SignSpan struct {
	Sign     Sign
	From, To time.Time
}

// Turn is a station: the body goes backwards or forwards from then on. The time is UTC, to the second; it stands for the moment of no motion only as
// well as an ephemeris can place it, which is minutes for the outer planets.
type Turn struct {
	At         time.Time
	Retrograde bool // behind the station
}

// LocalTime returns what local clocks showed at an instant, in a fixed zone of their offset: that of the instant and not that of the birth, since clocks
// may be changed in the course of the day.
func (c *Chart) LocalTime(at time.Time) time.Time {
	offset := atlas.Offset{East: c.Birth.UTCOffset}

	if loc, err := c.caster.zones.Location(c.Birth.Zone); err == nil {
		offset = atlas.OffsetAt(loc, at, c.Birth.Longitude)
	}

	return at.In(time.FixedZone(offset.Abbreviation, int(offset.East/time.Second)))
}

// Certainty returns how certain a body's sign and motion are over the local day. It is empty, and so certain, when the time of birth is known.
func (c *Chart) Certainty(body Body, zodiac Zodiac) (Certainty, error) {
	if c.Birth.TimeKnown || body == PartOfFortune {
		return Certainty{}, nil
	}

	d, err := c.day()
	if err != nil {
		return Certainty{}, err
	}

	track := track{day: d, of: func(m *moment) (float64, float64) {
		at := m.bodies[body]
		if zodiac == Tropical {
			return at.Longitude, at.LongitudeSpeed
		}

		kind := ayanamsas[zodiac]

		return Normalize(at.Longitude - m.sky.Ayanamsa(kind)), at.LongitudeSpeed - m.sky.AyanamsaRate(kind)
	}}

	return track.certainty(zodiac)
}

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

// certainty finds the signs and the stations of the day.
func (t track) certainty(zodiac Zodiac) (Certainty, error) {
	moments, turns, err := t.monotone()
	if err != nil {
		return Certainty{}, err
	}

	signAt := func(m *moment) Sign {
		longitude, _ := t.of(m)
		sign, _, _ := zodiac.signAt(longitude)

		return sign
	}

	found := Certainty{Spans: []SignSpan{{Sign: signAt(moments[0]), From: moments[0].time()}}}

	for i, m := range moments[1:] {
		current := &found.Spans[len(found.Spans)-1]

		if sign := signAt(m); sign != current.Sign {
			change, err := t.bisect(moments[i], m, func(m *moment) bool { return signAt(m) == current.Sign })
			if err != nil {
				return Certainty{}, err
			}

			current.To = change.time()
			found.Spans = append(found.Spans, SignSpan{Sign: sign, From: current.To})
		}
	}

	found.Spans[len(found.Spans)-1].To = moments[len(moments)-1].time()

	for _, turn := range turns {
		_, speed := t.of(turn)
		found.Turns = append(found.Turns, Turn{At: turn.time(), Retrograde: speed < 0})
	}

	return found, nil
}

// SeparationRange returns the smallest and the largest angle between two bodies over the local day, in degrees; both are the chart's own when the time of
// birth is known.
func (c *Chart) SeparationRange(first, second Body) (low, high float64, err error) {
	if c.Birth.TimeKnown {
		apart := Separation(c.bodies[first].Longitude, c.bodies[second].Longitude)

		return apart, apart, nil
	}

	d, err := c.day()
	if err != nil {
		return 0, 0, err
	}

	moments, _, err := track{day: d, of: func(m *moment) (float64, float64) {
		a, b := m.bodies[first], m.bodies[second]

		return Difference(b.Longitude, a.Longitude), b.LongitudeSpeed - a.LongitudeSpeed
	}}.monotone()
	if err != nil {
		return 0, 0, err
	}

	apart := make([]float64, len(moments))
	for i, m := range moments {
		apart[i] = Difference(m.bodies[second].Longitude, m.bodies[first].Longitude)
	}

	low, high = math.Inf(1), math.Inf(-1)

	for i, a := range apart {
		low, high = min(low, math.Abs(a)), max(high, math.Abs(a))

		if i == 0 || apart[i-1] < 0 == (a < 0) {
			continue
		}

		if math.Abs(a) < 90 { // they passed each other
			low = 0
		} else { // they passed the opposition
			high = 180
		}
	}

	return low, high, nil
}

// AspectCertain says whether an aspect of the chart holds all day, by the limits it was found with: within its orb, and no other kind nearer. It is true
// when the time of birth is known.
func (c *Chart) AspectCertain(a Aspect, orbs Orbs) (bool, error) {
	if c.Birth.TimeKnown {
		return true, nil
	}

	low, high, err := c.SeparationRange(a.First, a.Second)
	if err != nil {
		return false, err
	}

	wide := a.First.luminary() || a.Second.luminary()
	within := func(kind AspectKind) (from, to float64) {
		limit := orbs[kind].Planets
		if wide {
			limit = orbs[kind].Luminaries
		}

		return kind.Angle() - limit, kind.Angle() + limit
	}

	if from, to := within(a.Kind); low < from || high > to {
		return false, nil
	}

	others := make([]AspectKind, 0, AspectKindCount)
	for kind := range AspectKind(AspectKindCount) {
		others = append(others, kind)
	}

	isNearer := func(kind AspectKind) bool { // somewhere in the day
		from, to := within(kind)
		middle := (kind.Angle() + a.Kind.Angle()) / 2

		switch {
		case kind.Angle() < a.Kind.Angle():
			to = min(to, math.Nextafter(middle, 0))
		case kind.Angle() > a.Kind.Angle():
			from = max(from, math.Nextafter(middle, circle))
		default:
			return false
		}

		return max(from, low) <= min(to, high)
	}

	return !slices.ContainsFunc(others, isNearer), nil
}
