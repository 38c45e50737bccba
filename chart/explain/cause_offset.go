package explain

import (
	"math"
	"time"

	"sidereal/atlas"
)

// presentYear is the year whose clocks stand for those of today.
const presentYear = 2023

// offsetCauses are other offsets of the same clock from UT.
func (s *search) offsetCauses() []cause {
	return []cause{
		offset(NoDaylightSaving, 1, "took no daylight saving time", func(s *Settings) (time.Duration, bool) {
			return s.Offset - s.saving, s.saving > 0
		}),
		offset(PartOfWarTime, 2, "took one hour of daylight saving time where clocks were two ahead", func(s *Settings) (time.Duration, bool) {
			return s.Offset - time.Hour, s.saving >= 2*time.Hour
		}),
		offset(ExtraDaylightSaving, 1, "took daylight saving time, which was not in force", func(s *Settings) (time.Duration, bool) {
			return s.Offset + time.Hour, s.saving == 0 && s.rule != atlas.LocalMean
		}),
		offset(NeighbourZone, 3, "took the time of the next zone to the east, or an hour of daylight saving time too much", func(s *Settings) (time.Duration, bool) {
			return s.Offset + time.Hour, s.saving > 0
		}),
		offset(NeighbourZone, 3, "took the time of the next zone to the west", func(s *Settings) (time.Duration, bool) {
			return s.Offset - time.Hour, s.saving != time.Hour && s.rule != atlas.LocalMean
		}),
		offset(UniversalTime, 2, "took the clock's reading for universal time", func(*Settings) (time.Duration, bool) { return 0, true }),
		offset(ZoneSignFlipped, 3, "took the zone's offset with the wrong sign", func(s *Settings) (time.Duration, bool) { return -s.Offset, true }),
		offset(LocalMeanTime, 2, "took local mean time of the birth place, longitude × 4 minutes, instead of the zone's time", localMean),
		offset(ZoneTime, 2, "took the zone's later standard time; it was not introduced yet, and the place kept local mean time", s.firstStandard),
		offset(CityMeanTime, 3, "took the local mean time of the zone's own city instead of the birth place's", s.cityMean),
		offset(PresentOffset, 2, "took the zone's offset of today instead of the one of the time", s.present),
		offset(RoundedOffset, 3, "rounded the zone's offset to whole minutes", func(s *Settings) (time.Duration, bool) {
			return s.Offset.Round(time.Minute), true
		}),
	}
}

// offset returns a cause that takes another offset.
func offset(kind Kind, cost int, what string, other func(*Settings) (time.Duration, bool)) cause {
	return cause{
		kind, offsetStage, cost,
		func(s *Settings) bool {
			east, ok := other(s)
			differs := east != s.Offset
			s.Offset = east

			return ok && differs
		},
		func(before, after Settings) string {
			return "The other site " + what + ": it used " + utc(after.Offset) + " instead of " + utc(before.Offset) + "."
		},
	}
}

// localMean returns the offset of local mean time.
func localMean(s *Settings) (time.Duration, bool) {
	const secondsPerDegree = 240

	return time.Duration(math.Round(s.Longitude*secondsPerDegree)) * time.Second, s.rule != atlas.LocalMean
}

// firstStandard returns the zone's first offset that was not local mean time.
func (s *search) firstStandard(at *Settings) (time.Duration, bool) {
	if s.loc == nil || at.rule != atlas.LocalMean {
		return 0, false
	}

	for instant := at.Instant().In(s.loc); ; {
		_, end := atlas.ZoneBounds(instant)
		if end.IsZero() {
			return 0, false
		}

		if name, seconds := end.Zone(); name != atlas.LocalMeanTime {
			return time.Duration(seconds) * time.Second, true
		}

		instant = end
	}
}

// cityMean returns the database's own local mean time.
func (s *search) cityMean(at *Settings) (time.Duration, bool) {
	if s.loc == nil {
		return 0, false
	}

	_, seconds := at.Instant().In(s.loc).Zone()

	return time.Duration(seconds) * time.Second, at.rule == atlas.LocalMean
}

// present returns the zone's offset on the same day of a year of today.
func (s *search) present(at *Settings) (time.Duration, bool) {
	if s.loc == nil {
		return 0, false
	}

	today := atlas.Date{Year: presentYear, Month: at.Date.Month, Day: min(at.Date.Day, 28)}

	return atlas.Resolve(s.loc, today, at.Clock, at.Longitude).Candidates[0].Offset.East, true
}
