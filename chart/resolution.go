package chart

import (
	"time"

	"sidereal/atlas"
)

// Confidence says how far an instant can be trusted, given that the clock was read well.
type Confidence uint8

// The degrees of confidence: nothing speaks against it, there is room for another reading, the instant is a guess.
const (
	High Confidence = iota
	Medium
	Low
	ConfidenceCount = iota
)

var confidenceNames = [ConfidenceCount]string{"high", "medium", "low"}

// String returns the degree's English name.
func (c Confidence) String() string { return confidenceNames[c] }

// Resolution is how the reading of a birth's clock and calendar was turned into an instant.
type Resolution struct {
	Zone         string
	Offset       time.Duration // from UT, east positive
	Abbreviation string        // of the time in force, "EDT"; empty where the zone is not known any more
	Rule         atlas.Rule
	Saving       time.Duration // how far clocks were set ahead of standard time

	Ambiguous      bool           // clocks showed the reading twice
	Skipped        bool           // no clock ever showed it
	Disambiguation Disambiguation // what was chosen then; Reject where there was nothing to choose

	PlaceSource PlaceSource
	ZoneSource  ZoneSource
	Calendar    atlas.Calendar
	Date        atlas.Date  // the local date, Gregorian
	JulianDate  *atlas.Date // the date as it was given, where the calendar is the Julian one

	Confidence Confidence
	Notes      []string // sentences: what is to be known about the above, and why the confidence is not high
}

// Resolution returns how the chart's instant was found.
func (c *Chart) Resolution() Resolution { return c.Birth.Resolution(c.caster.zones) }

// Resolution says how the birth's instant follows from its local reading. It is computed from the birth, so that it holds for births of any source.
func (b Birth) Resolution(zones *atlas.Zones) Resolution {
	r := Resolution{
		Zone: b.Zone, Offset: b.UTCOffset,
		PlaceSource: b.PlaceSource, ZoneSource: b.ZoneSource,
		Calendar: b.Calendar, Date: atlas.DateOf(b.Local()),
	}

	if b.Calendar == atlas.Julian {
		julian := atlas.Julian.FromGregorian(r.Date)
		r.JulianDate = &julian
	}

	loc, err := zones.Location(b.Zone)
	if err != nil {
		r.doubtf(Low, "This zone database has no zone %s; the offset is what it was when the chart was calculated.", b.Zone)
	} else {
		r.findReading(b, loc)
		r.noteRule(b)
		r.noteHistory(b, loc)
	}

	r.noteCalendar()
	r.noteSources(b)

	if !b.TimeKnown {
		r.notef("The time of day is unknown: the offset is that of noon, which the chart is cast for.")
	}

	return r
}

// findReading finds by which rule the instant follows from the reading, and whether there was a choice.
func (r *Resolution) findReading(b Birth, loc *time.Location) {
	local := b.Local()
	found := atlas.Resolve(loc, atlas.DateOf(local), atlas.ClockOf(local), b.Longitude)
	last := len(found.Candidates) - 1

	chosen := 0
	for chosen < last && !found.Candidates[chosen].Instant.Equal(b.Instant) {
		chosen++
	}

	at := b.Instant
	r.Abbreviation = found.Candidates[chosen].Offset.Abbreviation

	if !found.Candidates[chosen].Instant.Equal(b.Instant) {
		r.Abbreviation = atlas.OffsetAt(loc, at, b.Longitude).Abbreviation
		r.doubtf(Medium, "The offset is what it was when the chart was calculated; this zone database has UTC%s.", formatOffset(found.Candidates[last].Offset.East))
	}

	if last > 0 {
		r.Disambiguation = [...]Disambiguation{Earlier, Later}[chosen]
		r.Ambiguous, r.Skipped = !found.Skipped, found.Skipped
	}

	if found.Skipped { // by the offset after the change or by the one before it
		at = found.Change.Add(-time.Duration(chosen) * time.Second)
	}

	r.Rule, r.Saving = atlas.RuleAt(loc, at)
}
