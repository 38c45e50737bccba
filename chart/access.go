package chart

import (
	"fmt"
	"strings"
	"time"

	"sidereal/atlas"
	"sidereal/ephemeris"
	"sidereal/fault"
)

// MainBodies returns the bodies that aspects and patterns are taken from, in their order.
func MainBodies() []Body { return append([]Body(nil), mainBodies[:]...) }

// Luminary says whether the body is the Sun or the Moon, whose aspects have the wider orbs.
func (b Body) Luminary() bool { return b.luminary() }

// Observed returns the ephemeris' name of a body; false for bodies that follow from others: the South Node and the Part of Fortune.
func (b Body) Observed() (ephemeris.Body, bool) {
	for _, o := range observed {
		if o.body == b {
			return o.source, true
		}
	}

	return 0, false
}

// Weight returns how much an exact aspect of the kind counts; strength is weight / (1 + orb).
func (k AspectKind) Weight() float64 { return aspectKinds[k].weight }

// AyanamsaAt returns the distance from the tropical start of a zodiac to its own under a sky, in degrees, and its growth in degrees a day; 0 for
// the tropical zodiac.
func (z Zodiac) AyanamsaAt(sky *ephemeris.Sky) (degrees, rate float64) {
	if z == Tropical {
		return 0, 0
	}

	return sky.Ayanamsa(ayanamsas[z]), sky.AyanamsaRate(ayanamsas[z])
}

// SignStarts returns the longitudes at which the signs of the zodiac begin, in degrees from its start, ascending.
func (z Zodiac) SignStarts() []float64 {
	if z == TrueSidereal {
		return append([]float64(nil), constellations[:SignCount]...)
	}

	starts := make([]float64, len(equalSigns))
	for i := range starts {
		starts[i] = equalSign * float64(i)
	}

	return starts
}

// Sky returns the sky that the chart was cast for.
func (c *Chart) Sky() ephemeris.Sky { return c.sky }

// Ephemeris returns the ephemeris that the caster casts by.
func (c *Caster) Ephemeris() *ephemeris.Ephemeris { return c.ephemeris }

// Place is where a chart is cast for: degrees, north and east positive, the IANA name of the time zone, and a name for display.
type Place struct {
	Latitude, Longitude float64
	Zone, Name          string
}

// Place returns where the birth took place.
func (b Birth) Place() Place {
	return Place{Latitude: b.Latitude, Longitude: b.Longitude, Zone: b.Zone, Name: b.PlaceName}
}

// BirthAt returns the birth of a chart for an instant, rounded to the second, and a place. A bad place is a VALIDATION_FAILED fault of the field
// "latitude", "longitude", "timeZone" or "name".
func (c *Caster) BirthAt(instant time.Time, place Place) (Birth, error) {
	instant = instant.UTC().Round(time.Second)

	in := Input{
		Date: atlas.Date{Year: FirstYear, Month: time.January, Day: 1}, // any that is sound; the instant is known already
		Zone: place.Zone, Latitude: place.Latitude, Longitude: place.Longitude, PlaceName: place.Name,
	}
	if err := in.check(); err != nil {
		return Birth{}, ofPlace(err)
	}

	loc, err := in.location(c.zones)
	if err != nil {
		return Birth{}, ofPlace(err)
	}

	birth := Birth{
		Instant: instant, TimeKnown: true, Zone: place.Zone, PlaceName: place.Name,
		Latitude: RoundCoordinate(place.Latitude), Longitude: RoundCoordinate(place.Longitude),
	}

	name, east := instant.In(loc).Zone()
	birth.UTCOffset = time.Duration(east) * time.Second

	if name == atlas.LocalMeanTime { // every place had its own
		birth.UTCOffset = time.Duration(birth.Longitude * 240 * float64(time.Second)).Round(time.Second)
	}

	return birth, nil
}

// ofPlace names the field of a fault as seen from the coordinates.
func ofPlace(err error) error {
	if invalid, ok := fault.As(err); ok {
		invalid.Field = strings.TrimPrefix(invalid.Field, inCoordinates)
	}

	return err
}

// SkyAt returns the sky at an instant. Outside the ephemeris' range the answer is a VALIDATION_FAILED fault of the given field that says the range.
func (c *Caster) SkyAt(at time.Time, field string) (ephemeris.Sky, error) {
	sky, err := c.sky(at)
	if invalid, ok := fault.As(err); ok {
		invalid.Field = field

		return sky, invalid
	}

	if err != nil {
		return sky, fmt.Errorf("chart: sky: %w", err)
	}

	return sky, nil
}
