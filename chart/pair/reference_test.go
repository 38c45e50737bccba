package pair_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/chart/pair"
	"sidereal/internal/casttest"
)

func TestCompositesAreThoseOfSwissEphemeris(t *testing.T) {
	const (
		limit    = 0.2 / 3600 // degrees
		latitude = 51.5
	)

	file, err := os.Open("testdata/composites.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 20 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}

	systems := make(map[string]chart.HouseSystem)
	for s := range chart.HouseSystem(chart.HouseSystemCount) {
		systems[s.String()] = s
	}

	caster := casttest.Caster(t)
	reference := latitude

	for _, row := range rows {
		a, b := cast(t, caster, bornAt(t, row[0:3])), cast(t, caster, bornAt(t, row[3:6]))
		got := combine(t, a, b, pair.CompositeOptions{Method: pair.MidheavenDerived, Latitude: &reference, Houses: systems[row[6]]})

		for i, body := range []chart.Body{chart.Sun, chart.Moon, chart.Mars, chart.Pluto} {
			if want := number(t, row[7+i]); chart.Separation(want, got.Positions[body].Longitude) > limit {
				t.Errorf("%v: want the %s at %f, got %f", row[:7], body, want, got.Positions[body].Longitude)
			}
		}

		for i, cusp := range got.Houses.Cusps {
			if want := number(t, row[11+i]); chart.Separation(want, cusp.Longitude) > limit {
				t.Errorf("%v: want cusp %d at %f, got %f", row[:7], i+1, want, cusp.Longitude)
			}
		}
	}
}

// bornAt reads an instant, a latitude and a longitude.
func bornAt(t *testing.T, fields []string) chart.Birth {
	t.Helper()

	at, err := time.Parse(time.RFC3339, fields[0])
	if err != nil {
		t.Fatal(err)
	}

	return chart.Birth{Instant: at, TimeKnown: true, Zone: "UTC", Latitude: number(t, fields[1]), Longitude: number(t, fields[2])}
}

func number(t *testing.T, text string) float64 {
	t.Helper()

	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}

	return x
}
