package chart

import (
	"slices"
	"testing"
)

func TestPlanetsInEachOthersSignsReceiveEachOther(t *testing.T) {
	tests := []struct {
		name string
		at   map[Body]float64
		want []Reception
	}{
		{"Mars in Gemini and Mercury in Aries", map[Body]float64{Mars: 70, Mercury: 10}, []Reception{{Mercury, Mars, ByDomicile}}},
		{"the Sun in Taurus and the Moon in Aries", map[Body]float64{Sun: 40, Moon: 10}, []Reception{{Sun, Moon, ByExaltation}}},
		{"the Sun in Cancer and the Moon in Aries", map[Body]float64{Sun: 100, Moon: 10}, []Reception{{Sun, Moon, Mixed}}},
		{"the Moon in Leo and the Sun in Taurus, the other way round", map[Body]float64{Sun: 40, Moon: 130}, []Reception{{Sun, Moon, Mixed}}},
		{"the Sun in Leo receives nobody", map[Body]float64{Sun: 130, Moon: 130}, nil},
		{"Pluto in Aries and Mars in Scorpio: by tradition Mars is at home", map[Body]float64{Pluto: 10, Mars: 220}, nil},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &Chart{}
			for b, longitude := range []float64{Sun: 130, Moon: 100, Mercury: 70, Venus: 190, Mars: 220, Jupiter: 250, Saturn: 280} { // at home
				c.bodies[b].Longitude = longitude
			}

			for b, longitude := range tt.at {
				c.bodies[b].Longitude = longitude
			}

			if got := c.Receptions(Tropical); !slices.Equal(tt.want, got) {
				t.Errorf("want %v, got %v", tt.want, got)
			}
		})
	}
}
