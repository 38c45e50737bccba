package explain

import (
	"fmt"
	"math"
	"strconv"

	"sidereal/chart"
	"sidereal/fault"
)

// PointKind is what a figure is about.
type PointKind uint8

// The kinds of points.
const (
	Body PointKind = iota
	Ascendant
	Midheaven
	Vertex
	Cusp
	PointKindCount = iota
)

// MaxFigures is how many figures a request may have.
const MaxFigures = 50

// Figure is a place that another site shows.
type Figure struct {
	Point PointKind
	Body  chart.Body // of a Body
	House int        // of a Cusp, 1 to 12

	Sign    *chart.Sign // nil when Degrees is a longitude from the start of the zodiac
	Degrees float64     // in the sign, or in the zodiac

	// Precision is what the figure was rounded to, in arc minutes: 1 for degrees and minutes, 60 for whole degrees. 0 stands for 1.
	Precision float64
}

// String names the figure's point: "Moon", "Ascendant", "cusp 11".
func (f Figure) String() string {
	switch f.Point {
	case Ascendant:
		return "Ascendant"
	case Midheaven:
		return "Midheaven"
	case Vertex:
		return "Vertex"
	case Cusp:
		return fmt.Sprintf("cusp %d", f.House)
	case Body:
	}

	return f.Body.String()
}

// Difference is how far a chart is from a figure.
type Difference struct {
	Figure  Figure
	Minutes float64 // arc minutes, positive where the figure is further along; NaN where the chart has no such point
}

// slack is how far programs differ by themselves, in arc minutes: by their delta T and their ephemeris.
const slack = 0.25

// precision returns what the figure was rounded to, in arc minutes.
func (f Figure) precision() float64 {
	if f.Precision == 0 {
		return 1
	}

	return f.Precision
}

// fits says whether a difference in arc minutes is within what rounding does to the figure, or cutting off, which makes it smaller only.
func (f Figure) fits(minutes float64) bool {
	return minutes >= -f.precision()-slack && minutes <= f.precision()/2+slack
}

// isNear says whether it is within what rounding does.
func (f Figure) isNear(minutes float64) bool { return math.Abs(minutes) <= f.precision()/2+slack }

// isAngular says whether the point turns with the Earth, and so depends on the place.
func (f Figure) isAngular() bool { return f.Point != Body || f.Body == chart.PartOfFortune }

func check(figures []Figure) error {
	if len(figures) == 0 || len(figures) > MaxFigures {
		return fault.Invalid("figures", "1 to %d figures of the other site are needed, not %d", MaxFigures, len(figures))
	}

	for i, f := range figures {
		if err := f.check(); err != nil {
			return err.Within("figures." + strconv.Itoa(i))
		}
	}

	return nil
}

// Check refuses a figure that nothing can show with a VALIDATION_FAILED fault of the field "point", "house", "sign", "degrees" or "precision".
func (f Figure) Check() error {
	if err := f.check(); err != nil { // not the typed nil
		return err
	}

	return nil
}

func (f Figure) check() *fault.Error {
	const widest = 50.0 // degrees; Virgo, in the thirteen-sign zodiac

	most := 360.0
	if f.Sign != nil {
		most = widest
	}

	switch {
	case f.Point >= PointKindCount || f.Body >= chart.BodyCount:
		return fault.Invalid("point", "there is no such point")
	case f.Point == Cusp && (f.House < 1 || f.House > 12):
		return fault.Invalid("house", "houses are 1 to 12, not %d", f.House)
	case f.Sign != nil && *f.Sign >= chart.SignCount:
		return fault.Invalid("sign", "there is no such sign")
	case !(f.Degrees >= 0 && f.Degrees < most):
		return fault.Invalid("degrees", "degrees are 0 to %g, not %g", most, f.Degrees)
	case !(f.Precision >= 0 && f.Precision <= 60*30):
		return fault.Invalid("precision", "a precision is up to a sign, 1800 arc minutes, not %g", f.Precision)
	}

	return nil
}

// longitude returns the figure as a longitude of a zodiac, in degrees; false when the zodiac has no such sign.
func (e *Explainer) longitude(f Figure, z chart.Zodiac) (float64, bool) {
	if f.Sign == nil {
		return f.Degrees, true
	}

	start := e.starts[z][*f.Sign]

	return start + f.Degrees, start >= 0
}

// signStarts finds where the signs of every zodiac begin; none is narrower than a degree.
func signStarts() (starts [chart.ZodiacCount][chart.SignCount]float64) {
	for z := range starts {
		for sign := range starts[z] {
			starts[z][sign] = -1
		}

		for longitude := range 360 {
			d := chart.Zodiac(z).Degree(float64(longitude))
			starts[z][d.Sign] = d.Longitude - d.DegreeInSign
		}
	}

	return starts
}
