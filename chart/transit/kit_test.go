package transit_test

import (
	"encoding/csv"
	"os"
	"testing"
	"time"

	"sidereal/chart"
)

func cast(t testing.TB, caster *chart.Caster, instant string, latitude, longitude float64) *chart.Chart {
	t.Helper()

	c, err := caster.Cast(chart.Birth{Instant: date(t, instant), TimeKnown: true, Zone: "UTC", Latitude: latitude, Longitude: longitude})
	if err != nil {
		t.Fatal(err)
	}

	return c
}

// sample is the sample chart of the fixtures: New York, 1990.
func sample(t testing.TB, caster *chart.Caster) *chart.Chart {
	t.Helper()

	return cast(t, caster, "1990-01-15T15:30:00Z", 40.7128, -74.0060)
}

func date(t testing.TB, text string) time.Time {
	t.Helper()

	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}

	return at
}

func rows(t testing.TB, name string) [][]string {
	t.Helper()

	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	all, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}

	return all
}
