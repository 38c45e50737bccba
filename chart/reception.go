package chart

// Reception is two of the seven traditional planets that stand in each other's signs: the first in a sign of the second's, the second in one of the first's.
type Reception struct {
	First, Second Body // in the order of the bodies
	By            ReceptionKind
}

// ReceptionKind says which dignity each planet has in the place of the other.
type ReceptionKind uint8

// The kinds of mutual receptions.
const (
	// ByDomicile is either planet in the domicile of the other.
	ByDomicile ReceptionKind = iota
	// ByExaltation is either planet in the exaltation of the other.
	ByExaltation
	// Mixed is one planet in the domicile of the other, and the other in the exaltation of the one.
	Mixed
	ReceptionKindCount = iota
)

var receptionKindNames = [ReceptionKindCount]string{"by domicile", "by exaltation", "mixed"}

// String returns the kind in words.
func (k ReceptionKind) String() string { return receptionKindNames[k] }

// Receptions returns the mutual receptions between the seven traditional planets by sign (Lilly, Christian Astrology, 1647, p. 112), whether they are in
// aspect or not. Of several kinds between two planets the first by the order of the kinds is given. Scores of dignities are without them.
func (c *Chart) Receptions(zodiac Zodiac) []Reception {
	var found []Reception

	signs := c.signsOf(zodiac)

	for a := Sun; a <= Saturn; a++ {
		for b := a + 1; b <= Saturn; b++ {
			if kind, ok := receive(a, signs[a], b, signs[b]); ok {
				found = append(found, Reception{a, b, kind})
			}
		}
	}

	return found
}

// receive says how a planet a in the sign inA and a planet b in the sign inB receive each other.
func receive(a Body, inA Sign, b Body, inB Sign) (ReceptionKind, bool) {
	domicileOfB, exaltationOfB := inA.TraditionalRuler() == b, exaltations[inA] == b
	domicileOfA, exaltationOfA := inB.TraditionalRuler() == a, exaltations[inB] == a

	switch {
	case domicileOfA && domicileOfB:
		return ByDomicile, true
	case exaltationOfA && exaltationOfB:
		return ByExaltation, true
	case domicileOfA && exaltationOfB, exaltationOfA && domicileOfB:
		return Mixed, true
	}

	return 0, false
}
