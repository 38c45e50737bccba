package pair_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sidereal/chart"
	"sidereal/chart/pair"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

func combine(t testing.TB, a, b *chart.Chart, o pair.CompositeOptions) *pair.Composite {
	t.Helper()

	c, err := pair.Combine(a, b, o)
	if err != nil {
		t.Fatal(err)
	}

	return c
}

func TestMidpointsLieOnTheShorterArc(t *testing.T) {
	for _, test := range []struct{ a, b, want float64 }{
		{10, 30, 20},
		{350, 20, 5},
		{20, 350, 5},
		{0, 0, 0},
		{359, 1, 0},
		{0, 180, 90},
		{180, 0, 90},
		{90, 270, 0},
		{270, 90, 0},
		{100, 280, 10},
		{0, 179, 89.5},
		{0, 181, 270.5},
	} {
		if got := pair.Midpoint(test.a, test.b); math.Abs(math.Remainder(got-test.want, 360)) > 1e-12 {
			t.Errorf("%g and %g: want %g, got %g", test.a, test.b, test.want, got)
		}
	}

	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(0, 359.999999).Draw(t, "a"), rapid.Float64Range(0, 359.999999).Draw(t, "b")
		m := pair.Midpoint(a, b)

		if m != pair.Midpoint(b, a) {
			t.Errorf("want the same both ways, got %g and %g", m, pair.Midpoint(b, a))
		}

		if x, y := chart.Separation(m, a), chart.Separation(m, b); math.Abs(x-y) > 1e-9 || x > 90+1e-9 {
			t.Errorf("want the middle of the shorter arc, got %g and %g away", x, y)
		}
	})
}

// The composite of a chart with itself is the chart, by both methods and all systems.
func TestTheCompositeOfAChartWithItselfIsTheChart(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(1, 2))

	for range 10 {
		c := randomChart(t, caster, random, true)

		for system := range chart.HouseSystem(chart.HouseSystemCount) {
			for method := range pair.HouseMethod(pair.HouseMethodCount) {
				zodiac := []chart.Zodiac{chart.Tropical, chart.TrueSidereal, chart.Lahiri}[random.IntN(3)]
				got := combine(t, c, c, pair.CompositeOptions{Method: method, Houses: system, Zodiac: zodiac})
				want := c.Houses(system, zodiac)

				for i, cusp := range want.Cusps {
					if chart.Separation(cusp.Longitude, got.Houses.Cusps[i].Longitude) > 1e-9 {
						t.Errorf("%s, %s in %s: want cusp %d at %f, got %f", system, method, zodiac, i+1, cusp.Longitude, got.Houses.Cusps[i].Longitude)
					}
				}

				if got.Houses.System != want.System || got.Houses.FallbackReason != want.FallbackReason {
					t.Errorf("%s, %s in %s: want %s, got %s", system, method, zodiac, want.System, got.Houses.System)
				}

				for i := range got.Positions {
					p := &got.Positions[i]
					if at, _ := c.Position(p.Body, zodiac); chart.Separation(at.Longitude, p.Longitude) > 1e-9 {
						t.Errorf("%s: want %f, got %f", p.Body, at.Longitude, p.Longitude)
					}
				}
			}
		}
	}
}

