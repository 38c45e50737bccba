package pair

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

var pairs = flag.Int("pairs", 2000, "how many random pairs the spread of scores is measured over")

// randomScores returns the scores of random pairs of which so many times are known, sorted by their sums.
func randomScores(t *testing.T, count, knownTimes int) []Score {
	t.Helper()

	caster := casttest.Caster(t)
	random := rand.New(rand.NewPCG(11, uint64(knownTimes)))
	born := func(timeKnown bool) *chart.Chart {
		c, err := caster.Cast(chart.Birth{
			Instant:   time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(70*365*24*3600)) * time.Second),
			TimeKnown: timeKnown, Zone: "UTC", Latitude: random.Float64()*110 - 50, Longitude: random.Float64()*360 - 180,
		})
		if err != nil {
			t.Fatal(err)
		}

		return c
	}

	scores := make([]Score, count)

	for i := range scores {
		s, err := Compare(born(knownTimes > 0), born(knownTimes > 1), Options{})
		if err != nil {
			t.Fatal(err)
		}

		scores[i] = s.Score
	}

	slices.SortFunc(scores, func(a, b Score) int { return int(math.Copysign(1, a.Raw-b.Raw)) })

	return scores
}

// The value is the share of random pairs with less: of which one looks at the tenths. -pairs 20000 gives the table of spreads.
func TestScoresOfRandomPairs(t *testing.T) {
	for knownTimes, reference := range spreads {
		scores := randomScores(t, *pairs, knownTimes)

		var sum, squares float64
		for _, s := range scores {
			sum += s.Raw
			squares += s.Raw * s.Raw
		}

		n := float64(len(scores))
		mean := sum / n
		deviation := math.Sqrt(squares/n - mean*mean)

		t.Logf("%d times known: mean %.3f, deviation %.3f", knownTimes, mean, deviation)

		if math.Abs(mean-reference.mean) > 4*deviation/math.Sqrt(n) || math.Abs(deviation/reference.deviation-1) > 4/math.Sqrt(2*n) {
			t.Errorf("%d times known: want a spread of %v, got %f and %f", knownTimes, reference, mean, deviation)
		}

		for tenth := 1; tenth < 10; tenth++ {
			if got, want := scores[len(scores)*tenth/10].Value, float64(10*tenth); math.Abs(got-want) > 4 {
				t.Errorf("%d times known: want the score %g below %g in a hundred pairs, got %f", knownTimes, want, want, got)
			}
		}

		if low, high := scores[0].Value, scores[len(scores)-1].Value; low < 0 || low > 1 || high > 100 || high < 99 {
			t.Errorf("want scores from 0 to 100, got %f to %f", low, high)
		}
	}
}

// A closer harmonious aspect counts more, a closer tense one less, and persons count more than generations.
func TestContributionsMakeSense(t *testing.T) {
	orbs := chart.StandardOrbs()
	point := func(b chart.Body) chart.Point { return chart.Point(b) }
	of := func(first chart.Body, kind chart.AspectKind, second chart.Body, orb float64) float64 {
		return contribution(&Aspect{First: point(first), Second: point(second), Kind: kind, Orb: orb}, &orbs)
	}

	for kind := range chart.AspectKind(chart.AspectKindCount) {
		before := math.Inf(1)

		for orb := 0.0; orb < orbs.Limit(kind, point(chart.Venus), point(chart.Mercury)); orb += 0.25 {
			c := of(chart.Venus, kind, chart.Mercury, orb)
			if c == 0 || math.Abs(c) >= before || c > 0 != (tones[kind] > 0) {
				t.Errorf("%s at %g degrees: want less than %g, got %g", kind, orb, before, c)
			}

			before = math.Abs(c)
		}
	}

	for name, ok := range map[string]bool{
		"a trine is worth more than a sextile":                 of(chart.Sun, chart.Trine, chart.Moon, 1) > of(chart.Sun, chart.Sextile, chart.Moon, 1),
		"a square is worse than an opposition":                 of(chart.Sun, chart.Square, chart.Moon, 1) < of(chart.Sun, chart.Opposition, chart.Moon, 1),
		"Sun and Moon count more than Uranus and Pluto":        of(chart.Sun, chart.Trine, chart.Moon, 1) > 10*of(chart.Uranus, chart.Trine, chart.Pluto, 1),
		"Venus by Saturn is less than Venus by Jupiter":        of(chart.Venus, chart.Conjunction, chart.Saturn, 1) < of(chart.Venus, chart.Conjunction, chart.Jupiter, 1),
		"an aspect at the limit of its orb counts nothing":     math.Abs(of(chart.Sun, chart.Trine, chart.Moon, 8)) < 1e-12,
		"the first's Mars by the second's Venus is the second": of(chart.Mars, chart.Trine, chart.Venus, 2) == of(chart.Venus, chart.Trine, chart.Mars, 2),
	} {
		if !ok {
			t.Errorf("want that %s", name)
		}
	}
}

// One more harmonious item raises the score, one more tense item lowers it.
func TestScoresFollowTheirItems(t *testing.T) {
	reference := spread{3, 2}
	items := []Item{{Contribution: 1}, {Contribution: -0.5}, {Contribution: 0.25}}
	base := total(slices.Clone(items), reference).Value
	more := total(append(slices.Clone(items), Item{Contribution: 0.3}), reference).Value
	less := total(append(slices.Clone(items), Item{Contribution: -0.3}), reference).Value

	if !(less < base && base < more) {
		t.Errorf("want %f < %f < %f", less, base, more)
	}

	if mean := total([]Item{{Contribution: 3}}, reference).Value; math.Abs(mean-50) > 1e-9 {
		t.Errorf("want 50 for the mean, got %f", mean)
	}
}
