package chart

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFormattedCarriesSecondsButNeverIntoTheNextSign(t *testing.T) {
	tests := []struct {
		name      string
		zodiac    Zodiac
		longitude float64
		want      string
	}{
		{"the Sun of the sample", Tropical, 270 + 25 + 13.0/60 + 36.2/3600, "25°13′36″ Capricorn"},
		{"seconds round up", Tropical, 10 + 20.0/60 + 30.6/3600, "10°20′31″ Aries"},
		{"60 seconds carry into the minute", Tropical, 10 + 20.0/60 + 59.7/3600, "10°21′00″ Aries"},
		{"60 minutes carry into the degree", Tropical, 10 + 59.0/60 + 59.9/3600, "11°00′00″ Aries"},
		{"the end of a sign stays in it", Tropical, 29.99999, "29°59′59″ Aries"},
		{"the end of the circle stays in it", Tropical, 359.9999999, "29°59′59″ Pisces"},
		{"the start of a sign", Tropical, 30, "0°00′00″ Taurus"},
		{"a negative longitude", Tropical, -1, "29°00′00″ Pisces"},
		{"Ophiuchus", TrueSidereal, 230, "6°34′32″ Ophiuchus"},
		{"a sign of more than thirty degrees", TrueSidereal, 141.6065 + 34 + 53.0/60, "34°53′00″ Virgo"},
		{"the end of an unequal sign stays in it", TrueSidereal, 19.7286 - 1e-7, "19°43′42″ Aries"},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.zodiac.Degree(tt.longitude).Formatted(); got != tt.want {
				t.Errorf("want %s, got %s", tt.want, got)
			}
		})
	}
}

func TestEveryLongitudeHasItsSign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zodiac := Zodiac(rapid.IntRange(0, ZodiacCount-1).Draw(t, "zodiac"))
		longitude := rapid.Float64Range(-1000, 1000).Draw(t, "longitude")
		d := zodiac.Degree(longitude)

		_, start, end := zodiac.signAt(d.Longitude)
		if d.Longitude < start || d.Longitude >= end || d.DegreeInSign < 0 || d.DegreeInSign >= end-start+1e-12 {
			t.Fatalf("%s %g: %+v is not within [%g, %g)", zodiac, longitude, d, start, end)
		}

		if zodiac != TrueSidereal && d.Sign == Ophiuchus {
			t.Fatalf("%s %g is in Ophiuchus", zodiac, longitude)
		}
	})
}

func TestConstellationsAreThoseOfTheTrueSiderealZodiac(t *testing.T) {
	want := map[Sign][2]float64{
		Aries: {0, 19.7286}, Virgo: {141.6065, 191.32}, Scorpio: {210.1972, 223.4245}, Ophiuchus: {223.4245, 235.7818}, Pisces: {318.0103, 360},
	}
	for sign, bounds := range want {
		if s, start, end := TrueSidereal.signAt(bounds[0]); s != sign || start != bounds[0] || end != bounds[1] {
			t.Errorf("want %s in %v, got %s in [%g, %g)", sign, bounds, s, start, end)
		}
	}
}
