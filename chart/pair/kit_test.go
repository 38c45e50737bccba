package pair_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"sidereal/chart"
)

// randomBirth is a birth of the years 1940 to 2009 on the inhabited latitudes.
func randomBirth(random *rand.Rand, timeKnown bool) chart.Birth {
	start := time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC)

	return chart.Birth{
		Instant: start.Add(time.Duration(random.Int64N(70*365*24*3600)) * time.Second), TimeKnown: timeKnown, Zone: "UTC",
		Latitude: chart.RoundCoordinate(random.Float64()*110 - 50), Longitude: chart.RoundCoordinate(random.Float64()*360 - 180),
	}
}

func cast(t testing.TB, caster *chart.Caster, birth chart.Birth) *chart.Chart {
	t.Helper()

	c, err := caster.Cast(birth)
	if err != nil {
		t.Fatal(err)
	}

	return c
}

func randomChart(t testing.TB, caster *chart.Caster, random *rand.Rand, timeKnown bool) *chart.Chart {
	t.Helper()

	return cast(t, caster, randomBirth(random, timeKnown))
}
