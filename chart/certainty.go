package chart

import (
	"time"

	"sidereal/atlas"
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
