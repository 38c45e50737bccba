package ephemeris

import (
	"math"
	"slices"
)

const (
	radian    = math.Pi / 180 // of a degree
	degree    = 180 / math.Pi // of a radian; multiplied by, since dividing takes longer
	arcsecond = radian / 3600
	fullTurn  = 360.0 // degrees
)

// vector is a place, a velocity or a direction; by its context in AU, AU per day or of no unit.
type vector struct{ x, y, z float64 }

func (a vector) plus(b vector) vector   { return vector{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vector) minus(b vector) vector  { return vector{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vector) times(f float64) vector { return vector{a.x * f, a.y * f, a.z * f} }
func (a vector) dot(b vector) float64   { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vector) norm() float64          { return math.Sqrt(a.x*a.x + a.y*a.y + a.z*a.z) }
func (a vector) cross(b vector) vector {
	return vector{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

// state is a place with its first and second derivative by the day.
type state struct{ place, velocity, acceleration vector }

// matrix is a rotation, by rows.
type matrix struct{ x, y, z vector }

func (m *matrix) turn(v vector) vector { return vector{m.x.dot(v), m.y.dot(v), m.z.dot(v)} }

// polynomial returns c[0] + c[1] t + c[2] t² …
func polynomial(t float64, c []float64) float64 {
	sum := 0.0
	for _, v := range slices.Backward(c) {
		sum = sum*t + v
	}

	return sum
}

// slope returns the derivative of that polynomial.
func slope(t float64, c []float64) float64 {
	sum := 0.0
	for i := len(c) - 1; i > 0; i-- {
		sum = sum*t + float64(i)*c[i]
	}

	return sum
}

// normalize returns an angle in [0, 360).
func normalize(degrees float64) float64 {
	degrees -= fullTurn * math.Floor(degrees/fullTurn)
	if degrees >= fullTurn { // a tiny negative angle rounds up
		return 0
	}

	return degrees
}
