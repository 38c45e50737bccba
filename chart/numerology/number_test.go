package numerology_test

import (
	"testing"

	"pgregory.net/rapid"

	"sidereal/chart/numerology"
)

func TestLifePathSumsAllDigitsOfTheDate(t *testing.T) {
	tests := []struct {
		name             string
		year, month, day int
		want             string
	}{
		{"the sample, 1990-01-15", 1990, 1, 15, "8"},
		{"1980-12-08 is 29, and so 11", 1980, 12, 8, "11/2"},
		{"1975-12-25 is 32, too", 1975, 12, 25, "5"},
		{"1957-08-11 is 32", 1957, 8, 11, "5"},
		{"1992-10-09 has 31", 1992, 10, 9, "4"},
		{"2000-01-01", 2000, 1, 1, "4"},
		{"1991-01-10 is 22 by its digits", 1991, 1, 10, "22/4"},
		{"1991-10-11 is 23", 1991, 10, 11, "5"},
		{"1978-03-05 is 33 by its digits", 1978, 3, 5, "33/6"},
		{"1999-12-29 is 42", 1999, 12, 29, "6"},
		{"2009-11-29 is 24", 2009, 11, 29, "6"},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := numerology.LifePath(tt.year, tt.month, tt.day).String(); got != tt.want {
				t.Errorf("want %s, got %s", tt.want, got)
			}
		})
	}
}

func TestDayNumbersLetTheMasterNumbersStand(t *testing.T) {
	want := [...]string{
		"1", "2", "3", "4", "5", "6", "7", "8", "9", "1", "11/2", "3", "4", "5", "6", "7", "8", "9", "1", "2", "3", "22/4", "5", "6", "7", "8", "9", "1",
		"11/2", "3", "4",
	}
	for i := range want {
		if got := numerology.DayNumber(i + 1).String(); got != want[i] {
			t.Errorf("day %d: want %s, got %s", i+1, want[i], got)
		}
	}
}

// A number leaves the same rest by 9 as what it was reduced from, master or not: the law of casting out nines.
func TestReducingCastsOutNines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year, month, day := rapid.IntRange(1800, 2399).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 31).Draw(t, "day")

		got := numerology.LifePath(year, month, day)
		if (year+month+day-int(got))%9 != 0 || got.Root() < 1 || got.Root() > 9 || (int(got)-got.Root())%9 != 0 {
			t.Fatalf("%d-%d-%d: %d with root %d", year, month, day, got, got.Root())
		}

		if got > 9 != got.Master() {
			t.Fatalf("%d-%d-%d: %d", year, month, day, got)
		}
	})
}
