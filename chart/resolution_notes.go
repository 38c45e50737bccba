package chart

import (
	"fmt"
	"math"
	"strings"
	"time"

	"sidereal/atlas"
)

// notef adds a sentence to the resolution.
func (r *Resolution) notef(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// doubtf adds a sentence that lowers the confidence.
func (r *Resolution) doubtf(c Confidence, format string, args ...any) {
	r.Confidence = max(r.Confidence, c)
	r.notef(format, args...)
}

// noteRule says what kind of time it was and what was chosen.
func (r *Resolution) noteRule(b Birth) {
	offset := formatOffset(r.Offset)

	switch r.Rule {
	case atlas.LocalMean:
		r.doubtf(Medium, "Before the zone's first standard time: local mean time of the birth place itself, longitude × 4 minutes (UTC%s).", offset)
	case atlas.WarTime:
		r.notef("War time: clocks were %s ahead of standard time.", hours(r.Saving))
	case atlas.Daylight:
		r.notef("Daylight saving time: clocks were %s ahead of standard time.", hours(r.Saving))
	case atlas.Standard:
		if r.Offset%(15*time.Minute) != 0 {
			r.notef("The mean time of one city served the zone as standard time (UTC%s).", offset)
		}
	}

	if r.Rule == atlas.LocalMean && r.Offset.Abs() > 13*time.Hour {
		r.notef("The calendar was that of the other side of today's date line.")
	}

	reading := atlas.ClockOf(b.Local())

	switch {
	case r.Ambiguous:
		r.doubtf(Medium, "Clocks showed %s twice, because they were set back; the %s was taken, by UTC%s (%s).", reading, r.Disambiguation, offset, r.Abbreviation)
	case r.Skipped:
		r.doubtf(Low, "No clock ever showed %s, because clocks were set forward over it; it was read by UTC%s (%s).", reading, offset, r.Abbreviation)
	}
}

// firstCommonYear is the year since when the zone database vouches for the clocks of a whole zone and not of one city (IANA, theory.html).
const firstCommonYear = 1970

// noteHistory says what the zone database cannot know, and what is near.
func (r *Resolution) noteHistory(b Birth, loc *time.Location) {
	isOld := b.Instant.Year() < firstCommonYear

	for _, p := range atlas.PitfallsAt(b.Zone, r.Date) {
		if p.Doubt {
			r.doubtf(Medium, "%s", p.Note)

			continue
		}

		r.notef("%s", p.Note)
	}

	r.noteNearChange(b, loc, isOld)

	if strings.HasPrefix(b.Zone, "Etc/") || b.Zone == "UTC" || b.Zone == "GMT" {
		r.notef("The zone is a fixed offset from UT; no daylight saving time is known for it.")

		return
	}

	if b.Instant.Year() > 2037 {
		r.doubtf(Medium, "The zone's rules of today were taken to stand.")
	}

	city, standard, ok := firstStandard(loc)
	if !isOld || !ok || r.Rule == atlas.LocalMean {
		return
	}

	const far = 3.0 // degrees of longitude; 12 minutes of local mean time
	if apart := Separation(city, b.Longitude); apart > far {
		r.doubtf(Medium, "Before 1970 the zone database vouches only for the clocks of the zone's own city, which is %.0f degrees of longitude away.", apart)
	}

	if !changedBetween(loc, standard, time.Date(firstCommonYear, time.January, 1, 0, 0, 0, 0, time.UTC)) {
		r.doubtf(Medium, "The zone database is thin before 1970 for this zone: it knows no change of its clocks between %d and then.", standard.Year())
	}
}

// noteNearChange says when the clocks were changed in the days around.
func (r *Resolution) noteNearChange(b Birth, loc *time.Location, isOld bool) {
	const near = 7 * 24 * time.Hour

	start, end := atlas.ZoneBounds(b.Instant.In(loc))

	for _, change := range []time.Time{start, end} {
		if change.IsZero() || change.Sub(b.Instant).Abs() > near {
			continue
		}

		before, after := atlas.OffsetAt(loc, change.Add(-time.Second), b.Longitude), atlas.OffsetAt(loc, change, b.Longitude)
		if before.East == after.East {
			continue
		}

		confidence := High
		if isOld {
			confidence = Medium
		}

		shown := change.In(time.FixedZone("", int(before.East/time.Second)))
		r.doubtf(confidence, "Clocks were changed from UTC%s to UTC%s on %s at %s, %s.", formatOffset(before.East), formatOffset(after.East),
			atlas.DateOf(shown), atlas.ClockOf(shown), away(b.Instant.Sub(change)))
	}
}

func away(d time.Duration) string {
	side := "before the birth"
	if d < 0 {
		side = "after the birth"
	}

	if d = d.Abs(); d >= 24*time.Hour {
		return fmt.Sprintf("%s %s", count(int(d.Hours())/24, "day"), side)
	}

	return "less than a day " + side
}

// firstStandard returns the longitude of the zone's own city, by its local mean time, and when its first standard time began.
func firstStandard(loc *time.Location) (cityLongitude float64, began time.Time, ok bool) {
	at := time.Date(FirstYear-1, time.January, 1, 0, 0, 0, 0, time.UTC).In(loc)

	for {
		name, seconds := at.Zone()
		_, end := atlas.ZoneBounds(at)

		if name != atlas.LocalMeanTime {
			return cityLongitude, at, !at.IsZero() && ok
		}

		if end.IsZero() {
			return 0, time.Time{}, false
		}

		cityLongitude, ok, at = float64(seconds)/240, true, end
	}
}

// changedBetween says whether a zone's clocks were changed behind an instant and before another.
func changedBetween(loc *time.Location, from, until time.Time) bool {
	_, end := atlas.ZoneBounds(from.In(loc))

	return !end.IsZero() && end.Before(until)
}

// noteCalendar says which calendar the date was taken for.
func (r *Resolution) noteCalendar() {
	first, wasJulian := atlas.JulianUntil(r.Zone)

	switch {
	case r.JulianDate != nil && r.Date.Year > 1923:
		r.doubtf(Medium, "The date was given in the Julian calendar, which was no country's civil calendar any more: %s is %s Gregorian.", r.JulianDate, r.Date)
	case r.JulianDate != nil:
		r.notef("The date was given in the Julian calendar: %s is %s Gregorian.", r.JulianDate, r.Date)
	case wasJulian && r.Date.At(atlas.Noon).Before(first.At(atlas.Noon)):
		r.doubtf(Medium, "Dates were written in the Julian calendar here until %s; this one was taken for Gregorian.", first)
	}
}

// noteSources says what else the place could be, and where the zone was taken from.
func (r *Resolution) noteSources(b Birth) {
	switch {
	case b.PlaceDoubt:
		r.doubtf(Medium, "%s", b.PlaceNote)
	case b.PlaceNote != "":
		r.notef("%s", b.PlaceNote)
	}

	if r.ZoneSource != ZoneLookedUp {
		return
	}

	if strings.HasPrefix(b.Zone, "Etc/") {
		r.doubtf(Low, "No known place is near, so the zone is the nautical one, of 15 degrees of longitude.")

		return
	}

	const far, farther = 50.0, 200.0 // kilometres

	confidence := High

	switch {
	case b.ZoneDistance > farther:
		confidence = Low
	case b.ZoneDistance > far:
		confidence = Medium
	}

	r.doubtf(confidence, "The zone was looked up from the nearest known place, %.0f km away.", math.Ceil(b.ZoneDistance))
}

// hours writes a span as "an hour" or "2 hours", with minutes where it has some.
func hours(d time.Duration) string {
	whole, minutes := int(d/time.Hour), int(d/time.Minute)%60

	switch {
	case d == time.Hour:
		return "an hour"
	case minutes == 0:
		return count(whole, "hour")
	case whole == 0:
		return count(minutes, "minute")
	}

	return count(whole, "hour") + " " + count(minutes, "minute")
}

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}

	return fmt.Sprintf("%d %ss", n, thing)
}
