package chart

// HouseRuler says who rules a house and where that body stands.
type HouseRuler struct {
	House int  // 1 to 12
	Sign  Sign // on the cusp

	Ruler       Body // of the sign, by the modern rulerships
	RulerSign   Sign // that the ruler stands in
	RulerHouse  int  // that the ruler stands in, 1 to 12
	Traditional Body // ruler of the sign before the outer planets were known

	TraditionalSign  Sign
	TraditionalHouse int
}

// HouseRulers returns the rulers of the twelve houses by the signs on their cusps; nil when the time of birth is unknown. Where the system does not
// exist, the houses are those of its fallback.
func (c *Chart) HouseRulers(system HouseSystem, zodiac Zodiac) []HouseRuler {
	houses := c.Houses(system, zodiac)
	if houses == nil {
		return nil
	}

	ayanamsa := c.Ayanamsa(zodiac)

	return houses.Rulers(func(b Body) Degree { return zodiac.Degree(c.bodies[b].Longitude - ayanamsa) })
}

// Rulers returns the rulers of the houses; at says where a body stands in the zodiac that the cusps are counted in.
func (h *Houses) Rulers(at func(Body) Degree) []HouseRuler {
	rulers := make([]HouseRuler, len(h.Cusps))

	for i := range rulers {
		sign := h.Cusps[i].Sign
		ruler, traditional := sign.Ruler(), sign.TraditionalRuler()
		place, traditionalPlace := at(ruler), at(traditional)
		rulers[i] = HouseRuler{
			House: i + 1, Sign: sign,
			Ruler: ruler, RulerSign: place.Sign, RulerHouse: h.House(place.Longitude),
			Traditional: traditional, TraditionalSign: traditionalPlace.Sign, TraditionalHouse: h.House(traditionalPlace.Longitude),
		}
	}

	return rulers
}

// SignShare is the part of a sign that a house covers.
type SignShare struct {
	Sign    Sign
	Degrees float64 // of the sign within the house
	// Intercepted says that the sign lies whole within the house, with no cusp in it.
	Intercepted bool
}

// HouseSigns are the signs that a house reaches over, in the order of the zodiac.
type HouseSigns struct {
	House  int // 1 to 12
	Shares []SignShare
}

// HouseSigns returns the signs that each house reaches over; nil when the time of birth is unknown.
func (c *Chart) HouseSigns(system HouseSystem, zodiac Zodiac) []HouseSigns {
	houses := c.Houses(system, zodiac)
	if houses == nil {
		return nil
	}

	return houses.Signs(zodiac)
}

// Signs divides each house by the signs of the zodiac that its cusps are counted in.
func (h *Houses) Signs(zodiac Zodiac) []HouseSigns {
	var cusps [SignCount]int
	for i := range h.Cusps {
		cusps[h.Cusps[i].Sign]++
	}

	all := make([]HouseSigns, len(h.Cusps))
	shares := make([]SignShare, 0, len(h.Cusps)+SignCount) // each cusp and each start of a sign begins a share

	for i := range all {
		from := len(shares)
		shares = h.appendShares(shares, i, zodiac)
		all[i] = HouseSigns{House: i + 1, Shares: shares[from:len(shares):len(shares)]}

		for k := range all[i].Shares {
			s := &all[i].Shares[k]
			s.Intercepted = cusps[s.Sign] == 0
		}
	}

	return all
}

// appendShares adds the signs from a cusp to the next.
func (h *Houses) appendShares(shares []SignShare, house int, zodiac Zodiac) []SignShare {
	const rounding = 1e-9 // degrees; what a cusp on the start of a sign may seem to have of the sign before

	at, width := h.Cusps[house].Longitude, Difference(h.Cusps[(house+1)%len(h.Cusps)].Longitude, h.Cusps[house].Longitude)
	if width < 0 { // houses run clockwise beyond the polar circles
		at, width = h.Cusps[(house+1)%len(h.Cusps)].Longitude, -width
	}

	for width > rounding {
		sign, _, end := zodiac.signAt(at)
		share := min(end-at, width)

		if share > rounding {
			shares = append(shares, SignShare{Sign: sign, Degrees: share})
		}

		width -= share
		at = Normalize(end)
	}

	return shares
}
