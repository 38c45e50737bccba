package chart

import "math"

// Dominance says what prevails in a chart.
type Dominance struct {
	// How many main bodies stand in each sign, element and modality. The True Node is left out, so that each adds up to 11.
	Signs      [SignCount]int
	Elements   [ElementCount]int
	Modalities [ModalityCount]int

	// Strengths is the sum of the strengths of each main body's aspects, by body; other bodies have 0.
	Strengths [BodyCount]float64

	// Those with the most; several when they are equal, in their usual order. A body can be dominant unless it is the True Node, which is a point.
	// Without any aspect no body is dominant.
	DominantSigns      []Sign
	DominantElements   []Element
	DominantModalities []Modality
	DominantBodies     []Body

	// Ruler is the modern ruler of the Ascendant's sign; without a time of birth HasRuler is false.
	Ruler    Body
	HasRuler bool
}

// Dominance returns what prevails in a zodiac, with the strengths of aspects by the standard orbs. See [Chart.DominanceOf].
func (c *Chart) Dominance(zodiac Zodiac) *Dominance {
	return c.DominanceOf(c.Aspects(StandardOrbs()), zodiac)
}

// DominanceOf returns what prevails in a zodiac, with the strengths of the given aspects of the chart.
func (c *Chart) DominanceOf(aspects []Aspect, zodiac Zodiac) *Dominance {
	d := &Dominance{}
	signs := c.signsOf(zodiac)

	for _, b := range mainBodies {
		if b == TrueNode {
			continue
		}

		d.Signs[signs[b]]++
		d.Elements[signs[b].Element()]++
		d.Modalities[signs[b].Modality()]++
	}

	for i := range aspects {
		d.Strengths[aspects[i].First] += aspects[i].Strength
		d.Strengths[aspects[i].Second] += aspects[i].Strength
	}

	d.DominantSigns = most[Sign](d.Signs[:])
	d.DominantElements = most[Element](d.Elements[:])
	d.DominantModalities = most[Modality](d.Modalities[:])

	candidates := d.Strengths
	candidates[TrueNode] = 0
	d.DominantBodies = most[Body](candidates[:])

	if angles := c.Angles(zodiac); angles != nil {
		d.Ruler, d.HasRuler = angles.Ascendant.Sign.Ruler(), true
	}

	return d
}

// most returns the keys of the largest values; none when all are 0. Sums of the same strengths in another order count as equal.
func most[Key ~uint8, Value int | float64](values []Value) []Key {
	const rounding = 1e-9

	var largest float64
	for _, v := range values {
		largest = math.Max(largest, float64(v))
	}

	var keys []Key

	for k, v := range values {
		if v > 0 && float64(v) >= largest-rounding {
			keys = append(keys, Key(k))
		}
	}

	return keys
}
