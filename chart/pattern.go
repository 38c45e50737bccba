package chart

import (
	"cmp"
	"slices"
)

// PatternKind is a figure that aspects between several bodies make, or a crowd of bodies in one place.
type PatternKind uint8

// The kinds of patterns.
const (
	// TSquare is an opposition whose two ends are square to a third body, the focal one.
	TSquare PatternKind = iota
	// GrandTrine is three bodies trine to each other.
	GrandTrine
	// GrandCross is two oppositions, each end of one square to both ends of the other.
	GrandCross
	// Yod is a sextile whose two ends are quincunx to a third body, the focal one.
	Yod
	// Kite is a Grand Trine and a fourth body, the focal one, that opposes one of its corners and is sextile to the other two.
	Kite
	// MysticRectangle is two oppositions whose ends are joined by two sextiles and two trines.
	MysticRectangle
	// SignStellium is three or more bodies in a sign.
	SignStellium
	// HouseStellium is three or more bodies in a house.
	HouseStellium
	PatternKindCount = iota
)

var patternKindNames = [PatternKindCount]string{
	"T-Square", "Grand Trine", "Grand Cross", "Yod", "Kite", "Mystic Rectangle", "sign stellium", "house stellium",
}

// String returns the kind's English name.
func (k PatternKind) String() string { return patternKindNames[k] }

// crowd is how many bodies make a stellium.
const crowd = 3

// Pattern is a figure of main bodies.
type Pattern struct {
	Kind   PatternKind
	Bodies []Body // in the order of the bodies

	// Focal is the body that the figure points at: of a T-Square, a Yod and a Kite. Without one HasFocal is false.
	Focal    Body
	HasFocal bool

	// Element and Modality are those that the signs of all bodies share, or else mixed. A Kite has the element of its Grand Trine: its focal
	// body always stands in another.
	Element  Element
	Modality Modality

	Sign  Sign // of a sign stellium only
	House int  // of a house stellium only, 1 to 12; else 0

	// PartOfLarger says that another pattern of the list holds this one whole: a T-Square in a Grand Cross, a Grand Trine in a Kite.
	PartOfLarger bool

	set bodySet
}

// Patterns returns the patterns that the chart's aspects make by the standard orbs, and the stellia of a zodiac and a house system, ordered by kind
// and then by bodies. See [Chart.PatternsOf].
func (c *Chart) Patterns(zodiac Zodiac, system HouseSystem) []Pattern {
	return c.PatternsOf(c.Aspects(StandardOrbs()), zodiac, system)
}

// PatternsOf returns the patterns made of the given aspects of the chart, and the stellia; house stellia only when the time of birth is known.
//
// Every order of the bodies counts, and every pattern is listed: two bodies in conjunction at the focal point make two T-Squares, and the four
// T-Squares of a Grand Cross and the Grand Trine of a Kite are there beside it. Who wants the figures that a chart wheel shows, and not their
// parts, leaves out those with PartOfLarger. A stellium is listed once, with all of its bodies.
//
// The figures do not depend on the zodiac or the house system; their elements and modalities are those of the zodiac's signs.
func (c *Chart) PatternsOf(aspects []Aspect, zodiac Zodiac, system HouseSystem) []Pattern {
	f := finder{web: webOf(aspects)}
	f.oppositions()
	f.trines()
	f.sextiles()
	f.markParts()

	signs := c.signsOf(zodiac)
	f.signStellia(&signs)

	if houses := c.Houses(system, zodiac); houses != nil {
		f.houseStellia(c.housesOf(houses, zodiac))
	}

	for i := range f.found {
		f.found[i].colour(&signs)
	}

	slices.SortFunc(f.found, func(a, b Pattern) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), slices.Compare(a.Bodies, b.Bodies), cmp.Compare(a.Focal, b.Focal), cmp.Compare(a.House, b.House))
	})

	return f.found
}

// signsOf returns the sign of every body; that of the Part of Fortune means nothing when the time is unknown.
func (c *Chart) signsOf(zodiac Zodiac) [BodyCount]Sign {
	var signs [BodyCount]Sign

	ayanamsa := c.Ayanamsa(zodiac)
	for b := range signs {
		signs[b], _, _ = zodiac.signAt(Normalize(c.bodies[b].Longitude - ayanamsa))
	}

	return signs
}

// colour fills in the bodies' list, and the element and the modality that they share.
func (p *Pattern) colour(signs *[BodyCount]Sign) {
	p.Bodies = p.set.slice()
	first := signs[p.Bodies[0]]
	p.Modality = first.Modality()

	coloured := p.set
	if p.Kind == Kite {
		coloured &^= setOf(p.Focal)
	}

	p.Element = signs[coloured.first()].Element()

	for b := range p.set.all {
		if signs[b].Modality() != p.Modality {
			p.Modality = MixedModality
		}

		if coloured.has(b) && signs[b].Element() != p.Element {
			p.Element = MixedElement
		}
	}
}
