package transit

import (
	"context"
	"math"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
)

// Eclipse is the kind of eclipse that a lunation brings, somewhere on the Earth.
type Eclipse uint8

// The kinds of eclipses.
const (
	NoEclipse Eclipse = iota
	SolarEclipse
	PenumbralLunarEclipse // the Moon passes the half-shadow only
	PartialLunarEclipse
	TotalLunarEclipse
	EclipseCount = iota
)

var eclipseNames = [EclipseCount]string{
	"no eclipse", "solar eclipse", "penumbral lunar eclipse", "partial lunar eclipse", "total lunar eclipse",
}

// String returns the eclipse's English name.
func (e Eclipse) String() string { return eclipseNames[e] }

// lunations adds the new and full Moons. They do not depend on the zodiac, but their places do.
func (s *search) lunations(ctx context.Context) error {
	elongation := motion.Minus(motion.Of(ephemeris.Moon), motion.Of(ephemeris.Sun))

	track, err := motion.Follow(ctx, s.caster.Ephemeris(), elongation, s.from, s.to, motion.Step(ephemeris.Moon))
	if err != nil {
		return outside(err, "to")
	}

	for c := range track.Crossings([]float64{0, 180}) {
		sky, err := s.caster.Ephemeris().Sky(c.JulianDay)
		if err != nil {
			return err
		}

		sun, moon := sky.Position(ephemeris.Sun), sky.Position(ephemeris.Moon)
		ayanamsa, _ := s.options.Zodiac.AyanamsaAt(&sky)
		phase := [...]chart.Phase{chart.NewMoon, chart.FullMoon}[c.Mark]

		if err := s.add(Event{
			Kind: Lunation, At: ephemeris.Time(c.JulianDay), Body: chart.Moon, Place: s.options.Zodiac.Degree(moon.Longitude - ayanamsa),
			Phase: phase, Eclipse: eclipseAt(phase, &sun, &moon),
		}); err != nil {
			return err
		}
	}

	return nil
}

// eclipseAt says which eclipse a lunation brings, from how near the Moon comes to the Sun's direction or to the shadow, as seen from the Earth's
// centre (Explanatory Supplement to the Astronomical Almanac, 3rd ed., ch. 11: the radii of the shadows at the Moon with 1.01 for the Earth's
// atmosphere and figure, by Danjon). Cases within some arc seconds of a limit can be told wrongly.
func eclipseAt(phase chart.Phase, sun, moon *ephemeris.Position) Eclipse {
	const (
		kilometres  = 149597870.7 // of an astronomical unit
		earthRadius = 6378.137 / kilometres
		sunRadius   = 695700.0 / kilometres
		moonRadius  = 1737.4 / kilometres
		enlarged    = 1.01
		degree      = 180 / math.Pi
	)

	// On the straight way past the Sun or the shadow the Moon comes nearest beside the instant of the lunation.
	forward, up := moon.LongitudeSpeed-sun.LongitudeSpeed, moon.LatitudeSpeed
	height := moon.Latitude - sun.Latitude

	if phase == chart.FullMoon {
		height = moon.Latitude + sun.Latitude
	}

	miss := math.Abs(height) * forward / math.Hypot(forward, up)
	parallax := degree * math.Asin(earthRadius/moon.Distance)
	sunParallax := degree * math.Asin(earthRadius/sun.Distance)
	sunDisc, moonDisc := degree*math.Asin(sunRadius/sun.Distance), degree*math.Asin(moonRadius/moon.Distance)

	if phase == chart.NewMoon {
		if miss < parallax-sunParallax+sunDisc+moonDisc {
			return SolarEclipse
		}

		return NoEclipse
	}

	umbra, penumbra := enlarged*parallax+sunParallax-sunDisc, enlarged*parallax+sunParallax+sunDisc

	switch {
	case miss < umbra-moonDisc:
		return TotalLunarEclipse
	case miss < umbra+moonDisc:
		return PartialLunarEclipse
	case miss < penumbra+moonDisc:
		return PenumbralLunarEclipse
	}

	return NoEclipse
}
