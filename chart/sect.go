package chart

// Sect is whether a birth was by day or by night.
type Sect uint8

// The sects.
const (
	Diurnal Sect = iota
	Nocturnal
	SectCount = iota
)

var sectNames = [SectCount]string{"diurnal", "nocturnal"}

// String returns the sect's English name.
func (s Sect) String() string { return sectNames[s] }

// SunAltitude returns the altitude of the centre of the Sun above the true horizon, in degrees, as seen from the Earth's centre: without refraction,
// parallax and the height of the observer. It comes from the Sun's apparent declination and the local apparent sidereal time (Meeus, Astronomical
// Algorithms, 2nd ed., eq. 13.6). It means nothing when the time of birth is unknown.
func (c *Chart) SunAltitude() float64 {
	sun := c.bodies[Sun]
	ra := atan2(sin(sun.Longitude)*cos(c.sky.Obliquity)-tan(sun.Latitude)*sin(c.sky.Obliquity), cos(sun.Longitude))
	declination := c.sky.Declination(sun.Longitude, sun.Latitude)

	return asin(sin(c.Birth.Latitude)*sin(declination) + cos(c.Birth.Latitude)*cos(declination)*cos(c.armc-ra))
}

// DayBirth says whether the centre of the Sun stood above the true horizon; see [Chart.SunAltitude] for the convention. By it a Sun on the Ascendant
// or the Descendant is on the horizon exactly, and the Part of Fortune takes its formula. It means nothing when the time is unknown.
func (c *Chart) DayBirth() bool { return c.SunAltitude() > 0 }

// Sect returns whether the birth was by day or by night; false when the time is unknown.
func (c *Chart) Sect() (Sect, bool) {
	switch {
	case !c.Birth.TimeKnown:
		return Diurnal, false
	case c.DayBirth():
		return Diurnal, true
	}

	return Nocturnal, true
}
