package model

import (
	"sidereal/chart"
	"sidereal/fault"
)

// AspectPattern is the view of a pattern.
type AspectPattern struct {
	chart.Pattern

	in *patterned
}

// patterned is what the patterns of a chart were found in.
type patterned struct {
	chart   *chart.Chart
	aspects []chart.Aspect
	orbs    chart.Orbs
	zodiac  chart.Zodiac
}

// Patterns returns the patterns by the standard orbs.
func (c *Chart) Patterns(zodiac chart.Zodiac, system chart.HouseSystem, includeParts bool) []AspectPattern {
	in := &patterned{chart: c.Chart, orbs: chart.StandardOrbs(), zodiac: zodiac}
	in.aspects = c.Stored.Aspects(in.orbs)
	found := c.PatternsOf(in.aspects, zodiac, system)
	patterns := make([]AspectPattern, 0, len(found))

	for i := range found {
		if includeParts || !found[i].PartOfLarger {
			patterns = append(patterns, AspectPattern{Pattern: found[i], in: in})
		}
	}

	return patterns
}

// Focal returns the body that the figure points at, nil without one.
func (p *AspectPattern) Focal() *chart.Body { return known(p.Pattern.Focal, p.HasFocal) }

// Element returns the common element, nil when there is none.
func (p *AspectPattern) Element() *chart.Element {
	return known(p.Pattern.Element, p.Pattern.Element != chart.MixedElement)
}

// Modality returns the common modality, nil when there is none.
func (p *AspectPattern) Modality() *chart.Modality {
	return known(p.Pattern.Modality, p.Pattern.Modality != chart.MixedModality)
}

// Sign returns the sign of a sign stellium.
func (p *AspectPattern) Sign() *chart.Sign {
	return known(p.Pattern.Sign, p.Kind == chart.SignStellium)
}

// House returns the house of a house stellium.
func (p *AspectPattern) House() *int { return given(p.Pattern.House) }

// Certain says whether the pattern holds all day.
func (p *AspectPattern) Certain() (bool, error) {
	return p.in.chart.PatternCertain(&p.Pattern, p.in.aspects, &p.in.orbs, p.in.zodiac)
}

// MutualReceptions returns the mutual receptions.
func (c *Chart) MutualReceptions(zodiac chart.Zodiac) []chart.Reception { return c.Receptions(zodiac) }

// Sect returns the sect, nil when the time is unknown.
func (c *Chart) Sect() *chart.Sect { return known(c.Stored.Sect()) }

// SunAltitude returns the Sun's altitude, nil when the time is unknown.
func (c *Chart) SunAltitude() *float64 {
	if !c.Chart.Birth.TimeKnown {
		return nil
	}

	altitude := c.Stored.SunAltitude()

	return &altitude
}

// BodyStations is the view of a body's stations.
type BodyStations struct{ chart.Stations }

// Previous returns the last station, nil beyond the ephemeris.
func (s *BodyStations) Previous() *chart.Station {
	return known(s.Stations.Previous, s.Stations.Previous.Known())
}

// Next returns the next station, nil beyond the ephemeris.
func (s *BodyStations) Next() *chart.Station {
	return known(s.Stations.Next, s.Stations.Next.Known())
}

// Stations returns the stations of the bodies that are asked for, of all that have some when none are.
func (c *Chart) Stations(bodies []chart.Body) ([]BodyStations, error) {
	if bodies == nil {
		all := c.Stored.Stations()
		views := make([]BodyStations, len(all))

		for i := range all {
			views[i] = BodyStations{all[i]}
		}

		return views, nil
	}

	if err := chart.CheckPoints(bodies, "bodies"); err != nil {
		return nil, err
	}

	views := make([]BodyStations, len(bodies))

	for i, body := range bodies {
		stations, ok := c.StationsOf(body)
		if !ok {
			return nil, fault.Invalid(at("bodies", i), "Mercury to Pluto, Chiron and the asteroids have stations; %s has none", body)
		}

		views[i] = BodyStations{stations}
	}

	return views, nil
}
