package wheel

import "math"

// A picture is described once, as a scene of stroked and filled paths in units of a thousandth of its width, and written by two back ends: as
// SVG text and as pixels. Nothing in it needs a font, a style sheet or a reference, so that every rasteriser shows the same.

// units is the width and height of a scene.
const units = 1000.0

// verb is what a segment of a path does.
type verb uint8

const (
	moveTo  verb = iota
	lineTo       // to x, y
	curveTo      // by a cubic Bézier curve with the controls x1, y1 and x2, y2 to x, y
	arcTo        // around x1, y1 with the radius r, by sweep degrees (clockwise as seen, since y points down), to x, y
	closePath
)

// segment is one step of a path; fields that its verb has no use for are zero.
type segment struct {
	verb           verb
	x, y           float64
	x1, y1, x2, y2 float64
	r, sweep       float64
}

// path is a shape; its methods return the path with one more step, as append does.
type path []segment

func (p path) at(x, y float64) path { return append(p, segment{verb: moveTo, x: x, y: y}) }
func (p path) to(x, y float64) path { return append(p, segment{verb: lineTo, x: x, y: y}) }
func (p path) close() path          { return append(p, segment{verb: closePath}) }

func (p path) curve(x1, y1, x2, y2, x, y float64) path {
	return append(p, segment{verb: curveTo, x1: x1, y1: y1, x2: x2, y2: y2, x: x, y: y})
}

// bow goes on along a circle around x, y. The angles are degrees clockwise from the right; the path must be where the bow begins.
func (p path) bow(x, y, r, from, to float64) path {
	ex, ey := x+r*cos(to), y+r*sin(to)

	return append(p, segment{verb: arcTo, x: ex, y: ey, x1: x, y1: y, r: r, sweep: to - from})
}

// arc begins a new line with a bow.
func (p path) arc(x, y, r, from, to float64) path {
	return p.at(x+r*cos(from), y+r*sin(from)).bow(x, y, r, from, to)
}

// ring adds a full circle, in two halves, because one arc cannot end where it begins.
func (p path) ring(x, y, r float64) path {
	return p.arc(x, y, r, 0, 180).bow(x, y, r, 180, 360).close()
}

// dot adds a circle so small that the stroke fills it.
func (p path) dot(x, y float64) path { return p.ring(x, y, 0.6) }

// line adds a line of its own.
func (p path) line(x1, y1, x2, y2 float64) path { return p.at(x1, y1).to(x2, y2) }

// place adds a glyph, enlarged and moved.
func (p path) place(glyph path, x, y, scale float64) path {
	for _, s := range glyph {
		p = append(p, segment{
			verb: s.verb, x: x + s.x*scale, y: y + s.y*scale,
			x1: x + s.x1*scale, y1: y + s.y1*scale, x2: x + s.x2*scale, y2: y + s.y2*scale,
			r: s.r * scale, sweep: s.sweep,
		})
	}

	return p
}

// flipped returns the glyph upside down.
func (p path) flipped() path {
	turned := make(path, len(p))
	for i, s := range p {
		s.y, s.y1, s.y2, s.sweep = -s.y, -s.y1, -s.y2, -s.sweep
		turned[i] = s
	}

	return turned
}

// colour is 0xRRGGBB.
type colour uint32

// style is how a path is painted: filled, or stroked with round caps and joins.
type style struct {
	fill   bool
	colour colour
	width  float64 // of the stroke, in units
	dash   dash
}

// dash is the lengths of dashes and gaps in units; the zero value is a solid line.
type dash [4]float64

// lengths returns the dashes and gaps that are set.
func (d *dash) lengths() []float64 {
	for i, l := range d {
		if l == 0 {
			return d[:i]
		}
	}

	return d[:]
}

// item is a path with its paint.
type item struct {
	path  path
	style style
}

// scene is what a picture consists of, back to front.
type scene struct {
	background colour
	items      []item
}

// add puts a path on top. Widths and dashes are rounded to what an SVG can say, since the errors of dashes would add up along a line.
func (s *scene) add(p path, paint style) {
	if len(p) == 0 {
		return
	}

	paint.width = float64(steps(paint.width)) / grain
	for i := range paint.dash {
		paint.dash[i] = float64(steps(paint.dash[i])) / grain
	}

	s.items = append(s.items, item{p, paint})
}

func stroke(c colour, width float64) style { return style{colour: c, width: width} }
func filled(c colour) style                { return style{colour: c, fill: true} }

func sin(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }
func cos(degrees float64) float64 { return math.Cos(degrees * math.Pi / 180) }
func asin(x float64) float64      { return math.Asin(x) * 180 / math.Pi }
