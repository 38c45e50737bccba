package forecast_test

import (
	"math"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/forecast"
	"sidereal/internal/casttest"
)

// astro.com's figures for San Diego, 32n43 117w09, 2000-01-01 10:00 PST, as the tests of immanuel-python (tests/test_forecast.py) quote them: the solar return
// of 2030, which falls on New Year's Eve, and the progressed cusps of 2025-06-21 00:00 UT. The site rounds its progressed dates otherwise.
func TestForecastsAgreeWithPublishedOnes(t *testing.T) {
	caster := casttest.Caster(t)
	natal := cast(t, caster, chart.Birth{
		Instant: date(t, "2000-01-01T18:00:00Z"), TimeKnown: true, Zone: "America/Los_Angeles", UTCOffset: -8 * time.Hour,
		Latitude: chart.RoundCoordinate(32 + 43/60.), Longitude: chart.RoundCoordinate(-117 - 9/60.),
	})

	back, err := forecast.SolarReturn(t.Context(), caster, natal, 2030, forecast.ReturnOptions{})
	if err != nil {
		t.Fatal(err)
	}

	// "astro.com appears to have a wider margin of error", say the tests that quote it; a second of arc is 24 seconds of time.
	if off := back.Exact.Sub(date(t, "2030-01-01T00:30:16Z")); off.Abs() > 30*time.Second {
		t.Errorf("solar return: %v off", off)
	}

	for method, want := range map[forecast.AngleMethod][6][3]float64{
		forecast.Naibod:   {{13, 0, 29}, {18 + 30, 52, 16}, {15 + 60, 6, 2}, {7 + 90, 57, 7}, {1 + 120, 57, 46}, {1 + 150, 58, 56}},
		forecast.SolarArc: {{17, 32, 46}, {22 + 30, 20, 26}, {18 + 60, 1, 2}, {10 + 90, 46, 59}, {5 + 120, 7, 3}, {5 + 150, 53, 34}},
	} {
		progressed, err := forecast.Progress(caster, natal, date(t, "2025-06-21T00:00:00Z"), forecast.ProgressionOptions{Angles: method})
		if err != nil {
			t.Fatal(err)
		}

		if off := progressed.Instant.Sub(date(t, "2000-01-27T05:14:57Z")); off.Abs() > 30*time.Second {
			t.Errorf("%s: the progressed date is %v off", method, off)
		}

		for i, w := range want {
			longitude := w[0] + w[1]/60 + w[2]/3600
			if off := chart.Difference(progressed.Houses.Cusps[i].Longitude, longitude) * 3600; math.Abs(off) > 5 {
				t.Errorf("%s, cusp %d: want %.4f, got %.4f (%.1f″ off)", method, i+1, longitude, progressed.Houses.Cusps[i].Longitude, off)
			}
		}
	}
}