// Each cusp is a midpoint of the two cusps, and the houses run once round the circle in order; swapped charts have the same composite.
func TestCompositeCuspsAreMidpointsInOrder(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(3, 4))

	for range 200 {
		a, b := randomChart(t, caster, random, true), randomChart(t, caster, random, true)
		system := chart.HouseSystem(random.IntN(chart.HouseSystemCount))
		got, back := combine(t, a, b, pair.CompositeOptions{Houses: system}), combine(t, b, a, pair.CompositeOptions{Houses: system})
		first, second := a.Houses(system, chart.Tropical), b.Houses(system, chart.Tropical)
		round := 0.0

		for i, cusp := range got.Houses.Cusps {
			x, y := chart.Separation(cusp.Longitude, first.Cusps[i].Longitude), chart.Separation(cusp.Longitude, second.Cusps[i].Longitude)
			if system != chart.WholeSign && math.Abs(x-y) > 1e-9 && math.Abs(x+y-180) > 1e-9 && math.Abs(x-y-180) > 1e-9 {
				t.Errorf("%s: cusp %d at %f is no midpoint of %f and %f", system, i+1, cusp.Longitude, first.Cusps[i].Longitude, second.Cusps[i].Longitude)
			}

			width := chart.Normalize(got.Houses.Cusps[(i+1)%12].Longitude - cusp.Longitude)
			round += width

			if other := back.Houses.Cusps[i].Longitude; chart.Separation(cusp.Longitude, other) > 1e-9 {
				t.Errorf("%s: want cusp %d the same both ways, got %f and %f", system, i+1, cusp.Longitude, other)
			}
		}

		if math.Abs(round-360) > 1e-6 {
			t.Errorf("%s: want houses once round the circle, got %f degrees", system, round)
		}

		if mc := chart.Separation(got.Midheaven.Longitude, a.Angles(chart.Tropical).Midheaven.Longitude); mc > 90+1e-9 {
			t.Errorf("want the Midheaven on the shorter arc, got it %f away", mc)
		}
	}
}

// The houses derived from the Midheaven are those of a chart whose Midheaven that is, and only at the reference latitude.
func TestDerivedHousesBelongToTheMidheavenAndTheLatitude(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(5, 6))
	a, b := randomChart(t, caster, random, true), randomChart(t, caster, random, true)
	latitude := 52.5

	got := combine(t, a, b, pair.CompositeOptions{Method: pair.MidheavenDerived, Latitude: &latitude})
	if chart.Separation(got.Midheaven.Longitude, got.Houses.Cusps[9].Longitude) > 1e-9 || chart.Separation(got.Ascendant.Longitude, got.Houses.Cusps[0].Longitude) > 1e-9 {
		t.Error("want the tenth and the first cusp at the Midheaven and the Ascendant")
	}

	other := combine(t, a, b, pair.CompositeOptions{Method: pair.MidheavenDerived})
	if other.Midheaven.Longitude != got.Midheaven.Longitude || other.Ascendant.Longitude == got.Ascendant.Longitude {
		t.Error("want the same Midheaven and another Ascendant at another latitude")
	}

	arctic := 75.0
	if polar := combine(t, a, b, pair.CompositeOptions{Method: pair.MidheavenDerived, Latitude: &arctic}); polar.Houses.System != chart.Porphyry || polar.Houses.FallbackReason == "" {
		t.Errorf("want Porphyry and a reason at latitude 75, got %s", polar.Houses.System)
	}
}

// Charts of which one lies beyond the polar circle have houses of one system, with the reason.
func TestPolarCompositesHaveHousesInOrder(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(7, 8))

	for range 300 {
		north, south := randomBirth(random, true), randomBirth(random, true)
		north.Latitude = 67 + random.Float64()*20

		if random.IntN(2) == 0 {
			south.Latitude = -67 - random.Float64()*20
		}

		system := chart.HouseSystem(random.IntN(chart.HouseSystemCount))
		got := combine(t, cast(t, caster, north), cast(t, caster, south), pair.CompositeOptions{Houses: system})
		round := 0.0

		for i, cusp := range got.Houses.Cusps {
			round += chart.Normalize(got.Houses.Cusps[(i+1)%12].Longitude - cusp.Longitude)
		}

		if math.Abs(round-360) > 1e-6 {
			t.Errorf("%s at %f and %f: want houses once round the circle, got %f degrees", system, north.Latitude, south.Latitude, round)
		}

		if got.Houses.FellBack() != (got.Houses.FallbackReason != "") {
			t.Errorf("%s: want a reason for %s", system, got.Houses.System)
		}
	}
}

