package wheel

import "sidereal/chart"

// aspectGlyphs are the signs of the aspects.
var aspectGlyphs = [chart.AspectKindCount]path{
	chart.Conjunction: path{}.ring(-2.4, 3, 5.4).line(1.4, -0.8, 8.4, -8),
	chart.Opposition:  path{}.ring(-5.8, 5.8, 3.6).ring(5.8, -5.8, 3.6).line(-3.2, 3.2, 3.2, -3.2),
	chart.Trine:       path{}.at(0, -8.4).to(8.8, 7).to(-8.8, 7).close(),
	chart.Square:      path{}.at(-7.4, -7.4).to(7.4, -7.4).to(7.4, 7.4).to(-7.4, 7.4).close(),
	chart.Sextile:     path{}.line(0, -9, 0, 9).line(-7.8, -4.5, 7.8, 4.5).line(7.8, -4.5, -7.8, 4.5),
	chart.Quincunx:    path{}.line(-8, -6, 8, -6).at(-6.4, 7).to(0, -6).to(6.4, 7),
	chart.Semisextile: path{}.line(-8, 6, 8, 6).at(-6.4, -7).to(0, 6).to(6.4, -7),
	chart.Semisquare:  path{}.at(6.4, -8).to(-7.4, 7).to(8, 7),
	chart.Sesquiquadrate: path{}.at(-8, -8).to(2.4, -8).to(2.4, 2.4).to(-8, 2.4).close().
		at(9, -1).to(2.4, 8.4).to(9.6, 8.4),
	chart.Quintile:   path{}.ring(0, -1, 7.4).line(2.2, 3.4, 7.6, 9),
	chart.Biquintile: path{}.ring(3.4, -1.6, 6).line(5, 2, 9.4, 7).line(-9.6, -8.6, -9.6, 7.4).arc(-8.6, 4.6, 2.8, -90, 90),
}
