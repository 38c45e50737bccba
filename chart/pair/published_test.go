package pair_test

import (
	"math"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/pair"
	"sidereal/internal/casttest"
)

// astro.com's midpoint composite of San Diego, 32n43 117w09, 2000-01-01 10:00 and 2025-06-21 00:00, as the tests of immanuel-python
// (tests/test_midpoint.py) quote it. Its Ascendant is the midpoint of the Ascendants.
func TestCompositeAgreesWithAPublishedOne(t *testing.T) {
	caster := casttest.Caster(t)
	sanDiego := func(instant time.Time) *chart.Chart {
		return cast(t, caster, chart.Birth{
			Instant: instant, TimeKnown: true, Zone: "America/Los_Angeles", Latitude: chart.RoundCoordinate(32 + 43/60.), Longitude: chart.RoundCoordinate(-117 - 9/60.),
		})
	}

	got, err := pair.Combine(sanDiego(time.Date(2000, 1, 1, 18, 0, 0, 0, time.UTC)), sanDiego(time.Date(2025, 6, 21, 7, 0, 0, 0, time.UTC)), pair.CompositeOptions{})
	if err != nil {
		t.Fatal(err)
	}

	want := map[chart.Body]struct {
		sign                      chart.Sign
		degrees, minutes, seconds float64
	}{
		chart.Sun: {chart.Aries, 5, 23, 50}, chart.Moon: {chart.Aquarius, 9, 42, 33}, chart.Mercury: {chart.Libra, 12, 12, 13},
		chart.Venus: {chart.Aquarius, 23, 42, 11}, chart.Mars: {chart.Sagittarius, 0, 11, 5}, chart.Jupiter: {chart.Taurus, 28, 55, 54},
		chart.Saturn: {chart.Aries, 20, 57, 45}, chart.Uranus: {chart.Aries, 7, 1, 20}, chart.Neptune: {chart.Pisces, 2, 39, 48},
		chart.Pluto: {chart.Capricorn, 7, 23, 57}, chart.TrueNode: {chart.Taurus, 28, 4, 5},
	}

	for _, p := range got.Positions {
		w, ok := want[p.Body]
		if !ok {
			continue
		}

		delete(want, p.Body)

		if off := (p.DegreeInSign - (w.degrees + w.minutes/60 + w.seconds/3600)) * 3600; p.Sign != w.sign || math.Abs(off) > 1 {
			t.Errorf("%s: want %.0f°%02.0f′%02.0f″ %s, got %s (%.1f″ off)", p.Body, w.degrees, w.minutes, w.seconds, w.sign, p.Formatted(), off)
		}
	}

	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}

	if a := got.Ascendant; a.Sign != chart.Pisces || math.Abs(a.DegreeInSign-(8+31/60.+36/3600.))*3600 > 1.5 {
		t.Errorf("Ascendant: want 8°31′36″ Pisces, got %s", a.Formatted())
	}
}
