package chart

import (
	"fmt"
	"math"
)

// Frame is what houses and angles follow from, in degrees: the right ascension of the meridian (ARMC), the true obliquity, the geographic latitude,
// and the ayanamsa of the zodiac that they are counted in (0 in the tropical one).
type Frame struct{ Meridian, Obliquity, Latitude, Ayanamsa float64 }

// Frame returns the frame of the chart's houses in a zodiac.
func (c *Chart) Frame(zodiac Zodiac) Frame {
	return Frame{Meridian: c.armc, Obliquity: c.sky.Obliquity, Latitude: c.Birth.Latitude, Ayanamsa: c.Ayanamsa(zodiac)}
}

// WithMidheaven returns the frame whose Midheaven is a tropical longitude.
func (f Frame) WithMidheaven(longitude float64) Frame {
	f.Meridian = Normalize(atan2(sin(longitude)*cos(f.Obliquity), cos(longitude)))

	return f
}

// Angles returns the tropical longitudes of the frame's angles.
func (f Frame) Angles() Angles { return AnglesAt(f.Meridian, f.Obliquity, f.Latitude) }

// HousesAt returns the houses by a system in a frame, counted in a zodiac. Where a system does not exist, another takes its place and the answer says
// why: Porphyry for Placidus and Koch beyond the polar circles, and Equal for Whole Sign in the thirteen-sign zodiac, whose signs do not make twelve
// houses.
func HousesAt(system HouseSystem, zodiac Zodiac, f Frame) *Houses {
	angles := f.Angles()

	return f.houses(system, zodiac, angles.Ascendant, func(s HouseSystem) *Cusps {
		cusps := cuspsFrom(s, angles, f.Meridian, f.Obliquity, f.Latitude)

		return &cusps
	})
}

// houses takes the cusps of a system that exists from tropical.
func (f Frame) houses(system HouseSystem, zodiac Zodiac, ascendant float64, tropical func(HouseSystem) *Cusps) *Houses {
	h := &Houses{System: system, Requested: system}

	switch {
	case !system.ExistsAt(f.Latitude, f.Obliquity):
		h.System = Porphyry
		h.FallbackReason = fmt.Sprintf("%s houses do not exist at latitude %.4f: beyond the polar circle (%.2f) some degrees neither rise nor set; %s houses instead.",
			system, f.Latitude, math.Copysign(90-f.Obliquity, f.Latitude), h.System)
	case system == WholeSign && zodiac == TrueSidereal:
		h.System = Equal
		h.FallbackReason = "The thirteen signs of the true sidereal zodiac do not make twelve houses; Equal houses instead."
	}

	if h.System == WholeSign { // the signs of this zodiac
		_, start, _ := zodiac.signAt(Normalize(ascendant - f.Ayanamsa))
		for i, cusp := range equalFrom(start) {
			h.Cusps[i] = zodiac.Degree(cusp)
		}

		return h
	}

	for i, cusp := range tropical(h.System) {
		h.Cusps[i] = zodiac.Degree(cusp - f.Ayanamsa)
	}

	return h
}
