package chart

import "sidereal/ephemeris"

// Position is where a body stands in a chart, counted in one zodiac.
type Position struct {
	Degree // ecliptic longitude, in the zodiac

	Body        Body
	Latitude    float64 // ecliptic latitude, degrees, north positive
	Distance    float64 // astronomical units from the Earth's centre; 0 for points that have none
	Speed       float64 // in longitude, degrees a day
	Declination float64 // degrees, north positive
	Range       *Range  // nil when the time of birth is known
	chart       *Chart
	zodiac      Zodiac
}

// Retrograde says whether the body moves backwards in longitude.
func (p *Position) Retrograde() bool { return p.Speed < 0 }

// House returns the number of the house that the body is in, 1 to 12, by the ecliptic longitudes of the cusps; a body on a cusp is in the
// house that begins there. Beyond the polar circles the fallback's houses count. It is 0 when the time of birth is unknown.
func (p *Position) House(system HouseSystem) int {
	houses := p.chart.Houses(system, p.zodiac)
	if houses == nil {
		return 0
	}

	return houses.House(p.Longitude)
}

// Range is the longitudes that a body passes in the course of a day, in degrees of the zodiac; From > To when it passes 0.
type Range struct{ From, To float64 }

// Position returns where a body stands; false for the Part of Fortune of a chart without a time.
func (c *Chart) Position(body Body, zodiac Zodiac) (Position, bool) {
	if body == PartOfFortune && !c.Birth.TimeKnown {
		return Position{}, false
	}

	ayanamsa, rate := 0.0, 0.0
	if zodiac != Tropical {
		ayanamsa, rate = c.sky.Ayanamsa(ayanamsas[zodiac]), c.sky.AyanamsaRate(ayanamsas[zodiac])
	}

	at := c.bodies[body]
	p := Position{
		Degree:      zodiac.Degree(at.Longitude - ayanamsa),
		Body:        body,
		Latitude:    at.Latitude,
		Distance:    at.Distance,
		Speed:       at.LongitudeSpeed - rate,
		Declination: c.sky.Declination(at.Longitude, at.Latitude),
		chart:       c,
		zodiac:      zodiac,
	}

	if c.dayStart != nil {
		p.Range = passed(c.dayStart[body], at, c.dayEnd[body], ayanamsa)
	}

	return p, true
}

// Positions returns where all bodies stand, in the order of the bodies.
func (c *Chart) Positions(zodiac Zodiac) []Position {
	positions := make([]Position, 0, BodyCount)

	for body := range Body(BodyCount) {
		if p, ok := c.Position(body, zodiac); ok {
			positions = append(positions, p)
		}
	}

	return positions
}

// passed returns the longitudes between start and end of a day, counted from an ayanamsa. Where the body turns within the day, the turning
// point, found on the parabola through the three positions, is an end of the range.
func passed(start, noon, end ephemeris.Position, ayanamsa float64) *Range {
	before, after := Difference(start.Longitude, noon.Longitude), Difference(end.Longitude, noon.Longitude)
	low, high := min(before, after, 0), max(before, after, 0)

	// before = -v + a and after = v + a over half a day, so that the extremum -v²/4a lies within where |v| < 2|a|.
	v, a := (after-before)/2, (after+before)/2
	if v < 0 && -v < 2*a || v > 0 && v < 2*a {
		low = min(low, -v*v/(4*a))
	}

	if v < 0 && -v < -2*a || v > 0 && v < -2*a {
		high = max(high, -v*v/(4*a))
	}

	return &Range{From: Normalize(noon.Longitude + low - ayanamsa), To: Normalize(noon.Longitude + high - ayanamsa)}
}
