package chart_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// Who has the provenance can repeat the hash, and knows what to repeat the rest with.
func TestProvenanceSaysWhatAChartFollowsFrom(t *testing.T) {
	birth := chart.Birth{
		Instant: time.Date(1990, time.January, 15, 15, 30, 0, 0, time.UTC), TimeKnown: true, Zone: "America/New_York",
		Latitude: 40.7128, Longitude: -74.006, PlaceName: "New York",
	}

	c, err := casttest.Caster(t).WithEngine("v1.2.3").Cast(birth)
	if err != nil {
		t.Fatal(err)
	}

	p := c.Provenance()

	if want := "1990-01-15T15:30:00Z +40.7128 -74.0060 true"; p.HashedText != want {
		t.Errorf("want %q, got %q", want, p.HashedText)
	}

	sum := sha256.Sum256([]byte(p.HashedText))
	if want := hex.EncodeToString(sum[:]); string(c.Hash) != want {
		t.Errorf("the hash is %s and not that of the text, %s", c.Hash, want)
	}

	for _, part := range []string{"v1.2.3", p.Ephemeris, p.TimeZones, string(c.Hash), "1990-01-15 15:30:00 UT", "40.7128", "-74.0060"} {
		if part == "" || !strings.Contains(p.Citation, part) {
			t.Errorf("%q is missing in %q", part, p.Citation)
		}
	}

	p.Settings[0].Value = "mine"

	if again := c.Provenance(); again.Settings[0].Value == "mine" {
		t.Error("callers share the settings")
	}
}
