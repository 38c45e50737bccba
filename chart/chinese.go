package chart

import (
	"time"

	"sidereal/atlas"
	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
)

// ChineseAnimal is an animal of the twelve-year cycle, the earthly branch.
type ChineseAnimal uint8

// The animals in the order of their years.
const (
	Rat ChineseAnimal = iota
	Ox
	Tiger
	Rabbit
	Dragon
	Snake
	Horse
	Goat
	Monkey
	Rooster
	Dog
	Pig
	ChineseAnimalCount = iota
)

var chineseAnimals = [ChineseAnimalCount]string{
	"Rat", "Ox", "Tiger", "Rabbit", "Dragon", "Snake", "Horse", "Goat", "Monkey", "Rooster", "Dog", "Pig",
}

// String returns the animal's English name.
func (a ChineseAnimal) String() string { return chineseAnimals[a] }

// ChineseElement is one of the five phases.
type ChineseElement uint8

// The elements in the order of the heavenly stems, each with its yang and its yin year.
const (
	ChineseWood ChineseElement = iota
	ChineseFire
	ChineseEarth
	ChineseMetal
	ChineseWater
	ChineseElementCount = iota
)

var chineseElements = [ChineseElementCount]string{"Wood", "Fire", "Earth", "Metal", "Water"}

// String returns the element's English name.
func (e ChineseElement) String() string { return chineseElements[e] }

const (
	heavenlyStems   = 10
	earthlyBranches = 12
	sexagenaryCycle = 60
	woodRat         = 1984 // a year that begins a cycle
)

var (
	stemCharacters   = [heavenlyStems]rune{'甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'}
	stemNames        = [heavenlyStems]string{"Jiǎ", "Yǐ", "Bǐng", "Dīng", "Wù", "Jǐ", "Gēng", "Xīn", "Rén", "Guǐ"}
	branchCharacters = [earthlyBranches]rune{'子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'}
	branchNames      = [earthlyBranches]string{"zǐ", "chǒu", "yín", "mǎo", "chén", "sì", "wǔ", "wèi", "shēn", "yǒu", "xū", "hài"}
)

// ChineseYear is a year of the Chinese calendar, by the Gregorian year in which it begins: 1984 is the year of the Wood Rat.
type ChineseYear int

// cycle returns the place in the sexagenary cycle from 0.
func (y ChineseYear) cycle() int {
	return ((int(y)-woodRat)%sexagenaryCycle + sexagenaryCycle) % sexagenaryCycle
}

// Sexagenary returns the number of the year in its cycle, 1 to 60.
func (y ChineseYear) Sexagenary() int { return y.cycle() + 1 }

// Animal returns the year's animal.
func (y ChineseYear) Animal() ChineseAnimal { return ChineseAnimal(y.cycle() % earthlyBranches) }

// Element returns the year's element.
func (y ChineseYear) Element() ChineseElement { return ChineseElement(y.cycle() % heavenlyStems / 2) }

// Yang says whether the year is yang; else it is yin.
func (y ChineseYear) Yang() bool { return y.cycle()%2 == 0 }

// String returns the year's English name: Wood Rat.
func (y ChineseYear) String() string { return y.Element().String() + " " + y.Animal().String() }

// Pinyin returns the year's sexagenary name: Jiǎzǐ.
func (y ChineseYear) Pinyin() string {
	return stemNames[y.cycle()%heavenlyStems] + branchNames[y.cycle()%earthlyBranches]
}

// Characters returns the year's sexagenary name in characters: 甲子.
func (y ChineseYear) Characters() string {
	return string([]rune{stemCharacters[y.cycle()%heavenlyStems], branchCharacters[y.cycle()%earthlyBranches]})
}

// ChineseSolarYear is the year that a birth belongs to where years turn at Lichun, when the Sun reaches 315 degrees of apparent tropical longitude.
// That is one instant for all the world, so it depends on no time zone.
type ChineseSolarYear struct {
	Year         ChineseYear
	Begins, Ends time.Time // UTC, to the second; zero beyond the ephemeris

	// ChangesAt is the instant within the local day at which the year turned; zero unless the time of birth is unknown and the day is that of Lichun. The
	// year is then the one of noon, and Otherwise the one that holds on the other side of the change.
	ChangesAt time.Time
	Otherwise ChineseYear
}

// Uncertain says that the birth's unknown time decides the year.
func (y ChineseSolarYear) Uncertain() bool { return !y.ChangesAt.IsZero() }

// ChineseSolarYear returns the year that the chart's birth belongs to by Lichun, computed and not assumed to be on 4 February.
func (c *Caster) ChineseSolarYear(chart *Chart) ChineseSolarYear {
	instant := chart.Birth.Instant
	year := instant.UTC().Year()
	begins, next := c.lichun(year), c.lichun(year+1)

	// The first Lichun of the ephemeris is that of 1800; before it, it is still 1799.
	if begins.IsZero() || instant.Before(begins) {
		year, begins, next = year-1, c.lichun(year-1), begins
	}

	y := ChineseSolarYear{Year: ChineseYear(year), Begins: begins, Ends: next}
	if chart.Birth.TimeKnown {
		return y
	}

	start, end := c.localDay(chart.Birth)

	switch within := func(t time.Time) bool { return t.After(start) && t.Before(end) }; {
	case within(begins):
		y.ChangesAt, y.Otherwise = begins, y.Year-1
	case within(next):
		y.ChangesAt, y.Otherwise = next, y.Year+1
	}

	return y
}

// lichun returns the instant at which the Sun reaches 315 degrees in a Gregorian year; zero beyond the ephemeris.
func (c *Caster) lichun(year int) time.Time {
	const longitude = 315

	guess := time.Date(year, time.February, 4, 12, 0, 0, 0, time.UTC)

	return instantOf(sunAt(motion.NewSeeker(c.ephemeris), longitude, ephemeris.JulianDay(guess)))
}

// sunAt returns the Julian day UT nearest to a guess at which the apparent Sun has a longitude; false beyond the ephemeris.
func sunAt(seeker *motion.Seeker, longitude, guess float64) (julianDay float64, ok bool) {
	return seeker.Reach(motion.Of(ephemeris.Sun), guess, longitude)
}

// ChineseLunarYear is the year that a birth belongs to where years turn at the lunar New Year.
type ChineseLunarYear struct {
	Year ChineseYear

	// NewYear is the date of its first day, Next that of the next year's: dates of the new moons in China.
	NewYear, Next atlas.Date
}

// ChineseLunarYear returns the year of the Chinese calendar that the local date of the chart's birth belongs to. The local date is compared with the
// date of the New Year, wherever the birth was, as families do; so the time of birth does not matter.
func (c *Caster) ChineseLunarYear(chart *Chart) ChineseLunarYear {
	birth := atlas.DateOf(chart.Birth.Local())
	year := birth.Year
	newYear := c.ChineseNewYear(year)

	if before(birth, newYear) {
		return ChineseLunarYear{Year: ChineseYear(year - 1), NewYear: c.ChineseNewYear(year - 1), Next: newYear}
	}

	return ChineseLunarYear{Year: ChineseYear(year), NewYear: newYear, Next: c.ChineseNewYear(year + 1)}
}

func before(a, b atlas.Date) bool { return a.At(atlas.Noon).Before(b.At(atlas.Noon)) }
