package explain

import (
	"math"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
)

// Settings are how a chart is cast: what the other site must have taken.
type Settings struct {
	Date                atlas.Date // Gregorian
	Clock               atlas.Clock
	TimeKnown           bool
	Offset              time.Duration // of the clock from UT, east positive
	Latitude, Longitude float64       // degrees

	Zodiac             chart.Zodiac
	HouseSystem        chart.HouseSystem
	OtherNode          bool // the mean node for the true one, and the other way round
	OtherLilith        bool // the osculating Lilith for the mean one, and the other way round
	OtherFortune       bool // the Part of Fortune of the night by day, and the other way round
	TopocentricMoon    bool
	GeocentricLatitude bool // in place of the geographic one

	rule   atlas.Rule
	saving time.Duration
}

// Instant returns when the chart is cast for, in UTC.
func (s Settings) Instant() time.Time { return s.Date.At(s.Clock).Add(-s.Offset) }

// settingsOf returns how a chart was cast.
func settingsOf(c *chart.Chart, r Request) Settings {
	local, resolution := c.Birth.Local(), c.Resolution()

	return Settings{
		Date: atlas.DateOf(local), Clock: atlas.ClockOf(local), TimeKnown: c.Birth.TimeKnown, Offset: c.Birth.UTCOffset,
		Latitude: c.Birth.Latitude, Longitude: c.Birth.Longitude,
		Zodiac: r.Zodiac, HouseSystem: r.HouseSystem,
		rule: resolution.Rule, saving: resolution.Saving,
	}
}

// show returns what a chart with these settings shows for a figure's point: a longitude of the zodiac in degrees, NaN where there is no such point.
func (s Settings) show(c *chart.Chart, f Figure) float64 {
	switch f.Point {
	case Body:
		return s.showBody(c, f.Body)
	case Cusp:
		if houses := c.Houses(s.HouseSystem, s.Zodiac); houses != nil {
			return houses.Cusps[f.House-1].Longitude
		}
	case Ascendant, Midheaven, Vertex:
		if angles := c.Angles(s.Zodiac); angles != nil {
			return [...]float64{Ascendant: angles.Ascendant.Longitude, Midheaven: angles.Midheaven.Longitude, Vertex: angles.Vertex.Longitude}[f.Point]
		}
	}

	return math.NaN()
}

func (s Settings) showBody(c *chart.Chart, body chart.Body) float64 {
	if s.TopocentricMoon && body == chart.Moon {
		longitude, _ := c.Topocentric(body)

		return chart.Normalize(longitude - c.Ayanamsa(s.Zodiac))
	}

	shown, turned := body, 0.0

	switch {
	case s.OtherNode && body == chart.TrueNode:
		shown = chart.MeanNode
	case s.OtherNode && body == chart.MeanNode:
		shown = chart.TrueNode
	case s.OtherNode && body == chart.SouthNode:
		shown, turned = chart.MeanNode, 180
	case s.OtherLilith && body == chart.MeanLilith:
		shown = chart.OsculatingLilith
	case s.OtherLilith && body == chart.OsculatingLilith:
		shown = chart.MeanLilith
	}

	p, ok := c.Position(shown, s.Zodiac)
	if !ok {
		return math.NaN()
	}

	if s.OtherFortune && body == chart.PartOfFortune { // as far from the Ascendant on its other side
		return chart.Normalize(2*c.Angles(s.Zodiac).Ascendant.Longitude - p.Longitude)
	}

	return chart.Normalize(p.Longitude + turned)
}
