package chart_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// figuresOf are the patterns that only aspects make, without what the zodiac says of them.
func figuresOf(patterns []chart.Pattern) []chart.Pattern {
	var figures []chart.Pattern

	for _, p := range patterns {
		if p.Kind < chart.SignStellium {
			figures = append(figures, chart.Pattern{Kind: p.Kind, Bodies: p.Bodies, Focal: p.Focal, HasFocal: p.HasFocal, PartOfLarger: p.PartOfLarger})
		}
	}

	return figures
}

func TestFiguresAreTheSameInEveryZodiac(t *testing.T) {
	caster := casttest.Caster(t)
	figures, ophiuchi := 0, 0

	for _, v := range readVectors(t) {
		c, err := caster.Cast(birthOf(v))
		if err != nil {
			t.Fatal(err)
		}

		want := figuresOf(c.Patterns(chart.Tropical, chart.Placidus))
		figures += len(want)

		for zodiac := range chart.Zodiac(chart.ZodiacCount) {
			patterns := c.Patterns(zodiac, chart.WholeSign)
			if diff := cmp.Diff(want, figuresOf(patterns), cmp.AllowUnexported(chart.Pattern{})); diff != "" {
				t.Fatalf("%s, %s: %s", v.UT, zodiac, diff)
			}

			for _, p := range patterns {
				checkStellium(t, c, p, zodiac)

				if p.Kind == chart.SignStellium && p.Sign == chart.Ophiuchus {
					ophiuchi++
				}
			}
		}
	}

	if figures < 300 || ophiuchi == 0 {
		t.Errorf("only %d figures, %d stellia in Ophiuchus: the test proves little", figures, ophiuchi)
	}
}

// checkStellium holds a stellium against the positions: it has the bodies that stand there, and no others.
func checkStellium(t *testing.T, c *chart.Chart, p chart.Pattern, zodiac chart.Zodiac) {
	t.Helper()

	var want []chart.Body

	for _, at := range c.Positions(zodiac) {
		main := at.Body <= chart.Chiron || at.Body == chart.TrueNode
		if main && (p.Kind == chart.SignStellium && at.Sign == p.Sign || p.Kind == chart.HouseStellium && at.House(chart.WholeSign) == p.House) {
			want = append(want, at.Body)
		}
	}

	if p.Kind >= chart.SignStellium && (!slices.Equal(want, p.Bodies) || len(want) < 3) {
		t.Errorf("%s in %s, house %d: want %v, got %v", p.Kind, p.Sign, p.House, want, p.Bodies)
	}
}

func TestUnknownTimesHaveNoHouseStellia(t *testing.T) {
	const date = "1962-02-04" // a great conjunction in Aquarius

	known := castAt(t, inputAt(t, date, "12:00", "America/New_York")).Patterns(chart.Tropical, chart.WholeSign)
	unknown := castAt(t, inputAt(t, date, "", "America/New_York")).Patterns(chart.Tropical, chart.WholeSign)
	ofHouses := func(p chart.Pattern) bool { return p.Kind == chart.HouseStellium }

	if !slices.ContainsFunc(known, ofHouses) || slices.ContainsFunc(unknown, ofHouses) {
		t.Errorf("want house stellia with a time and none without, got %v and %v", known, unknown)
	}

	if len(unknown) == 0 || unknown[len(unknown)-1].Sign != chart.Aquarius || len(unknown[len(unknown)-1].Bodies) != 7 {
		t.Errorf("want the seven bodies in Aquarius, got %v", unknown)
	}
}
