package wheel

import (
	"cmp"
	"slices"
	"testing"

	"sidereal/chart"
	"sidereal/chart/pair"
)

// With the same orbs, a wheel of two charts draws the aspects between their bodies that their synastry lists, and no others.
func TestWheelsOfPairsDrawTheAspectsOfTheirSynastry(t *testing.T) {
	inner, outer := cast(t, birthAt(t, "1990-01-15 15:30", 40.7128, -74.006)), cast(t, birthAt(t, "1985-07-03", 51.5, 0))

	var points []chart.Point
	for _, body := range chart.MainBodies() {
		points = append(points, chart.Point(body))
	}

	order := func(a, b line) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) }

	for zodiac := range chart.Zodiac(chart.ZodiacCount) {
		for preset := range chart.OrbPreset(chart.OrbPresetCount) {
			orbs := preset.Orbs()
			opts := Options{Size: DefaultSize, Zodiac: zodiac, Orbs: &orbs}

			synastry, err := pair.Compare(inner, outer, pair.Options{Points: points, Orbs: &orbs, Zodiac: zodiac})
			if err != nil {
				t.Fatal(err)
			}

			var want []line

			for _, a := range synastry.Aspects {
				from, to := inner.Placed([]chart.Point{a.First}, zodiac)[0], outer.Placed([]chart.Point{a.Second}, zodiac)[0]
				want = append(want, line{from: from.Longitude, to: to.Longitude, kind: a.Kind})
			}

			got := newDrawing(inner, opts, layoutOf(opts.Size, true)).aspectsBetween(inner, outer, orbs)
			for i := range got {
				got[i].weight = 0
			}

			slices.SortFunc(want, order)
			slices.SortFunc(got, order)

			if len(want) == 0 || !slices.Equal(want, got) {
				t.Errorf("%s, %s orbs: want %v, got %v", zodiac, preset, want, got)
			}
		}
	}
}
