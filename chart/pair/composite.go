package pair

import (
	"cmp"
	"slices"

	"sidereal/chart"
	"sidereal/fault"
)

// HouseMethod is a way to give a composite chart its houses.
type HouseMethod uint8

// The methods.
const (
	// CuspMidpoints takes the midpoints of the Midheavens, by the shorter arc, and of each pair of cusps: of the two midpoints of a pair that one which
	// keeps the houses in their order. Whole-sign houses are the signs from the composite Ascendant's.
	CuspMidpoints HouseMethod = iota
	// MidheavenDerived takes the midpoint of the Midheavens and the Ascendant and cusps that go with it at a latitude of reference.
	MidheavenDerived
	HouseMethodCount = iota
)

var houseMethodNames = [HouseMethodCount]string{"cusp midpoints", "derived from the Midheaven"}

// String returns the method's name.
func (m HouseMethod) String() string { return houseMethodNames[m] }

// CompositeOptions choose how a composite chart is made.
type CompositeOptions struct {
	Method HouseMethod
	// Latitude is that of reference for MidheavenDerived, in degrees; the mean of the latitudes of birth when nil.
	Latitude *float64
	// InnerByTheSun turns Mercury and Venus to their other midpoint where that is nearer to the composite Sun. As a rule composite charts leave them where
	// the shorter arc has them, even in opposition to the Sun, where no sky could.
	InnerByTheSun bool
	// Orbs are the limits of the aspects; chart.StandardOrbs when nil.
	Orbs *chart.Orbs
	// Zodiac is what all longitudes are counted in, each from the ayanamsa of its own time.
	Zodiac chart.Zodiac
	// Houses is the system of the cusps.
	Houses chart.HouseSystem
}

// Composite is the chart of the midpoints of two charts. Nothing in it has a speed, and so no aspect is applying.
type Composite struct {
	Positions []CompositePosition // in the order of the bodies; the Part of Fortune is left out
	// Ascendant, Midheaven and Houses are nil when one of the times of birth is unknown.
	Ascendant, Midheaven *chart.Degree
	Houses               *chart.Houses
	Aspects              []Aspect // between the main bodies, strongest first
	// Notes say in sentences what was done beyond taking midpoints.
	Notes []string
}

// CompositePosition is the midpoint of a body.
type CompositePosition struct {
	chart.Degree

	Body  chart.Body
	House int // 1 to 12; 0 without houses
	// FarFromSun says that Mercury or Venus is farther from the Sun than the sky can show, Turned that it was therefore turned to its other midpoint.
	FarFromSun, Turned bool
	Uncertainty        float64 // how far the midpoint may be off for want of a time of birth, degrees
}

// Combine returns the composite chart. A latitude of reference beyond the poles is a VALIDATION_FAILED fault of the field "latitude", a method that does
// not exist one of "method".
func Combine(a, b *chart.Chart, o CompositeOptions) (*Composite, error) {
	if o.Orbs == nil {
		orbs := chart.StandardOrbs()
		o.Orbs = &orbs
	}

	if o.Method >= HouseMethodCount {
		return nil, fault.Invalid("method", "there is no such method")
	}

	if o.Latitude != nil && !(*o.Latitude >= -90 && *o.Latitude <= 90) {
		return nil, fault.Invalid("latitude", "a latitude is -90 to 90 degrees, not %g", *o.Latitude)
	}

	c := &Composite{}
	c.place(a, b, &o)

	if a.Birth.TimeKnown && b.Birth.TimeKnown {
		c.house(a, b, &o)
	} else {
		c.Notes = append(c.Notes, "A time of birth is unknown: the composite chart has no angles and no houses, and its Moon is uncertain.")
	}

	c.aspect(o.Orbs)

	return c, nil
}

// greatestElongation is how far Mercury and Venus can be from the Sun, in degrees; the largest that occur are 28.3 and 47.8.
var greatestElongation = map[chart.Body]float64{chart.Mercury: 28.5, chart.Venus: 48}

// place takes the midpoints of the bodies.
func (c *Composite) place(a, b *chart.Chart, o *CompositeOptions) {
	var points []chart.Point

	for body := range chart.Body(chart.BodyCount) {
		if body != chart.PartOfFortune && body != chart.SouthNode {
			points = append(points, chart.Point(body))
		}
	}

	second := b.Placed(points, o.Zodiac)

	for i, p := range a.Placed(points, o.Zodiac) {
		body, _ := p.Point.Body()
		at := CompositePosition{Body: body, Uncertainty: (p.Uncertainty + second[i].Uncertainty) / 2}
		at.Degree = o.Zodiac.Degree(Midpoint(p.Longitude, second[i].Longitude))

		if _, inner := greatestElongation[body]; inner {
			c.settle(&at, o)
		}

		c.Positions = append(c.Positions, at)

		if body == chart.TrueNode { // opposite, whatever the midpoints of the South Nodes
			at.Body, at.Degree = chart.SouthNode, o.Zodiac.Degree(at.Longitude+180)
			c.Positions = append(c.Positions, at)
		}
	}
}

// settle looks at how far Mercury or Venus is from the Sun, the first of the positions, and turns it if that is wanted.
func (c *Composite) settle(at *CompositePosition, o *CompositeOptions) {
	limit, sun := greatestElongation[at.Body], c.Positions[0].Longitude

	if o.InnerByTheSun && chart.Separation(at.Longitude, sun) > 90 {
		at.Degree, at.Turned = o.Zodiac.Degree(at.Longitude+180), true
		c.Notes = append(c.Notes, at.Body.String()+" was turned to its other midpoint, which is nearer to the Sun.")
	}

	if at.FarFromSun = chart.Separation(at.Longitude, sun) > limit; at.FarFromSun {
		c.Notes = append(c.Notes, at.Body.String()+" is farther from the Sun than it can be in the sky: the shorter arcs between the two charts' bodies lie on "+
			"different sides.")
	}
}

// aspect takes the aspects between the main bodies.
func (c *Composite) aspect(orbs *chart.Orbs) {
	var main []chart.Placed

	for _, p := range c.Positions {
		if slices.Contains(chart.MainBodies(), p.Body) {
			main = append(main, chart.Placed{Point: chart.Point(p.Body), Longitude: p.Longitude, Uncertainty: p.Uncertainty})
		}
	}

	for i := range main {
		c.Aspects = append(c.Aspects, aspectsBetween(main[i:i+1], main[i+1:], orbs)...)
	}

	slices.SortStableFunc(c.Aspects, func(a, b Aspect) int { return cmp.Compare(b.Strength, a.Strength) })
}
