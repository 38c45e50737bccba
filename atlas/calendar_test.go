package atlas

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestJulianDatesAreThoseOfHistory(t *testing.T) {
	for julian, gregorian := range map[string]string{
		"1582-10-05": "1582-10-15", // the reform (bull Inter gravissimas)
		"1752-09-03": "1752-09-14", // Britain's reform
		"1799-12-21": "1800-01-01",
		"1800-02-29": "1800-03-12", // the last day before the calendars drifted further apart
		"1867-10-06": "1867-10-18", // Alaska's transfer
		"1900-02-28": "1900-03-12",
		"1900-02-29": "1900-03-13",
		"1900-03-01": "1900-03-14",
		"1917-10-25": "1917-11-07", // the October Revolution
		"1918-02-01": "1918-02-14", // Russia's reform
		"1923-02-16": "1923-03-01", // Greece's reform
	} {
		j, err := ParseDate(julian)
		if err != nil {
			t.Fatal(err)
		}

		g, err := ParseDate(gregorian)
		if err != nil {
			t.Fatal(err)
		}

		if got := Julian.ToGregorian(j); got != g {
			t.Errorf("%s: want %s, got %s", julian, gregorian, got)
		}

		if got := Julian.FromGregorian(g); got != j {
			t.Errorf("%s: want %s, got %s", gregorian, julian, got)
		}
	}
}

// Going on by a day is the same in both calendars.
func TestCalendarsCountTheSameDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := DateOf(time.Unix(86400*rapid.Int64Range(-200_000, 200_000).Draw(t, "day"), 0).UTC())
		julian := Julian.FromGregorian(day)

		if got := Julian.ToGregorian(julian); got != day || !Julian.Has(julian) {
			t.Fatalf("want %s, got %s by way of %s", day, got, julian)
		}

		next := Julian.FromGregorian(day.Next())
		goesOn := next == Date{julian.Year, julian.Month, julian.Day + 1}
		turns := next.Day == 1 && (next.Month == julian.Month+1 && next.Year == julian.Year || next.Month == time.January && next.Year == julian.Year+1)

		if !goesOn && !turns {
			t.Fatalf("%s is followed by %s", julian, next)
		}
	})
}

func TestCalendarsHaveTheirOwnLeapDays(t *testing.T) {
	for _, tt := range []struct {
		date              Date
		gregorian, julian bool
	}{
		{Date{1900, time.February, 29}, false, true},
		{Date{1904, time.February, 29}, true, true},
		{Date{2000, time.February, 29}, true, true},
		{Date{1712, time.February, 30}, false, false}, // Sweden's own
		{Date{1990, time.February, 29}, false, false},
		{Date{1990, time.April, 31}, false, false},
		{Date{1990, time.December, 31}, true, true},
		{Date{1990, 0, 10}, false, false},
		{Date{1990, 13, 10}, false, false},
		{Date{1990, time.May, 0}, false, false},
	} {
		if got := Gregorian.Has(tt.date); got != tt.gregorian {
			t.Errorf("%s Gregorian: want %t, got %t", tt.date, tt.gregorian, got)
		}

		if got := Julian.Has(tt.date); got != tt.julian {
			t.Errorf("%s Julian: want %t, got %t", tt.date, tt.julian, got)
		}
	}
}

// A day is what lies between the first and the last minute that clocks showed its date, as a walk through the year finds it.
func TestDaysBeginAndEndWithTheirFirstAndLastMinute(t *testing.T) {
	const year = 2011

	lengths := make(map[time.Duration]int)

	for _, zone := range []string{"America/Sao_Paulo", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"} {
		loc := openZone(t, zone)
		first, last := make(map[Date]time.Time), make(map[Date]time.Time)

		for at := time.Date(year-1, 12, 20, 0, 0, 0, 0, time.UTC); at.Year() < year+1 || at.YearDay() < 10; at = at.Add(time.Minute) {
			date := DateOf(at.In(loc))
			if _, ok := first[date]; !ok {
				first[date] = at
			}

			last[date] = at.Add(time.Minute)
		}

		for day := (Date{year, time.January, 1}); day.Year == year; day = day.Next() {
			start, end := DayBounds(loc, day, 0)
			lengths[end.Sub(start)]++

			if first[day].IsZero() { // Samoa's 30 December
				if !start.Equal(end) {
					t.Errorf("%s %s: want no day, got %s to %s", zone, day, start, end)
				}

				continue
			}

			if !start.Equal(first[day]) || !end.Equal(last[day]) {
				t.Errorf("%s %s: want %s to %s, got %s to %s", zone, day, first[day], last[day], start.UTC(), end.UTC())
			}
		}
	}

	for _, length := range []time.Duration{0, 23 * time.Hour, 25 * time.Hour} {
		if lengths[length] == 0 {
			t.Errorf("no day of %s: the test tests too little", length)
		}
	}
}

func TestPitfallsAreOfTheirZoneAndTheirDays(t *testing.T) {
	for _, tt := range []struct {
		zone string
		date Date
		want int
	}{
		{"Europe/Paris", Date{1940, time.June, 13}, 0},
		{"Europe/Paris", Date{1940, time.June, 14}, 1},
		{"Europe/Paris", Date{1944, time.August, 24}, 1},
		{"Europe/Paris", Date{1944, time.August, 25}, 0},
		{"America/Indiana/Knox", Date{1970, time.June, 1}, 1},
		{"Asia/Tokyo", Date{1970, time.June, 1}, 0},
	} {
		if got := PitfallsAt(tt.zone, tt.date); len(got) != tt.want {
			t.Errorf("%s %s: want %d, got %v", tt.zone, tt.date, tt.want, got)
		}
	}
}

// Every zone that a table names must be one, or the note is never read.
func TestTablesNameZonesOfTheDatabase(t *testing.T) {
	zones, err := OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	var lists []string
	for _, p := range pitfalls {
		lists = append(lists, p.zones)

		if !p.from.At(Clock{}).Before(p.until.At(Clock{})) {
			t.Errorf("%s: %s is not before %s", p.zones, p.from, p.until)
		}
	}

	for _, j := range julianUntil {
		lists = append(lists, j.zones)
	}

	for _, list := range lists {
		found := 0

		for _, name := range zones.Names() {
			if names(list, name) {
				found++
			}
		}

		if want := len(strings.Fields(list)); found < want {
			t.Errorf("%q: want %d zones at least, got %d", list, want, found)
		}
	}
}
