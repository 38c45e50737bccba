package people

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"sidereal/chart"
)

// maxReasons is how many reasons a match gives.
const maxReasons = 12

// placeNames are the compared places as sentences name them.
var placeNames = [placeCount]string{
	"the Sun", "the Moon", "Mercury", "Venus", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune", "Pluto", "Chiron", "the True Node",
	"the Ascendant", "the Midheaven",
}

// aspectVerbs join the bodies of an aspect.
var aspectVerbs = [chart.AspectKindCount]string{
	"conjunct", "opposite", "trine", "square", "sextile", "quincunx", "semisextile", "semisquare", "sesquiquadrate", "quintile", "biquintile",
}

// reasons words what two charts share, what counts most first.
func (t *information) reasons(a, b *signature) []string {
	var all []factor

	t.factors(a, b, func(f factor) { all = append(all, f) })
	slices.SortStableFunc(all, func(x, y factor) int { return cmp.Compare(y.score, x.score) })

	reasons := make([]string, 0, maxReasons)
	for _, f := range all[:min(len(all), maxReasons)] {
		reasons = append(reasons, "Both have "+word(f, a, b))
	}

	return reasons
}

func word(f factor, a, b *signature) string {
	switch f.kind {
	case placeFactor:
		return wordPlace(f.at, a, b)
	case aspectFactor:
		return wordAspect(f.at, chart.AspectKind(f.detail-1), a, b)
	case patternFactor:
		return wordPattern(f.at)
	case lifePathFactor:
		return "the life path " + lifePathName(f.at)
	case animalFactor:
		return "the Chinese year of the " + yearOfCycle(f.at).Animal().String()
	case cycleFactor:
		return "the Chinese year of the " + yearOfCycle(f.at).String()
	}

	return ""
}

// wordPlace says in which sign a place is, and how near.
func wordPlace(at int, a, b *signature) string {
	text := placeNames[at]
	same := a.sign(at) == b.sign(at)

	if same {
		text += " in " + signName(int(a.sign(at)))
	}

	distance := apart(a.longitudes[at], b.longitudes[at])
	if a.degrees&b.degrees&(1<<at) == 0 || distance > int(levelDegrees[within5]*hundredths) {
		return text
	}

	if !same {
		text += fmt.Sprintf(" about the change from %s", borderName(a.sign(at), b.sign(at)))
	}

	return text + ", within " + degreesInWords(distance)
}

func signName(number int) string { return chart.Tropical.Degree(float64(number)*30 + 15).Sign.String() }

// borderName names two neighbouring signs in their order.
func borderName(x, y uint16) string {
	if (x+1)%12 != y {
		x, y = y, x
	}

	return signName(int(x)) + " to " + signName(int(y))
}

// degreesInWords rounds up to whole degrees.
func degreesInWords(hundredth int) string {
	if n := max(1, int(math.Ceil(float64(hundredth)/hundredths))); n > 1 {
		return fmt.Sprintf("%d degrees", n)
	}

	return "1 degree"
}

func wordAspect(pair int, kind chart.AspectKind, a, b *signature) string {
	first, second := pairs[pair][0], pairs[pair][1]
	orb := max(orbOf(a, first, second, kind), orbOf(b, first, second, kind))

	return fmt.Sprintf("%s %s %s, within %s", placeNames[first], aspectVerbs[kind], placeNames[second], degreesInWords(orb))
}

// orbOf returns how far from exact an aspect is, in hundredths of a degree; the rounding of the longitudes never makes it wider than tightOrb.
func orbOf(s *signature, first, second int, kind chart.AspectKind) int {
	orb := apart(s.longitudes[first], s.longitudes[second]) - int(kind.Angle())*hundredths
	if orb < 0 {
		orb = -orb
	}

	return min(orb, int(tightOrb*hundredths))
}

func wordPattern(bit int) string {
	switch {
	case bit < grandTrineBit:
		return fmt.Sprintf("a %s T-Square", chart.Modality(bit-tSquareBit))
	case bit < grandCrossBit:
		return fmt.Sprintf("a Grand Trine (%s)", chart.Element(bit-grandTrineBit))
	case bit == grandCrossBit:
		return "a Grand Cross"
	case bit == yodBit:
		return "a Yod"
	case bit == kiteBit:
		return "a Kite"
	case bit == rectangleBit:
		return "a Mystic Rectangle"
	default:
		return "three bodies or more in " + signName(bit-stelliumBit)
	}
}
