package chart

import (
	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
)

// Course returns how a body moves through a zodiac, and the step in days that it can be followed by; false for the Part of Fortune, which turns with
// the Earth.
func (b Body) Course(z Zodiac) (course motion.Course, step float64, ok bool) {
	source, turn := ephemeris.TrueNode, 180.0 // the South Node

	switch known, observed := b.Observed(); {
	case observed:
		source, turn = known, 0
	case b != SouthNode:
		return nil, 0, false
	}

	return func(sky *ephemeris.Sky) (longitude, rate float64) {
		p := sky.Position(source)
		ayanamsa, growth := z.AyanamsaAt(sky)

		return p.Longitude + turn - ayanamsa, p.LongitudeSpeed - growth
	}, motion.Step(source), true
}
