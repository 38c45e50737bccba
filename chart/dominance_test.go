package chart

import (
	"math"
	"slices"
	"testing"
)

func TestDominanceSumsTheStrengthsOfAspects(t *testing.T) {
	aspects := []Aspect{
		{First: Sun, Second: Mars, Strength: 3}, {First: Mars, Second: TrueNode, Strength: 5}, {First: Venus, Second: TrueNode, Strength: 4},
		{First: Moon, Second: Sun, Strength: 5},
	}
	d := (&Chart{}).DominanceOf(aspects, Tropical)

	want := map[Body]float64{Sun: 8, Mars: 8, TrueNode: 9, Venus: 4, Moon: 5}
	for b := range Body(BodyCount) {
		if got := d.Strengths[b]; math.Abs(got-want[b]) > 1e-12 {
			t.Errorf("%s: want %g, got %g", b, want[b], got)
		}
	}

	if !slices.Equal(d.DominantBodies, []Body{Sun, Mars}) {
		t.Errorf("want the Sun and Mars, equal, and not the True Node, got %v", d.DominantBodies)
	}

	if d.HasRuler {
		t.Error("want no ruler without a time of birth")
	}
}

func TestDominanceListsTies(t *testing.T) {
	c := &Chart{Birth: Birth{TimeKnown: true}, angles: Angles{Ascendant: 215}}
	// Five in fire (Aries 3, Leo 2), five in air (Gemini 3, Libra 2), one in water; the True Node would tip the scale.
	for b, longitude := range []float64{1, 2, 3, 121, 122, 61, 62, 63, 181, 182, 91} {
		c.bodies[mainBodies[b]].Longitude = longitude
	}

	c.bodies[TrueNode].Longitude = 5

	d := c.DominanceOf(nil, Tropical)
	if !slices.Equal(d.DominantElements, []Element{Fire, Air}) || !slices.Equal(d.DominantSigns, []Sign{Aries, Gemini}) {
		t.Errorf("want fire and air, Aries and Gemini, got %v, %v", d.DominantElements, d.DominantSigns)
	}

	if !slices.Equal(d.DominantModalities, []Modality{Cardinal}) || d.Modalities != [ModalityCount]int{6, 2, 3} {
		t.Errorf("want cardinal with 6, got %v of %v", d.DominantModalities, d.Modalities)
	}

	if d.DominantBodies != nil || d.Ruler != Pluto || !d.HasRuler {
		t.Errorf("want no dominant body without aspects, and Pluto as ruler of a Scorpio Ascendant, got %v, %v", d.DominantBodies, d.Ruler)
	}
}
