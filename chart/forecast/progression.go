package forecast

import (
	"cmp"
	"slices"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/fault"
)

// AngleMethod says how the angles of a progressed chart move. In all of them the Midheaven is moved and the Ascendant follows from it at the
// latitude of birth.
type AngleMethod uint8

// The methods.
const (
	// SolarArc adds to the Midheaven's longitude the arc that the progressed Sun has covered since birth. It is the default of most programs.
	SolarArc AngleMethod = iota
	// Naibod adds to the right ascension of the meridian the Sun's mean motion of a day, 59′08.33″, for each year (Valentin Naibod, 1560).
	Naibod
	AngleMethodCount = iota
)

var angleMethodNames = [AngleMethodCount]string{"solar arc in longitude", "Naibod in right ascension"}

// String returns the method's name.
func (m AngleMethod) String() string { return angleMethodNames[m] }

// naibodRate is the Sun's mean motion in right ascension in a day, degrees.
const naibodRate = (59 + 8.33/60) / 60

// ProgressionOptions choose how a chart is progressed.
type ProgressionOptions struct {
	Angles AngleMethod
	// Zodiac is what all longitudes are counted in, each from the ayanamsa of its own time.
	Zodiac chart.Zodiac
	// Houses is the system of the progressed cusps.
	Houses chart.HouseSystem
	// Orbs are the limits of aspects to the chart of birth; DefaultOrbs when nil.
	Orbs *chart.Orbs
}

// DefaultOrbs returns the usual limits of progressions: 1 degree for all kinds.
func DefaultOrbs() chart.Orbs { return chart.UniformOrbs(1) }

// Progression is a chart progressed by a day for a year.
type Progression struct {
	At    time.Time // the time of life that it stands for
	Years float64   // tropical years since birth
	// Instant is where the sky was looked at: as many days after birth as years have passed. UTC to the millisecond.
	Instant time.Time
	// Positions are those of the bodies at Instant. The Part of Fortune is left out. Speed is degrees a day of the ephemeris, that is a year of life.
	Positions []Position
	// Ascendant, Midheaven and Cusps are nil when the time of birth is unknown.
	Ascendant, Midheaven *chart.Degree
	Houses               *chart.Houses
	// Aspects are those of the progressed bodies and angles to the points of the chart of birth, strongest first.
	Aspects []Aspect
	// Uncertainty is how far At may be off, because the time of birth is unknown: half a day of the ephemeris is half a year of life.
	Uncertainty time.Duration
}

// Position is where a progressed body stands.
type Position struct {
	chart.Degree

	Body            chart.Body
	Speed           float64
	Latitude        float64
	Declination     float64
	House           int // among the houses of birth by the chosen system; 0 when the time of birth is unknown
	ProgressedHouse int // among the progressed houses; likewise
}

// Retrograde says whether the body moves backwards.
func (p *Position) Retrograde() bool { return p.Speed < 0 }

// Aspect is an aspect of a progressed point to a point of the chart of birth.
type Aspect struct {
	Progressed, Natal chart.Point
	Kind              chart.AspectKind
	Orb               float64 // degrees from exact
	Strength          float64 // weight / (1 + orb)
	Applying          bool    // the orb is shrinking
}

// Progress returns the secondary progression of a chart for an instant of life, a day of the ephemeris after birth standing for a tropical year of
// 365.24219 days (Placidus' measure; before birth the days count backwards). An instant whose progressed day lies outside the ephemeris is a
// VALIDATION_FAILED fault of the field "at".
func Progress(caster *chart.Caster, natal *chart.Chart, at time.Time, o ProgressionOptions) (*Progression, error) {
	if o.Orbs == nil {
		orbs := DefaultOrbs()
		o.Orbs = &orbs
	}

	if o.Angles >= AngleMethodCount {
		return nil, fault.Invalid("angles", "there is no such method")
	}

	years := (ephemeris.JulianDay(at) - natal.JulianDay()) / TropicalYear
	p := &Progression{At: at.UTC(), Years: years, Instant: ephemeris.Time(natal.JulianDay() + years)}

	if _, err := caster.SkyAt(p.Instant, "at"); err != nil {
		return nil, err
	}

	sky, err := caster.Cast(chart.Birth{
		Instant: p.Instant, TimeKnown: true, Zone: natal.Birth.Zone, UTCOffset: natal.Birth.UTCOffset,
		Latitude: natal.Birth.Latitude, Longitude: natal.Birth.Longitude,
	})
	if err != nil {
		return nil, err
	}

	moving := p.observe(sky, o.Zodiac)

	if natal.Birth.TimeKnown {
		moving = append(moving, p.turn(sky, natal, years, &o)...)
		p.house(natal, &o)
	} else {
		p.Uncertainty = time.Duration(TropicalYear / 2 * 24 * float64(time.Hour)).Round(time.Hour)
	}

	p.Aspects = aspects(moving, natal.Placed(chart.MainPoints(), o.Zodiac), o.Orbs)

	return p, nil
}

