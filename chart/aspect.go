package chart

import (
	"cmp"
	"math"
	"slices"
)

// AspectKind is an angle between two bodies that counts.
type AspectKind uint8

// The kinds of aspects.
const (
	Conjunction AspectKind = iota
	Opposition
	Trine
	Square
	Sextile
	Quincunx
	Semisextile
	Semisquare
	Sesquiquadrate
	Quintile
	Biquintile
	AspectKindCount = iota
)

// aspectKinds holds the exact angle in degrees, the usual limits of orb in degrees, and the weight of each kind.
var aspectKinds = [AspectKindCount]struct {
	name   string
	angle  float64
	limits OrbLimit
	weight float64
}{
	Conjunction:    {"conjunction", 0, OrbLimit{8, 10}, 5},
	Opposition:     {"opposition", 180, OrbLimit{8, 10}, 4},
	Trine:          {"trine", 120, OrbLimit{6, 8}, 3.5},
	Square:         {"square", 90, OrbLimit{6, 8}, 3},
	Sextile:        {"sextile", 60, OrbLimit{4, 6}, 2.5},
	Quincunx:       {"quincunx", 150, OrbLimit{3, 3}, 2},
	Semisextile:    {"semisextile", 30, OrbLimit{2, 2}, 1.5},
	Semisquare:     {"semisquare", 45, OrbLimit{2, 2}, 1.5},
	Sesquiquadrate: {"sesquiquadrate", 135, OrbLimit{2, 2}, 1.5},
	Quintile:       {"quintile", 72, OrbLimit{1, 1}, 1.8},
	Biquintile:     {"biquintile", 144, OrbLimit{1, 1}, 1.8},
}

// String returns the kind's English name.
func (k AspectKind) String() string { return aspectKinds[k].name }

// Angle returns the kind's exact angle in degrees.
func (k AspectKind) Angle() float64 { return aspectKinds[k].angle }

// Aspect is an aspect between two bodies.
type Aspect struct {
	First, Second Body // in the order of the bodies
	Kind          AspectKind
	Orb           float64 // degrees from exact
	Strength      float64 // weight / (1 + orb)
	Applying      bool    // the orb is shrinking
}

// Aspects returns the aspects between the main bodies within the given limits, strongest first. A pair has at most one: of the kinds whose limit
// holds, the one whose exact angle is nearest.
func (c *Chart) Aspects(orbs Orbs) []Aspect {
	aspects := make([]Aspect, 0, 40) // 36 is the mean of a year's charts

	for i, first := range mainBodies {
		for _, second := range mainBodies[i+1:] {
			if a, ok := aspectBetween(c, first, second, &orbs); ok {
				aspects = append(aspects, a)
			}
		}
	}

	slices.SortStableFunc(aspects, func(a, b Aspect) int { return cmp.Compare(b.Strength, a.Strength) })

	return aspects
}

func aspectBetween(c *Chart, first, second Body, orbs *Orbs) (Aspect, bool) {
	a, b := &c.bodies[first], &c.bodies[second]
	apart := Difference(b.Longitude, a.Longitude)
	separation := math.Abs(apart)
	best := Aspect{First: first, Second: second, Orb: math.Inf(1)}

	for kind := range AspectKind(AspectKindCount) {
		orb := math.Abs(separation - aspectKinds[kind].angle)
		if orb < best.Orb && orb <= orbs.limit(kind, first, second) {
			best.Kind, best.Orb = kind, orb
		}
	}

	if math.IsInf(best.Orb, 1) {
		return Aspect{}, false
	}

	opening := (b.LongitudeSpeed - a.LongitudeSpeed) * math.Copysign(1, apart) // of the separation, degrees a day
	best.Applying = (separation-best.Kind.Angle())*opening < 0
	best.Strength = aspectKinds[best.Kind].weight / (1 + best.Orb)

	return best, true
}
