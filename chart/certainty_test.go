package chart_test

import (
	"math"
	"sync"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/internal/casttest"
)

// bruteSpans are the signs of a body over a day by looking every minute, at charts of known times.
func bruteSpans(t *testing.T, caster *chart.Caster, day chart.Birth, from, to time.Time, body chart.Body, zodiac chart.Zodiac) []chart.SignSpan {
	t.Helper()

	var spans []chart.SignSpan

	for at := from; !at.After(to); at = at.Add(time.Minute) {
		birth := day
		birth.Instant, birth.TimeKnown = at, true

		c, err := caster.Cast(birth)
		if err != nil {
			t.Fatal(err)
		}

		p, _ := c.Position(body, zodiac)
		if n := len(spans); n == 0 || spans[n-1].Sign != p.Sign {
			spans = append(spans, chart.SignSpan{Sign: p.Sign, From: at})
		}

		spans[len(spans)-1].To = at
	}

	return spans
}

// The signs of an unknown time against a look at every minute of the day, on days of 23, 24 and 25 hours.
func TestSignsOfUnknownTimesAreThoseOfEveryMinute(t *testing.T) {
	caster := casttest.Caster(t)

	for _, test := range []struct {
		date, zone string
		hours      float64
		body       chart.Body
		zodiac     chart.Zodiac
		spans      int
	}{
		{"1990-01-15", "America/New_York", 24, chart.Moon, chart.Tropical, 1},
		{"1990-01-03", "America/New_York", 24, chart.Moon, chart.Tropical, 2},
		{"1990-10-28", "America/New_York", 25, chart.Moon, chart.Tropical, 2},
		{"1990-04-01", "America/New_York", 23, chart.Moon, chart.Tropical, 2},
		{"2017-10-15", "America/Sao_Paulo", 23, chart.Moon, chart.Tropical, 2}, // a day that began at 1 o'clock
		{"1990-03-20", "Europe/London", 24, chart.Sun, chart.Tropical, 2},      // equinox
		{"1990-12-19", "Europe/London", 24, chart.Sun, chart.TrueSidereal, 2},
		{"2020-12-21", "Asia/Tokyo", 24, chart.Jupiter, chart.Tropical, 1},
		{"1992-10-29", "UTC", 24, chart.TrueNode, chart.Lahiri, 1},
	} {
		unknown := castAt(t, inputAt(t, test.date, "", test.zone))

		got, err := unknown.Certainty(test.body, test.zodiac)
		if err != nil {
			t.Fatal(err)
		}

		from, to := got.Spans[0].From, got.Spans[len(got.Spans)-1].To
		if length := to.Sub(from).Hours(); length != test.hours {
			t.Errorf("%s %s: want a day of %g hours, got %g", test.date, test.zone, test.hours, length)
		}

		want := bruteSpans(t, caster, unknown.Birth, from, to, test.body, test.zodiac)
		if len(want) != test.spans || len(got.Spans) != len(want) || got.Certain() != (test.spans == 1) {
			t.Errorf("%s %s %s: want %d signs, every minute %v, got %v", test.date, test.body, test.zodiac, test.spans, want, got.Spans)

			continue
		}

		for i, s := range got.Spans {
			if late := want[i].From.Sub(s.From); s.Sign != want[i].Sign || late < 0 || late >= time.Minute {
				t.Errorf("%s %s %s: want %v, got %v", test.date, test.body, test.zodiac, want[i], s)
			}

			if i > 0 && s.From != got.Spans[i-1].To {
				t.Errorf("%s: the spans do not join: %v", test.date, got.Spans)
			}
		}
	}
}

// Over half a year of days: the Moon's changes of all zodiacs are where the Moon really changes, to the second.
func TestChangesAreExactToTheSecond(t *testing.T) {
	caster := casttest.Caster(t)
	changes, double := 0, 0

	for day := range 180 {
		at := time.Date(1985, 1, 1+day, 0, 0, 0, 0, time.UTC)
		unknown := castAt(t, inputAt(t, at.Format(time.DateOnly), "", "Asia/Kolkata"))

		for zodiac := range chart.Zodiac(chart.ZodiacCount) {
			certainty, err := unknown.Certainty(chart.Moon, zodiac)
			if err != nil {
				t.Fatal(err)
			}

			if len(certainty.Spans) > 2 {
				double++
			}

			for i, change := range certainty.Changes() {
				changes++

				for offset, want := range map[time.Duration]chart.Sign{-time.Second: certainty.Spans[i].Sign, time.Second: change.Sign} {
					birth := unknown.Birth
					birth.Instant, birth.TimeKnown = change.From.Add(offset), true

					c, err := caster.Cast(birth)
					if err != nil {
						t.Fatal(err)
					}

					if p, _ := c.Position(chart.Moon, zodiac); p.Sign != want {
						t.Errorf("%s %s at %s%+v: want %s, got %s", unknown.Birth.Instant, zodiac, change.From, offset, want, p.Sign)
					}
				}
			}
		}
	}

	if changes < 400 { // 6.6 revolutions of 12 signs in 5 zodiacs, and of 13 in one
		t.Errorf("want over 400 changes, got %d", changes)
	}

	t.Logf("%d changes, %d days with two", changes, double)
}

