package chart

// Houses are the twelve houses of a chart, counted in one zodiac.
type Houses struct {
	System, Requested HouseSystem
	FallbackReason    string // empty when the system is the one that was asked for
	Cusps             [12]Degree
}

// FellBack says whether another system took the place of the one asked for.
func (h *Houses) FellBack() bool { return h.System != h.Requested }

// Houses returns the houses by a system, counted in a zodiac; nil when the time of birth is unknown. Where a system does not exist, another
// takes its place and the answer says why, as HousesAt does. Every position asks for them, so they are kept; nobody may change them.
func (c *Chart) Houses(system HouseSystem, zodiac Zodiac) *Houses {
	if !c.Birth.TimeKnown {
		return nil
	}

	return keeping(&c.kept.houses[zodiac][system], func() Houses {
		return *c.Frame(zodiac).houses(system, zodiac, c.angles.Ascendant, c.tropicalCusps)
	})
}

// tropicalCusps returns the cusps of a system that exists here. The houses of every zodiac ask for them, so they are kept.
func (c *Chart) tropicalCusps(system HouseSystem) *Cusps {
	if known := c.cusps[system].Load(); known != nil {
		return known
	}

	cusps := cuspsFrom(system, c.angles, c.armc, c.sky.Obliquity, c.Birth.Latitude)
	c.cusps[system].Store(&cusps)

	return &cusps
}

// House returns the number of the house, 1 to 12, that a longitude of the same zodiac falls in. A longitude on a cusp falls in the house that
// begins there.
func (h *Houses) House(longitude float64) int {
	for i := range h.Cusps {
		begin, end := h.Cusps[i].Longitude, h.Cusps[(i+1)%len(h.Cusps)].Longitude
		width, within := Normalize(end-begin), Normalize(longitude-begin)

		if width > circle/2 { // houses run clockwise beyond the polar circles
			width, within = Normalize(begin-end), Normalize(begin-longitude) // alike, so that the end is out to the last bit
		}

		if within < width {
			return i + 1
		}
	}

	return 1 // unreachable: the houses cover the circle but for rounding at a cusp, and those begin house 1 as well as any
}

// AngleSet are the angles of a chart as degrees of one zodiac.
type AngleSet struct {
	Ascendant, Midheaven, Descendant, ImumCoeli, Vertex, EastPoint Degree
}

// Angles returns the angles, counted in a zodiac; nil when the time of birth is unknown.
func (c *Chart) Angles(zodiac Zodiac) *AngleSet {
	if !c.Birth.TimeKnown {
		return nil
	}

	ayanamsa := c.Ayanamsa(zodiac)
	degree := func(longitude float64) Degree { return zodiac.Degree(longitude - ayanamsa) }

	return &AngleSet{
		Ascendant:  degree(c.angles.Ascendant),
		Midheaven:  degree(c.angles.Midheaven),
		Descendant: degree(c.angles.Descendant()),
		ImumCoeli:  degree(c.angles.ImumCoeli()),
		Vertex:     degree(c.angles.Vertex),
		EastPoint:  degree(c.angles.EastPoint),
	}
}

// housesOf returns the numbers of the houses, 1 to 12, that the main bodies are in.
func (c *Chart) housesOf(h *Houses, zodiac Zodiac) [len(mainBodies)]int {
	var numbers [len(mainBodies)]int

	ayanamsa := c.Ayanamsa(zodiac)
	for i, b := range mainBodies {
		numbers[i] = h.House(Normalize(c.bodies[b].Longitude - ayanamsa))
	}

	return numbers
}
