package atlas

import (
	"math"
	"time"
)

// LocalMeanTime is the abbreviation that the tz database gives to the time before a zone's first standard time.
const LocalMeanTime = "LMT"

// secondsPerDegree is how far local mean time moves with longitude: 24 h over 360 degrees.
const secondsPerDegree = 240

// Offset is how far a local clock was ahead of UT, and under which name.
type Offset struct {
	East         time.Duration // east positive, whole seconds
	Abbreviation string        // EST, EDT, EWT; LMT for local mean time
}

// Candidate is an instant that a local clock reading may stand for.
type Candidate struct {
	Instant time.Time // UTC
	Offset  Offset
}

// Resolution is what a local clock reading stands for.
type Resolution struct {
	// Candidates in order of time: one as a rule, two when the clocks were set back over the reading. When the reading was skipped there are
	// two as well: the reading taken by the offset after the change (the earlier instant) and by the offset before it (the later one).
	Candidates []Candidate
	// Skipped says that no clock ever showed the reading: it lies in a gap that a change of the clocks left.
	Skipped bool
	// Change is when the clocks were changed, where there are two candidates; zero otherwise.
	Change time.Time
}

// Resolve finds the instants at which clocks in loc showed date and clock. Before a zone's first standard time every place kept its own
// time, so there the offset is that of the place's own longitude (degrees east, 4 minutes each), not the zone's city's.
func Resolve(loc *time.Location, date Date, clock Clock, longitude float64) Resolution {
	const reach = 36 * time.Hour // no offset is larger than 16 h, and no change than 24 h

	reading := date.At(clock)
	candidate := func(o Offset) Candidate { return Candidate{Instant: reading.Add(-o.East), Offset: o} }
	offset := offsetAt(loc, reading.Add(-reach), longitude)

	for _, change := range changesBetween(loc, reading.Add(-reach), reading.Add(reach), longitude) {
		next := offsetAt(loc, change, longitude)

		if reading.Before(change.Add(min(offset.East, next.East))) {
			break // the change lies ahead
		}

		if reading.Before(change.Add(max(offset.East, next.East))) {
			if offset.East > next.East { // set back over the reading: first by the old offset, then by the new
				return Resolution{Candidates: []Candidate{candidate(offset), candidate(next)}, Change: change.UTC()}
			}

			return Resolution{Candidates: []Candidate{candidate(next), candidate(offset)}, Skipped: true, Change: change.UTC()}
		}

		offset = next
	}

	return Resolution{Candidates: []Candidate{candidate(offset)}}
}

// changesBetween returns the instants in (low, high] at which the offset changes, in order.
func changesBetween(loc *time.Location, low, high time.Time, longitude float64) []time.Time {
	var changes []time.Time

	for at := low; ; {
		_, end := ZoneBounds(at.In(loc))
		if end.IsZero() || end.After(high) {
			return changes
		}

		if offsetAt(loc, end.Add(-time.Second), longitude).East != offsetAt(loc, end, longitude).East {
			changes = append(changes, end)
		}

		at = end
	}
}

// DayBounds returns when a local day began and when the next one did: 23 or 25 hours later where the clocks were changed, and at the same instant
// where the day was left out altogether.
func DayBounds(loc *time.Location, date Date, longitude float64) (start, end time.Time) {
	first, next := Resolve(loc, date, Clock{}, longitude), Resolve(loc, date.Next(), Clock{}, longitude)
	start, end = first.Candidates[0].Instant, next.Candidates[len(next.Candidates)-1].Instant

	if first.Skipped { // no clock showed midnight: the day begins with the change
		start = first.Change
	}

	if next.Skipped {
		end = next.Change
	}

	return start, end
}

// OffsetAt returns the offset in force at an instant, for a place at a longitude (degrees, east positive) in the zone.
func OffsetAt(loc *time.Location, at time.Time, longitude float64) Offset {
	return offsetAt(loc, at, longitude)
}

// offsetAt returns the offset in force at an instant.
func offsetAt(loc *time.Location, at time.Time, longitude float64) Offset {
	name, seconds := at.In(loc).Zone()
	if name == LocalMeanTime {
		seconds = localMean(longitude, seconds)
	}

	return Offset{East: time.Duration(seconds) * time.Second, Abbreviation: name}
}

// localMean returns the offset of local mean time at a longitude, in seconds. It is the zone's own that says on which side of the date line the
// calendar was: Alaska was dated from Asia until 1867 (UTC+15), the Philippines from America until 1844 (UTC-16).
func localMean(longitude float64, ofZone int) int {
	const day = 86400

	own := int(math.Round(longitude * secondsPerDegree))

	return own + day*int(math.Round(float64(ofZone-own)/day))
}
