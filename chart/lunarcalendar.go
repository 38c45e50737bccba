package chart

import (
	"math"
	"time"

	"sidereal/atlas"
	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
)

// The Chinese calendar counts whole days by the clock of China: UTC+8, and until 1928 Peking's own mean time, 7:45:40 ahead of Greenwich (Reingold &
// Dershowitz, Calendrical Calculations, 4th ed., ch. 19). It matters: the new moon of 1916-02-03 was at 16:05 UT, before midnight in Peking and after it in
// UTC+8, and the year of the Dragon began on the 3rd. A day is its Julian day number at noon there.
const (
	chinaTime   = 8.0 / 24
	pekingTime  = (7 + 45.0/60 + 40.0/3600) / 24
	firstUTC8   = 2425613 // 1929-01-01, the first day in UTC+8
	halfTheDays = 0.5     // from noon, where Julian days begin, to midnight
)

func clockOfChina(day float64) float64 {
	if day < firstUTC8 {
		return pekingTime
	}

	return chinaTime
}

// dayOf returns the day in China of a Julian day UT.
func dayOf(julianDay float64) int {
	return int(math.Floor(julianDay + clockOfChina(julianDay+halfTheDays) + halfTheDays))
}

// midnight returns the Julian day UT at which a day begins in China.
func midnight(day int) float64 { return float64(day) - halfTheDays - clockOfChina(float64(day)) }

// dateOf returns the calendar date of a day.
func dateOf(day int) atlas.Date { return atlas.DateOf(ephemeris.Time(float64(day))) }

// edgeNewYears are New Years that the ephemeris cannot tell, for which one needs the solstice before or after: by the tables of 6tail's lunar-go 1.4.6.
var edgeNewYears = map[int]atlas.Date{
	1799: {Year: 1799, Month: time.February, Day: 5},
	1800: {Year: 1800, Month: time.January, Day: 25},
	2400: {Year: 2400, Month: time.January, Day: 27},
}

// ChineseNewYear returns the first day of the Chinese year that begins in a Gregorian year from 1799 to 2400, and the zero date for others.
//
// The month with the winter solstice is the eleventh. When thirteen months begin from one eleventh to the next, the first of them without a major solar
// term (a multiple of 30 degrees) is a leap month. The New Year is the second month after the eleventh, leap months left out (Reingold & Dershowitz,
// Calendrical Calculations, 4th ed., ch. 19), by the apparent Sun and Moon. Nearly always it is the new moon before the Sun reaches 330 degrees (Yushui), but
// that rule fails around 2033.
func (c *Caster) ChineseNewYear(year int) atlas.Date {
	if date, ok := edgeNewYears[year]; ok {
		return date
	}

	a := almanac{c, motion.NewSeeker(c.ephemeris)}
	solstice, ok1 := a.winterSolstice(year - 1)
	next, ok2 := a.winterSolstice(year)

	if !ok1 || !ok2 {
		return atlas.Date{}
	}

	twelfth, _ := a.newMoonFrom(solstice + 1)
	thirteenth, _ := a.newMoonFrom(twelfth + 1)
	nextEleventh, _ := a.newMoonBefore(next + 1)

	const month = 29.530588853 // mean, days

	thirteenMonths := int(math.Round(float64(nextEleventh-twelfth)/month)) == 12
	if thirteenMonths && (a.lacksMajorTerm(twelfth) || a.lacksMajorTerm(thirteenth)) {
		thirteenth, _ = a.newMoonFrom(thirteenth + 1)
	}

	return dateOf(thirteenth)
}

// almanac looks for the days that a Chinese year is made of.
type almanac struct {
	*Caster

	seeker *motion.Seeker
}

// winterSolstice returns the day on which the Sun reaches 270 degrees in a Gregorian year; false beyond the ephemeris.
func (a almanac) winterSolstice(year int) (day int, ok bool) {
	const longitude = 270

	julianDay, ok := sunAt(a.seeker, longitude, ephemeris.JulianDay(time.Date(year, time.December, 21, 12, 0, 0, 0, time.UTC)))

	return dayOf(julianDay), ok
}

// newMoonFrom returns the day of the first new moon on a day or after it; false beyond the ephemeris.
func (a almanac) newMoonFrom(day int) (newMoon int, ok bool) {
	from := midnight(day)

	elongation, ok := a.elongation(from)
	if !ok {
		return 0, false
	}

	julianDay, ok := elongationAfter(a.seeker, from, elongation, Normalize(-elongation))

	return dayOf(julianDay), ok
}

// newMoonBefore returns the day of the last new moon before a day; false beyond the ephemeris.
func (a almanac) newMoonBefore(day int) (newMoon int, ok bool) {
	from := midnight(day)

	elongation, ok := a.elongation(from)
	if !ok {
		return 0, false
	}

	julianDay, ok := elongationAfter(a.seeker, from, elongation, -elongation)

	return dayOf(julianDay), ok
}

func (c *Caster) elongation(julianDay float64) (degrees float64, ok bool) {
	sky, err := c.ephemeris.Sky(julianDay)
	if err != nil {
		return 0, false
	}

	return Normalize(sky.Position(ephemeris.Moon).Longitude - sky.Position(ephemeris.Sun).Longitude), true
}

// lacksMajorTerm says whether the Sun passes no multiple of 30 degrees in the month that begins with a day.
func (a almanac) lacksMajorTerm(first int) bool {
	next, ok := a.newMoonFrom(first + 1)

	return ok && a.majorTerm(first) == a.majorTerm(next)
}

// majorTerm returns which of the twelve parts of 30 degrees the Sun is in when a day begins.
func (c *Caster) majorTerm(day int) int {
	sky, err := c.ephemeris.Sky(midnight(day))
	if err != nil {
		return -1
	}

	return int(sky.Position(ephemeris.Sun).Longitude / equalSign)
}
