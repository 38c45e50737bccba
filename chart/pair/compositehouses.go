package pair

import (
	"fmt"

	"sidereal/chart"
)

// corners are the angles of a chart that a composite one needs, in degrees of its zodiac.
type corners struct{ ascendant, midheaven float64 }

func cornersOf(c *chart.Chart, zodiac chart.Zodiac) corners {
	angles := c.Angles(zodiac)

	return corners{angles.Ascendant.Longitude, angles.Midheaven.Longitude}
}

// house gives the composite chart its angles and houses. Both times of birth are known.
func (c *Composite) house(a, b *chart.Chart, o *CompositeOptions) {
	if o.Method == MidheavenDerived {
		c.deriveHouses(a, b, o)
	} else {
		c.averageHouses(a, b, o)
	}

	for i := range c.Positions {
		c.Positions[i].House = c.Houses.House(c.Positions[i].Longitude)
	}
}

// deriveHouses takes the houses that go with the Midheaven at the latitude of reference, with the mean of the two obliquities.
func (c *Composite) deriveHouses(a, b *chart.Chart, o *CompositeOptions) {
	first, second := a.Frame(o.Zodiac), b.Frame(o.Zodiac)
	frame := chart.Frame{
		Obliquity: (first.Obliquity + second.Obliquity) / 2,
		Latitude:  (first.Latitude + second.Latitude) / 2,
		Ayanamsa:  (first.Ayanamsa + second.Ayanamsa) / 2,
	}

	if o.Latitude != nil {
		frame.Latitude = *o.Latitude
	}

	midheaven := Midpoint(cornersOf(a, o.Zodiac).midheaven, cornersOf(b, o.Zodiac).midheaven)
	frame = frame.WithMidheaven(midheaven + frame.Ayanamsa)

	c.setAngles(corners{frame.Angles().Ascendant - frame.Ayanamsa, midheaven}, o.Zodiac)
	c.Houses = chart.HousesAt(o.Houses, o.Zodiac, frame)
	c.Notes = append(c.Notes, fmt.Sprintf("The houses are those of the composite Midheaven at latitude %.4f.", frame.Latitude))
}

func (c *Composite) setAngles(at corners, zodiac chart.Zodiac) {
	ascendant, midheaven := zodiac.Degree(at.ascendant), zodiac.Degree(at.midheaven)
	c.Ascendant, c.Midheaven = &ascendant, &midheaven
}

// averageHouses takes the midpoints of the cusps. Each cusp is counted from the Ascendant of its own chart and the Ascendant from the Midheaven; the
// means of these ways lead from the composite Midheaven to midpoints, and always in order.
func (c *Composite) averageHouses(a, b *chart.Chart, o *CompositeOptions) {
	first, second := cornersOf(a, o.Zodiac), cornersOf(b, o.Zodiac)
	at := corners{midheaven: Midpoint(first.midheaven, second.midheaven)}
	at.ascendant = chart.Normalize(at.midheaven +
		(chart.Normalize(first.ascendant-first.midheaven)+chart.Normalize(second.ascendant-second.midheaven))/2)
	c.setAngles(at, o.Zodiac)

	h1, h2 := c.commonHouses(a, b, o)
	c.Houses = &chart.Houses{System: h1.System, Requested: o.Houses, FallbackReason: h1.FallbackReason + h2.FallbackReason}

	if h1.FallbackReason == h2.FallbackReason {
		c.Houses.FallbackReason = h1.FallbackReason
	}

	for i := range c.Houses.Cusps {
		way := (fromAscendant(h1, i, first.ascendant) + fromAscendant(h2, i, second.ascendant)) / 2

		if h1.System == chart.WholeSign { // the mean of two starts of signs may be the middle of one
			way = float64(30*i) - c.Ascendant.DegreeInSign
		}

		c.Houses.Cusps[i] = o.Zodiac.Degree(at.ascendant + way)
	}
}

// commonHouses returns the houses of both charts by one system: where that asked for does not exist for one of them, or runs clockwise beyond a polar
// circle, both have what the one falls back to, or Porphyry.
func (c *Composite) commonHouses(a, b *chart.Chart, o *CompositeOptions) (first, second *chart.Houses) {
	first, second = a.Houses(o.Houses, o.Zodiac), b.Houses(o.Houses, o.Zodiac)

	switch {
	case clockwise(first) || clockwise(second):
		first, second = a.Houses(chart.Porphyry, o.Zodiac), b.Houses(chart.Porphyry, o.Zodiac)
		first.FallbackReason = fmt.Sprintf("%s houses run clockwise in one of the charts, so that their midpoints are none; Porphyry houses instead.", o.Houses)
	case first.System != second.System && first.FellBack():
		second = b.Houses(first.System, o.Zodiac)
	case first.System != second.System:
		first = a.Houses(second.System, o.Zodiac)
	}

	return first, second
}

// clockwise says whether the houses run against the zodiac, as some do beyond the polar circles.
func clockwise(h *chart.Houses) bool {
	return chart.Difference(h.Cusps[1].Longitude, h.Cusps[0].Longitude) < 0
}

// fromAscendant returns the way from the Ascendant to the cusp with an index, in degrees: about 30 for each house.
func fromAscendant(h *chart.Houses, i int, ascendant float64) float64 {
	equal := float64(30 * i)

	return equal + chart.Difference(h.Cusps[i].Longitude, ascendant+equal)
}