func TestStationsWithinTheDayAreFound(t *testing.T) {
	// Mercury turned retrograde on 2024-08-05 at 04:56 UT and direct on 2024-08-28 at 21:14 UT (Swiss Ephemeris 2.10: 04:56:05 and 21:13:59).
	for _, test := range []struct {
		date       string
		at         string
		retrograde bool
	}{{"2024-08-05", "2024-08-05T04:56:00Z", true}, {"2024-08-28", "2024-08-28T21:14:00Z", false}} {
		c := castAt(t, inputAt(t, test.date, "", "UTC"))

		certainty, err := c.Certainty(chart.Mercury, chart.Tropical)
		if err != nil || len(certainty.Turns) != 1 || certainty.MotionCertain() {
			t.Fatalf("%s: want one station, got %+v, %v", test.date, certainty, err)
		}

		want, _ := time.Parse(time.RFC3339, test.at)
		if got := certainty.Turns[0]; got.At.Sub(want).Abs() > 2*time.Minute || got.Retrograde != test.retrograde {
			t.Errorf("%s: want %s, retrograde %t, got %+v", test.date, test.at, test.retrograde, got)
		}
	}

	next := castAt(t, inputAt(t, "2024-08-06", "", "UTC"))
	if certainty, err := next.Certainty(chart.Mercury, chart.Tropical); err != nil || !certainty.MotionCertain() {
		t.Errorf("the day after: want no station, got %+v, %v", certainty, err)
	}
}

func TestKnownTimesAreCertain(t *testing.T) {
	c := castAt(t, inputAt(t, "1990-01-03", "12:00", "America/New_York"))

	certainty, err := c.Certainty(chart.Moon, chart.Tropical)
	if err != nil || !certainty.Certain() || !certainty.MotionCertain() || len(certainty.Changes()) != 0 {
		t.Errorf("got %+v, %v", certainty, err)
	}

	for _, a := range c.Aspects(chart.StandardOrbs()) {
		if certain, err := c.AspectCertain(a, chart.StandardOrbs()); err != nil || !certain {
			t.Errorf("%+v: %t, %v", a, certain, err)
		}
	}
}

func TestLocalTimesFollowTheClocksOfTheirInstant(t *testing.T) {
	c := castAt(t, inputAt(t, "1990-10-28", "", "America/New_York")) // clocks were set back at 2

	for utc, want := range map[string]string{"1990-10-28T05:30:00Z": "01:30 EDT", "1990-10-28T06:30:00Z": "01:30 EST", "1990-10-28T17:00:00Z": "12:00 EST"} {
		at, _ := time.Parse(time.RFC3339, utc)
		if got := c.LocalTime(at).Format("15:04 MST"); got != want {
			t.Errorf("%s: want %s, got %s", utc, want, got)
		}
	}
}

// The Moon's parallax by Swiss Ephemeris 2.10 (swe_calc_ut with SEFLG_TOPOCTR | SEFLG_SWIEPH, at sea level); the figures in testdata/topocentric.csv are its
// output.
func TestTopocentricPlacesAgreeWithTheReference(t *testing.T) {
	for _, v := range readTopocentric(t) {
		c, err := casttest.Caster(t).Cast(chart.Birth{Instant: v.at, TimeKnown: true, Zone: "UTC", Latitude: v.latitude, Longitude: v.longitude})
		if err != nil {
			t.Fatal(err)
		}

		longitude, latitude := c.Topocentric(v.body)
		if arcSeconds(longitude, v.wantLongitude) > 1 || math.Abs(latitude-v.wantLatitude)*3600 > 1 {
			t.Errorf("%s %s: want %.6f %.6f, got %.6f %.6f", v.at, v.body, v.wantLongitude, v.wantLatitude, longitude, latitude)
		}
	}
}

func TestDaysAtTheEndsOfTheEphemerisAreLookedAtAsFarAsItReaches(t *testing.T) {
	for date, zone := range map[string]string{"1800-01-01": "Etc/GMT-10", "2399-12-31": "Etc/GMT+10"} {
		c := castAt(t, inputAt(t, date, "", zone))

		certainty, err := c.Certainty(chart.Moon, chart.TrueSidereal)
		if err != nil || len(certainty.Spans) == 0 {
			t.Errorf("%s: got %+v, %v", date, certainty, err)
		}
	}

	in := inputAt(t, "2011-12-30", "", "Pacific/Apia") // the day that never was
	in.Disambiguation = chart.Later

	if certainty, err := castAt(t, in).Certainty(chart.Moon, chart.Tropical); err != nil || certainty.Spans[0].To.Sub(certainty.Spans[0].From) <= 0 {
		t.Errorf("a day that was left out: got %+v, %v", certainty, err)
	}
}

func BenchmarkCertainty(b *testing.B) {
	caster := casttest.Caster(b)

	birth, err := inputAt(b, "1990-01-03", "", "America/New_York").Resolve(openZones(b))
	if err != nil {
		b.Fatal(err)
	}

	b.ReportAllocs()

	for b.Loop() { // all bodies of a fresh chart
		c, err := caster.Cast(birth)
		if err != nil {
			b.Fatal(err)
		}

		for body := range chart.PartOfFortune {
			if _, err := c.Certainty(body, chart.Tropical); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func TestCertaintyMayBeAskedForAtOnce(t *testing.T) {
	c := castAt(t, inputAt(t, "1990-01-03", "", "America/New_York"))

	var wg sync.WaitGroup

	for body := range chart.PartOfFortune {
		wg.Go(func() {
			if certainty, err := c.Certainty(body, chart.TrueSidereal); err != nil || len(certainty.Spans) == 0 {
				t.Errorf("%s: got %+v, %v", body, certainty, err)
			}
		})
	}

	wg.Wait()
}
