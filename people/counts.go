package people

import (
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/chart/numerology"
)

// lichun is the tropical longitude of the Sun, in degrees, at which the year of the sexagenary cycle turns.
const lichun = 315.0

// addCounts adds what is counted rather than seen: the life path of the local date, and the year of the sexagenary cycle unless the unknown time
// decides it. sun is where the Sun may stand.
func (s *signature) addCounts(c *chart.Chart, sun drift) {
	s.lifePath = lifePathOf(atlas.DateOf(c.Birth.Local()))

	if year, certain := cycleYear(c.Birth.Instant.UTC(), sun); certain {
		s.cycle = uint8(year.Sexagenary())
	}
}

func lifePathOf(d atlas.Date) uint8 {
	return uint8(numerology.LifePath(d.Year, int(d.Month), d.Day))
}

// cycleYear returns the year by Lichun, which falls between 3 and 5 February: in the first months of a calendar year it is the one before until the
// Sun has reached 315 degrees. See chart.Caster.ChineseSolarYear for the instant itself.
func cycleYear(at time.Time, sun drift) (year chart.ChineseYear, certain bool) {
	year = chart.ChineseYear(at.Year())
	if at.Month() > time.March {
		return year, true
	}

	early := func(longitude float64) bool { return longitude > 270 && longitude < lichun }
	if early(sun[0]) != early(sun[1]) {
		return 0, false
	}

	if early(sun[0]) {
		year--
	}

	return year, true
}

func lifePathName(number int) string { return numerology.Number(number).String() }

// cycleStart is a year that begins a sexagenary cycle.
const cycleStart = 1984

func yearOfCycle(place int) chart.ChineseYear { return chart.ChineseYear(cycleStart + place - 1) }
