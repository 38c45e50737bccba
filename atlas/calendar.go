package atlas

import "time"

// Calendar is a way to name days. Dates are Gregorian everywhere but where somebody gives a date as it was written in a Julian country.
type Calendar uint8

// The calendars. The Julian one was the civil calendar of Russia until 31 January 1918 and of Greece until 15 February 1923.
const (
	Gregorian Calendar = iota
	Julian
	CalendarCount = iota
)

// String returns the calendar's English name.
func (c Calendar) String() string {
	if c == Julian {
		return "Julian"
	}

	return "Gregorian"
}

// Has says whether the calendar has a day of that name: 29 February 1900 is a day of the Julian calendar only.
func (c Calendar) Has(d Date) bool {
	return d.Month >= time.January && d.Month <= time.December && d.Day >= 1 && c.FromGregorian(c.ToGregorian(d)) == d
}

// unixEpochDay is the Julian day number of 1970-01-01 (Gregorian), and julianEra the offset of the day count that ToGregorian and FromGregorian
// use: the Julian day number of the day before 1 March -4800 (Julian).
const (
	unixEpochDay = 2440588
	julianEra    = 32082
)

// ToGregorian returns the Gregorian name of a day that c names d (E. G. Richards, Mapping Time, 1998, ch. 25, for years after -4800).
func (c Calendar) ToGregorian(d Date) Date {
	if c == Gregorian {
		return d
	}

	// Years that begin in March have their leap day at the end.
	january := (14 - int(d.Month)) / 12
	year, month := d.Year+4800-january, int(d.Month)+12*january-3
	dayNumber := d.Day - 1 + (153*month+2)/5 + 365*year + year/4 - julianEra

	return DateOf(time.Date(1970, time.January, 1+dayNumber-unixEpochDay, 0, 0, 0, 0, time.UTC))
}

// FromGregorian returns the name that c gives to a day of the Gregorian calendar (Richards, as above).
func (c Calendar) FromGregorian(d Date) Date {
	if c == Gregorian {
		return DateOf(d.At(Noon))
	}

	const daysInFourYears, daysInFiveMonths = 1461, 153

	days := int(d.At(Clock{}).Unix()/86400) + unixEpochDay + julianEra
	year := (4*days + 3) / daysInFourYears
	dayOfYear := days - daysInFourYears*year/4
	month := (5*dayOfYear + 2) / daysInFiveMonths

	return Date{
		Year:  year - 4800 + month/10,
		Month: time.Month(month + 3 - 12*(month/10)),
		Day:   dayOfYear - (daysInFiveMonths*month+2)/5 + 1,
	}
}

// julianUntil are the first Gregorian days of countries whose civil calendar was the Julian one after 1800, by their zones; a zone that ends in "/"
// stands for all zones below (Encyclopaedia Britannica, "Gregorian calendar"; Richards, Mapping Time, app. to ch. 19).
var julianUntil = []struct {
	zones string
	date  Date
}{
	{
		"Europe/Moscow Europe/Kyiv Europe/Kiev Europe/Minsk Europe/Samara Europe/Saratov Europe/Volgograd Europe/Ulyanovsk Europe/Astrakhan Europe/Kirov " +
			"Europe/Simferopol Europe/Riga Europe/Tallinn Europe/Vilnius Europe/Chisinau Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk Asia/Tomsk " +
			"Asia/Barnaul Asia/Krasnoyarsk Asia/Irkutsk Asia/Chita Asia/Yakutsk Asia/Vladivostok Asia/Tbilisi Asia/Yerevan Asia/Baku Asia/Tashkent " +
			"Asia/Samarkand Asia/Almaty",
		Date{1918, time.February, 14},
	},
	{"America/Sitka America/Juneau America/Anchorage America/Nome", Date{1867, time.October, 18}},
	{"Europe/Sofia", Date{1916, time.April, 14}},
	{"Europe/Belgrade Europe/Skopje Europe/Podgorica", Date{1919, time.January, 28}},
	{"Europe/Bucharest", Date{1919, time.April, 14}},
	{"Europe/Athens", Date{1923, time.March, 1}},
}

// JulianUntil returns the first day on which a zone's country wrote Gregorian dates, if that was after 1800.
func JulianUntil(zone string) (first Date, ok bool) {
	for _, c := range julianUntil {
		if names(c.zones, zone) {
			return c.date, true
		}
	}

	return Date{}, false
}
