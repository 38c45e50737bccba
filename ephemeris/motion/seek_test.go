package motion_test

import (
	"math"
	"testing"

	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
)

// Looked for one by one, forwards and backwards, the stations are those of the whole track.
func TestStationsSoughtAreThoseOfTheTrack(t *testing.T) {
	const (
		from, to = 2451545.0, 2451545.0 + 4000
		stride   = 15 // days, less than between two stations of Mercury
	)

	e := open(t)
	seeker := motion.NewSeeker(e)

	for _, body := range []ephemeris.Body{ephemeris.Mercury, ephemeris.Mars, ephemeris.Saturn, ephemeris.Vesta} {
		course := motion.Of(body)
		at := func(jd float64) motion.Start {
			sky, err := e.Sky(jd)
			if err != nil {
				t.Fatal(err)
			}

			p := sky.Position(body)

			return motion.Start{JulianDayUT: jd, Longitude: p.Longitude, Rate: p.LongitudeSpeed}
		}

		same := func(want, got motion.Station, known bool) {
			t.Helper()

			if off := math.Abs(want.JulianDay-got.JulianDay) * 86400; !known || off > 0.5 || want.Retrograde != got.Retrograde ||
				math.Abs(math.Remainder(want.Longitude-got.Longitude, 360)) > 1e-7 {
				t.Errorf("%s: want %+v, got %+v, %t", body, want, got, known)
			}
		}

		stations := follow(t, e, body, from, to).Stations()
		if len(stations) < 4 {
			t.Fatalf("%s: %d stations", body, len(stations))
		}

		for i := range stations[1:] {
			between := at((stations[i].JulianDay + stations[i+1].JulianDay) / 2)
			before, known := seeker.Station(course, between, -stride)
			same(stations[i], before, known)

			behind, known := seeker.Station(course, between, stride)
			same(stations[i+1], behind, known)
		}

		if s, known := seeker.Station(course, at(ephemeris.EndJulianDay-0.5), stride); known && s.JulianDay >= ephemeris.EndJulianDay {
			t.Errorf("%s: a station beyond the ephemeris: %+v", body, s)
		}
	}
}

// Sought from a guess, the longitudes are reached where the track passes them.
func TestLongitudesSoughtAreReachedWhereTheTrackPassesThem(t *testing.T) {
	e := open(t)
	seeker := motion.NewSeeker(e)

	for body, length := range map[ephemeris.Body]float64{ephemeris.Sun: 365.2422, ephemeris.Moon: 27.32158} {
		for c := range follow(t, e, body, 2451545, 2451545+4*length).Crossings([]float64{0, 123.4, 270}) {
			longitude := []float64{0, 123.4, 270}[c.Mark]

			for _, guess := range []float64{-0.05, -0.001, 0, 0.05} {
				got, ok := seeker.Reach(motion.Of(body), c.JulianDay+guess*length, longitude-360)
				if off := math.Abs(got-c.JulianDay) * 86400; !ok || off > 0.05 {
					t.Errorf("%s, %g degrees: want %f, got %f (%g s off, %t)", body, longitude, c.JulianDay, got, off, ok)
				}
			}
		}
	}

	for _, guess := range []float64{ephemeris.FirstJulianDay - 1, ephemeris.EndJulianDay, math.NaN()} {
		if got, ok := seeker.Reach(motion.Of(ephemeris.Sun), guess, 0); ok {
			t.Errorf("want nothing at %f, got %f", guess, got)
		}
	}
}
