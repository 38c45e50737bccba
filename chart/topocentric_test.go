package chart_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"
	"time"

	"sidereal/chart"
)

// topocentric is a row of testdata/topocentric.csv.
type topocentric struct {
	at                          time.Time
	latitude, longitude         float64
	body                        chart.Body
	wantLongitude, wantLatitude float64
}

func readTopocentric(t *testing.T) []topocentric {
	t.Helper()

	file, err := os.Open("testdata/topocentric.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 10 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}

	bodies := map[string]chart.Body{"Moon": chart.Moon, "Sun": chart.Sun, "Mars": chart.Mars}
	vectors := make([]topocentric, 0, len(rows))

	for _, row := range rows[1:] {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}

		number := func(text string) float64 { return parseFloat(t, text) }
		vectors = append(vectors, topocentric{at, number(row[1]), number(row[2]), bodies[row[3]], number(row[4]), number(row[5])})
	}

	return vectors
}

func parseFloat(t *testing.T, text string) float64 {
	t.Helper()

	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}

	return x
}