// observe takes the bodies from the progressed sky, and returns those that make aspects.
func (p *Progression) observe(sky *chart.Chart, zodiac chart.Zodiac) []chart.Placed {
	for _, at := range sky.Positions(zodiac) {
		if at.Body != chart.PartOfFortune {
			p.Positions = append(p.Positions, Position{
				Degree: at.Degree, Body: at.Body, Speed: at.Speed, Latitude: at.Latitude, Declination: at.Declination,
			})
		}
	}

	points := make([]chart.Point, 0, len(chart.MainBodies()))
	for _, b := range chart.MainBodies() {
		points = append(points, chart.Point(b))
	}

	return sky.Placed(points, zodiac)
}

// turn moves the angles and fills in the cusps. It returns the angles as points; their speed is that of a year.
func (p *Progression) turn(sky, natal *chart.Chart, years float64, o *ProgressionOptions) []chart.Placed {
	frame := o.Angles.frame(sky, natal, years, o.Zodiac)
	angles := frame.Angles()
	ascendant, midheaven := o.Zodiac.Degree(angles.Ascendant-frame.Ayanamsa), o.Zodiac.Degree(angles.Midheaven-frame.Ayanamsa)

	p.Ascendant, p.Midheaven = &ascendant, &midheaven
	p.Houses = chart.HousesAt(o.Houses, o.Zodiac, frame)

	const ahead = 1e-3 // years, for the speeds

	later := o.Angles.ahead(frame, sky, ahead).Angles()
	speed := func(now, then float64) float64 { return chart.Difference(then, now) / ahead }

	return []chart.Placed{
		{Point: chart.AscendantPoint, Longitude: ascendant.Longitude, Speed: speed(angles.Ascendant, later.Ascendant)},
		{Point: chart.MidheavenPoint, Longitude: midheaven.Longitude, Speed: speed(angles.Midheaven, later.Midheaven)},
	}
}

// frame returns the frame of the progressed angles: the latitude, the obliquity and the ayanamsa are those of birth, and the Midheaven has moved.
func (m AngleMethod) frame(sky, natal *chart.Chart, years float64, zodiac chart.Zodiac) chart.Frame {
	frame := natal.Frame(zodiac)

	if m == Naibod {
		frame.Meridian = chart.Normalize(frame.Meridian + naibodRate*years)

		return frame
	}

	born, _ := natal.Position(chart.Sun, chart.Tropical)
	now, _ := sky.Position(chart.Sun, chart.Tropical)

	return frame.WithMidheaven(frame.Angles().Midheaven + now.Longitude - born.Longitude)
}

// ahead returns the frame that some small part of a year later follows.
func (m AngleMethod) ahead(frame chart.Frame, sky *chart.Chart, years float64) chart.Frame {
	if m == Naibod {
		frame.Meridian = chart.Normalize(frame.Meridian + naibodRate*years)

		return frame
	}

	sun, _ := sky.Position(chart.Sun, chart.Tropical)

	return frame.WithMidheaven(frame.Angles().Midheaven + sun.Speed*years)
}

// house says in which houses the bodies are.
func (p *Progression) house(natal *chart.Chart, o *ProgressionOptions) {
	houses := natal.Houses(o.Houses, o.Zodiac)

	for i := range p.Positions {
		at := &p.Positions[i]
		at.House, at.ProgressedHouse = houses.House(at.Longitude), p.Houses.House(at.Longitude)
	}
}

// aspects returns the aspects of moving points to standing ones, strongest first.
func aspects(moving, standing []chart.Placed, orbs *chart.Orbs) []Aspect {
	var found []Aspect

	for _, m := range moving {
		for _, s := range standing {
			kind, orb, ok := orbs.Nearest(m, s)
			if !ok {
				continue
			}

			found = append(found, Aspect{
				Progressed: m.Point, Natal: s.Point, Kind: kind, Orb: orb, Strength: kind.Weight() / (1 + orb),
				Applying: kind.Applying(m, s),
			})
		}
	}

	slices.SortStableFunc(found, func(a, b Aspect) int { return cmp.Compare(b.Strength, a.Strength) })

	return found
}
