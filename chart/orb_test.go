package chart

import (
	"math"
	"testing"

	"sidereal/fault"
)

func TestBodiesMayHaveOrbsOfTheirOwn(t *testing.T) {
	orbs := StandardOrbs()

	for body, limit := range map[Body]float64{Chiron: 2, Jupiter: 12} {
		if err := orbs.SetBody(Trine, body, limit); err != nil {
			t.Fatal(err)
		}
	}

	tests := []struct {
		name          string
		kind          AspectKind
		first, second Body
		want          float64
	}{
		{"neither has one", Trine, Mars, Saturn, 6},
		{"neither has one, with a luminary", Trine, Moon, Saturn, 8},
		{"one has a smaller one than the luminary's", Trine, Sun, Chiron, 2},
		{"one has a larger one", Trine, Mars, Jupiter, 12},
		{"of two the mean counts", Trine, Jupiter, Chiron, 7},
		{"another kind is as before", Square, Jupiter, Chiron, 6},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := orbs.limit(tt.kind, tt.first, tt.second); got != tt.want {
				t.Errorf("want %g, got %g", tt.want, got)
			}

			if got := orbs.limit(tt.kind, tt.second, tt.first); got != tt.want {
				t.Errorf("the other way round: want %g, got %g", tt.want, got)
			}
		})
	}
}

func TestOwnOrbsRefuseWhatIsNoOrb(t *testing.T) {
	orbs := StandardOrbs()

	for _, limit := range []float64{-1, 15.1, 400, math.NaN(), math.Inf(1)} {
		if f, ok := fault.As(orbs.SetBody(Trine, Mars, limit)); !ok || f.Field != "limit" || orbs != StandardOrbs() {
			t.Errorf("%g: want a fault of the limit and no change, got %v", limit, f)
		}
	}

	for _, body := range []Body{Ceres, MeanNode, SouthNode, PartOfFortune} {
		if f, ok := fault.As(orbs.SetBody(Trine, body, 3)); !ok || f.Field != "body" || orbs != StandardOrbs() {
			t.Errorf("%s: want a fault of the body and no change, got %v", body, f)
		}
	}
}

func TestPresetsAreWhatTheirNamesSay(t *testing.T) {
	tests := []struct {
		preset        OrbPreset
		kind          AspectKind
		first, second Body
		want          float64
	}{
		{OrbsStandard, Trine, Moon, Mars, 8},
		{OrbsTight, Conjunction, Mercury, Mars, 4},
		{OrbsTight, Quintile, Mercury, Mars, 0.5},
		{OrbsWide, Conjunction, Sun, Mars, 15},
		{OrbsWide, Quincunx, Venus, Mars, 4.5},
		{OrbsKerykeion, Square, Sun, Moon, 5},
		{OrbsKerykeion, Trine, Venus, TrueNode, 8},
		{OrbsKerykeion, Quincunx, Venus, Mars, excluded},
		{OrbsLilly, Square, Sun, Moon, 13.5},
		{OrbsLilly, Sextile, Saturn, Mars, 8},
		{OrbsLilly, Conjunction, Pluto, Moon, 8.5},
		{OrbsLilly, Semisquare, Sun, Moon, excluded},
	}

	for _, tt := range tests {
		orbs := tt.preset.Orbs()
		if got := orbs.limit(tt.kind, tt.first, tt.second); got != tt.want {
			t.Errorf("%s, %s of %s and %s: want %g, got %g", tt.preset, tt.kind, tt.first, tt.second, tt.want, got)
		}
	}
}

// What a preset excludes is not there even when it is exact.
func TestExcludedKindsAreNoAspects(t *testing.T) {
	c := standing(map[Body]float64{Mars: 0, Venus: 150})

	for preset := range OrbPreset(OrbPresetCount) {
		orbs := preset.Orbs()
		_, found := aspectBetween(c, Venus, Mars, &orbs)

		if want := preset != OrbsKerykeion && preset != OrbsLilly; found != want {
			t.Errorf("%s: want an exact quincunx found %t", preset, want)
		}
	}
}

func TestTighterPresetsHaveFewerAspects(t *testing.T) {
	c := standing(map[Body]float64{Sun: 3, Moon: 70, Mercury: 15, Venus: 44, Mars: 99, Jupiter: 137, Saturn: 200, Uranus: 231, Neptune: 290, Pluto: 341})
	tight, standard, wide := len(c.Aspects(OrbsTight.Orbs())), len(c.Aspects(StandardOrbs())), len(c.Aspects(OrbsWide.Orbs()))

	if !(0 < tight && tight < standard && standard < wide) {
		t.Errorf("want more and more aspects, got %d, %d, %d", tight, standard, wide)
	}
}
