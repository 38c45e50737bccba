package chart

import "sidereal/fault"

// OrbLimit is how far from exact an aspect may be, in degrees: between planets, and where the Sun or the Moon takes part.
type OrbLimit struct{ Planets, Luminaries float64 }

// MaxOrb is the largest limit of orb that may be asked for, in degrees.
const MaxOrb = 15.0

// excluded is the limit of a kind of aspect that does not count, exact or not.
const excluded = -1.0

// Orbs are the limits of orb kind by kind, and those that some bodies have of their own.
//
// An own limit goes before that of the kind. Of two bodies that have one each the mean counts, as with Lilly's moieties: half of the one's orb and half
// of the other's.
type Orbs struct {
	kinds  [AspectKindCount]OrbLimit
	owners [AspectKindCount]bodySet // the bodies with a limit of their own
	own    [AspectKindCount][BodyCount]float64
}

// StandardOrbs returns the usual limits.
func StandardOrbs() Orbs {
	var o Orbs
	for kind := range aspectKinds {
		o.kinds[kind] = aspectKinds[kind].limits
	}

	return o
}

// Set replaces the limit of one kind; limits outside 0 to MaxOrb are a VALIDATION_FAILED fault of the field "limit" or "luminaryLimit". Bodies that have a
// limit of their own keep it.
func (o *Orbs) Set(kind AspectKind, limit OrbLimit) error {
	if !validOrb(limit.Planets) {
		return fault.Invalid("limit", "an orb is 0 to %g degrees", MaxOrb)
	}

	if !validOrb(limit.Luminaries) {
		return fault.Invalid("luminaryLimit", "an orb is 0 to %g degrees", MaxOrb)
	}

	o.kinds[kind] = limit

	return nil
}

// SetBody gives a main body a limit of its own for one kind, in degrees. A limit outside 0 to MaxOrb is a VALIDATION_FAILED fault of the field "limit", and
// a body that has no aspects one of the field "body".
func (o *Orbs) SetBody(kind AspectKind, body Body, limit float64) error {
	if !validOrb(limit) {
		return fault.Invalid("limit", "an orb is 0 to %g degrees", MaxOrb)
	}

	if !setOf(mainBodies[:]...).has(body) {
		return fault.Invalid("body", "aspects are taken between the Sun to Pluto, Chiron and the True Node, not of %s", body)
	}

	o.setOwn(kind, body, limit)

	return nil
}

// Counts says whether aspects of a kind count at all, for any body.
func (o *Orbs) Counts(kind AspectKind) bool { return o.kinds[kind].Planets >= 0 || o.owners[kind] != 0 }

func (o *Orbs) setOwn(kind AspectKind, body Body, limit float64) {
	o.owners[kind] |= setOf(body)
	o.own[kind][body] = limit
}

func validOrb(degrees float64) bool { return degrees >= 0 && degrees <= MaxOrb }

// Limit returns how far from exact an aspect between two points may be, in degrees; below 0 where the kind does not count. Angles have no limits of their own.
func (o *Orbs) Limit(kind AspectKind, first, second Point) float64 {
	return o.limit(kind, Body(first), Body(second)) // points have the bodies' numbers, and angles higher ones
}

// Scaled returns the limits times a factor, up to MaxOrb.
func (o *Orbs) Scaled(factor float64) Orbs {
	scaled := *o

	for kind := range scaled.kinds {
		l := &scaled.kinds[kind]
		*l = OrbLimit{min(l.Planets*factor, MaxOrb), min(l.Luminaries*factor, MaxOrb)}

		for body := range scaled.own[kind] {
			scaled.own[kind][body] = min(scaled.own[kind][body]*factor, MaxOrb)
		}
	}

	return scaled
}

// limit returns how far from exact an aspect between two bodies may be.
func (o *Orbs) limit(kind AspectKind, first, second Body) float64 {
	if owners := o.owners[kind]; owners != 0 {
		switch {
		case owners.has(first) && owners.has(second):
			return (o.own[kind][first] + o.own[kind][second]) / 2
		case owners.has(first):
			return o.own[kind][first]
		case owners.has(second):
			return o.own[kind][second]
		}
	}

	if first.luminary() || second.luminary() {
		return o.kinds[kind].Luminaries
	}

	return o.kinds[kind].Planets
}

// OrbPreset is a set of orbs that has a name.
type OrbPreset uint8

// The presets.
const (
	// OrbsStandard are the usual limits of this program.
	OrbsStandard OrbPreset = iota
	// OrbsTight are half of the standard ones: what is left are the aspects that most astrologers would call close.
	OrbsTight
	// OrbsWide are one and a half times the standard ones, up to MaxOrb.
	OrbsWide
	// OrbsKerykeion are those of Kerykeion's DEFAULT_ACTIVE_ASPECTS (versions 4 to 6, kerykeion/settings/config_constants.py): conjunction and opposition
	// 10, trine 8, sextile 6, square 5, quintile 1, no others, with no wider ones for luminaries.
	OrbsKerykeion
	// OrbsLilly are the orbs of the seven planets by William Lilly (Christian Astrology, 1647, p. 107; the smaller of the two that he gives for
	// each), whose moieties make the limit: Saturn 9, Jupiter 9, Mars 7, the Sun 15, Venus 7, Mercury 7, the Moon 12. The five Ptolemaic aspects only.
	// Bodies that he did not know have 5, which is our choice.
	OrbsLilly
	OrbPresetCount = iota
)

var orbPresetNames = [OrbPresetCount]string{"standard", "tight", "wide", "Kerykeion", "Lilly"}

// String returns the preset's name.
func (p OrbPreset) String() string { return orbPresetNames[p] }

// Orbs returns the limits of the preset.
func (p OrbPreset) Orbs() Orbs {
	switch p {
	case OrbsStandard:
		return StandardOrbs()
	case OrbsTight:
		return scaledOrbs(0.5)
	case OrbsWide:
		return scaledOrbs(1.5)
	case OrbsKerykeion:
		return kerykeionOrbs()
	case OrbsLilly:
		return lillyOrbs()
	}

	return StandardOrbs()
}

func scaledOrbs(factor float64) Orbs {
	standard := StandardOrbs()

	return standard.Scaled(factor)
}

// noOrbs excludes every kind.
func noOrbs() Orbs {
	var o Orbs
	for kind := range o.kinds {
		o.kinds[kind] = OrbLimit{excluded, excluded}
	}

	return o
}

func kerykeionOrbs() Orbs {
	o := noOrbs()
	for kind, limit := range map[AspectKind]float64{Conjunction: 10, Opposition: 10, Trine: 8, Sextile: 6, Square: 5, Quintile: 1} {
		o.kinds[kind] = OrbLimit{limit, limit}
	}

	return o
}

// lillysOrbs are whole orbs in degrees, of which a moiety is half.
var lillysOrbs = [BodyCount]float64{
	Sun: 15, Moon: 12, Mercury: 7, Venus: 7, Mars: 7, Jupiter: 9, Saturn: 9, Uranus: 5, Neptune: 5, Pluto: 5, Chiron: 5, TrueNode: 5,
}

func lillyOrbs() Orbs {
	o := noOrbs()

	for _, kind := range [...]AspectKind{Conjunction, Opposition, Trine, Square, Sextile} {
		for _, b := range mainBodies {
			o.setOwn(kind, b, lillysOrbs[b])
		}
	}

	return o
}
