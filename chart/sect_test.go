package chart_test

import (
	"math"
	"testing"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/internal/casttest"
)

// The Sun is above the horizon in the houses 12 to 7 of any system with the horizon as its frame; its latitude is 0 but for an arc second. Beyond
// the polar circles, where the Ascendant may be turned, only the altitude tells.
func TestDayBirthsHaveTheSunAboveTheHorizon(t *testing.T) {
	caster := casttest.Caster(t)
	days := 0

	for _, v := range readVectors(t) {
		c, err := caster.Cast(birthOf(v))
		if err != nil {
			t.Fatal(err)
		}

		sun, _ := c.Position(chart.Sun, chart.Tropical)
		altitude := c.SunAltitude()
		sect, known := c.Sect()

		if !known || (sect == chart.Diurnal) != (altitude > 0) || c.DayBirth() != (altitude > 0) {
			t.Errorf("%s: at an altitude of %g, sect %s (%t)", v.UT, altitude, sect, known)
		}

		if sect == chart.Diurnal {
			days++
		}

		if math.Abs(v.Lat) > 66 || math.Abs(altitude) < 0.001 {
			continue
		}

		if above := sun.House(chart.Porphyry) > 6; above != (sect == chart.Diurnal) {
			t.Errorf("%s at %g: the Sun in house %d, altitude %g", v.UT, v.Lat, sun.House(chart.Porphyry), altitude)
		}

		fortune, _ := c.Position(chart.PartOfFortune, chart.Tropical)
		moon, _ := c.Position(chart.Moon, chart.Tropical)
		apart := moon.Longitude - sun.Longitude

		if sect == chart.Nocturnal {
			apart = -apart
		}

		if want := c.Angles(chart.Tropical).Ascendant.Longitude + apart; chart.Separation(want, fortune.Longitude) > 1e-9 {
			t.Errorf("%s: want the Part of Fortune of a %s birth at %g, got %g", v.UT, sect, chart.Normalize(want), fortune.Longitude)
		}
	}

	if days < 100 || days > 200 {
		t.Errorf("%d of 300 births by day", days)
	}
}

// The altitudes of the sample's Sun by Swiss Ephemeris 2.10.03, swe_azalt without pressure, in degrees.
func TestSunAltitudeIsThatOfSwissEphemeris(t *testing.T) {
	if _, known := castAt(t, inputAt(t, "1990-01-15", "", "America/New_York")).Sect(); known {
		t.Error("want no sect without a time")
	}

	for _, want := range sunAltitudes {
		c, err := casttest.Caster(t).Cast(chart.Birth{Instant: ephemeris.Time(want.julianDay), TimeKnown: true, Latitude: want.latitude, Longitude: want.longitude})
		if err != nil {
			t.Fatal(err)
		}

		if got := c.SunAltitude(); math.Abs(got-want.altitude) > 1.0/3600 {
			t.Errorf("JD %.4f at %g, %g: want %.6f, got %.6f", want.julianDay, want.latitude, want.longitude, want.altitude, got)
		}
	}
}
