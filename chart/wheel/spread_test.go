package wheel

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sidereal/chart"
)

// closest finds the same optimum in another way: Dykstra's alternating projections onto "these two neighbours are far enough apart" (Boyle and
// Dykstra, 1986), many rounds of it. The directions must ascend.
func closest(directions []float64, apart float64) []float64 {
	n := len(directions)
	x := slices.Clone(directions)
	pushed := make([]float64, n) // by the projection of each pair, in the round before

	for range 20000 {
		most := 0.0

		for i := range n {
			k, turn := (i+1)%n, 0.0
			if k == 0 {
				turn = circle
			}

			x[i] += pushed[i]
			x[k] -= pushed[i]
			push := max(0, (apart-(x[k]+turn-x[i]))/2)
			most = max(most, math.Abs(push-pushed[i]))
			x[i] -= push
			x[k] += push
			pushed[i] = push
		}

		if most < 1e-12 {
			break
		}
	}

	return x
}

// gapsAfter returns the way from each direction to the next one up, in the given order.
func gapsAfter(directions []float64, order []int) []float64 {
	gaps := make([]float64, len(order))
	for i, k := range order {
		gaps[i] = chart.Normalize(directions[order[(i+1)%len(order)]] - directions[k])
	}

	return gaps
}

func ascending(directions []float64) []int {
	order := make([]int, len(directions))
	for i := range order {
		order[i] = i
	}

	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case directions[a] < directions[b]:
			return -1
		case directions[a] > directions[b]:
			return 1
		default:
			return 0
		}
	})

	return order
}

func TestSpreadKeepsTheOrderAndTheDistanceAndMovesAsLittleAsPossible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const apart = 7.0

		// Clusters are what matters, so most directions lie within a few degrees of a middle that can be 0.
		middle := rapid.SampledFrom([]float64{0, 90, 359, 200}).Draw(t, "middle")
		directions := rapid.SliceOfN(rapid.OneOf(
			rapid.Map(rapid.Float64Range(-5, 5), func(x float64) float64 { return chart.Normalize(middle + x) }),
			rapid.Float64Range(0, 359.999),
		), 2, 21).Draw(t, "directions")
		order := ascending(directions)
		got := Spread(directions, apart)

		around := 0.0

		for i, gap := range gapsAfter(got, order) {
			if gap < apart-1e-6 {
				t.Fatalf("neighbours %d and %d are %g degrees apart: %v", i, i+1, gap, got)
			}

			around += gap
		}

		if math.Abs(around-circle) > 1e-6 { // more than once around: somebody overtook
			t.Fatalf("want one turn around the circle, got %g degrees: %v", around, got)
		}

		sorted := make([]float64, len(order))
		for i, k := range order {
			sorted[i] = directions[k]
		}

		for i, want := range closest(sorted, apart) {
			if chart.Separation(want, got[order[i]]) > 1e-3 {
				t.Fatalf("want %g, got %g at %d of %v", want, got[order[i]], i, sorted)
			}
		}
	})
}

func TestSpreadTurnsWithTheCircle(t *testing.T) {
	directions := []float64{10, 11, 12, 12.5, 14, 100, 101, 359}
	want := Spread(directions, 6)

	for turn := 0.5; turn < circle; turn += 17.3 {
		moved := make([]float64, len(directions))
		for i, x := range directions {
			moved[i] = chart.Normalize(x + turn)
		}

		for i, got := range Spread(moved, 6) {
			if chart.Separation(got, want[i]+turn) > 1e-9 {
				t.Fatalf("turned by %g: want %g, got %g", turn, chart.Normalize(want[i]+turn), got)
			}
		}
	}
}

func TestSpreadLeavesAloneWhatIsApartAndTakesWhatThereIs(t *testing.T) {
	for name, test := range map[string]struct{ in, want []float64 }{
		"nothing":                    {nil, nil},
		"one":                        {[]float64{350}, []float64{350}},
		"far apart":                  {[]float64{10, 200, 100}, []float64{10, 200, 100}},
		"two at one place":           {[]float64{90, 90}, []float64{85, 95}},
		"across 0":                   {[]float64{359, 1}, []float64{355, 5}},
		"three, the outer ones push": {[]float64{50, 53, 50}, []float64{41, 61, 51}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Spread(test.in, 10)
			if len(got) != len(test.want) {
				t.Fatalf("want %v, got %v", test.want, got)
			}

			for i, want := range test.want {
				if chart.Separation(got[i], want) > 1e-9 {
					t.Errorf("want %v, got %v", test.want, got)
				}
			}
		})
	}
}

func TestSpreadSharesTheCircleWhenThereIsNoRoom(t *testing.T) {
	directions := make([]float64, 21)
	for i := range directions {
		directions[i] = 100 + float64(i)/100
	}

	got := Spread(directions, 30)
	for i, gap := range gapsAfter(got, ascending(directions)) {
		if math.Abs(gap-circle/21) > 1e-6 {
			t.Errorf("want %g degrees after %d, got %g", circle/21, i, gap)
		}
	}
}
