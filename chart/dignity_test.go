package chart

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The Egyptian terms give each planet its greater years: Saturn 57, Jupiter 79, Mars 66, Venus 82, Mercury 76, 360 in all (Ptolemy, Tetrabiblos
// I.20; Valens, Anthology III.13). In every sign each of the five has one.
func TestEgyptianTermsMakeUpThePlanetsYears(t *testing.T) {
	years := map[Body]float64{}

	for _, sign := range equalSigns {
		from, seen := 0.0, bodySet(0)

		for _, part := range terms[sign] {
			years[part.lord] += part.end - from
			from = part.end
			seen |= setOf(part.lord)
		}

		if from != 30 || seen != setOf(Mercury, Venus, Mars, Jupiter, Saturn) {
			t.Errorf("the terms of %s reach to %g and belong to %v", sign, from, seen.slice())
		}
	}

	if diff := cmp.Diff(map[Body]float64{Saturn: 57, Jupiter: 79, Mars: 66, Venus: 82, Mercury: 76}, years); diff != "" {
		t.Error(diff)
	}
}

func TestExaltationsHaveTheirFallsAcross(t *testing.T) {
	falls := map[Body]Sign{Sun: Libra, Moon: Scorpio, Mercury: Pisces, Venus: Virgo, Mars: Cancer, Jupiter: Capricorn, Saturn: Aries}

	got := map[Body]Sign{}

	for sign, b := range exaltations {
		if b != none {
			got[b] = Sign(sign).opposite()
		}
	}

	if diff := cmp.Diff(falls, got); diff != "" {
		t.Error(diff)
	}
}

// at casts a chart with one body at a tropical longitude; by day the Sun stands above the horizon.
func dignityAt(b Body, longitude float64, sect Sect) Dignity {
	c := &Chart{Birth: Birth{TimeKnown: true}}
	c.bodies[b].Longitude = longitude
	c.armc = c.bodies[Sun].Longitude // the Sun culminates, obliquity being 0

	if sect == Nocturnal {
		c.armc += 180
	}

	for _, d := range c.Dignities(Tropical) {
		if d.Body == b {
			return d
		}
	}

	panic("no such body")
}

func TestDignitiesByTheTables(t *testing.T) {
	tests := []struct {
		name      string
		body      Body
		longitude float64
		sect      Sect
		want      Dignity
	}{
		{"the Sun in Leo by day", Sun, 139, Diurnal, Dignity{Domicile: true, Triplicity: true, Score: 8}},
		{"the Sun in Leo by night", Sun, 139, Nocturnal, Dignity{Domicile: true, Score: 5}},
		{"the Sun in its own face of Aries", Sun, 19, Diurnal, Dignity{Exaltation: true, Triplicity: true, Face: true, Score: 8}},
		{"the Moon in Capricorn is in detriment, by night lord of earth", Moon, 271, Nocturnal, Dignity{Detriment: true, Triplicity: true, Score: -2}},
		{"the Moon in Scorpio falls", Moon, 213, Diurnal, Dignity{Fall: true, Peregrine: true, Score: -9}},
		{"Mercury in Virgo has two of the greatest", Mercury, 151, Diurnal, Dignity{Domicile: true, Exaltation: true, Term: true, Score: 11}},
		{"Venus at the end of Pisces", Venus, 359.9, Nocturnal, Dignity{Exaltation: true, Score: 4}},
		{"Mars in the last term and face of Scorpio's first third", Mars, 216, Nocturnal, Dignity{Domicile: true, Triplicity: true, Term: true, Face: true, Score: 11}},
		{"Jupiter in Gemini, peregrine in detriment", Jupiter, 85, Diurnal, Dignity{Detriment: true, Peregrine: true, Score: -10}},
		{"Jupiter in Gemini in its term", Jupiter, 66, Diurnal, Dignity{Detriment: true, Term: true, Face: true, Score: -2}},
		{"Saturn at the start of Libra", Saturn, 180, Diurnal, Dignity{Exaltation: true, Triplicity: true, Term: true, Score: 9}},
		{"Saturn in Aries", Saturn, 1, Diurnal, Dignity{Fall: true, Peregrine: true, Score: -9}},
		{"Pluto in Scorpio has a modern domicile and no score", Pluto, 220, Diurnal, Dignity{Domicile: true}},
		{"Uranus in Leo", Uranus, 140, Diurnal, Dignity{Detriment: true}},
		{"Neptune in Aries is nothing, not even peregrine", Neptune, 1, Diurnal, Dignity{}},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := dignityAt(tt.body, tt.longitude, tt.sect)
			got.Body, got.Degree, got.Lords = 0, Degree{}, Lords{}

			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(Dignity{}, Degree{}, Lords{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFacesRunThroughTheSevenPlanets(t *testing.T) {
	for longitude, want := range map[float64]Body{0: Mars, 10: Sun, 20: Venus, 30: Mercury, 45: Moon, 59.99: Saturn, 60: Jupiter, 120: Saturn, 350: Mars} {
		if got := Tropical.faceLord(Tropical.Degree(longitude)); got != want {
			t.Errorf("at %g want %s, got %s", longitude, want, got)
		}
	}
}

func TestUnknownTimesLeaveTriplicityOpen(t *testing.T) {
	c := &Chart{}
	c.bodies[Sun].Longitude = 1
	c.bodies[Saturn].Longitude = 1

	all := c.Dignities(Tropical)
	if sun := all[Sun]; sun.Triplicity || !sun.Uncertain || sun.Score != 4 {
		t.Errorf("the Sun, by day lord of fire: %+v", sun)
	}

	if saturn := all[Saturn]; saturn.Uncertain {
		t.Errorf("Saturn, only a partner in fire: %+v", saturn)
	}

	if _, known := all[Sun].Lords.Triplicity(); known {
		t.Error("the lord of the triplicity needs a sect")
	}
}
