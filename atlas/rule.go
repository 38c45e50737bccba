package atlas

import (
	"strings"
	"time"
)

// Rule is the kind of time that clocks showed.
type Rule uint8

// The kinds of time.
const (
	Standard  Rule = iota // the zone's own, also where the law calls the summer's time the standard one (winter in Ireland)
	Daylight              // set forward for the light, as a rule by an hour
	WarTime               // set forward for a war, all year round or by two hours: US war time, British double summer time
	LocalMean             // before the zone's first standard time: the mean time of the place itself
	RuleCount = iota
)

var ruleNames = [RuleCount]string{"standard time", "daylight saving time", "war time", "local mean time"}

// String returns the kind's English name.
func (r Rule) String() string { return ruleNames[r] }

// period is a time during which a zone's clocks were not changed.
type period struct {
	name       string
	east       time.Duration
	daylight   bool // as the database has it
	start, end time.Time
}

func periodAt(loc *time.Location, at time.Time) period {
	local := at.In(loc)
	name, seconds := local.Zone()
	start, end := ZoneBounds(local)

	return period{name: name, east: time.Duration(seconds) * time.Second, daylight: local.IsDST(), start: start, end: end}
}

func (p period) before(loc *time.Location) (period, bool) {
	if p.start.IsZero() {
		return period{}, false
	}

	return periodAt(loc, p.start.Add(-time.Second)), true
}

func (p period) after(loc *time.Location) (period, bool) {
	if p.end.IsZero() {
		return period{}, false
	}

	return periodAt(loc, p.end), true
}

// doubleYear is the year before which clocks two hours ahead were a measure of war or of its aftermath.
const doubleYear = 1950

// RuleAt returns by which kind of time a zone's clocks went at an instant, and how far they were set ahead of standard time. The database has the
// total offset and whether it calls it daylight saving time; the rest follows from the name and from the times around.
func RuleAt(loc *time.Location, at time.Time) (rule Rule, saving time.Duration) {
	p := periodAt(loc, at)

	switch {
	case p.name == LocalMeanTime:
		return LocalMean, 0
	case !p.daylight:
		return ofStandard(loc, p)
	}

	saving = p.east - standardOffset(loc, p)

	switch {
	case saving <= 0: // winter time, an hour behind what the law calls standard
		return Standard, 0
	case isAmericanWarTime(p.name, at), saving >= 2*time.Hour && at.Year() < doubleYear:
		return WarTime, saving
	}

	return Daylight, saving
}

// ofStandard tells real standard time from the summers of countries whose law calls the winter the exception: Ireland since 1971, Namibia from 1994
// to 2017. Morocco's month of Ramadan is no such winter.
func ofStandard(loc *time.Location, p period) (Rule, time.Duration) {
	const longestSummer = 300 * 24 * time.Hour

	previous, ok := p.before(loc)
	next, more := p.after(loc)

	isSummer := ok && more && p.end.Sub(p.start) < longestSummer &&
		previous.daylight && next.daylight && previous.east < p.east && next.east < p.east
	if isSummer {
		return Daylight, p.east - next.east
	}

	return Standard, 0
}

// isAmericanWarTime says whether the abbreviation is one of Eastern War Time, Eastern Peace Time and their like (1942 to 1945).
func isAmericanWarTime(name string, at time.Time) bool {
	return len(name) == 3 && (strings.HasSuffix(name, "WT") || strings.HasSuffix(name, "PT")) && at.Year() >= 1942 && at.Year() <= 1945
}

// europeanStandard are the standard offsets behind names of summer time. In the wars countries changed their zone from one summer to the
// next, so that the winters beside do not tell.
var europeanStandard = map[string]time.Duration{
	"WEST": 0, "WEMT": 0, "BDST": 0, "CEST": time.Hour, "CEMT": time.Hour, "EEST": 2 * time.Hour,
}

// standardOffset returns the standard time that a period of daylight saving time is counted from: that of the nearest other period.
func standardOffset(loc *time.Location, p period) time.Duration {
	if offset, ok := europeanStandard[p.name]; ok {
		return offset
	}

	earlier, found := nearestStandard(loc, p, period.before)
	later, foundLater := nearestStandard(loc, p, period.after)

	switch {
	case !found && !foundLater:
		return p.east - time.Hour
	case !found, foundLater && p.east-earlier != time.Hour && p.east-later == time.Hour:
		return later
	}

	return earlier
}

// nearestStandard walks from period to period to one of standard time; winters that were spent in summer time lie between at most.
func nearestStandard(loc *time.Location, p period, step func(period, *time.Location) (period, bool)) (time.Duration, bool) {
	const most = 16 // Britain, from 1940 to 1945, has 10

	for range most {
		var ok bool
		if p, ok = step(p, loc); !ok {
			return 0, false
		}

		if !p.daylight {
			return p.east, p.name != LocalMeanTime
		}
	}

	return 0, false
}
