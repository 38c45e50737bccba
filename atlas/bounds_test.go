package atlas

import (
	"testing"
	"time"
)

// The last day of a leap year is behind Go's end of the year's last period.
func TestBoundsOfATimeLieAroundIt(t *testing.T) {
	for _, name := range []string{"America/New_York", "Australia/Sydney", "Europe/Dublin", "Africa/Casablanca", "Asia/Kolkata", "UTC"} {
		loc := openZone(t, name)

		for _, year := range []int{1999, 2000, 2027, 2028, 2100, 2124, 2396} {
			for hour := range 72 {
				at := time.Date(year, time.December, 30, hour, 0, 0, 0, time.UTC).In(loc)

				start, end := ZoneBounds(at)
				if start.After(at) || !end.IsZero() && !end.After(at) {
					t.Errorf("%s: %s is not between %s and %s", name, at, start, end)
				}

				if end.IsZero() {
					continue
				}

				if _, before := end.Add(-time.Second).Zone(); before != int(offsetAt(loc, at, 0).East/time.Second) {
					t.Errorf("%s: the offset of %s does not hold until %s", name, at, end)
				}
			}
		}
	}
}

func TestTheLastDayOfALeapYearIsResolved(t *testing.T) {
	for name, want := range map[string]string{"America/New_York": "2125-01-01T00:30:00Z", "Australia/Sydney": "2124-12-31T08:30:00Z"} {
		r := Resolve(openZone(t, name), Date{Year: 2124, Month: time.December, Day: 31}, Clock{Hour: 19, Minute: 30}, 0)
		if len(r.Candidates) != 1 || r.Candidates[0].Instant.Format(time.RFC3339) != want {
			t.Errorf("%s: want %s, got %+v", name, want, r)
		}
	}
}
