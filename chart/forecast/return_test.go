package forecast_test

import (
	"context"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sidereal/chart"
	"sidereal/chart/forecast"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

func TestReturnsAreThoseOfSwissEphemeris(t *testing.T) {
	caster := casttest.Caster(t)
	bodies := map[string]chart.Body{"Sun": chart.Sun, "Moon": chart.Moon}
	zodiacs := map[string]chart.Zodiac{"tropical": chart.Tropical, "Lahiri": chart.Lahiri}

	for _, row := range rows(t, "returns.csv") {
		natal := cast(t, caster, birthAt(t, row[0]))

		got, err := forecast.NextReturn(context.Background(), caster, natal, bodies[row[1]], date(t, row[3]), 1, forecast.ReturnOptions{Zodiac: zodiacs[row[2]]})
		if err != nil {
			t.Fatal(err)
		}

		// 0.3 s is 0.012 arc second of the Sun: what two natal and two returning places may differ by.
		if off := got.Exact.Sub(date(t, row[4])).Abs(); off > 300*time.Millisecond {
			t.Errorf("%s %s of %s: want %s, got %s", row[2], row[1], row[0], row[4], got.Exact)
		}
	}
}

// The body stands at the return where it stood at birth, and the returns come one by one.
func TestReturnsBringTheBodyBack(t *testing.T) {
	caster := casttest.Caster(t)

	rapid.Check(t, func(t *rapid.T) {
		instant := date(t, "1830-01-01T00:00:00Z").AddDate(0, 0, rapid.IntRange(0, 400*365).Draw(t, "days")).Add(time.Duration(rapid.IntRange(0, 86399).Draw(t, "seconds")) * time.Second)
		birth := birthAt(t, instant.Format(time.RFC3339))
		natal := cast(t, caster, birth)
		body := rapid.SampledFrom([]chart.Body{chart.Sun, chart.Moon}).Draw(t, "body")
		zodiac := rapid.SampledFrom([]chart.Zodiac{chart.Tropical, chart.Lahiri, chart.TrueSidereal}).Draw(t, "zodiac")
		after := instant.AddDate(rapid.IntRange(-25, 90).Draw(t, "age"), 0, 3)
		o := forecast.ReturnOptions{Zodiac: zodiac}

		first, err := forecast.NextReturn(context.Background(), caster, natal, body, after, 1, o)
		if err != nil {
			t.Fatal(err)
		}

		there := birth
		there.Instant = first.Exact // to the millisecond, beyond what a birth has
		want, _ := natal.Position(body, zodiac)
		got, _ := cast(t, caster, there).Position(body, zodiac)

		if off := chart.Separation(want.Longitude, got.Longitude) * 3600; off > 0.001 {
			t.Errorf("%s: want %.7f, got %.7f, %f arc seconds off", first.Exact, want.Longitude, got.Longitude, off)
		}

		if off := first.Chart.Birth.Instant.Sub(first.Exact).Abs(); off > 500*time.Millisecond || first.Chart.Birth.Instant.Nanosecond() != 0 {
			t.Errorf("want a chart for the nearest second, got %s", first.Chart.Birth.Instant)
		}

		second, err := forecast.NextReturn(context.Background(), caster, natal, body, after, 2, o)
		if err != nil {
			t.Fatal(err)
		}

		days, period := second.Exact.Sub(first.Exact).Hours()/24, map[chart.Body]float64{chart.Sun: 365.25, chart.Moon: 27.4}[body]
		if first.Exact.Before(after) || math.Abs(days-period) > 1 {
			t.Errorf("want %f days between returns behind %s, got %f: %s, %s", period, after, days, first.Exact, second.Exact)
		}
	})
}

func TestTheSolarReturnOfAYearIsNextToTheBirthday(t *testing.T) {
	caster := casttest.Caster(t)

	for _, instant := range []string{"1999-12-31T23:59:00Z", "2000-01-01T06:00:00Z", "2000-02-29T12:00:00Z", "1905-07-06T10:00:00Z"} {
		natal := cast(t, caster, birthAt(t, instant))
		local := natal.Birth.Local()

		for year := local.Year(); year < local.Year()+100; year++ {
			r, err := forecast.SolarReturn(context.Background(), caster, natal, year, forecast.ReturnOptions{})
			if err != nil {
				t.Fatal(err)
			}

			birthday := natal.Birth.Instant.AddDate(year-local.Year(), 0, 0)
			if off := r.Exact.Sub(birthday).Abs(); off > 50*time.Hour {
				t.Errorf("%s, %d: the return %s is far from the birthday", instant, year, r.Exact)
			}
		}
	}

	natal := cast(t, caster, birthAt(t, "1990-01-15T15:30:00Z"))

	r, err := forecast.SolarReturn(context.Background(), caster, natal, 1990, forecast.ReturnOptions{})
	if err != nil || r.Chart.Hash != natal.Hash {
		t.Errorf("want the return of the year of birth to be the birth, got %v, %v", r.Exact, err)
	}
}

// A return cast for another place has the same sky and that place's clock and angles.
func TestReturnsAreCastForAnotherPlace(t *testing.T) {
	caster := casttest.Caster(t)
	natal := cast(t, caster, birthAt(t, "1990-01-15T15:30:00Z"))
	tokyo := chart.Place{Latitude: 35.6895, Longitude: 139.6917, Zone: "Asia/Tokyo", Name: "Tokyo"}

	home, err := forecast.SolarReturn(context.Background(), caster, natal, 2024, forecast.ReturnOptions{})
	if err != nil {
		t.Fatal(err)
	}

	away, err := forecast.SolarReturn(context.Background(), caster, natal, 2024, forecast.ReturnOptions{Place: &tokyo})
	if err != nil {
		t.Fatal(err)
	}

	if !home.Exact.Equal(away.Exact) || away.Chart.Birth.UTCOffset != 9*time.Hour || away.Chart.Birth.PlaceName != "Tokyo" {
		t.Errorf("want the same instant by Tokyo's clock, got %+v", away.Chart.Birth)
	}

	if home.Chart.Birth.UTCOffset != -5*time.Hour || home.Chart.Birth.Latitude != 40.7128 {
		t.Errorf("want the place of birth, got %+v", home.Chart.Birth)
	}

	if chart.Separation(home.Chart.Angles(chart.Tropical).Ascendant.Longitude, away.Chart.Angles(chart.Tropical).Ascendant.Longitude) < 1 {
		t.Error("want another Ascendant in Tokyo")
	}
}

func TestWithoutATimeReturnsHaveNoHousesAndSayHowFarTheyAreOff(t *testing.T) {
	caster := casttest.Caster(t)
	birth := birthAt(t, "1990-01-15T17:00:00Z")
	birth.TimeKnown = false
	natal := cast(t, caster, birth)

	for _, body := range []chart.Body{chart.Sun, chart.Moon} {
		r, err := forecast.NextReturn(context.Background(), caster, natal, body, date(t, "2024-01-01T00:00:00Z"), 1, forecast.ReturnOptions{})
		if err != nil {
			t.Fatal(err)
		}

		if r.Chart.Angles(chart.Tropical) != nil || r.Uncertainty < 11*time.Hour || r.Uncertainty > 13*time.Hour {
			t.Errorf("want no angles and an uncertainty of half a day, got %s", r.Uncertainty)
		}
	}
}

func TestBadQuestionsForReturnsNameTheirField(t *testing.T) {
	caster := casttest.Caster(t)
	natal := cast(t, caster, birthAt(t, "1990-01-15T15:30:00Z"))
	sound := date(t, "2024-01-01T00:00:00Z")
	next := func(body chart.Body, after time.Time, nth int, place *chart.Place) error {
		_, err := forecast.NextReturn(context.Background(), caster, natal, body, after, nth, forecast.ReturnOptions{Place: place})

		return err
	}
	solar := func(year int) error {
		_, err := forecast.SolarReturn(context.Background(), caster, natal, year, forecast.ReturnOptions{})

		return err
	}

	for name, test := range map[string]struct {
		err   error
		field string
	}{
		"a year before the ephemeris":    {solar(1799), "year"},
		"a year behind the ephemeris":    {solar(2400), "year"},
		"a year that is none":            {solar(math.MaxInt32), "year"},
		"Mars":                           {next(chart.Mars, sound, 1, nil), "body"},
		"the 0th":                        {next(chart.Sun, sound, 0, nil), "nth"},
		"too many":                       {next(chart.Moon, sound, forecast.MaxReturns+1, nil), "nth"},
		"an instant before the sky":      {next(chart.Sun, date(t, "1799-06-01T00:00:00Z"), 1, nil), "after"},
		"the last return is behind":      {next(chart.Sun, date(t, "2399-06-01T00:00:00Z"), 1, nil), "after"},
		"the 1000th year":                {next(chart.Sun, sound, 1000, nil), "after"},
		"a place beyond the pole":        {next(chart.Sun, sound, 1, &chart.Place{Latitude: 91, Zone: "UTC"}), "place.latitude"},
		"a zone that there is not":       {next(chart.Sun, sound, 1, &chart.Place{Zone: "Mars/Olympus"}), "place.timeZone"},
		"a longitude that is not number": {next(chart.Sun, sound, 1, &chart.Place{Longitude: math.NaN(), Zone: "UTC"}), "place.longitude"},
	} {
		if f, ok := fault.As(test.err); !ok || f.Code != fault.ValidationFailed || f.Field != test.field {
			t.Errorf("%s: want a fault of %q, got %v", name, test.field, test.err)
		}
	}

	if err := solar(1800); err != nil {
		t.Errorf("the first year: %v", err)
	}

	if err := solar(2399); err != nil {
		t.Errorf("the last year: %v", err)
	}
}

func BenchmarkSolarReturn(b *testing.B) {
	caster := casttest.Caster(b)
	natal := cast(b, caster, birthAt(b, "1990-01-15T15:30:00Z"))

	for b.Loop() {
		if _, err := forecast.SolarReturn(context.Background(), caster, natal, 2024, forecast.ReturnOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLunarReturn(b *testing.B) {
	caster := casttest.Caster(b)
	natal := cast(b, caster, birthAt(b, "1990-01-15T15:30:00Z"))
	after := date(b, "2024-01-01T00:00:00Z")

	for b.Loop() {
		if _, err := forecast.NextReturn(context.Background(), caster, natal, chart.Moon, after, 1, forecast.ReturnOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
