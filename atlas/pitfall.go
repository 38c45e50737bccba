package atlas

import (
	"strings"
	"time"
)

// Pitfall is a time and a zone in which clocks did not all go as the database says, or in which other programs and books often go wrong.
type Pitfall struct {
	Note  string // a sentence
	Doubt bool   // a birth in the zone may have been timed by another clock
}

// pitfalls are the cases that the database's own commentary (IANA tz, files europe, asia, africa and northamerica) warns of. A zone that ends in "/"
// stands for all zones below; the dates are local, the last exclusive.
var pitfalls = []struct {
	zones       string // separated by blanks
	from, until Date
	note        string
	doubt       bool
}{
	{
		"Europe/Paris",
		Date{1940, time.June, 14},
		Date{1942, time.November, 2},
		"Paris and the occupied north kept German time; the unoccupied south kept other time until May 1941 and in the winter of 1941–42.", true,
	},
	{"Europe/Paris", Date{1942, time.November, 2}, Date{1944, time.August, 25}, "France kept German time during the occupation.", false},
	{
		"Europe/Berlin",
		Date{1945, time.May, 24},
		Date{1945, time.November, 18},
		"Berlin and the Soviet zone of occupation kept Moscow's double summer time (UTC+3) in 1945, the western zones did not.", true,
	},
	{
		"Europe/Madrid",
		Date{1936, time.July, 18},
		Date{1939, time.April, 1},
		"In the civil war the two sides kept different time; the zone database follows Madrid.", true,
	},
	{
		"Europe/Rome",
		Date{1943, time.September, 9},
		Date{1944, time.September, 18},
		"Italy was divided: north and south of the front the clocks were changed on different days.", true,
	},
	{
		"Europe/Amsterdam",
		Date{1892, time.May, 1},
		Date{1937, time.July, 1},
		"Dutch time was 19 minutes 32 seconds ahead of UT; many tables round it to 20 minutes.", false,
	},
	{
		"Europe/Dublin",
		Date{1880, time.August, 2},
		Date{1916, time.October, 1},
		"Dublin Mean Time was 25 minutes 21 seconds behind Greenwich; it ended on 1 October 1916.", false,
	},
	{
		"Europe/London",
		Date{1968, time.October, 27},
		Date{1971, time.October, 31},
		"Britain kept UTC+1 all year as British Standard Time; some programs take the winters for Greenwich Mean Time.", false,
	},
	{
		"Europe/Moscow",
		Date{1917, time.July, 1},
		Date{1922, time.October, 1},
		"Clocks in Russia were changed often from 1917 to 1922, and not everywhere when Moscow's were.", true,
	},
	{
		"Europe/Moscow",
		Date{1930, time.June, 21},
		Date{1991, time.March, 31},
		"Decree time: clocks were an hour ahead of the zone's own time all year.", false,
	},
	{
		"America/New_York America/Chicago America/Denver America/Los_Angeles America/Detroit America/Boise",
		Date{1919, time.October, 26},
		Date{1942, time.February, 9},
		"Until the war daylight saving was a matter of each town; the zone database follows the zone's own city.", true,
	},
	{
		"America/New_York America/Chicago America/Denver America/Los_Angeles America/Detroit America/Boise",
		Date{1945, time.September, 30},
		Date{1967, time.January, 1},
		"Until the Uniform Time Act of 1966 daylight saving was a matter of each town; the zone database follows the zone's own city.", true,
	},
	{
		"America/Indiana/ America/Indianapolis America/Fort_Wayne America/Kentucky/ America/Louisville",
		Date{1942, time.January, 1},
		Date{2006, time.April, 2},
		"Counties chose their zone and their daylight saving for themselves; look the birth place's county up.", true,
	},
	{
		"Asia/Kolkata Asia/Calcutta",
		Date{1854, time.June, 28},
		Date{1906, time.January, 1},
		"Railways kept Madras time while Bombay, Calcutta and many towns kept their own mean time.", true,
	},
	{
		"Asia/Kolkata Asia/Calcutta",
		Date{1906, time.January, 1},
		Date{1955, time.January, 1},
		"Bombay kept its own time (UTC+4:51) until about 1955 and Calcutta (UTC+5:53:20) until 1948, beside Indian Standard Time.", true,
	},
	{
		"Asia/Shanghai",
		Date{1912, time.January, 1},
		Date{1949, time.October, 1},
		"China had five time zones and several governments; the zone database follows Shanghai.", true,
	},
	{
		"Africa/Monrovia",
		Date{1919, time.March, 1},
		Date{1972, time.January, 7},
		"Liberia's time was 44 minutes 30 seconds behind UT until 7 January 1972.", false,
	},
	{
		"America/Sitka America/Juneau America/Anchorage",
		Date{1867, time.October, 16},
		Date{1867, time.October, 21},
		"With the transfer to the United States the date line moved and the calendar changed: Friday 6 October (Julian) was followed by Friday 18 October.", true,
	},
	{
		"Pacific/Apia Pacific/Fakaofo",
		Date{2011, time.December, 28},
		Date{2012, time.January, 2},
		"The date line moved: there was no 30 December 2011.", false,
	},
}

// PitfallsAt returns what is to be known about a zone's clocks on a local (Gregorian) date.
func PitfallsAt(zone string, date Date) []Pitfall {
	var found []Pitfall

	at := date.At(Noon)

	for _, p := range pitfalls {
		if !at.Before(p.from.At(Clock{})) && at.Before(p.until.At(Clock{})) && names(p.zones, zone) {
			found = append(found, Pitfall{Note: p.note, Doubt: p.doubt})
		}
	}

	return found
}

// names says whether a list of zones names one.
func names(list, zone string) bool {
	for name := range strings.FieldsSeq(list) {
		if name == zone || strings.HasSuffix(name, "/") && strings.HasPrefix(zone, name) {
			return true
		}
	}

	return false
}
