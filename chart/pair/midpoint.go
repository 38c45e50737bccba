package pair

import (
	"math"

	"sidereal/chart"
)

// Midpoint returns the middle of the shorter arc between two longitudes, in degrees. Between opposite ones (to 1e-9 degree) there are two; it is the one
// in [0, 180).
func Midpoint(a, b float64) float64 {
	a, b = min(a, b), max(a, b)
	apart := chart.Difference(b, a)
	middle := chart.Normalize(a + apart/2)

	if math.Abs(apart) > 180-1e-9 && middle >= 180 {
		return middle - 180
	}

	return middle
}

// PlaceMethod is a way to find the middle between two places.
type PlaceMethod uint8

// The methods.
const (
	// GreatCircle takes the middle of the shortest way on the globe. Between antipodes, where there is none, the arithmetic mean takes its place.
	GreatCircle PlaceMethod = iota
	// Arithmetic takes the means of the latitudes and of the longitudes, these the shorter way round, across the antimeridian where that is shorter; between
	// opposite meridians the eastern one.
	Arithmetic
	PlaceMethodCount = iota
)

var placeMethodNames = [PlaceMethodCount]string{"great circle", "arithmetic"}

// String returns the method's name.
func (m PlaceMethod) String() string { return placeMethodNames[m] }

// Between returns the middle between two births' places, in degrees.
func (m PlaceMethod) Between(a, b chart.Birth) (latitude, longitude float64) {
	if m == GreatCircle {
		x, y := towards(a), towards(b)
		sum := [3]float64{x[0] + y[0], x[1] + y[1], x[2] + y[2]}
		flat := math.Hypot(sum[0], sum[1])

		if math.Hypot(flat, sum[2]) > 1e-9 {
			return math.Atan2(sum[2], flat) * degree, math.Atan2(sum[1], sum[0]) * degree
		}
	}

	return (a.Latitude + b.Latitude) / 2, chart.Difference(Midpoint(chart.Normalize(a.Longitude), chart.Normalize(b.Longitude)), 0)
}

const degree = 180 / math.Pi

// towards returns the unit vector from the Earth's centre to the place of a birth.
func towards(b chart.Birth) [3]float64 {
	sinLat, cosLat := math.Sincos(b.Latitude / degree)
	sinLon, cosLon := math.Sincos(b.Longitude / degree)

	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}