// Mercury and Venus are flagged where no sky could have them, and turned to the Sun's side when that is wanted.
func TestInnerPlanetsFarFromTheSunAreFlaggedOrTurned(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(9, 10))
	far, turned := 0, 0

	for range 400 {
		a, b := randomChart(t, caster, random, true), randomChart(t, caster, random, true)
		plain, near := combine(t, a, b, pair.CompositeOptions{}), combine(t, a, b, pair.CompositeOptions{InnerByTheSun: true})

		for _, i := range []int{int(chart.Mercury), int(chart.Venus)} {
			p, q := plain.Positions[i], near.Positions[i]
			if p.FarFromSun {
				far++
			}

			if p.Turned || p.FarFromSun != (chart.Separation(p.Longitude, plain.Positions[0].Longitude) > map[chart.Body]float64{chart.Mercury: 28.5, chart.Venus: 48}[p.Body]) {
				t.Errorf("%s: %+v", p.Body, p)
			}

			if q.Turned {
				turned++

				if chart.Separation(q.Longitude, near.Positions[0].Longitude) >= 90 || math.Abs(chart.Separation(p.Longitude, q.Longitude)-180) > 1e-9 || len(near.Notes) == 0 {
					t.Errorf("%s: want the other midpoint, near the Sun, and a note, got %f", q.Body, q.Longitude)
				}
			}
		}
	}

	if far == 0 || turned == 0 {
		t.Errorf("%d far from the Sun and %d turned are too few to tell", far, turned)
	}
}

func TestACompositeWithoutATimeHasNoHouses(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(11, 12))
	c := combine(t, randomChart(t, caster, random, true), randomChart(t, caster, random, false), pair.CompositeOptions{})

	if c.Houses != nil || c.Ascendant != nil || c.Midheaven != nil || len(c.Notes) == 0 || c.Positions[chart.Moon].Uncertainty < 2.5 || c.Positions[0].House != 0 {
		t.Errorf("want no houses, a note, and an uncertain Moon, got %v", c.Notes)
	}

	for _, a := range c.Aspects {
		if a.First >= a.Second {
			t.Errorf("want each pair once, in order, got %s and %s", a.First, a.Second)
		}
	}
}

func TestBadCompositesNameTheirField(t *testing.T) {
	caster := casttest.Caster(t)
	c := randomChart(t, caster, rand.New(rand.NewPCG(13, 14)), true)

	for _, latitude := range []float64{91, math.NaN(), math.Inf(-1)} {
		_, err := pair.Combine(c, c, pair.CompositeOptions{Latitude: &latitude})
		if f, ok := fault.As(err); !ok || f.Field != "latitude" {
			t.Errorf("%g: want a fault of latitude, got %v", latitude, err)
		}
	}

	_, err := pair.Combine(c, c, pair.CompositeOptions{Method: 9})
	if f, ok := fault.As(err); !ok || f.Field != "method" {
		t.Errorf("want a fault of method, got %v", err)
	}
}

func TestCompositeBodiesComeInOrder(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(17, 18))
	c := combine(t, randomChart(t, caster, random, true), randomChart(t, caster, random, true), pair.CompositeOptions{})

	if !slices.IsSortedFunc(c.Positions, func(a, b pair.CompositePosition) int { return int(a.Body) - int(b.Body) }) || len(c.Positions) != chart.BodyCount-1 {
		t.Errorf("want all bodies but the Part of Fortune in order, got %d", len(c.Positions))
	}
}

func BenchmarkCombine(b *testing.B) {
	caster := casttest.Caster(b)
	random := rand.New(rand.NewPCG(19, 20))
	x, y := randomChart(b, caster, random, true), randomChart(b, caster, random, true)

	for b.Loop() {
		combine(b, x, y, pair.CompositeOptions{})
	}
}
