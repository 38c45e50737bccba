package chart_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/fault"
	"sidereal/internal/casttest"
)

func openZones(t testing.TB) *atlas.Zones {
	t.Helper()

	zones, err := atlas.OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	return zones
}

// inputAt is a sound input at a date, a time ("" is unknown) and a zone.
func inputAt(t testing.TB, date, clock, zone string) chart.Input {
	t.Helper()

	d, err := atlas.ParseDate(date)
	if err != nil {
		t.Fatal(err)
	}

	in := chart.Input{Date: d, Latitude: 40.7128, Longitude: -74.006, Zone: zone}

	if clock != "" {
		c, err := atlas.ParseClock(clock)
		if err != nil {
			t.Fatal(err)
		}

		in.Clock = &c
	}

	return in
}

func TestBadInputNamesItsField(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*chart.Input)
		field string
	}{
		"year before the range":  {func(in *chart.Input) { in.Date.Year = 1799 }, "date"},
		"year behind the range":  {func(in *chart.Input) { in.Date.Year = 2400 }, "date"},
		"latitude too far north": {func(in *chart.Input) { in.Latitude = 90.0001 }, "place.coordinates.latitude"},
		"latitude that is none":  {func(in *chart.Input) { in.Latitude = math.NaN() }, "place.coordinates.latitude"},
		"infinite longitude":     {func(in *chart.Input) { in.Longitude = math.Inf(-1) }, "place.coordinates.longitude"},
		"longitude too far west": {func(in *chart.Input) { in.Longitude = -180.5 }, "place.coordinates.longitude"},
		"no zone":                {func(in *chart.Input) { in.Zone = "" }, "place.coordinates.timeZone"},
		"unknown zone":           {func(in *chart.Input) { in.Zone = "America/Gotham" }, "place.coordinates.timeZone"},
		"zone by abbreviation":   {func(in *chart.Input) { in.Zone = "Local" }, "place.coordinates.timeZone"},
		"zone that climbs":       {func(in *chart.Input) { in.Zone = "../../etc/passwd" }, "place.coordinates.timeZone"},
		"name too long":          {func(in *chart.Input) { in.PlaceName = strings.Repeat("ö", 201) }, "place.coordinates.name"},
		"name with a line break": {func(in *chart.Input) { in.PlaceName = "New\nYork" }, "place.coordinates.name"},
		"name that is no UTF-8":  {func(in *chart.Input) { in.PlaceName = "New\xffYork" }, "place.coordinates.name"},
		"time that occurred twice": {func(in *chart.Input) {
			*in = inputAt(t, "1990-10-28", "01:30", "America/New_York")
		}, "time"},
		"day that never was": {func(in *chart.Input) { // Samoa skipped it at the date line
			*in = inputAt(t, "2011-12-30", "", "Pacific/Apia")
		}, "date"},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputAt(t, "1990-01-15", "10:30", "America/New_York")
			test.spoil(&in)

			_, err := in.Resolve(openZones(t))

			f, ok := fault.As(err)
			if !ok || f.Code != fault.ValidationFailed {
				t.Fatalf("want VALIDATION_FAILED, got %v", err)
			}

			if f.Field != test.field {
				t.Errorf("want field %s, got %s (%s)", test.field, f.Field, f.Message)
			}
		})
	}
}

