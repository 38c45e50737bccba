package compose_test

import (
	"cmp"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/reading"
	"sidereal/reading/library"
)

func TestReadingsHaveTheLengthOfTheirDetail(t *testing.T) {
	c := composer(t)

	for detail, want := range map[reading.Detail]int{reading.Brief: 600, reading.Standard: 2000, reading.Comprehensive: 5000} {
		var sum, low, high int

		all := births(40)
		for i, b := range all {
			got := wordsOf(written(t, c, cast(t, b), optionsOf(i, detail)))
			if got < want*8/10 || got > want*12/10 {
				t.Errorf("%s reading %d of %s has %d words, want %d within a fifth", detail, i, b.Canonical(), got, want)
			}

			sum, low, high = sum+got, min(cmp.Or(low, got), got), max(high, got)
		}

		t.Logf("%s: %d words in the mean, %d to %d", detail, sum/len(all), low, high)
	}
}

func TestReadingsWithoutATimeAreShorterByTheHouses(t *testing.T) {
	c := composer(t)

	for detail, want := range map[reading.Detail][2]int{reading.Brief: {450, 720}, reading.Standard: {1400, 2000}, reading.Comprehensive: {2000, 3800}} {
		low, high := 0, 0

		for i, b := range withoutTimes(births(40)) {
			got := wordsOf(written(t, c, cast(t, b), optionsOf(i, detail)))
			if got < want[0] || got > want[1] {
				t.Errorf("%s reading %d of %s has %d words, want %v", detail, i, b.Canonical(), got, want)
			}

			low, high = min(cmp.Or(low, got), got), max(high, got)
		}

		t.Logf("%s: %d to %d words", detail, low, high)
	}
}

func TestTheSameChartReadsTheSame(t *testing.T) {
	natal := cast(t, births(1)[0])
	o := reading.Options{Detail: reading.Comprehensive, TransitsAt: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), With: cast(t, births(2)[1])}

	want := markdown("", written(t, composer(t), natal, o))
	if got := markdown("", written(t, composer(t), cast(t, births(1)[0]), o)); got != want {
		t.Error("a second composer reads the same chart otherwise")
	}
}

func TestNothingIsSaidTwice(t *testing.T) {
	c := composer(t)
	texts := fragmentSentences(t)

	for i, b := range births(40) {
		o := optionsOf(i, reading.Comprehensive)
		o.TransitsAt = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		o.With = cast(t, births(61)[60])
		told := map[string]bool{}

		for _, s := range sentencesOf(written(t, c, cast(t, b), o)) {
			if told[s.Text] && texts[s.Text] {
				t.Errorf("reading %d says twice: %s", i, s.Text)
			}

			told[s.Text] = true
		}
	}
}

func fragmentSentences(t *testing.T) map[string]bool {
	t.Helper()

	texts, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}

	all := map[string]bool{}

	for _, id := range library.Needed() {
		for _, f := range texts.Wordings(id) {
			for _, s := range f.Sentences {
				all[s] = true
			}
		}
	}

	return all
}

func TestTwoChartsReadDifferently(t *testing.T) {
	c := composer(t)

	for _, detail := range []reading.Detail{reading.Brief, reading.Standard, reading.Comprehensive} {
		var readings []map[string]bool

		for i, b := range births(40) {
			said := map[string]bool{}
			for _, s := range sentencesOf(written(t, c, cast(t, b), reading.Options{Detail: detail, Houses: chart.HouseSystem(i % 2)})) {
				said[s.Text] = true
			}

			readings = append(readings, said)
		}

		var sum, most float64

		pairs := 0

		for i := range readings {
			for k := range i {
				common := overlap(readings[i], readings[k])
				sum, most = sum+common, max(most, common)
				pairs++
			}
		}

		mean := sum / float64(pairs)
		t.Logf("%s: %.1f%% of the sentences in common in the mean, %.1f%% at most", detail, 100*mean, 100*most)

		if mean > 0.15 || most > 0.45 {
			t.Errorf("%s readings have %.1f%% of their sentences in common, %.1f%% at most", detail, 100*mean, 100*most)
		}
	}
}

// overlap returns the part of the sentences of the shorter reading that the other has as well.
func overlap(a, b map[string]bool) float64 {
	common := 0

	for s := range a {
		if b[s] {
			common++
		}
	}

	return float64(common) / float64(min(len(a), len(b)))
}
