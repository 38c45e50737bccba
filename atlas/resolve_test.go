package atlas

import (
	"errors"
	"testing"
	"time"
)

func openZone(t *testing.T, name string) *time.Location {
	t.Helper()

	zones, err := OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	loc, err := zones.Location(name)
	if err != nil {
		t.Fatal(err)
	}

	return loc
}

func TestResolveFindsEveryInstantThatALocalReadingStandsFor(t *testing.T) {
	tests := []struct {
		name      string
		zone      string
		date      string
		clock     string
		longitude float64
		want      []string // instants, with the abbreviation of the offset
		skipped   bool
	}{
		{"an ordinary winter morning", "America/New_York", "1990-01-15", "10:30", -74.006, []string{"1990-01-15T15:30:00Z EST"}, false},
		{"an ordinary summer morning", "America/New_York", "1990-07-15", "10:30", -74.006, []string{"1990-07-15T14:30:00Z EDT"}, false},
		{
			"clocks set back: twice", "America/New_York", "1990-10-28", "01:30", -74.006,
			[]string{"1990-10-28T05:30:00Z EDT", "1990-10-28T06:30:00Z EST"},
			false,
		},
		{
			"the first second of an overlap", "America/New_York", "1990-10-28", "01:00:00", -74.006,
			[]string{"1990-10-28T05:00:00Z EDT", "1990-10-28T06:00:00Z EST"},
			false,
		},
		{"the second before an overlap", "America/New_York", "1990-10-28", "00:59:59", -74.006, []string{"1990-10-28T04:59:59Z EDT"}, false},
		{"the first second behind an overlap", "America/New_York", "1990-10-28", "02:00:00", -74.006, []string{"1990-10-28T07:00:00Z EST"}, false},
		{
			"clocks set forward: never", "America/New_York", "1990-04-01", "02:30", -74.006,
			[]string{"1990-04-01T06:30:00Z EDT", "1990-04-01T07:30:00Z EST"},
			true,
		},
		{"the last second before a gap", "America/New_York", "1990-04-01", "01:59:59", -74.006, []string{"1990-04-01T06:59:59Z EST"}, false},
		{"the first second behind a gap", "America/New_York", "1990-04-01", "03:00:00", -74.006, []string{"1990-04-01T07:00:00Z EDT"}, false},
		{"war time", "America/New_York", "1943-06-01", "12:00", -74.006, []string{"1943-06-01T16:00:00Z EWT"}, false},
		{"double summer time", "Europe/London", "1944-06-06", "12:00", 0, []string{"1944-06-06T10:00:00Z BDST"}, false},
		{"history that only the full database has", "Europe/Amsterdam", "1925-01-01", "12:00", 4.9, []string{"1925-01-01T11:40:28Z AMT"}, false},
		{"before standard time, by the place's own longitude", "America/New_York", "1850-05-01", "12:00", -74.006, []string{"1850-05-01T16:56:01Z LMT"}, false},
		{"before standard time, elsewhere in the zone", "America/New_York", "1850-05-01", "12:00", -84.5, []string{"1850-05-01T17:38:00Z LMT"}, false},
		{"a whole day was skipped", "Pacific/Apia", "2011-12-30", "10:00", -171.8, []string{"2011-12-29T20:00:00Z +14", "2011-12-30T20:00:00Z -10"}, true},
		{"half an hour back", "Australia/Lord_Howe", "2023-04-02", "01:45", 159, []string{"2023-04-01T14:45:00Z +11", "2023-04-01T15:15:00Z +1030"}, false},
		{"far in the future by the standing rule", "Europe/Berlin", "2390-07-01", "12:00", 13.4, []string{"2390-07-01T10:00:00Z CEST"}, false},
		{"a zone without changes", "Etc/GMT+5", "1990-01-15", "10:30", -74, []string{"1990-01-15T15:30:00Z -05"}, false},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			date, err := ParseDate(tt.date)
			if err != nil {
				t.Fatal(err)
			}

			clock, err := ParseClock(tt.clock)
			if err != nil {
				t.Fatal(err)
			}

			got := Resolve(openZone(t, tt.zone), date, clock, tt.longitude)
			if got.Skipped != tt.skipped {
				t.Errorf("want skipped %t, got %t", tt.skipped, got.Skipped)
			}

			if len(got.Candidates) != len(tt.want) {
				t.Fatalf("want %v, got %v", tt.want, got.Candidates)
			}

			for i, c := range got.Candidates {
				if text := c.Instant.Format(time.RFC3339) + " " + c.Offset.Abbreviation; text != tt.want[i] {
					t.Errorf("candidate %d: want %s, got %s", i, tt.want[i], text)
				}
			}
		})
	}
}

// Every reading of every quarter of an hour over a year with both changes: what an instant's own clock shows must resolve to that instant.
func TestResolveInvertsTheClock(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "Africa/Casablanca", "Pacific/Apia"} {
		loc := openZone(t, zone)

		for at := time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2012; at = at.Add(15 * time.Minute) {
			local := at.In(loc)
			got := Resolve(loc, DateOf(local), ClockOf(local), 0)

			found := false
			for _, c := range got.Candidates {
				found = found || c.Instant.Equal(at)
			}

			if !found || got.Skipped {
				t.Fatalf("%s: %v shows %v, which resolves to %+v", zone, at, local, got)
			}
		}
	}
}

func TestZonesKnowTheDatabaseAndNothingElse(t *testing.T) {
	zones, err := OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	names := zones.Names()
	if len(names) < 500 {
		t.Fatalf("want over 500 zones, got %d", len(names))
	}

	for _, name := range names {
		if _, err := zones.Location(name); err != nil {
			t.Errorf("zone %s does not load: %v", name, err)
		}
	}

	for _, name := range []string{"", "Local", "Factory", "america/new_york", "America/", "America", "../etc/passwd", "Mars/Olympus"} {
		if _, err := zones.Location(name); !errors.Is(err, ErrUnknownZone) {
			t.Errorf("zone %q: want ErrUnknownZone, got %v", name, err)
		}
	}
}

func TestParseRefusesWhatIsNoDateOrTime(t *testing.T) {
	for _, text := range []string{"", "1990-1-15", "1990-02-29", "1990-13-01", "1990-00-10", "1990-01-00", "90-01-15", "1990-01-15T00:00", "１９９０-01-15", "-990-01-15"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("date %q: want an error, got %v", text, d)
		}
	}

	for _, text := range []string{"", "24:00", "10:60", "10:30:60", "1:30", "10.30", "10:30:00.5", "10:30 PM", "-1:30"} {
		if c, err := ParseClock(text); err == nil {
			t.Errorf("time %q: want an error, got %v", text, c)
		}
	}

	if d, err := ParseDate("2000-02-29"); err != nil || d != (Date{2000, time.February, 29}) {
		t.Errorf("want 29 February 2000, got %v, %v", d, err)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"1990-01-15", "2000-02-29", "0000-00-00", "9999-12-31", "1990-01-15x"} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDate(text); err == nil && d.String() != text {
			t.Errorf("%q was read as %s", text, d)
		}
	})
}
