package pair

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"sidereal/chart"
)

// Score says how two charts get on, compared with pairs taken at random.
//
// Each aspect within chart.StandardOrbs counts its tone × the weights of both points × (1 - orb / limit), each personal body (Sun to Jupiter) in a
// Placidus house of the other chart the house's tone × the body's weight, whatever the options; the sum is Raw. Tones and weights are the tables below: a convention that follows common practice, not a
// measurement. Value is the share of random pairs that have a lower sum, in percent: the sums of pairs of births from 1940 to 2009 spread normally about
// Mean with Deviation, which depend on how many of the two times are known.
type Score struct {
	Value           float64 // 0 to 100
	Raw             float64
	Mean, Deviation float64
	Harmony         float64 // the sum of the items above 0
	Tension         float64 // the sum of the items below 0
	Items           []Item  // largest first, either sign
}

// Item is one thing that counts in a score.
type Item struct {
	Contribution float64  // to the raw sum
	Aspect       *Aspect  // what counts: an aspect,
	Overlay      *Overlay // or a body in a house,
	OfFirst      bool     // which is the first chart's body in the second's house, or the other way
}

// Reason says in words what counts.
func (i *Item) Reason() string {
	if i.Aspect != nil {
		return fmt.Sprintf("%s of the first in %s to %s of the second, %.1f° from exact", i.Aspect.First, i.Aspect.Kind, i.Aspect.Second, i.Aspect.Orb)
	}

	guest, host := "second", "first"
	if i.OfFirst {
		guest, host = host, guest
	}

	return fmt.Sprintf("%s of the %s in house %d of the %s", i.Overlay.Body, guest, i.Overlay.House, host)
}

// pointWeights say how personal a point is. Points that are not here do not count; two of the slow ones count almost nothing together, since they are
// much the same for everybody of an age.
var pointWeights = [chart.PointCount]float64{
	chart.Sun: 1, chart.Moon: 1, chart.Venus: 0.9, chart.Mars: 0.8, chart.Mercury: 0.7, chart.Jupiter: 0.5, chart.Saturn: 0.5, chart.TrueNode: 0.4,
	chart.Chiron: 0.3, chart.Uranus: 0.2, chart.Neptune: 0.2, chart.Pluto: 0.2, chart.AscendantPoint: 0.9, chart.MidheavenPoint: 0.5,
}

// tones say how an aspect feels: from 1, harmonious, to -1.
var tones = [chart.AspectKindCount]float64{
	chart.Conjunction: 1, chart.Trine: 1, chart.Sextile: 0.7, chart.Quintile: 0.3, chart.Biquintile: 0.3, chart.Semisextile: 0.1,
	chart.Quincunx: -0.3, chart.Semisquare: -0.3, chart.Sesquiquadrate: -0.3, chart.Opposition: -0.3, chart.Square: -0.7,
}

// hardConjunction is the tone of a conjunction with one of hardBodies, which is no pure harmony.
const hardConjunction = 0.2

// houseTones are those of the houses 1 to 12 for a guest's personal bodies: self, home, love and partnership on the one side, duty and the hidden on
// the other.
var houseTones = [13]float64{1: 0.4, 4: 0.2, 5: 0.4, 6: -0.1, 7: 0.5, 8: 0.1, 11: 0.2, 12: -0.2}

// spread is how the sums of random pairs are distributed.
type spread struct{ mean, deviation float64 }

// spreads are those of pairs of which none, one or both times are known, in that order, from 20 000 random pairs each (TestScoresOfRandomPairs repeats
// it with fewer).
var spreads = [3]spread{{0.958, 0.984}, {1.922, 1.288}, {3.408, 1.644}}

// score adds up what counts: always the same points, orbs and Placidus houses, so that scores can be compared.
func score(a, b *chart.Chart) Score {
	orbs, points, houses := chart.StandardOrbs(), chart.MainPoints(), Options{}
	aspects := aspectsBetween(a.Placed(points, chart.Tropical), b.Placed(points, chart.Tropical), &orbs)
	items := make([]Item, 0, len(aspects)+2*len(points))

	for i := range aspects {
		x := &aspects[i]
		if c := contribution(x, &orbs); c != 0 && !unsure(a, x.First) && !unsure(b, x.Second) {
			items = append(items, Item{Contribution: c, Aspect: x})
		}
	}

	items = appendOverlays(items, a, overlays(a, b, &houses), true)
	items = appendOverlays(items, b, overlays(b, a, &houses), false)

	return total(items, spreads[known(a)+known(b)])
}

// unsure says whether a point is not to be relied on: the Moon without a time of birth.
func unsure(c *chart.Chart, p chart.Point) bool {
	return !c.Birth.TimeKnown && p == chart.Point(chart.Moon)
}

func known(c *chart.Chart) int {
	if c.Birth.TimeKnown {
		return 1
	}

	return 0
}

// contribution returns what an aspect counts.
func contribution(x *Aspect, orbs *chart.Orbs) float64 {
	tone := tones[x.Kind]
	if x.Kind == chart.Conjunction && (hard(x.First) || hard(x.Second)) {
		tone = hardConjunction
	}

	limit := orbs.Limit(x.Kind, x.First, x.Second)

	return pointWeights[x.First] * pointWeights[x.Second] * tone * (1 - x.Orb/limit)
}

// hardBodies are those whose conjunctions have hardConjunction.
var hardBodies = [...]chart.Point{chart.Point(chart.Mars), chart.Point(chart.Saturn), chart.Point(chart.Uranus), chart.Point(chart.Pluto)}

func hard(p chart.Point) bool { return slices.Contains(hardBodies[:], p) }

// appendOverlays adds the personal bodies in the other's houses.
func appendOverlays(items []Item, guest *chart.Chart, overlays []Overlay, ofFirst bool) []Item {
	for i := range overlays {
		o := &overlays[i]
		personal := o.Body <= chart.Jupiter && !unsure(guest, chart.Point(o.Body))

		if c := houseTones[o.House] * pointWeights[o.Body]; c != 0 && personal {
			items = append(items, Item{Contribution: c, Overlay: o, OfFirst: ofFirst})
		}
	}

	return items
}

// total adds the items up, in an order that does not depend on which chart is the first.
func total(items []Item, reference spread) Score {
	slices.SortStableFunc(items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Contribution), math.Abs(a.Contribution)), cmp.Compare(b.Contribution, a.Contribution))
	})

	s := Score{Mean: reference.mean, Deviation: reference.deviation, Items: items}

	for i := range items {
		c := items[i].Contribution
		s.Harmony += max(c, 0)
		s.Tension += min(c, 0)
	}

	s.Raw = s.Harmony + s.Tension
	s.Value = 50 * math.Erfc(-(s.Raw-reference.mean)/(reference.deviation*math.Sqrt2))

	return s
}
