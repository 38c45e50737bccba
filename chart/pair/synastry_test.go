package pair_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sidereal/chart"
	"sidereal/chart/pair"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

func compare(t testing.TB, a, b *chart.Chart, o pair.Options) *pair.Synastry {
	t.Helper()

	s, err := pair.Compare(a, b, o)
	if err != nil {
		t.Fatal(err)
	}

	return s
}

// With the charts swapped the aspects, the overlays and the score are the same, the roles swapped.
func TestSynastryIsSymmetric(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(1, 1))

	for i := range 60 {
		a, b := randomChart(t, caster, random, i%2 == 0), randomChart(t, caster, random, i%3 == 0)
		there, back := compare(t, a, b, pair.Options{}), compare(t, b, a, pair.Options{})

		if there.Score.Value != back.Score.Value || there.Score.Harmony != back.Score.Harmony || len(there.Score.Items) != len(back.Score.Items) {
			t.Errorf("want the score %v both ways, got %v", there.Score.Value, back.Score.Value)
		}

		for _, x := range there.Aspects {
			if !slices.ContainsFunc(back.Aspects, func(y pair.Aspect) bool {
				return x.First == y.Second && x.Second == y.First && x.Kind == y.Kind && math.Abs(x.Orb-y.Orb) < 1e-12
			}) {
				t.Errorf("%s %s %s is missing the other way", x.First, x.Kind, x.Second)
			}
		}

		if len(there.Aspects) != len(back.Aspects) || !slices.Equal(there.FirstInSecond, back.SecondInFirst) || !slices.Equal(there.SecondInFirst, back.FirstInSecond) {
			t.Error("want the same aspects and overlays, the roles swapped")
		}
	}
}

// The items make up the score, each with its reason.
func TestItemsAddUpToTheScore(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(2, 2))

	for range 20 {
		s := compare(t, randomChart(t, caster, random, true), randomChart(t, caster, random, true), pair.Options{}).Score
		sum := 0.0

		for i := range s.Items {
			sum += s.Items[i].Contribution

			if reason := s.Items[i].Reason(); !strings.Contains(reason, "of the first") || !strings.Contains(reason, "of the second") {
				t.Errorf("a reason that does not name both: %s", reason)
			}
		}

		if math.Abs(sum-s.Raw) > 1e-9 || math.Abs(s.Harmony+s.Tension-s.Raw) > 1e-12 || s.Value < 0 || s.Value > 100 {
			t.Errorf("want items that add up to %f, got %f", s.Raw, sum)
		}
	}
}

// The score does not depend on how the rest is shown.
func TestTheScoreHasItsOwnMeasure(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(3, 3))
	a, b := randomChart(t, caster, random, true), randomChart(t, caster, random, true)
	tight := chart.UniformOrbs(1)

	want := compare(t, a, b, pair.Options{}).Score.Value
	got := compare(t, a, b, pair.Options{Orbs: &tight, Zodiac: chart.Lahiri, Houses: chart.WholeSign, Points: []chart.Point{chart.VertexPoint}}).Score.Value

	if want != got {
		t.Errorf("want %f, got %f", want, got)
	}
}

// The synastry of a chart with itself has each point in conjunction with itself and each body in its own house.
func TestAChartWithItself(t *testing.T) {
	caster := casttest.Caster(t)
	c := randomChart(t, caster, rand.New(rand.NewPCG(4, 4)), true)
	s := compare(t, c, c, pair.Options{})

	for _, point := range chart.MainPoints() {
		if !slices.ContainsFunc(s.Aspects, func(a pair.Aspect) bool {
			return a.First == point && a.Second == point && a.Kind == chart.Conjunction && a.Orb == 0
		}) {
			t.Errorf("the %s is not in conjunction with itself", point)
		}
	}

	for _, o := range s.FirstInSecond {
		p, _ := c.Position(o.Body, chart.Tropical)
		if want := p.House(chart.Placidus); want != o.House {
			t.Errorf("want the %s in house %d, got %d", o.Body, want, o.House)
		}
	}
}

func TestUnknownTimesLeaveOutAnglesAndHousesAndSaySo(t *testing.T) {
	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(5, 5))
	known, unknown := randomChart(t, caster, random, true), randomChart(t, caster, random, false)
	s := compare(t, known, unknown, pair.Options{})

	if s.FirstInSecond != nil || len(s.SecondInFirst) != len(chart.MainBodies()) || len(s.Omissions) != 1 || !strings.Contains(s.Omissions[0], "second") {
		t.Errorf("want overlays in the first chart only, and a sentence about the second: %v, %v, %v", s.FirstInSecond, s.SecondInFirst, s.Omissions)
	}

	moon := chart.Point(chart.Moon)

	for _, a := range s.Aspects {
		if a.Second >= chart.BodyCount {
			t.Errorf("an aspect to the %s of the chart without a time", a.Second)
		}

		if a.Second == moon && a.Uncertainty < 5 {
			t.Errorf("want the aspect of %s to the Moon uncertain, got %f", a.First, a.Uncertainty)
		}
	}

	for _, item := range s.Score.Items {
		if item.Aspect != nil && item.Aspect.Second == moon || item.Overlay != nil && !item.OfFirst && item.Overlay.Body == chart.Moon {
			t.Error("the uncertain Moon counts in the score")
		}
	}
}

func TestBadPointsNameTheirField(t *testing.T) {
	caster := casttest.Caster(t)
	c := randomChart(t, caster, rand.New(rand.NewPCG(6, 6)), true)

	for _, points := range [][]chart.Point{{}, {250}, {0, 0}} {
		_, err := pair.Compare(c, c, pair.Options{Points: points})
		if f, ok := fault.As(err); !ok || f.Field != "points" {
			t.Errorf("%v: want a fault of points, got %v", points, err)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	caster := casttest.Caster(b)
	random := rand.New(rand.NewPCG(7, 7))
	x, y := randomChart(b, caster, random, true), randomChart(b, caster, random, true)

	b.ReportAllocs()

	for b.Loop() {
		compare(b, x, y, pair.Options{})
	}
}
