package chart

import "math"

// HouseSystem is a way to divide the sky into twelve houses.
type HouseSystem uint8

// The house systems.
const (
	Placidus HouseSystem = iota
	WholeSign
	Equal
	Koch
	Porphyry
	Regiomontanus
	Campanus
	Alcabitius
	Morinus
	HouseSystemCount = iota
)

var houseSystemNames = [HouseSystemCount]string{
	"Placidus", "Whole Sign", "Equal", "Koch", "Porphyry", "Regiomontanus", "Campanus", "Alcabitius", "Morinus",
}

// String returns the system's name.
func (s HouseSystem) String() string { return houseSystemNames[s] }

// Cusps are the longitudes at which the houses 1 to 12 begin, in degrees; index 0 is house 1.
type Cusps [12]float64

// ExistsAt says whether the system exists at a geographic latitude: Placidus and Koch divide semi-arcs, which some degrees of the ecliptic do
// not have beyond the polar circles.
func (s HouseSystem) ExistsAt(latitude, obliquity float64) bool {
	return s != Placidus && s != Koch || math.Abs(latitude) < 90-obliquity
}

// CuspsAt returns the tropical cusps for a right ascension of the meridian (armc), a true obliquity and a geographic latitude, in degrees.
// Whole-sign houses are those of the tropical zodiac. A system that does not exist at the latitude must not be asked for.
//
// Formulas: Holden, The Elements of House Division; Meeus, Astronomical Algorithms, 2nd ed., ch. 13.
func CuspsAt(system HouseSystem, armc, obliquity, latitude float64) Cusps {
	return cuspsFrom(system, AnglesAt(armc, obliquity, latitude), armc, obliquity, latitude)
}

func cuspsFrom(system HouseSystem, angles Angles, armc, obliquity, latitude float64) Cusps {
	switch system {
	case WholeSign:
		return equalFrom(equalSign * math.Floor(angles.Ascendant/equalSign))
	case Equal:
		return equalFrom(angles.Ascendant)
	case Morinus:
		return morinus(armc, obliquity)
	case Porphyry:
		return porphyry(angles)
	case Placidus:
		return quadrants(angles, placidus(armc, obliquity, latitude))
	case Koch:
		return quadrants(angles, koch(angles, armc, obliquity, latitude))
	case Alcabitius:
		return quadrants(angles, alcabitius(angles, armc, obliquity, latitude))
	case Regiomontanus:
		return polarTurn(quadrants(angles, regiomontanus(armc, obliquity, latitude)), armc, obliquity, latitude)
	case Campanus:
		return polarTurn(quadrants(angles, campanus(armc, obliquity, latitude)), armc, obliquity, latitude)
	}

	panic("chart: unknown house system")
}

func equalFrom(first float64) Cusps {
	var c Cusps
	for i := range c {
		c[i] = Normalize(first + equalSign*float64(i))
	}

	return c
}

// between are the cusps that a quadrant system has to find: of the houses 11, 12, 2 and 3.
type between struct{ c11, c12, c2, c3 float64 }

// quadrants adds the angles and the opposite cusps.
func quadrants(a Angles, b between) Cusps {
	c := Cusps{0: a.Ascendant, 1: b.c2, 2: b.c3, 9: a.Midheaven, 10: b.c11, 11: b.c12}
	for i := 3; i < 9; i++ {
		c[i] = Normalize(c[(i+6)%12] + 180)
	}

	return c
}

// rising returns the degree of the ecliptic whose oblique ascension under a pole height is the given one.
func rising(obliqueAscension, obliquity, pole float64) float64 {
	return ascendantAt(obliqueAscension-90, obliquity, pole)
}

func morinus(armc, obliquity float64) Cusps {
	var c Cusps

	for i := range c {
		ra := armc + equalSign*float64(i+3) // the tenth cusp (i = 9) belongs to the meridian's own right ascension
		c[i] = Normalize(atan2(sin(ra)*cos(obliquity), cos(ra)))
	}

	return c
}

func porphyry(a Angles) Cusps {
	upper := Difference(a.Ascendant, a.Midheaven) / 3
	lower := (180 - 3*upper) / 3

	return quadrants(a, between{
		c11: Normalize(a.Midheaven + upper), c12: Normalize(a.Midheaven + 2*upper),
		c2: Normalize(a.Ascendant + lower), c3: Normalize(a.Ascendant + 2*lower),
	})
}

func koch(a Angles, armc, obliquity, latitude float64) between {
	// The ascensional difference of the Midheaven's degree; its semi-arc is divided in three.
	ad := asin(tan(latitude) * tan(asin(sin(a.Midheaven)*sin(obliquity))))

	return between{
		c11: rising(armc+30-2*ad/3, obliquity, latitude), c12: rising(armc+60-ad/3, obliquity, latitude),
		c2: rising(armc+120+ad/3, obliquity, latitude), c3: rising(armc+150+2*ad/3, obliquity, latitude),
	}
}

func alcabitius(a Angles, armc, obliquity, latitude float64) between {
	declination := asin(sin(a.Ascendant) * sin(obliquity))
	day := 90 + asin(tan(latitude)*tan(declination)) // the Ascendant's semi-diurnal arc
	night := 180 - day

	return between{
		c11: midheavenAt(armc+day/3, obliquity), c12: midheavenAt(armc+2*day/3, obliquity),
		c2: midheavenAt(armc+180-2*night/3, obliquity), c3: midheavenAt(armc+180-night/3, obliquity),
	}
}

func regiomontanus(armc, obliquity, latitude float64) between {
	outer, inner := atan(tan(latitude)/2), atan(tan(latitude)*cos(30))

	return between{
		c11: rising(armc+30, obliquity, outer), c12: rising(armc+60, obliquity, inner),
		c2: rising(armc+120, obliquity, inner), c3: rising(armc+150, obliquity, outer),
	}
}

func campanus(armc, obliquity, latitude float64) between {
	outer, inner := asin(sin(latitude)/2), asin(sin(latitude)*sin(60))
	far, near := atan2(tan(60), cos(latitude)), atan2(tan(30), cos(latitude))

	return between{
		c11: rising(armc+90-far, obliquity, outer), c12: rising(armc+90-near, obliquity, inner),
		c2: rising(armc+90+near, obliquity, inner), c3: rising(armc+90+far, obliquity, outer),
	}
}

// polarTurn turns the upper cusps round when, beyond a polar circle, the Midheaven has sunk below the horizon: the houses then run clockwise.
func polarTurn(c Cusps, armc, obliquity, latitude float64) Cusps {
	if math.Abs(latitude) < 90-obliquity || Difference(ascendantAt(armc, obliquity, latitude), midheavenAt(armc, obliquity)) >= 0 {
		return c
	}

	for i := range c {
		if i != 0 && i != 6 { // the Ascendant and the Descendant have been turned already
			c[i] = Normalize(c[i] + 180)
		}
	}

	return c
}