func TestAmbiguousTimesListTheInstantsAndCanBeChosen(t *testing.T) {
	for name, test := range map[string]struct {
		date, clock    string
		earlier, later string
		words          string
	}{
		"shown twice":  {"1990-10-28", "01:30", "1990-10-28T05:30:00Z", "1990-10-28T06:30:00Z", "was shown twice"},
		"never shown":  {"1990-04-01", "02:30", "1990-04-01T06:30:00Z", "1990-04-01T07:30:00Z", "was never shown"},
		"last of them": {"1990-10-28", "01:59:59", "1990-10-28T05:59:59Z", "1990-10-28T06:59:59Z", "was shown twice"},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputAt(t, test.date, test.clock, "America/New_York")
			_, err := in.Resolve(openZones(t))

			f, ok := fault.As(err)
			if !ok || !strings.Contains(f.Message, test.words) {
				t.Fatalf("want a fault that says %q, got %v", test.words, err)
			}

			candidates, ok := f.Details["candidates"].([]chart.Possible)
			if !ok || len(candidates) != 2 {
				t.Fatalf("want two candidates, got %#v", f.Details)
			}

			for i, want := range []struct {
				instant, choice string
				disambiguation  chart.Disambiguation
			}{{test.earlier, "EARLIER", chart.Earlier}, {test.later, "LATER", chart.Later}} {
				if got := candidates[i]; got.Instant.Format(time.RFC3339) != want.instant || got.Disambiguation != want.choice {
					t.Errorf("candidate %d: want %s for %s, got %s for %s", i, want.choice, want.instant, got.Disambiguation, got.Instant)
				}

				in.Disambiguation = want.disambiguation

				birth, err := in.Resolve(openZones(t))
				if err != nil || birth.Instant.Format(time.RFC3339) != want.instant {
					t.Errorf("%s: want %s, got %s, %v", want.choice, want.instant, birth.Instant, err)
				}
			}
		})
	}

	// An hour later, and an hour before, nothing is ambiguous.
	for _, clock := range []string{"00:59:59", "02:00"} {
		if _, err := inputAt(t, "1990-10-28", clock, "America/New_York").Resolve(openZones(t)); err != nil {
			t.Errorf("%s: %v", clock, err)
		}
	}
}

func TestBirthsBeforeZonesGoByLocalMeanTime(t *testing.T) {
	birth, err := inputAt(t, "1850-06-01", "12:00", "America/New_York").Resolve(openZones(t))
	if err != nil {
		t.Fatal(err)
	}

	// The place's own meridian, 74.006° W, and not the zone's reference city.
	if want := time.Duration(math.Round(-74.006*240)) * time.Second; birth.UTCOffset != want {
		t.Errorf("want offset %s, got %s", want, birth.UTCOffset)
	}
}

// The ephemeris covers the years in UT: every birth whose instant lies within can be cast, and the others are told the range.
func TestChartsCanBeCastOnTheFirstAndTheLastDay(t *testing.T) {
	caster, zones := casttest.Caster(t), openZones(t)
	first, end := time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2400, 1, 1, 0, 0, 0, 0, time.UTC)
	within, outside := 0, 0

	for _, date := range []string{"1800-01-01", "2399-12-31"} {
		for _, clock := range []string{"", "00:00", "23:59:59"} {
			for _, zone := range []string{"Etc/GMT-14", "Etc/GMT+12", "UTC"} {
				birth, err := inputAt(t, date, clock, zone).Resolve(zones)
				if err != nil {
					t.Fatalf("%s %s %s: %v", date, clock, zone, err)
				}

				_, err = caster.Cast(birth)

				if !birth.Instant.Before(first) && birth.Instant.Before(end) {
					within++

					if err != nil {
						t.Errorf("%s %s %s: %v", date, clock, zone, err)
					}

					continue
				}

				outside++

				f, ok := fault.As(err)
				if !ok || f.Code != fault.ValidationFailed || f.Field != "date" || !strings.Contains(f.Message, "1800-01-01T00:00Z to 2400-01-01T00:00Z") {
					t.Errorf("%s %s %s: want a fault of the date that says the range, got %v", date, clock, zone, err)
				}
			}
		}
	}

	if within == 0 || outside == 0 {
		t.Errorf("%d births within and %d outside: the test tests nothing", within, outside)
	}
}

// checkResolution checks that a resolution repeats what the input said, though it is computed from the birth alone.
func checkResolution(t *testing.T, in chart.Input, r chart.Resolution) {
	t.Helper()

	if date := in.Calendar.ToGregorian(in.Date); r.Date != date {
		t.Errorf("want the date %s, got %s", date, r.Date)
	}

	if r.JulianDate != nil != (in.Calendar == atlas.Julian) || r.JulianDate != nil && *r.JulianDate != in.Date {
		t.Errorf("want the date %s (%s), got %v", in.Date, in.Calendar, r.JulianDate)
	}

	if chosen := r.Ambiguous || r.Skipped; chosen && r.Disambiguation != in.Disambiguation || !chosen && r.Disambiguation != chart.Reject || r.Ambiguous && r.Skipped {
		t.Errorf("want the choice %s, got %+v", in.Disambiguation, r)
	}
}

