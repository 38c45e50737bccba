package chart

import (
	"math"
	"testing"

	"sidereal/ephemeris"
)

// pair returns a chart in which two bodies stand at given longitudes with given speeds, and all others where they make no aspect with them.
func pairAspect(t *testing.T, first, second Body, a, b, va, vb float64) (Aspect, bool) {
	t.Helper()

	c := &Chart{}
	c.bodies[first] = ephemeris.Position{Longitude: a, LongitudeSpeed: va}
	c.bodies[second] = ephemeris.Position{Longitude: b, LongitudeSpeed: vb}
	orbs := StandardOrbs()

	return aspectBetween(c, first, second, &orbs)
}

func TestAspectsByNearestAngleWithinTheirOrbs(t *testing.T) {
	tests := []struct {
		name          string
		first, second Body
		a, b          float64
		want          AspectKind
		orb           float64
		none          bool
	}{
		{"conjunction across 0 degrees", Mars, Venus, 358, 4, Conjunction, 6, false},
		{"planets within 8 degrees", Mars, Venus, 10, 18, Conjunction, 8, false},
		{"planets beyond 8 degrees", Mars, Venus, 10, 18.001, 0, 0, true},
		{"the Sun within 10 degrees", Sun, Venus, 10, 20, Conjunction, 10, false},
		{"the Moon as second body", Mercury, Moon, 10, 20, Conjunction, 10, false},
		{"opposition the other way round", Mars, Venus, 350, 165, Opposition, 5, false},
		{"square", Mars, Venus, 100, 15.5, Square, 5.5, false},
		{"sextile rather than the nearer-by-name quintile", Mars, Venus, 0, 64, Sextile, 4, false},
		{"between sextile and quintile", Mars, Venus, 0, 67, 0, 0, true},
		{"quintile", Mars, Venus, 0, 72.9, Quintile, 0.9, false},
		{"biquintile beats quincunx by nearness", Mars, Venus, 0, 144.5, Biquintile, 0.5, false},
		{"quincunx", Mars, Venus, 0, 147.5, Quincunx, 2.5, false},
		{"a wide trine of the Moon beyond the middle to the sesquiquadrate", Moon, Venus, 0, 127.9, Trine, 7.9, false},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, swap := range []bool{false, true} {
				a, b := tt.a, tt.b
				if swap {
					a, b = b, a
				}

				got, ok := pairAspect(t, tt.first, tt.second, a, b, 0.5, 1)
				if ok == tt.none || ok && (got.Kind != tt.want || math.Abs(got.Orb-tt.orb) > 1e-9) {
					t.Errorf("want %s with orb %g (none: %t), got %+v, %t", tt.want, tt.orb, tt.none, got, ok)
				}
			}
		})
	}
}

// Whether an aspect applies must agree with what happens: the orb a short while later is smaller.
func TestApplyingSaysWhatTheOrbDoes(t *testing.T) {
	const later = 1e-3 // days

	for _, speeds := range [][2]float64{{1, 13}, {13, 1}, {-0.5, 1}, {1, -0.5}, {-1, -0.2}} {
		for a := 0.0; a < 360; a += 7 {
			for b := 1.3; b < 360; b += 7 {
				now, ok := pairAspect(t, Mars, Venus, a, b, speeds[0], speeds[1])
				if !ok {
					continue
				}

				then := math.Abs(Separation(a+speeds[0]*later, b+speeds[1]*later) - now.Kind.Angle())
				if now.Applying != (then < now.Orb) {
					t.Fatalf("%g and %g at speeds %v: orb %g, then %g, applying %t", a, b, speeds, now.Orb, then, now.Applying)
				}
			}
		}
	}
}

func TestOrbsRefuseWhatIsNoOrb(t *testing.T) {
	for _, limit := range []OrbLimit{{-1, 1}, {1, -1}, {15.1, 1}, {1, 400}, {math.NaN(), 1}, {1, math.Inf(1)}} {
		orbs := StandardOrbs()
		if err := orbs.Set(Trine, limit); err == nil || orbs != StandardOrbs() {
			t.Errorf("%v: want an error and no change, got %v", limit, err)
		}
	}
}
