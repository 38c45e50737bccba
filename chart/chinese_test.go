package chart_test

import (
	"fmt"
	"testing"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/internal/casttest"
)

func TestChineseYearsOfTheSexagenaryCycle(t *testing.T) {
	tests := []struct {
		year              chart.ChineseYear
		name, pinyin, han string
		number            int
		yang              bool
	}{
		{1984, "Wood Rat", "Jiǎzǐ", "甲子", 1, true},
		{1985, "Wood Ox", "Yǐchǒu", "乙丑", 2, false},
		{1900, "Metal Rat", "Gēngzǐ", "庚子", 37, true},
		{1911, "Metal Pig", "Xīnhài", "辛亥", 48, false},
		{1966, "Fire Horse", "Bǐngwǔ", "丙午", 43, true},
		{1799, "Earth Goat", "Jǐwèi", "己未", 56, false},
		{2023, "Water Rabbit", "Guǐmǎo", "癸卯", 40, false},
		{2024, "Wood Dragon", "Jiǎchén", "甲辰", 41, true},
		{2043, "Water Pig", "Guǐhài", "癸亥", 60, false},
		{2044, "Wood Rat", "Jiǎzǐ", "甲子", 1, true},
	}

	for _, tt := range tests {
		y := tt.year
		if y.String() != tt.name || y.Pinyin() != tt.pinyin || y.Characters() != tt.han || y.Sexagenary() != tt.number || y.Yang() != tt.yang {
			t.Errorf("want %+v, got %s, %s, %s, %d, %t", tt, y, y.Pinyin(), y.Characters(), y.Sexagenary(), y.Yang())
		}
	}
}

func TestChineseNewYearsFrom1900To2100(t *testing.T) {
	caster := casttest.Caster(t)

	lines := readLines(t, "newyears.txt")
	if len(lines) != 201 {
		t.Fatalf("want 201 years, got %d", len(lines))
	}

	for i, line := range lines {
		if got := caster.ChineseNewYear(1900 + i).String(); got != line {
			t.Errorf("want %s, got %s", line, got)
		}
	}
}

// Years are 353 to 355 or 383 to 385 days long, and begin between 21 January and 21 February, with 19 years of 235 months.
func TestChineseYearsAreTwelveOrThirteenMonthsLong(t *testing.T) {
	caster := casttest.Caster(t)
	leaps := 0

	for year := 1799; year < 2400; year++ {
		from, to := caster.ChineseNewYear(year).At(atlas.Noon), caster.ChineseNewYear(year+1).At(atlas.Noon)
		days := int(to.Sub(from).Hours() / 24)

		if days < 353 || days > 355 && days < 383 || days > 385 {
			t.Errorf("%d has %d days", year, days)
		}

		if days > 380 {
			leaps++
		}

		if from.YearDay() < 21 || from.YearDay() > 52 {
			t.Errorf("%d begins on %s", year, from)
		}
	}

	if leaps < 219 || leaps > 223 { // 601 * 7 / 19 = 221.4
		t.Errorf("want some 221 leap years of 601, got %d", leaps)
	}

	for _, year := range []int{1798, 2401} {
		if (caster.ChineseNewYear(year) != atlas.Date{}) {
			t.Errorf("%d: want no date", year)
		}
	}
}

func TestLichunIsThatOfSwissEphemeris(t *testing.T) {
	caster := casttest.Caster(t)

	for _, line := range readLines(t, "lichun.txt") {
		var (
			year      int
			julianDay float64
		)

		if _, err := fmt.Sscan(line, &year, &julianDay); err != nil {
			t.Fatal(err)
		}

		before := caster.ChineseSolarYear(castJulianDay(t, caster, julianDay-2.0/86400))
		after := caster.ChineseSolarYear(castJulianDay(t, caster, julianDay+2.0/86400))

		if int(before.Year) != year-1 || int(after.Year) != year || secondsOff(after.Begins, julianDay) > 1.1 || !before.Ends.Equal(after.Begins) {
			t.Errorf("want %d to begin at %s, got %+v and %+v", year, ephemeris.Time(julianDay), before, after)
		}
	}
}

func TestChineseYearsOfBirths(t *testing.T) {
	caster := casttest.Caster(t)

	tests := []struct {
		name         string
		date, zone   string
		solar, lunar chart.ChineseYear
	}{
		{"the sample, before both", "1990-01-15", "America/New_York", 1989, 1989},
		{"after the New Year, before Lichun", "1992-02-04", "America/New_York", 1992, 1992},
		{"on the day before the New Year 1985", "1985-02-19", "Asia/Shanghai", 1985, 1984},
		{"on the New Year 1985, which Beijing has on the 20th", "1985-02-20", "Asia/Shanghai", 1985, 1985},
		{"in New York on the local date of the New Year", "1985-02-20", "America/New_York", 1985, 1985},
		{"between an early New Year and Lichun", "2001-01-28", "Asia/Shanghai", 2000, 2001},
		{"the New Year after the leap month problem of 2033", "2034-02-18", "Asia/Shanghai", 2034, 2033},
		{"and the next day", "2034-02-19", "Asia/Shanghai", 2034, 2034},
		{"the first days of the ephemeris", "1800-01-10", "Europe/London", 1799, 1799},
		{"the last days of the ephemeris", "2399-12-20", "Europe/London", 2399, 2399},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := castAt(t, inputAt(t, tt.date, "12:00", tt.zone))
			solar, lunar := caster.ChineseSolarYear(c), caster.ChineseLunarYear(c)

			if solar.Year != tt.solar || lunar.Year != tt.lunar || solar.Uncertain() {
				t.Errorf("want %d and %d, got %+v and %+v", tt.solar, tt.lunar, solar, lunar)
			}

			if !solar.Begins.IsZero() && solar.Begins.After(c.Birth.Instant) || !solar.Ends.IsZero() && !solar.Ends.After(c.Birth.Instant) {
				t.Errorf("want the year around the birth, got %+v", solar)
			}
		})
	}
}

func TestUnknownTimesOnTheDayOfLichunSaySo(t *testing.T) {
	caster := casttest.Caster(t)

	// In 1990 the Sun reached 315 degrees on 4 February at 02:14 UT: in New York on the 3rd at 21:14.
	for date, want := range map[string]struct {
		year      chart.ChineseYear
		uncertain bool
	}{"1990-02-02": {1989, false}, "1990-02-03": {1989, true}, "1990-02-04": {1990, false}} {
		got := caster.ChineseSolarYear(castAt(t, inputAt(t, date, "", "America/New_York")))
		if got.Year != want.year || got.Uncertain() != want.uncertain {
			t.Errorf("%s: want %+v, got %+v", date, want, got)
		}

		if got.Uncertain() && (got.ChangesAt.Truncate(time.Minute) != time.Date(1990, 2, 4, 2, 14, 0, 0, time.UTC) || got.Otherwise != 1990) {
			t.Errorf("%s: want a change to 1990 at 02:14, got %+v", date, got)
		}
	}
}
