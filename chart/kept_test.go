package chart

import (
	"fmt"
	"testing"
)

func TestRecentChartsAreThoseAskedForLast(t *testing.T) {
	var r recent

	charts := make([]*Chart, 3*recentCharts)

	for i := range charts {
		charts[i] = &Chart{Hash: Hash(fmt.Sprint(i)), Birth: Birth{Longitude: float64(i)}}
		r.add(charts[i])

		if got := r.get(charts[0].Hash, &charts[0].Birth); got != charts[0] {
			t.Fatalf("after %d charts: the one that is asked for all the time is lost", i)
		}
	}

	if got := r.get(charts[1].Hash, &charts[1].Birth); got != nil {
		t.Error("a chart that nobody asks for is kept for ever")
	}

	if kept := len(r.young) + len(r.old); kept > 2*recentCharts {
		t.Errorf("want at most %d charts kept, got %d", 2*recentCharts, kept)
	}
}

// The hash does not tell the place's name, and a chart shows it.
func TestARecentChartOfAnotherPlaceNameIsAnother(t *testing.T) {
	var r recent

	r.add(&Chart{Hash: "h", Birth: Birth{PlaceName: "Wien"}})

	if got := r.get("h", &Birth{PlaceName: "Vienna"}); got != nil {
		t.Errorf("want no chart, got that of %s", got.Birth.PlaceName)
	}
}
