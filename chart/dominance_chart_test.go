package chart_test

import (
	"testing"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

func TestDominanceCountsTheSignsOfElevenBodiesInEveryZodiac(t *testing.T) {
	caster := casttest.Caster(t)

	for _, v := range readVectors(t)[:50] {
		c, err := caster.Cast(birthOf(v))
		if err != nil {
			t.Fatal(err)
		}

		for zodiac := range chart.Zodiac(chart.ZodiacCount) {
			var (
				signs      [chart.SignCount]int
				elements   [chart.ElementCount]int
				modalities [chart.ModalityCount]int
			)

			for _, p := range c.Positions(zodiac)[:chart.Chiron+1] {
				signs[p.Sign]++
				elements[p.Sign.Element()]++
				modalities[p.Sign.Modality()]++
			}

			got := c.Dominance(zodiac)
			if got.Signs != signs || got.Elements != elements || got.Modalities != modalities {
				t.Errorf("%s, %s: want %v, %v, %v, got %+v", v.UT, zodiac, signs, elements, modalities, got)
			}

			if want := c.Angles(zodiac).Ascendant.Sign.Ruler(); !got.HasRuler || got.Ruler != want {
				t.Errorf("%s, %s: want %s as the chart's ruler, got %s", v.UT, zodiac, want, got.Ruler)
			}
		}
	}
}
