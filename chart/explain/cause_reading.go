package explain

import (
	"fmt"
	"math"
	"time"

	"sidereal/atlas"
)

// lastJulianYear is the last year in which some country's dates were Julian.
const lastJulianYear = 1923

// dateCauses are other days.
func (s *search) dateCauses() []cause {
	calendar := s.chart.Birth.Calendar
	isMixed := calendar == atlas.Gregorian && s.base.Date.Year <= lastJulianYear

	return []cause{
		date(DayMonthSwapped, 2, "swapped the day and the month", func(d atlas.Date) (atlas.Date, bool) {
			written := calendar.FromGregorian(d)
			swapped := atlas.Date{Year: written.Year, Month: time.Month(written.Day), Day: int(written.Month)}

			return calendar.ToGregorian(swapped), written.Day <= 12
		}),
		date(OtherCalendar, 1, "took the Julian date for a Gregorian one", func(d atlas.Date) (atlas.Date, bool) {
			written := calendar.FromGregorian(d)

			return written, calendar == atlas.Julian && atlas.Gregorian.Has(written)
		}),
		date(OtherCalendar, 1, "took the date for a Julian one", func(d atlas.Date) (atlas.Date, bool) {
			return atlas.Julian.ToGregorian(d), isMixed
		}),
		date(OtherCalendar, 2, "wrote the date in the Julian calendar and took it for a Gregorian one", func(d atlas.Date) (atlas.Date, bool) {
			written := atlas.Julian.FromGregorian(d)

			return written, isMixed && atlas.Gregorian.Has(written)
		}),
		date(DayOff, 3, "took the day before", func(d atlas.Date) (atlas.Date, bool) { return addDays(d, -1), true }),
		date(DayOff, 3, "took the day after", func(d atlas.Date) (atlas.Date, bool) { return addDays(d, 1), true }),
	}
}

func addDays(d atlas.Date, n int) atlas.Date { return atlas.DateOf(d.At(atlas.Noon).AddDate(0, 0, n)) }

func date(kind Kind, cost int, what string, other func(atlas.Date) (atlas.Date, bool)) cause {
	return cause{
		kind, dateStage, cost,
		func(s *Settings) bool {
			d, ok := other(s.Date)
			differs := d != s.Date
			s.Date = d

			return ok && differs
		},
		func(before, after Settings) string {
			return fmt.Sprintf("The other site %s: %s instead of %s.", what, after.Date, before.Date)
		},
	}
}

// clockCauses are other times of the same day.
func clockCauses() []cause {
	return []cause{
		clock(HalfDay, 2, "took a.m. for p.m., or the other way round", func(c atlas.Clock) atlas.Clock {
			c.Hour = (c.Hour + 12) % 24

			return c
		}),
		clock(NoonChart, 2, "took noon, as for an unknown time", func(atlas.Clock) atlas.Clock { return atlas.Noon }),
		clock(MidnightChart, 3, "took midnight, as for an unknown time", func(atlas.Clock) atlas.Clock { return atlas.Clock{} }),
	}
}

func clock(kind Kind, cost int, what string, other func(atlas.Clock) atlas.Clock) cause {
	return cause{
		kind, clockStage, cost,
		func(s *Settings) bool {
			// Of an unknown time there is nothing to mistake, but something to make up.
			applies := s.TimeKnown && other(s.Clock) != s.Clock || !s.TimeKnown && kind != HalfDay
			s.Clock, s.TimeKnown = other(s.Clock), true

			return applies
		},
		func(before, after Settings) string {
			if !before.TimeKnown {
				return fmt.Sprintf("The other site %s: %s.", what, after.Clock)
			}

			return fmt.Sprintf("The other site %s: %s instead of %s.", what, after.Clock, before.Clock)
		},
	}
}

// placeCauses are other coordinates.
func placeCauses() []cause {
	each := func(change func(float64) float64) func(lat, lon float64) (float64, float64) {
		return func(lat, lon float64) (float64, float64) { return change(lat), change(lon) }
	}

	return []cause{
		place(EastWestFlipped, 2, "took east for west, or the other way round", func(lat, lon float64) (float64, float64) { return lat, -lon }),
		place(NorthSouthFlipped, 2, "took north for south, or the other way round", func(lat, lon float64) (float64, float64) { return -lat, lon }),
		place(CoordinatesSwapped, 4, "swapped latitude and longitude", func(lat, lon float64) (float64, float64) { return lon, lat }),
		place(CoordinatesRounded, 2, "rounded the coordinates to whole degrees", each(math.Round)),
		place(CoordinatesRounded, 2, "cut the coordinates off to whole degrees", each(math.Trunc)),
		place(CoordinatesRounded, 3, "rounded the coordinates to tenths of a degree", each(func(x float64) float64 { return math.Round(x*10) / 10 })),
		place(MinutesForDecimals, 3, "took degrees and minutes for decimal degrees", each(minutesAsDecimals)),
		place(MinutesForDecimals, 3, "took decimal degrees for degrees and minutes", each(decimalsAsMinutes)),
		place(NoPlace, 4, "took no place", func(float64, float64) (float64, float64) { return 0, 0 }),
	}
}

func place(kind Kind, cost int, what string, other func(lat, lon float64) (float64, float64)) cause {
	return cause{
		kind, placeStage, cost,
		func(s *Settings) bool {
			lat, lon := other(s.Latitude, s.Longitude)
			differs := lat != s.Latitude || lon != s.Longitude
			s.Latitude, s.Longitude = lat, lon

			return differs && math.Abs(lat) <= 90 && math.Abs(lon) <= 180
		},
		func(before, after Settings) string {
			return fmt.Sprintf("The other site %s: %s instead of %s.", what,
				coordinates(after.Latitude, after.Longitude), coordinates(before.Latitude, before.Longitude))
		},
	}
}

// minutesAsDecimals returns what becomes of 40.7128 (40°43′) when it is written 40.43 and read as a decimal number.
func minutesAsDecimals(degrees float64) float64 {
	whole, part := math.Modf(degrees)

	return whole + math.Round(part*60)/100
}

// decimalsAsMinutes returns what becomes of 40.43 when it is read as 40°43′; degrees whose decimals are no minutes are left.
func decimalsAsMinutes(degrees float64) float64 {
	whole, part := math.Modf(degrees)
	if minutes := math.Round(part * 100); math.Abs(minutes) < 60 {
		return whole + minutes/60
	}

	return degrees
}
