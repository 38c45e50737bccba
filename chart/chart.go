// Package chart is what a birth chart is: where the bodies stand in which zodiac, the angles, the houses and the aspects. A chart is a pure
// function of its birth.
package chart

import (
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"sidereal/atlas"
	"sidereal/ephemeris"
	"sidereal/fault"
)

// Caster casts charts. It is safe for concurrent use.
type Caster struct {
	ephemeris *ephemeris.Ephemeris
	zones     *atlas.Zones
	engine    string
}

// NewCaster returns a caster over an ephemeris and a time zone database.
func NewCaster(e *ephemeris.Ephemeris, zones *atlas.Zones) *Caster {
	return &Caster{ephemeris: e, zones: zones}
}

// Chart is a cast chart: the sky at the instant of a birth, as seen from its place. It is safe for concurrent use and must not be copied.
type Chart struct {
	Birth Birth
	Hash  Hash

	caster *Caster
	sky    ephemeris.Sky
	armc   float64 // right ascension of the meridian, degrees
	bodies [BodyCount]ephemeris.Position
	angles Angles // zero when the time is unknown

	cusps [HouseSystemCount]atomic.Pointer[Cusps] // tropical, computed when first asked for

	dayStart, dayEnd *[BodyCount]ephemeris.Position // only when the time is unknown

	kept kept

	daySky atomic.Pointer[day] // over the day of an unknown time, computed when first asked for
}

// Cast computes the chart of a birth. Outside the ephemeris' range the answer is a VALIDATION_FAILED fault of the field "date" that says the range.
func (c *Caster) Cast(birth Birth) (*Chart, error) {
	sky, err := c.sky(birth.Instant)
	if err != nil {
		return nil, err
	}

	chart := &Chart{Birth: birth, Hash: birth.Hash(), caster: c, sky: sky, armc: Normalize(sky.SiderealTime + birth.Longitude)}
	observe(&chart.sky, &chart.bodies)

	if birth.TimeKnown {
		chart.angles = AnglesAt(chart.armc, sky.Obliquity, birth.Latitude)
		chart.bodies[PartOfFortune] = chart.partOfFortune()

		return chart, nil
	}

	start, end := c.localDay(birth)

	if chart.dayStart, err = c.bodiesNear(start); err != nil {
		return nil, err
	}

	if chart.dayEnd, err = c.bodiesNear(end); err != nil {
		return nil, err
	}

	return chart, nil
}

func (c *Caster) sky(at time.Time) (ephemeris.Sky, error) {
	sky, err := c.ephemeris.Sky(ephemeris.JulianDay(at))
	if outside, ok := errors.AsType[*ephemeris.RangeError](err); ok {
		return sky, fault.Invalid("date", "%s lies outside the years that the ephemeris covers: %s", at.UTC().Format(time.RFC3339), outside)
	}

	if err != nil {
		return sky, fmt.Errorf("chart: cast: %w", err)
	}

	return sky, nil
}

// bodiesNear returns the bodies at an instant or, where a local day reaches beyond the ephemeris, at its end.
func (c *Caster) bodiesNear(at time.Time) (*[BodyCount]ephemeris.Position, error) {
	within := max(ephemeris.FirstJulianDay, min(ephemeris.JulianDay(at), math.Nextafter(ephemeris.EndJulianDay, 0)))

	sky, err := c.ephemeris.Sky(within)
	if err != nil {
		return nil, fmt.Errorf("chart: cast: %w", err)
	}

	var bodies [BodyCount]ephemeris.Position

	observe(&sky, &bodies)

	return &bodies, nil
}

// observe fills in what the ephemeris knows, and the south node.
func observe(sky *ephemeris.Sky, bodies *[BodyCount]ephemeris.Position) {
	for _, o := range observed {
		bodies[o.body] = sky.Position(o.source)
	}

	north := bodies[TrueNode]
	bodies[SouthNode] = ephemeris.Position{Longitude: Normalize(north.Longitude + 180), LongitudeSpeed: north.LongitudeSpeed}
}

// localDay returns the first and the last instant of the birth's local day, which has 23 or 25 hours when the clocks change.
func (c *Caster) localDay(birth Birth) (start, end time.Time) {
	date := atlas.DateOf(birth.Local())

	loc, err := c.zones.Location(birth.Zone)
	if err != nil { // a zone that a newer database knew: the offset of noon is the best there is
		return birth.Instant.Add(-12 * time.Hour), birth.Instant.Add(12 * time.Hour)
	}

	if start, end = atlas.DayBounds(loc, date, birth.Longitude); start.Before(end) {
		return start, end
	}

	return birth.Instant.Add(-12 * time.Hour), birth.Instant.Add(12 * time.Hour) // a day that was left out, of which a noon was chosen all the same
}

// partOfFortune returns the Ascendant + Moon - Sun of a birth by day, and the Ascendant + Sun - Moon of a birth by night.
func (c *Chart) partOfFortune() ephemeris.Position {
	const (
		step        = 1e-4              // degrees of sidereal time
		turnsPerDay = 1.002737909350795 // of the Earth, in sidereal time (IERS Conventions 2010)
	)

	ahead := ascendantAt(c.armc+step, c.sky.Obliquity, c.Birth.Latitude)
	behind := ascendantAt(c.armc-step, c.sky.Obliquity, c.Birth.Latitude)
	speed := Difference(ahead, behind) / (2 * step) * circle * turnsPerDay

	from, to := c.bodies[Sun], c.bodies[Moon]
	if !c.DayBirth() {
		from, to = to, from
	}

	return ephemeris.Position{
		Longitude:      Normalize(c.angles.Ascendant + to.Longitude - from.Longitude),
		LongitudeSpeed: speed + to.LongitudeSpeed - from.LongitudeSpeed,
	}
}

// JulianDay returns the Julian day of the chart's instant, in UT.
func (c *Chart) JulianDay() float64 { return c.sky.JulianDayUT }

// Ayanamsa returns the distance from the tropical start of a zodiac to its own, in degrees; 0 for the tropical zodiac.
func (c *Chart) Ayanamsa(z Zodiac) float64 {
	if z == Tropical {
		return 0
	}

	return c.sky.Ayanamsa(ayanamsas[z])
}
