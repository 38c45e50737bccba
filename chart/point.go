package chart

import (
	"math"

	"sidereal/fault"
)

// Point is what an aspect can be made to: a body or an angle of a chart. The points of bodies have the bodies' numbers.
type Point uint8

// The angles as points.
const (
	AscendantPoint Point = BodyCount + iota
	MidheavenPoint
	DescendantPoint
	ImumCoeliPoint
	VertexPoint
	EastPointPoint
	pointEnd
	PointCount = int(pointEnd)
)

// The bodies as points.
const (
	SunPoint              = Point(Sun)
	MoonPoint             = Point(Moon)
	MercuryPoint          = Point(Mercury)
	VenusPoint            = Point(Venus)
	MarsPoint             = Point(Mars)
	JupiterPoint          = Point(Jupiter)
	SaturnPoint           = Point(Saturn)
	UranusPoint           = Point(Uranus)
	NeptunePoint          = Point(Neptune)
	PlutoPoint            = Point(Pluto)
	ChironPoint           = Point(Chiron)
	CeresPoint            = Point(Ceres)
	PallasPoint           = Point(Pallas)
	JunoPoint             = Point(Juno)
	VestaPoint            = Point(Vesta)
	MeanNodePoint         = Point(MeanNode)
	TrueNodePoint         = Point(TrueNode)
	SouthNodePoint        = Point(SouthNode)
	MeanLilithPoint       = Point(MeanLilith)
	OsculatingLilithPoint = Point(OsculatingLilith)
	PartOfFortunePoint    = Point(PartOfFortune)
)

var anglePointNames = [...]string{"Ascendant", "Midheaven", "Descendant", "Imum Coeli", "Vertex", "East Point"}

// Body returns the body that the point is; false when it is an angle.
func (p Point) Body() (Body, bool) { return Body(p), p < BodyCount }

// String returns the point's English name.
func (p Point) String() string {
	if body, ok := p.Body(); ok {
		return body.String()
	}

	return anglePointNames[p-BodyCount]
}

// MainPoints returns the points that transits and synastry are taken to by default: the main bodies, the Ascendant and the Midheaven. The
// Descendant and the Imum Coeli would say the same again.
func MainPoints() []Point {
	points := make([]Point, 0, len(mainBodies)+2)
	for _, b := range mainBodies {
		points = append(points, Point(b))
	}

	return append(points, AscendantPoint, MidheavenPoint)
}

// CheckPoints refuses an empty choice of points, one that is too long, and points that do not exist, with a VALIDATION_FAILED fault of the field.
func CheckPoints[P Body | Point](points []P, field string) error {
	count := int(pointEnd)
	if _, ok := any(points).([]Body); ok {
		count = BodyCount
	}

	if len(points) == 0 || len(points) > count {
		return fault.Invalid(field, "1 to %d points, each once", count)
	}

	var seen [pointEnd]bool

	for _, p := range points {
		if int(p) >= count || seen[p] {
			return fault.Invalid(field, "1 to %d points, each once", count)
		}

		seen[p] = true
	}

	return nil
}

// Placed is a point where it stands, in degrees of some zodiac.
type Placed struct {
	Point     Point
	Longitude float64
	Speed     float64 // degrees a day; of angles, which follow the clock and not the sky, 0
	// Uncertainty is how far the point may lie from there, because the time of birth is unknown, in degrees; 0 when it is known.
	Uncertainty float64
}

// Placed returns those of the points that the chart has, in the given order: without a time of birth there are no angles and no Part of Fortune.
func (c *Chart) Placed(points []Point, zodiac Zodiac) []Placed {
	placed := make([]Placed, 0, len(points))
	angles := c.Angles(zodiac)

	for _, point := range points {
		body, ok := point.Body()

		switch {
		case !ok && angles == nil:
		case !ok:
			placed = append(placed, Placed{Point: point, Longitude: angles.at(point)})
		default:
			if p, ok := c.Position(body, zodiac); ok {
				placed = append(placed, Placed{Point: point, Longitude: p.Longitude, Speed: p.Speed, Uncertainty: p.uncertainty()})
			}
		}
	}

	return placed
}

func (a *AngleSet) at(p Point) float64 {
	return [...]*Degree{&a.Ascendant, &a.Midheaven, &a.Descendant, &a.ImumCoeli, &a.Vertex, &a.EastPoint}[p-BodyCount].Longitude
}

// uncertainty returns how far the ends of the range lie from the position.
func (p *Position) uncertainty() float64 {
	if p.Range == nil {
		return 0
	}

	return max(Separation(p.Range.From, p.Longitude), Separation(p.Range.To, p.Longitude))
}

// UniformOrbs returns limits that are the same for all kinds of aspects, in degrees, up to MaxOrb.
func UniformOrbs(degrees float64) Orbs {
	o, limit := StandardOrbs(), OrbLimit{Planets: degrees, Luminaries: degrees}
	for kind := range AspectKind(AspectKindCount) {
		_ = o.Set(kind, limit) // a limit beyond the range changes nothing
	}

	return o
}

// Nearest returns the kind of aspect between two points whose limit holds and whose exact angle is nearest, and how far from exact it is, in
// degrees; false when there is none.
func (o *Orbs) Nearest(first, second Placed) (kind AspectKind, orb float64, ok bool) {
	// Ordered, so that the last bit does not depend on which is the first.
	separation := Separation(max(first.Longitude, second.Longitude), min(first.Longitude, second.Longitude))
	orb = math.Inf(1)

	for k := range AspectKind(AspectKindCount) {
		off := math.Abs(separation - k.Angle())
		if off < orb && off <= o.Limit(k, first.Point, second.Point) {
			kind, orb, ok = k, off, true
		}
	}

	return kind, orb, ok
}

// Applying says whether the orb of an aspect is shrinking while one point moves and the other stands.
func (k AspectKind) Applying(moving, standing Placed) bool {
	apart := Difference(moving.Longitude, standing.Longitude)

	return (math.Abs(apart)-k.Angle())*moving.Speed*math.Copysign(1, apart) < 0
}
