package chart

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Every degree of every sign is in one house, and every house's signs make up its width, for every system, latitude and zodiac.
func TestSharesOfSignsMakeUpSignsAndHouses(t *testing.T) {
	const obliquity = 23.44

	rapid.Check(t, func(t *rapid.T) {
		zodiac := Zodiac(rapid.IntRange(0, ZodiacCount-1).Draw(t, "zodiac"))
		system := HouseSystem(rapid.IntRange(0, HouseSystemCount-1).Draw(t, "system"))
		latitude := rapid.Float64Range(-89.9, 89.9).Draw(t, "latitude")
		armc := rapid.Float64Range(0, 359.999).Draw(t, "armc")

		if !system.ExistsAt(latitude, obliquity) {
			system = Porphyry
		}

		h := &Houses{}
		for i, cusp := range CuspsAt(system, armc, obliquity, latitude) {
			h.Cusps[i] = zodiac.Degree(cusp)
		}

		var ofSigns [SignCount]float64

		for i, house := range h.Signs(zodiac) {
			total := 0.0

			for _, s := range house.Shares {
				ofSigns[s.Sign] += s.Degrees
				total += s.Degrees
			}

			want := Separation(h.Cusps[(i+1)%12].Longitude, h.Cusps[i].Longitude)
			if math.Abs(total-want) > 1e-6 {
				t.Fatalf("house %d is %g degrees wide, its signs %g: %v", i+1, want, total, house.Shares)
			}
		}

		for sign, got := range ofSigns {
			want := 30.0
			if zodiac == TrueSidereal {
				want = constellations[sign+1] - constellations[sign]
			} else if Sign(sign) == Ophiuchus {
				want = 0
			}

			if math.Abs(got-want) > 1e-6 {
				t.Fatalf("%s has %g degrees, in houses %g", Sign(sign), want, got)
			}
		}
	})
}

func TestInterceptedSignsHaveNoCusp(t *testing.T) {
	// Placidus at latitude 60 with 0 degrees Aries culminating: signs are intercepted in pairs.
	h := housesFrom(CuspsAt(Placidus, 340, 23.44, 60))
	intercepted := map[Sign]bool{}

	for _, house := range h.Signs(Tropical) {
		for _, s := range house.Shares {
			if s.Intercepted {
				intercepted[s.Sign] = true

				if math.Abs(s.Degrees-30) > 1e-9 {
					t.Errorf("%s is intercepted with %g degrees only", s.Sign, s.Degrees)
				}
			}
		}
	}

	if len(intercepted) == 0 || len(intercepted)%2 != 0 {
		t.Errorf("want opposite signs intercepted, got %v", intercepted)
	}

	for sign := range intercepted {
		for i := range h.Cusps {
			if h.Cusps[i].Sign == sign {
				t.Errorf("%s is intercepted and on cusp %d", sign, i+1)
			}
		}
	}
}

func TestRulersOfHousesStandWhereTheirPositionsAre(t *testing.T) {
	c := &Chart{Birth: Birth{TimeKnown: true, Latitude: 50}, armc: 250, angles: AnglesAt(250, 23.44, 50)}
	c.sky.Obliquity = 23.44

	for b := range c.bodies {
		c.bodies[b].Longitude = Normalize(float64(b) * 47)
	}

	for i, r := range c.HouseRulers(Placidus, Tropical) {
		ruler, _ := c.Position(r.Ruler, Tropical)
		old, _ := c.Position(r.Traditional, Tropical)

		if r.House != i+1 || r.Ruler != r.Sign.Ruler() || r.RulerHouse != ruler.House(Placidus) || r.RulerSign != ruler.Sign ||
			r.TraditionalHouse != old.House(Placidus) || r.TraditionalSign != old.Sign || r.Traditional > Saturn {
			t.Errorf("want the ruler of house %d where its position is, got %+v", i+1, r)
		}
	}

	if (&Chart{}).HouseRulers(Placidus, Tropical) != nil || (&Chart{}).HouseSigns(Placidus, Tropical) != nil {
		t.Error("want no rulers and no houses' signs without a time")
	}
}

func TestRulersElementsAndModalitiesOfThirteenSigns(t *testing.T) {
	tests := []struct {
		sign              Sign
		modern, tradition Body
		element           Element
		modality          Modality
	}{
		{Aries, Mars, Mars, Fire, Cardinal},
		{Taurus, Venus, Venus, Earth, Fixed},
		{Gemini, Mercury, Mercury, Air, Mutable},
		{Cancer, Moon, Moon, Water, Cardinal},
		{Leo, Sun, Sun, Fire, Fixed},
		{Virgo, Mercury, Mercury, Earth, Mutable},
		{Libra, Venus, Venus, Air, Cardinal},
		{Scorpio, Pluto, Mars, Water, Fixed},
		{Ophiuchus, Chiron, Chiron, Fire, Mutable},
		{Sagittarius, Jupiter, Jupiter, Fire, Mutable},
		{Capricorn, Saturn, Saturn, Earth, Cardinal},
		{Aquarius, Uranus, Saturn, Air, Fixed},
		{Pisces, Neptune, Jupiter, Water, Mutable},
	}

	for _, tt := range tests {
		s := tt.sign
		if s.Ruler() != tt.modern || s.TraditionalRuler() != tt.tradition || s.Element() != tt.element || s.Modality() != tt.modality {
			t.Errorf("want %+v, got %s, %s, %s, %s", tt, s.Ruler(), s.TraditionalRuler(), s.Element(), s.Modality())
		}
	}
}
