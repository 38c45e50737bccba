package chart

// What follows takes the caster that cast the chart, so that who has a chart needs nothing else.

// Lunations returns the new and full moons around the chart's instant; see [Caster.Lunations].
func (c *Chart) Lunations() Lunations {
	return *keeping(&c.kept.lunations, func() Lunations { return c.caster.Lunations(c) })
}

// Stations returns the stations of all bodies that have some; see [Caster.Stations].
func (c *Chart) Stations() []Stations {
	return *keeping(&c.kept.stations, func() []Stations { return c.caster.Stations(c) })
}

// StationsOf returns the stations of one body, false when it has none; see [Caster.StationsOf].
func (c *Chart) StationsOf(body Body) (Stations, bool) { return c.caster.StationsOf(c, body) }

// ChineseSolarYear returns the year that turns at Lichun; see [Caster.ChineseSolarYear].
func (c *Chart) ChineseSolarYear() ChineseSolarYear {
	return *keeping(&c.kept.solarYear, func() ChineseSolarYear { return c.caster.ChineseSolarYear(c) })
}

// ChineseLunarYear returns the year that turns at the lunar New Year; see [Caster.ChineseLunarYear].
func (c *Chart) ChineseLunarYear() ChineseLunarYear {
	return *keeping(&c.kept.lunarYear, func() ChineseLunarYear { return c.caster.ChineseLunarYear(c) })
}

// Certainty returns how certain the body's sign and motion are over the local day; see [Chart.Certainty].
func (p *Position) Certainty() (Certainty, error) { return p.chart.Certainty(p.Body, p.zodiac) }

// Stationary says whether the body hardly moves; see [Chart.Stationary].
func (p *Position) Stationary() bool { return p.chart.Stationary(p.Body) }

// Chart returns the chart that the position belongs to.
func (p *Position) Chart() *Chart { return p.chart }
