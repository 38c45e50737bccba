package wheel

// letter is a character of our own: its lines on the grid of the glyphs, and the room that it takes across.
type letter struct {
	lines   path
	advance float64
}

// letters are the characters that a wheel writes; R is the sign of a retrograde body.
var letters = map[rune]letter{
	'0': {path{}.at(0, -10).curve(7.6, -10, 7.6, 10, 0, 10).curve(-7.6, 10, -7.6, -10, 0, -10).close(), 17},
	'1': {path{}.at(-4, -6.4).to(1, -10).to(1, 10), 13},
	'2': {path{}.at(-5.6, -5.4).curve(-5.4, -11.6, 5.6, -11.6, 5.4, -5).curve(5.2, -0.6, -2.6, 3.6, -5.8, 10).to(6, 10), 17},
	'3': {path{}.at(-5, -7.2).curve(-3, -11.4, 5.6, -10.8, 5.2, -5.2).curve(4.8, -1.6, 2, -0.8, -1.2, -0.8).
		curve(2.8, -0.8, 6, 0.8, 6, 4.4).curve(6, 11.6, -4.6, 11.8, -5.8, 6.4), 17},
	'4': {path{}.at(3, 10).to(3, -10).to(-6.4, 4.6).to(6.6, 4.6), 17},
	'5': {path{}.at(5, -10).to(-4, -10).to(-5, -1.4).curve(-0.8, -4.8, 6, -3, 6, 3.4).curve(6, 11.8, -4.6, 11.8, -6, 6.4), 17},
	'6': {sixth, 17},
	'7': {path{}.at(-6, -10).to(6, -10).curve(1.6, -3, -1.2, 3, -1.8, 10), 16},
	'8': {path{}.ring(0, -5.4, 4.5).ring(0, 4.6, 5.4), 17},
	'9': {path{}.ring(0, -4.2, 5.8).at(-4.4, 9.4).curve(2.4, 8, 5.8, 2.4, 5.8, -4.2), 17},
	'°': {path{}.ring(0, -7.4, 2.6), 9},
	'′': {path{}.at(1.2, -10).to(-0.6, -4.6), 7},
	'A': {path{}.at(-7, 10).to(0, -10).to(7, 10).line(-4.6, 3.4, 4.6, 3.4), 19},
	'C': {path{}.arc(1.2, 0, 10, -50, -310), 19},
	'D': {path{}.at(-6, -10).to(-6, 10).to(-2, 10).curve(9.4, 10, 9.4, -10, -2, -10).close(), 18},
	'I': {path{}.line(0, -10, 0, 10), 9},
	'M': {path{}.at(-8, 10).to(-7, -10).to(0, 5).to(7, -10).to(8, 10), 22},
	'R': {path{}.at(-5, 9).to(-5, -10).to(0, -10).curve(7, -10, 7, 0, 0, 0).to(-5, 0).at(-1, 0).to(7, 10).line(0, 10, 7, 2.4), 17},
}

var sixth = path{}.ring(0, 4.2, 5.8).at(4.4, -9.4).curve(-2.4, -8, -5.8, -2.4, -5.8, 4.2)

// write adds text around x, y, with letters of the given height in units.
func (p path) write(text string, x, y, height float64) path {
	scale := height / (2 * glyphReach)
	x -= textWidth(text, height) / 2

	for _, r := range text {
		l := letters[r]
		p = p.place(l.lines, x+l.advance*scale/2, y, scale)
		x += l.advance * scale
	}

	return p
}

// textWidth returns the room that a text takes across, in units.
func textWidth(text string, height float64) float64 {
	width := 0.0
	for _, r := range text {
		width += letters[r].advance
	}

	return width * height / (2 * glyphReach)
}
