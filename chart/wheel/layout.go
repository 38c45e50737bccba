package wheel

// Sizes in pixels from which a wheel has room for degrees, and for everything.
const (
	degreesFrom = 400
	allFrom     = 700
)

// place is where on its radius something stands, and how tall it is, in units; a size of 0 leaves it out.
type place struct{ radius, size float64 }

// stack is how a body is written along its radius, from outside to inside: its glyph, degrees, minutes, and the mark of retrograde bodies.
type stack struct {
	edge                       float64 // radius of the line that the pointers point at
	pointer                    float64 // length of a pointer's straight start
	glyph                      place
	degrees, minutes, backward float64 // heights; 0 leaves them out
	gap                        float64 // between one and the next
	degreeSign                 bool
}

// apart returns the least angle between two bodies, in degrees.
func (s *stack) apart() float64 {
	text := "00"
	if s.degreeSign {
		text = "00°"
	}

	inward := (s.glyph.size+s.degrees)/2 + s.gap*1.3 // as far as degrees stand inside glyphs where they are the tightest, above and below the middle

	return max((s.glyph.size*1.1+s.gap)/s.glyph.radius, (textWidth(text, s.degrees)+s.gap*0.6)/(s.glyph.radius-inward)) * circle / tau
}

const tau = 2 * 3.141592653589793

// layout is the radii of a wheel from outside to inside, and the strength of its lines, in units.
type layout struct {
	label         float64 // height of the names of the angles
	outer         float64
	sign          place
	ticks         [3]float64 // lengths at degrees that 10, that 5 and that only 1 divides
	host, guest   stack      // of the chart inside and of the chart outside
	number        place      // of the houses
	houses, heart float64    // radii of the ring of numbers, and of the circle of the aspects
	glyphLine     float64    // width of the lines of glyphs
	textLine      float64
	line          float64 // width of rings and cusps
	aspectGlyph   float64
	corner        float64 // height of the angles' degrees in the corner
}

// layoutOf returns the layout for a size in pixels, of one chart or of two.
func layoutOf(size int, pair bool) *layout {
	level := 0

	switch {
	case size >= allFrom:
		level = 2
	case size >= degreesFrom:
		level = 1
	}

	if pair {
		return &pairLayouts[level]
	}

	return &layouts[level]
}

var layouts = [3]layout{
	{
		label: 24, outer: 440, sign: place{406, 46}, ticks: [3]float64{10},
		host:   stack{edge: 372, pointer: 7, glyph: place{322, 44}, backward: 23, gap: 3},
		number: place{236, 25}, houses: 257, heart: 215, glyphLine: 4.4, textLine: 3.7, line: 2.6,
	},
	{
		label: 21, outer: 446, sign: place{416, 40}, ticks: [3]float64{11, 7},
		host:   stack{edge: 386, pointer: 7, glyph: place{340, 36}, degrees: 21, backward: 16, gap: 4},
		number: place{242, 18}, houses: 257, heart: 227, glyphLine: 3.1, textLine: 2.5, line: 1.8,
	},
	{
		label: 18, outer: 454, sign: place{427, 34}, ticks: [3]float64{11, 8, 5},
		host: stack{
			edge: 400, pointer: 7, glyph: place{354, 30}, degrees: 16, minutes: 12.5, backward: 11.5, gap: 4, degreeSign: true,
		},
		number: place{244, 14}, houses: 256, heart: 232, glyphLine: 2.2, textLine: 1.5, line: 1.2, aspectGlyph: 14, corner: 19,
	},
}

var pairLayouts = [3]layout{
	{
		label: 24, outer: 440, sign: place{413, 38}, ticks: [3]float64{9},
		guest:  stack{edge: 386, pointer: 5, glyph: place{344, 36}, gap: 2},
		host:   stack{edge: 316, pointer: 5, glyph: place{276, 36}, gap: 2},
		number: place{229, 23}, houses: 248, heart: 210, glyphLine: 4.2, textLine: 3.7, line: 2.6,
	},
	{
		label: 21, outer: 446, sign: place{422, 34}, ticks: [3]float64{10, 6},
		guest:  stack{edge: 398, pointer: 6, glyph: place{361, 29}, degrees: 19, gap: 4},
		host:   stack{edge: 306, pointer: 6, glyph: place{271, 29}, degrees: 18, gap: 3},
		number: place{204, 17}, houses: 218, heart: 190, glyphLine: 2.9, textLine: 2.4, line: 1.8,
	},
	{
		label: 18, outer: 454, sign: place{432, 29}, ticks: [3]float64{10, 7, 4.5},
		guest: stack{
			edge: 410, pointer: 6, glyph: place{373, 25}, degrees: 13.5, minutes: 10.5, backward: 9.5, gap: 3.4, degreeSign: true,
		},
		host: stack{
			edge: 292, pointer: 6, glyph: place{256, 25}, degrees: 13, minutes: 10.5, backward: 9.5, gap: 3, degreeSign: true,
		},
		number: place{168, 12}, houses: 178, heart: 158, glyphLine: 2, textLine: 1.35, line: 1.1, aspectGlyph: 12, corner: 19,
	},
}
