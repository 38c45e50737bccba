package explain

import (
	"fmt"
	"math"
	"time"

	"sidereal/chart"
)

// Kind is something that sites and people do otherwise.
type Kind uint8

// The kinds of causes.
const (
	NoDaylightSaving    Kind = iota // standard time in a summer
	PartOfWarTime                   // one hour of two
	ExtraDaylightSaving             // summer time in a winter
	NeighbourZone                   // an hour to the east or to the west
	UniversalTime                   // the local reading taken for UT
	ZoneSignFlipped                 // east of Greenwich for west
	LocalMeanTime                   // instead of zone time
	ZoneTime                        // instead of local mean time
	CityMeanTime                    // local mean time of the zone's city instead of the birth place's
	PresentOffset                   // the zone's offset of today instead of that of the time
	RoundedOffset                   // to a minute
	HalfDay                         // a.m. for p.m.
	NoonChart                       // an unknown or ignored time
	MidnightChart                   // an unknown or ignored time
	DayMonthSwapped                 //
	OtherCalendar                   // Julian for Gregorian
	DayOff                          // the day before or after
	EastWestFlipped                 //
	NorthSouthFlipped               //
	CoordinatesSwapped              // latitude for longitude
	CoordinatesRounded              //
	MinutesForDecimals              // 40°43′ for 40.43, and the other way round
	NoPlace                         // 0° N 0° E
	GeocentricLatitude              //
	OtherZodiac                     //
	OtherHouseSystem                //
	OtherNode                       //
	OtherLilith                     //
	OtherFortune                    // the Part of Fortune by the other formula
	Topocentric                     // the Moon as seen from the place
	KindCount           = iota
)

var kindNames = [KindCount]string{
	"no daylight saving", "part of war time", "extra daylight saving", "neighbour zone", "universal time", "zone sign flipped", "local mean time", "zone time",
	"city mean time", "present offset", "rounded offset", "half day", "noon chart", "midnight chart", "day and month swapped", "other calendar", "day off",
	"east and west flipped", "north and south flipped", "coordinates swapped", "coordinates rounded", "minutes for decimals", "no place",
	"geocentric latitude", "other zodiac", "other house system", "other node", "other Lilith", "other fortune", "topocentric",
}

// String returns the kind's English name.
func (k Kind) String() string { return kindNames[k] }

// stage is what a cause changes. Causes of one stage exclude each other; of several, the earlier are applied first, since the later follow from them.
type stage uint8

const (
	dateStage stage = iota
	clockStage
	placeStage
	offsetStage
	latitudeStage
	zodiacStage
	houseStage
	nodeStage
	lilithStage
	fortuneStage
	moonStage
	stageCount = iota
)

// cause is a kind of cause with what it does.
type cause struct {
	kind  Kind
	stage stage
	cost  int // the more, the less likely; the scale is a matter of experience
	// apply changes the settings; false when it does not apply to them or changes nothing.
	apply func(*Settings) bool
	// text says what was done, from the settings before and after it.
	text func(before, after Settings) string
}

// allCauses returns the causes in the order of their stages.
func (s *search) allCauses() []cause {
	causes := append(s.dateCauses(), clockCauses()...)
	causes = append(causes, placeCauses()...)
	causes = append(causes, s.offsetCauses()...)

	return append(causes, systemCauses()...)
}

// systemCauses are other conventions of the same sky.
func systemCauses() []cause {
	causes := []cause{{
		GeocentricLatitude, latitudeStage, 4,
		func(s *Settings) bool { s.GeocentricLatitude = true; return math.Abs(s.Latitude) > 0 },
		func(Settings, Settings) string {
			return "The other site took the geocentric latitude, from the Earth's centre, instead of the geographic one."
		},
	}}

	for z := range chart.Zodiac(chart.ZodiacCount) {
		causes = append(causes, cause{
			OtherZodiac, zodiacStage, 1,
			func(s *Settings) bool { differs := s.Zodiac != z; s.Zodiac = z; return differs },
			func(before, after Settings) string {
				return fmt.Sprintf("The other site counts in the %s zodiac instead of the %s one.", after.Zodiac, before.Zodiac)
			},
		})
	}

	for h := range chart.HouseSystem(chart.HouseSystemCount) {
		causes = append(causes, cause{
			OtherHouseSystem, houseStage, 1,
			func(s *Settings) bool { differs := s.HouseSystem != h; s.HouseSystem = h; return differs },
			func(before, after Settings) string {
				return fmt.Sprintf("The other site has %s houses instead of %s houses.", after.HouseSystem, before.HouseSystem)
			},
		})
	}

	return append(
		causes,
		cause{
			OtherNode, nodeStage, 1,
			func(s *Settings) bool { s.OtherNode = true; return true },
			func(Settings, Settings) string {
				return "The other site shows the mean lunar node where the true one is meant, or the other way round."
			},
		},
		cause{
			OtherLilith, lilithStage, 1,
			func(s *Settings) bool { s.OtherLilith = true; return true },
			func(Settings, Settings) string {
				return "The other site shows the osculating Lilith where the mean one is meant, or the other way round."
			},
		},
		cause{
			OtherFortune, fortuneStage, 1,
			func(s *Settings) bool { s.OtherFortune = true; return true },
			func(Settings, Settings) string {
				return "The other site reckons the Part of Fortune by the same formula day and night, or by the one for the other half of the day."
			},
		},
		cause{
			Topocentric, moonStage, 2,
			func(s *Settings) bool { s.TopocentricMoon = true; return true },
			func(Settings, Settings) string {
				return "The other site shows the Moon as seen from the birth place (topocentric, with parallax) instead of from the Earth's centre."
			},
		},
	)
}

// utc writes an offset as UTC-5, UTC+5:30 or UTC+0:19:32.
func utc(east time.Duration) string {
	sign := '+'
	if east < 0 {
		sign, east = '-', -east
	}

	hours, minutes, seconds := int(east.Hours()), int(east.Minutes())%60, int(east.Seconds())%60

	switch {
	case seconds != 0:
		return fmt.Sprintf("UTC%c%d:%02d:%02d", sign, hours, minutes, seconds)
	case minutes != 0:
		return fmt.Sprintf("UTC%c%d:%02d", sign, hours, minutes)
	}

	return fmt.Sprintf("UTC%c%d", sign, hours)
}

// coordinates writes a place as 40.7128° N 74.0060° W.
func coordinates(latitude, longitude float64) string {
	northSouth, eastWest := 'N', 'E'
	if latitude < 0 {
		northSouth = 'S'
	}

	if longitude < 0 {
		eastWest = 'W'
	}

	return fmt.Sprintf("%.4f° %c %.4f° %c", math.Abs(latitude), northSouth, math.Abs(longitude), eastWest)
}
