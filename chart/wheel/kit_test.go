package wheel

import (
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// cast returns the chart of a birth.
func cast(t testing.TB, birth chart.Birth) *chart.Chart {
	t.Helper()

	c, err := casttest.Caster(t).Cast(birth)
	if err != nil {
		t.Fatal(err)
	}

	return c
}

// birthAt returns a birth in Greenwich's time, "2006-01-02 15:04", or with an unknown time where only the date is given.
func birthAt(t testing.TB, when string, latitude, longitude float64) chart.Birth {
	t.Helper()

	birth := chart.Birth{Zone: "UTC", Latitude: latitude, Longitude: longitude}

	var err error
	if len(when) == len(time.DateOnly) {
		birth.Instant, err = time.Parse(time.DateOnly, when)
		birth.Instant = birth.Instant.Add(12 * time.Hour)
	} else {
		birth.Instant, err = time.Parse("2006-01-02 15:04", when)
		birth.TimeKnown = true
	}

	if err != nil {
		t.Fatal(err)
	}

	return birth
}

// sample is the chart that the project's examples are about.
func sample(t testing.TB) *chart.Chart {
	t.Helper()

	return cast(t, birthAt(t, "1990-01-15 15:30", 40.7128, -74.006))
}

// album are charts to look at: five common ones and five crowded ones.
var album = []struct {
	name, when          string
	latitude, longitude float64
	zodiac              chart.Zodiac
	system              chart.HouseSystem
}{
	{"sample", "1990-01-15 15:30", 40.7128, -74.006, chart.Tropical, chart.Placidus},
	{"thirteen", "1990-01-15 15:30", 40.7128, -74.006, chart.TrueSidereal, chart.Equal},
	{"einstein", "1879-03-14 10:50", 48.4, 10, chart.Tropical, chart.Koch},
	{"unknown", "1955-02-24", 37.77, -122.42, chart.Tropical, chart.Placidus},
	{"north", "1975-06-21 03:10", 65.6, 22.15, chart.Lahiri, chart.WholeSign},
	{"crowd-1962", "1962-02-05 00:10", 28.6, 77.2, chart.Tropical, chart.Placidus},
	{"crowd-2000", "2000-05-04 09:00", 51.5, -0.13, chart.Tropical, chart.Regiomontanus},
	{"crowd-1982", "1982-11-16 06:20", -33.87, 151.2, chart.Tropical, chart.Placidus},
	{"crowd-1881", "1881-04-20 04:40", 55.75, 37.6, chart.Tropical, chart.Placidus},
	{"crowd-1989", "1989-01-10 12:00", 60.2, 24.9, chart.FaganBradley, chart.Campanus},
}
