// Package model holds what the API shows: views of the domain's types with the fields that only GraphQL has. They are plain values and methods
// without a context, which the executor runs inline.
package model

import (
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/fault"
	"sidereal/graph/relay"
)

// ChartType is the name of the type Chart in global ids.
const ChartType = "Chart"

// Chart is the view of a stored chart.
type Chart struct {
	chart.Stored

	// Name is the person's, where the call that the chart answers gave it; it is stored nowhere.
	Name string
}

// ID returns the global id.
func (c *Chart) ID() string { return relay.GlobalID(ChartType, string(c.Hash)) }

// Birth returns the birth data.
func (c *Chart) Birth() BirthData {
	b := c.Chart.Birth
	local := b.Local()

	data := BirthData{
		Date:             atlas.DateOf(local),
		TimeKnown:        b.TimeKnown,
		Instant:          b.Instant,
		TimeZone:         b.Zone,
		UtcOffsetSeconds: int(b.UTCOffset / time.Second),
		Latitude:         b.Latitude,
		Longitude:        b.Longitude,
		JulianDayUt:      c.JulianDay(),
		chart:            c.Chart,
	}

	if b.TimeKnown {
		clock := atlas.ClockOf(local)
		data.Time = &clock
	}

	if b.PlaceName != "" {
		data.PlaceName = &b.PlaceName
	}

	return data
}

// Positions returns the positions of the bodies that are asked for, of all when none are.
func (c *Chart) Positions(zodiac chart.Zodiac, bodies []chart.Body) ([]Position, error) {
	if bodies == nil {
		all := c.Stored.Positions(zodiac)
		positions := make([]Position, len(all))

		for i := range all {
			positions[i] = Position{all[i]}
		}

		return positions, nil
	}

	if len(bodies) > chart.BodyCount {
		return nil, fault.Invalid("bodies", "there are %d bodies; %d were asked for", chart.BodyCount, len(bodies))
	}

	positions := make([]Position, 0, len(bodies))

	for _, body := range bodies {
		if p, ok := c.Position(body, zodiac); ok {
			positions = append(positions, Position{p})
		}
	}

	return positions, nil
}

// Houses returns the houses, nil when the time of birth is unknown.
func (c *Chart) Houses(system chart.HouseSystem, zodiac chart.Zodiac) *Houses {
	return housesOf(c.Stored.Houses(system, zodiac), zodiac, func(b chart.Body) chart.Degree {
		p, _ := c.Position(b, zodiac) // rulers are bodies of every chart

		return p.Degree
	})
}

// within puts the field of a fault below parent.
func within(parent string, err error) error {
	if f, ok := fault.As(err); ok {
		return f.Within(parent)
	}

	return err
}

// BirthData is the view of a birth.
type BirthData struct {
	Date                atlas.Date
	Time                *atlas.Clock
	TimeKnown           bool
	Instant             time.Time
	TimeZone            string
	UtcOffsetSeconds    int
	Latitude, Longitude float64
	PlaceName           *string
	JulianDayUt         float64

	chart *chart.Chart
}

// Position is the view of a body's position.
type Position struct{ chart.Position }

// DistanceAu returns the distance, nil for points that have none.
func (p *Position) DistanceAu() *float64 {
	if p.Distance == 0 {
		return nil
	}

	return &p.Distance
}

// LongitudeRange returns the longitudes that the day allows, nil when the time is known.
func (p *Position) LongitudeRange() *chart.Range { return p.Range }

// House returns the house, nil when the time of birth is unknown.
func (p *Position) House(system chart.HouseSystem) *int {
	house := p.Position.House(system)
	if house == 0 {
		return nil
	}

	return &house
}

// Houses is the view of the houses of a chart, a progression or a composite.
type Houses struct {
	*chart.Houses

	zodiac chart.Zodiac
	at     func(chart.Body) chart.Degree // where the bodies are, in that zodiac
}

// housesOf returns the view of houses, nil for none.
func housesOf(h *chart.Houses, zodiac chart.Zodiac, at func(chart.Body) chart.Degree) *Houses {
	if h == nil {
		return nil
	}

	return &Houses{Houses: h, zodiac: zodiac, at: at}
}

// FallbackReason returns why another system took the place of the one asked for, nil when none did.
func (h *Houses) FallbackReason() *string {
	if !h.FellBack() {
		return nil
	}

	return &h.Houses.FallbackReason
}

// Cusps returns the twelve cusps with their houses.
func (h *Houses) Cusps() []HouseCusp {
	cusps := make([]HouseCusp, len(h.Houses.Cusps))
	for i, degree := range h.Houses.Cusps {
		cusps[i] = HouseCusp{Degree: degree, House: i + 1}
	}

	return cusps
}

// Rulers returns who rules the houses.
func (h *Houses) Rulers() []chart.HouseRuler { return h.Houses.Rulers(h.at) }

// Signs returns the signs that the houses reach over.
func (h *Houses) Signs() []chart.HouseSigns { return h.Houses.Signs(h.zodiac) }

// HouseCusp is the view of a cusp.
type HouseCusp struct {
	chart.Degree

	House int
}

// Ruler returns the ruler of the sign on the cusp.
func (c *HouseCusp) Ruler() chart.Body { return c.Sign.Ruler() }
