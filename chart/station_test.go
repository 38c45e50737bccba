package chart_test

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/internal/casttest"
)

// readLines returns the lines of a file of testdata that are no comments.
func readLines(t *testing.T, name string) []string {
	t.Helper()

	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	var all []string

	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if line := lines.Text(); !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}

	if lines.Err() != nil || len(all) == 0 {
		t.Fatalf("%s: %d lines, %v", name, len(all), lines.Err())
	}

	return all
}

func castJulianDay(t *testing.T, caster *chart.Caster, julianDay float64) *chart.Chart {
	t.Helper()

	c, err := caster.Cast(chart.Birth{Instant: ephemeris.Time(julianDay), TimeKnown: true})
	if err != nil {
		t.Fatal(err)
	}

	return c
}

// secondsOff returns how far an instant is from a Julian day.
func secondsOff(got time.Time, want float64) float64 {
	return math.Abs(got.Sub(ephemeris.Time(want)).Seconds())
}

// What slow bodies turn at takes long to see: near its station Pluto moves by 1e-7 arc second in a second. The limits are those at which two
// ephemerides that agree within some thousandths of an arc second differ.
func TestStationsAreThoseOfSwissEphemeris(t *testing.T) {
	caster := casttest.Caster(t)
	limits := map[string]float64{"Mercury": 1, "Venus": 1, "Mars": 1}
	worst := map[string]float64{}

	for _, line := range readLines(t, "stations.txt") {
		var (
			julianDay       float64
			name            string
			at, longitude   [2]float64
			turnsRetrograde [2]int
		)

		if _, err := fmt.Sscan(line, &julianDay, &name, &at[0], &turnsRetrograde[0], &longitude[0], &at[1], &turnsRetrograde[1], &longitude[1]); err != nil {
			t.Fatal(err)
		}

		for _, s := range caster.Stations(castJulianDay(t, caster, julianDay)) {
			if s.Body.String() != name {
				continue
			}

			limit, fast := limits[name]
			if !fast {
				limit = 10
			}

			for i, got := range []chart.Station{s.Previous, s.Next} {
				worst[name] = max(worst[name], secondsOff(got.Instant, at[i]))

				if secondsOff(got.Instant, at[i]) > limit || arcSeconds(got.Longitude, longitude[i]) > 0.1 || got.Retrograde != (turnsRetrograde[i] == 1) {
					t.Errorf("%.4f, %s: want %s at %.6f (%d), got %+v", julianDay, name, ephemeris.Time(at[i]), longitude[i], turnsRetrograde[i], got)
				}
			}

			if one, ok := caster.StationsOf(castJulianDay(t, caster, julianDay), s.Body); !ok || one != s {
				t.Errorf("want the same stations of %s asked for alone, got %+v", s.Body, one)
			}

			if s.Retrograde != s.Previous.Retrograde || s.Retrograde == s.Next.Retrograde {
				t.Errorf("%s is retrograde (%t) between %+v and %+v", name, s.Retrograde, s.Previous, s.Next)
			}
		}
	}

	t.Logf("seconds off: %v", worst)
}

func TestBodiesAreStationaryAroundTheirStations(t *testing.T) {
	const julianDay = 2447907.1458333335

	caster := casttest.Caster(t)

	for _, s := range caster.Stations(castJulianDay(t, caster, julianDay)) {
		at := ephemeris.JulianDay(s.Next.Instant)
		if c := castJulianDay(t, caster, at); !c.Stationary(s.Body) {
			t.Errorf("%s is not stationary at its station %s", s.Body, s.Next.Instant)
		}

		if c := castJulianDay(t, caster, at+20); c.Stationary(s.Body) && s.Body < chart.Jupiter {
			t.Errorf("%s is stationary 20 days after its station", s.Body)
		}
	}

	if _, ok := caster.StationsOf(castJulianDay(t, caster, julianDay), chart.TrueNode); ok {
		t.Error("the True Node has no stations")
	}

	if c := castJulianDay(t, caster, julianDay); c.Stationary(chart.Sun) || c.Stationary(chart.TrueNode) {
		t.Error("the Sun or the node is stationary")
	}
}

func TestStationsBeyondTheEphemerisAreNotKnown(t *testing.T) {
	caster := casttest.Caster(t)
	known := 0

	for _, s := range caster.Stations(castJulianDay(t, caster, ephemeris.EndJulianDay-3)) {
		if !s.Previous.Known() {
			t.Errorf("%s: want a station in the years before", s.Body)
		}

		if s.Next.Known() {
			known++
		}
	}

	if known > 2 {
		t.Errorf("%d stations in three days", known)
	}

	for _, s := range caster.Stations(castJulianDay(t, caster, ephemeris.FirstJulianDay+1)) {
		if s.Previous.Known() && s.Previous.Instant.Before(ephemeris.Time(ephemeris.FirstJulianDay)) || !s.Next.Known() {
			t.Errorf("%s: %+v", s.Body, s)
		}
	}
}
