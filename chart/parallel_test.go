package chart_test

import (
	"math"
	"slices"
	"testing"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

func isMain(b chart.Body) bool { return b <= chart.Chiron || b == chart.TrueNode }

// Held against the positions' own declinations, pair by pair.
func TestParallelsAreThePairsOfEqualDeclination(t *testing.T) {
	caster := casttest.Caster(t)
	parallels, contras := 0, 0

	for _, v := range readVectors(t)[:100] {
		c, err := caster.Cast(birthOf(v))
		if err != nil {
			t.Fatal(err)
		}

		var want []chart.Parallel

		for _, a := range c.Positions(chart.Tropical) {
			for _, b := range c.Positions(chart.Tropical) {
				if !isMain(a.Body) || !isMain(b.Body) || a.Body >= b.Body {
					continue
				}

				if off := math.Abs(a.Declination - b.Declination); off <= 1 && a.Declination*b.Declination > 0 {
					want = append(want, chart.Parallel{First: a.Body, Second: b.Body, Orb: off})
					parallels++
				}

				if off := math.Abs(a.Declination + b.Declination); off <= 1 && a.Declination*b.Declination < 0 {
					want = append(want, chart.Parallel{First: a.Body, Second: b.Body, Contra: true, Orb: off})
					contras++
				}
			}
		}

		got, err := c.Parallels(chart.UsualParallelOrb)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s: want %v, got %v, %v", v.UT, want, got, err)
		}

		for _, w := range want {
			if !slices.ContainsFunc(got, func(g chart.Parallel) bool {
				return g.First == w.First && g.Second == w.Second && g.Contra == w.Contra && math.Abs(g.Orb-w.Orb) < 1e-12
			}) {
				t.Errorf("%s: want %+v in %+v", v.UT, w, got)
			}
		}

		if !slices.IsSortedFunc(got, func(a, b chart.Parallel) int { return int(math.Copysign(1, a.Orb-b.Orb)) }) {
			t.Errorf("%s: the closest come first, not %+v", v.UT, got)
		}
	}

	if parallels < 100 || contras < 100 {
		t.Errorf("only %d parallels, %d contraparallels", parallels, contras)
	}
}

func TestBodiesBeyondTheObliquityAreOutOfBounds(t *testing.T) {
	caster := casttest.Caster(t)
	out := 0

	for _, v := range readVectors(t) {
		c, err := caster.Cast(birthOf(v))
		if err != nil {
			t.Fatal(err)
		}

		got := map[chart.Body]float64{}
		for _, o := range c.OutOfBounds() {
			got[o.Body] = o.Beyond
			out++
		}

		for _, p := range c.Positions(chart.Tropical) {
			beyond := math.Abs(p.Declination) - v.Obliquity
			if math.Abs(beyond) < 1e-5 || !isMain(p.Body) {
				continue // the Sun at a solstice, or the reference's last digit
			}

			if excess, found := got[p.Body]; found != (beyond > 0) || found && math.Abs(excess-beyond) > 1e-6 {
				t.Errorf("%s, %s at %g: want %g beyond the obliquity, got %v", v.UT, p.Body, p.Declination, beyond, got)
			}
		}
	}

	if out < 50 {
		t.Errorf("only %d bodies out of bounds", out)
	}
}

func TestParallelsRefuseWhatIsNoOrb(t *testing.T) {
	c, err := casttest.Caster(t).Cast(birthOf(readVectors(t)[0]))
	if err != nil {
		t.Fatal(err)
	}

	for _, orb := range []float64{-0.1, 3.1, 400, math.NaN(), math.Inf(1)} {
		if _, err := c.Parallels(orb); fault.CodeOf(err) != fault.ValidationFailed {
			t.Errorf("%g: want a fault, got %v", orb, err)
		}
	}
}
