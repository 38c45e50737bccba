package chart

import "sidereal/ephemeris"

// PatternCertain says whether a pattern of the chart holds all day: all of its aspects, by the limits that they were found with, or the common sign of
// a stellium. It is true when the time of birth is known.
func (c *Chart) PatternCertain(p *Pattern, aspects []Aspect, orbs *Orbs, zodiac Zodiac) (bool, error) {
	if c.Birth.TimeKnown {
		return true, nil
	}

	if p.Kind == SignStellium {
		for _, body := range p.Bodies {
			certainty, err := c.Certainty(body, zodiac)
			if err != nil || !certainty.Certain() {
				return false, err
			}
		}

		return true, nil
	}

	// In every figure each body has an aspect to each other, and a pair has one aspect at most.
	set := setOf(p.Bodies...)

	for i := range aspects {
		if !set.holds(setOf(aspects[i].First, aspects[i].Second)) {
			continue
		}

		certain, err := c.AspectCertain(aspects[i], *orbs)
		if err != nil || !certain {
			return false, err
		}
	}

	return true, nil
}

// PhaseCertain says whether the phase and the lunation of the Moon are the same all day. It is true when the time of birth is known.
func (c *Chart) PhaseCertain() bool {
	if c.Birth.TimeKnown {
		return true
	}

	at := func(day *[BodyCount]ephemeris.Position) MoonPhase { return phaseOf(&day[Sun], &day[Moon]) }
	start, end := at(c.dayStart), at(c.dayEnd)

	return start.Phase == end.Phase && start.Lunation == end.Lunation
}
