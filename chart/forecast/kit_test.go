package forecast_test

import (
	"encoding/csv"
	"os"
	"testing"
	"time"

	"sidereal/chart"
)

type fataler interface {
	Helper()
	Fatal(args ...any)
}

func cast(t fataler, caster *chart.Caster, birth chart.Birth) *chart.Chart {
	t.Helper()

	c, err := caster.Cast(birth)
	if err != nil {
		t.Fatal(err)
	}

	return c
}

func birthAt(t fataler, instant string) chart.Birth {
	t.Helper()

	return chart.Birth{
		Instant: date(t, instant), TimeKnown: true, Zone: "America/New_York", UTCOffset: -5 * time.Hour, Latitude: 40.7128, Longitude: -74.006,
	}
}

func date(t fataler, text string) time.Time {
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
	if err != nil || len(all) == 0 {
		t.Fatal(err)
	}

	return all
}
