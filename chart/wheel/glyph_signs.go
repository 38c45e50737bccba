package wheel

import "sidereal/chart"

// signGlyphs are the traditional signs of the zodiac, and the serpent bearer's.
var signGlyphs = [chart.SignCount]path{
	chart.Aries: path{}.at(-8.6, -3.4).curve(-9.8, -10.6, -1.2, -11.6, 0, 0).to(0, 9.6).
		at(8.6, -3.4).curve(9.8, -10.6, 1.2, -11.6, 0, 0),
	chart.Taurus: path{}.ring(0, 3.6, 6.2).arc(0, -9.8, 7.2, 5, 175),
	chart.Gemini: path{}.at(-8, -9.4).curve(-3.4, -6.6, 3.4, -6.6, 8, -9.4).at(-8, 9.4).curve(-3.4, 6.6, 3.4, 6.6, 8, 9.4).
		line(-3.4, -7.5, -3.4, 7.5).line(3.4, -7.5, 3.4, 7.5),
	chart.Cancer: path{}.ring(-5.4, -2.4, 3.2).at(-8.4, -3.6).curve(-6.4, -9.4, 3.6, -9.4, 8.8, -4.6).
		ring(5.4, 2.4, 3.2).at(8.4, 3.6).curve(6.4, 9.4, -3.6, 9.4, -8.8, 4.6),
	chart.Leo: path{}.ring(-5.4, 3.4, 3).at(-2.9, 1.7).curve(-3.6, -1, -6.2, -3, -5.6, -5.8).
		curve(-4.4, -11, 5, -10.6, 4.6, -4.4).curve(4.4, -0.8, 1.2, 3, 1.8, 6.8).curve(2.4, 10.2, 6.6, 10, 8, 7.2),
	chart.Virgo: humps.to(2.8, 4).curve(2.8, 7, 5, 9, 8, 9.6).
		at(2.8, -3).curve(4, -6, 8.4, -5.6, 8.4, -1.6).curve(8.4, 2.4, 4.4, 6, 0, 9),
	chart.Libra: path{}.line(-9, 8, 9, 8).at(-9, 3).to(-3.4, 3).bow(0, -2.4, 6.381, 122.2, 417.8).to(9, 3),
	chart.Scorpio: humps.to(2.8, 5).curve(2.8, 8.8, 6.8, 9.8, 8.8, 5.6).
		at(5.6, 6.4).to(9, 4.8).to(10, 8.4),
	chart.Ophiuchus: path{}.at(-5.8, -9.4).to(-5.8, 2.6).bow(0, 2.6, 5.8, 180, 0).to(5.8, -9.4).
		at(-10, -0.6).curve(-6.6, -6.4, -3.2, -5, 0, -1.6).curve(3.2, 1.8, 6.6, 3, 10, -2.6),
	chart.Sagittarius: path{}.line(-8.4, 8.4, 8.6, -8.6).at(0.4, -8.8).to(8.8, -8.8).to(8.8, -0.4).line(-6.6, -0.6, 0.6, 6.6),
	chart.Capricorn: path{}.at(-9.4, -7.6).curve(-7.4, -9.8, -5.8, -8, -5.8, -5).to(-5.8, 3.6).
		at(-5.8, -3.6).curve(-5.4, -9.4, 0.4, -10, 0.4, -4.2).to(0.4, 4.4).curve(0.4, 8, -1.2, 9.8, -4, 9.4).ring(4.5, 3.6, 4.1),
	chart.Aquarius: waves(-6.6).place(waves(1.4), 0, 0, 1),
	chart.Pisces:   path{}.at(-8, -9.6).curve(-1.8, -4.6, -1.8, 4.6, -8, 9.6).at(8, -9.6).curve(1.8, -4.6, 1.8, 4.6, 8, 9.6).line(-8, 0, 8, 0),
}

// humps is the "m" that Virgo and Scorpio begin with; it ends at the top of the third leg.
var humps = path{}.at(-9.6, -7.4).curve(-8.2, -9.2, -6.6, -8, -6.6, -5).to(-6.6, 6.4).
	at(-6.6, -4.4).curve(-6.2, -9, -1.9, -9, -1.9, -4.4).to(-1.9, 6.4).
	at(-1.9, -4.4).curve(-1.5, -9, 2.8, -9, 2.8, -4.4)

// waves is one of the two lines of the water bearer, from its top.
func waves(y float64) path {
	const fall = 5.0

	return path{}.at(-9.4, y+fall).to(-5.6, y).to(-2, y+fall).to(1.8, y).to(5.4, y+fall).to(9.2, y)
}
