package chart_test

import (
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

func castAt(t *testing.T, in chart.Input) *chart.Chart {
	t.Helper()

	birth, err := in.Resolve(openZones(t))
	if err != nil {
		t.Fatal(err)
	}

	cast, err := casttest.Caster(t).Cast(birth)
	if err != nil {
		t.Fatal(err)
	}

	return cast
}

// The longitude range of a body is where it is when the local day begins and ends, whatever the length of the day.
func TestUnknownTimesHaveRangesFromMidnightToMidnight(t *testing.T) {
	for name, test := range map[string]struct {
		date, next string
		hours      float64
	}{
		"a common day":            {"1990-01-15", "1990-01-16", 24},
		"a day of 25 hours":       {"1990-10-28", "1990-10-29", 25},
		"a day of 23 hours":       {"1990-04-01", "1990-04-02", 23},
		"the Moon passes Aries 0": {"1990-01-03", "1990-01-04", 24},
	} {
		t.Run(name, func(t *testing.T) {
			unknown := castAt(t, inputAt(t, test.date, "", "America/New_York"))
			first := castAt(t, inputAt(t, test.date, "00:00", "America/New_York"))
			last := castAt(t, inputAt(t, test.next, "00:00", "America/New_York"))

			if got := last.Birth.Instant.Sub(first.Birth.Instant).Hours(); got != test.hours {
				t.Fatalf("want a day of %g hours, got %g", test.hours, got)
			}

			if unknown.Birth.Local().Format(time.TimeOnly) != "12:00:00" {
				t.Errorf("want a chart for noon, got %s", unknown.Birth.Local())
			}

			for _, zodiac := range []chart.Zodiac{chart.Tropical, chart.TrueSidereal} {
				for _, p := range unknown.Positions(zodiac) {
					if p.Range == nil {
						t.Fatalf("%v has no range", p.Body)
					}

					from, _ := first.Position(p.Body, zodiac)
					to, _ := last.Position(p.Body, zodiac)

					if p.Retrograde() {
						from, to = to, from
					}

					// A station within the day is the one case where the ends are not the extremes; none of these days has one but the true
					// node's, which is why only what moves steadily is compared. The ayanamsa moves by 0.0002″ in half a day.
					if p.Body == chart.TrueNode || p.Body == chart.SouthNode || p.Body == chart.OsculatingLilith {
						continue
					}

					if arcSeconds(p.Range.From, from.Longitude) > 0.2 || arcSeconds(p.Range.To, to.Longitude) > 0.2 {
						t.Errorf("%v: want %.6f to %.6f, got %.6f to %.6f", p.Body, from.Longitude, to.Longitude, p.Range.From, p.Range.To)
					}
				}
			}
		})
	}
}

func TestUnknownTimesHaveNoHousesAndNoAngles(t *testing.T) {
	unknown := castAt(t, inputAt(t, "1990-01-15", "", "America/New_York"))

	if _, ok := unknown.Position(chart.PartOfFortune, chart.Tropical); ok {
		t.Error("the Part of Fortune needs an Ascendant")
	}

	if unknown.Houses(chart.WholeSign, chart.Tropical) != nil {
		t.Error("there are houses")
	}

	sun, _ := unknown.Position(chart.Sun, chart.Tropical)
	if sun.House(chart.Placidus) != 0 {
		t.Error("the Sun is in a house")
	}

	if noon := castAt(t, inputAt(t, "1990-01-15", "12:00", "America/New_York")); noon.Hash == unknown.Hash {
		t.Error("a birth at noon and one at an unknown time have the same hash")
	}
}
