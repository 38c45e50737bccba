package atlas

import "time"

// ZoneBounds returns the bounds of the time around an instant, start inclusive, in which its location's clocks were not changed; zero where there is
// no bound. The end lies behind the instant, always: on the last day of a leap year behind the database's last listed change, time.Time.ZoneBounds
// ends the year after 365 days, at or before the instant, and who walks from end to end walks for ever (Go 1.26). As there, a bound can be a turn of
// the year without a change.
func ZoneBounds(at time.Time) (start, end time.Time) {
	start, end = at.ZoneBounds()

	if !end.IsZero() && !end.After(at) {
		end = time.Date(at.UTC().Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC).In(at.Location())
	}

	return start, end
}
