package wheel

import "sidereal/chart"

// Glyphs are lines on a grid that reaches from -10 to 10 both ways, y down; they are stroked with round caps.

// glyphReach is how far the grid of a glyph reaches from its middle.
const glyphReach = 10.0

// bodyGlyphs are the traditional signs of the bodies. The mean node has a bar below, to tell it from the true one, and the crescent of the mean
// Lilith is filled, that of the osculating one hollow.
var bodyGlyphs = [chart.BodyCount]path{
	chart.Sun:     path{}.ring(0, 0, 8.6).dot(0, 0),
	chart.Moon:    crescent(2.6, 0, 9.2),
	chart.Mercury: path{}.arc(0, -10.2, 4.6, 10, 170).ring(0, -1.1, 4.5).line(0, 3.4, 0, 10).line(-3.6, 6.8, 3.6, 6.8),
	chart.Venus:   path{}.ring(0, -4.2, 5.4).line(0, 1.2, 0, 10).line(-4.2, 5.6, 4.2, 5.6),
	chart.Mars:    path{}.ring(-2.2, 2.8, 5.9).line(2, -1.4, 8.6, -8).at(3, -8.3).to(8.8, -8.3).to(8.8, -2.5),
	chart.Jupiter: path{}.at(-7.2, -5.6).curve(-6.8, -9.4, -0.4, -10.6, 0.4, -5.8).curve(1, -2, -3.4, 2.4, -8, 3.8).to(8, 3.8).
		line(4.2, -9, 4.2, 9.6),
	chart.Saturn: path{}.line(-4, -10, -4, 7.4).line(-8.2, -6.8, 1, -6.8).
		at(-4, 0.4).curve(-2, -3.8, 5.4, -4.6, 5.4, 0.6).curve(5.4, 4.2, 1.4, 5.2, 1.8, 8.2).curve(2.1, 10.4, 4.8, 10.4, 6.4, 8.4),
	chart.Uranus: path{}.line(0, -9.4, 0, 4.6).ring(0, 7.2, 2.6).line(-5.8, -2.8, 5.8, -2.8).
		at(-8.2, -9.4).curve(-5, -6.8, -5, 1.2, -8.2, 3.8).at(8.2, -9.4).curve(5, -6.8, 5, 1.2, 8.2, 3.8),
	chart.Neptune: path{}.at(-7, -8.6).to(-7, -5).bow(0, -5, 7, 180, 0).to(7, -8.6).line(0, -9.6, 0, 9.8).line(-4, 6, 4, 6).
		at(-9, -6.6).to(-7, -9).to(-5, -6.6).at(-2, -7.4).to(0, -9.8).to(2, -7.4).at(5, -6.6).to(7, -9).to(9, -6.6),
	chart.Pluto:  path{}.ring(0, -6.2, 3.5).arc(0, -6.6, 7.4, 0, 180).line(0, 0.8, 0, 10).line(-4.2, 5.4, 4.2, 5.4),
	chart.Chiron: path{}.ring(0, 5.8, 4).line(0, 1.8, 0, -10).at(5.6, -9.6).to(0, -4.2).to(5.6, 1),
	chart.Ceres:  path{}.arc(0, -4.4, 5.4, -150, 90).to(0, 10).line(-4.2, 5.6, 4.2, 5.6),
	chart.Pallas: path{}.at(0, -10).to(5, -4.2).to(0, 1.6).to(-5, -4.2).close().line(0, 1.6, 0, 10).line(-4.2, 5.8, 4.2, 5.8),
	chart.Juno: path{}.line(0, -10, 0, 10).line(-5.4, -4.8, 5.4, -4.8).line(-3.8, -8.6, 3.8, -1).line(3.8, -8.6, -3.8, -1).
		line(-4.2, 5.8, 4.2, 5.8),
	chart.Vesta: path{}.at(-9, 0.6).to(-5.4, 0.6).to(0, 9.4).to(5.4, 0.6).to(9, 0.6).
		at(0, 3.6).curve(-5.4, 0, -2.6, -4, 0, -9.6).curve(2.6, -4, 5.4, 0, 0, 3.6).close(),
	chart.MeanNode:         north.line(-3.6, 9.6, 3.6, 9.6),
	chart.TrueNode:         north,
	chart.SouthNode:        north.flipped(),
	chart.MeanLilith:       lilith.arc(-0.5, -4, 5, -86, 86).arc(-0.5, -4, 3.8, -60, 60).arc(-0.5, -4, 2.6, -32, 32),
	chart.OsculatingLilith: lilith,
	chart.PartOfFortune:    path{}.ring(0, 0, 8.6).line(-6.08, -6.08, 6.08, 6.08).line(6.08, -6.08, -6.08, 6.08),
}

// north is the ascending node.
var north = path{}.arc(0, -2.6, 6.6, 125, 415).ring(-5.5, 5, 2.6).ring(5.5, 5, 2.6)

// lilith is the black moon: a crescent above a cross.
var lilith = crescent(1, -4, 6).line(0.6, 2, 0.6, 10).line(-3.2, 6.2, 4.4, 6.2)

// crescent returns a waxing moon with horns to the left, the outer circle of which has its middle left of x, y by a quarter of its radius.
func crescent(x, y, r float64) path {
	const (
		horn  = 116.0 // degrees from the right to a horn, on the outer circle
		inner = 0.93  // radius of the inner circle, of the outer one
	)

	middle := x - r/4
	hornX, hornY := middle+r*cos(horn), r*sin(horn)
	// The inner circle passes the horns too.
	r2 := r * inner
	half := asin(hornY / r2)
	middle2 := hornX - r2*cos(half)

	return path{}.arc(middle, y, r, -horn, horn).bow(middle2, y, r2, half, -half).close()
}