// Whatever comes in: a birth that can be cast and whose hash holds, or a fault that names a field.
func FuzzBirth(f *testing.F) {
	f.Add(1990, 1, 15, 10, 30, 0, true, 40.7128, -74.006, "America/New_York", "New York", uint8(0))
	f.Add(1990, 10, 28, 1, 30, 0, true, 40.7128, -74.006, "America/New_York", "", uint8(2))
	f.Add(2011, 12, 30, 0, 0, 0, false, -13.83, -171.76, "Pacific/Apia", "Apia", uint8(1))
	f.Add(1900, 1, 27, 0, 0, 0, true, 55.7558, 37.6173, "Europe/Moscow", "", uint8(16))
	f.Add(1867, 9, 6, 18, 0, 0, true, 57.05, -135.33, "America/Sitka", "", uint8(17))
	f.Add(1800, 1, 1, 0, 0, 0, true, 90.0, 180.0, "UTC", "", uint8(0))
	f.Add(2124, 11, 30, 19, 3, 0, true, 40.7128, 2.994, "America/New_York", "", uint8(0)) // the last days of a leap year
	f.Add(2399, 12, 31, 23, 59, 59, true, -90.0, -180.0, "Etc/GMT+12", "", uint8(0))

	caster, zones := casttest.Caster(f), openZones(f)
	fields := []string{
		"date", "time", "place.coordinates.latitude", "place.coordinates.longitude", "place.coordinates.timeZone", "place.coordinates.name",
	}

	f.Fuzz(func(t *testing.T, year, month, day, hour, minute, second int, known bool, lat, lon float64, zone, name string, disambiguation uint8) {
		// Dates and clocks reach the domain through their parsers only, which have targets of their own.
		at := time.Date(year%3000, time.Month(month%12+1), day%28, hour%24, minute%60, second%60, 0, time.UTC)
		in := chart.Input{
			Date: atlas.DateOf(at), Latitude: lat, Longitude: lon, Zone: zone, PlaceName: name,
			Disambiguation: chart.Disambiguation(disambiguation % chart.DisambiguationCount),
			Calendar:       atlas.Calendar(disambiguation / 16 % atlas.CalendarCount),
		}

		if clock := atlas.ClockOf(at); known {
			in.Clock = &clock
		}

		birth, err := in.Resolve(zones)
		if err != nil {
			if fl, ok := fault.As(err); !ok || fl.Code != fault.ValidationFailed || !slices.Contains(fields, fl.Field) {
				t.Fatalf("want a fault of a field, got %v", err)
			}

			return
		}

		checkResolution(t, in, birth.Resolution(zones))

		cast, err := caster.Cast(birth)
		if err != nil {
			if utc := birth.Instant; utc.Year() >= 1800 && utc.Year() < 2400 {
				t.Fatalf("cast %+v: %v", birth, err)
			}

			return
		}

		if in.Clock != nil && in.Disambiguation == chart.Reject && atlas.ClockOf(birth.Local()) != *in.Clock {
			t.Errorf("the clock said %s, the birth says %s", in.Clock, birth.Local())
		}

		for _, p := range cast.Positions(chart.TrueSidereal) {
			if !(p.Longitude >= 0 && p.Longitude < 360) || math.IsNaN(p.Latitude) || math.IsNaN(p.Speed) {
				t.Errorf("%+v: %+v", birth, p)
			}
		}

		if c, err := cast.Certainty(chart.Moon, chart.TrueSidereal); err != nil || (len(c.Spans) == 0) != known {
			t.Errorf("certainty with known time %t: %+v, %v", known, c, err)
		}

		for system := range chart.HouseSystem(chart.HouseSystemCount) {
			if houses := cast.Houses(system, chart.Tropical); (houses != nil) != known {
				t.Errorf("houses of system %d with known time %t: %v", system, known, houses)
			}
		}
	})
}
