package chart

import "math"

// Angles are degrees throughout; the functions below spare the formulas the conversions.

func sin(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }
func cos(degrees float64) float64 { return math.Cos(degrees * math.Pi / 180) }
func tan(degrees float64) float64 { return math.Tan(degrees * math.Pi / 180) }

func asin(x float64) float64     { return math.Asin(max(-1, min(1, x))) * 180 / math.Pi }
func acos(x float64) float64     { return math.Acos(max(-1, min(1, x))) * 180 / math.Pi }
func atan(x float64) float64     { return math.Atan(x) * 180 / math.Pi }
func atan2(y, x float64) float64 { return math.Atan2(y, x) * 180 / math.Pi }

// circle is a full turn in degrees.
const circle = 360.0

// Normalize returns the angle in [0, 360) that points the same way.
func Normalize(degrees float64) float64 {
	if degrees >= 0 && degrees < circle {
		return degrees
	}

	degrees = math.Mod(degrees, circle)
	if degrees < 0 {
		degrees += circle
	}

	if degrees >= circle { // a tiny negative number plus 360
		return 0
	}

	return degrees
}

// Difference returns how far b lies behind a on the shorter way round, in (-180, 180]: positive when a is further along.
func Difference(a, b float64) float64 {
	d := Normalize(a - b)
	if d > circle/2 {
		d -= circle
	}

	return d
}

// Separation returns the angle between two directions on the circle, in [0, 180].
func Separation(a, b float64) float64 { return math.Abs(Difference(a, b)) }
