package wheel

import (
	"math"
	"strings"

	"sidereal/chart"
)

// shown is a body on the wheel: where it stands, and where there was room to write it.
type shown struct {
	chart.Position

	direction float64 // longitude at which it is written
	marks     [markCount]mark
	in        *stack
}

// The marks of a body, from outside to inside.
const (
	markGlyph = iota
	markDegrees
	markMinutes
	markBackward
	markCount = iota
)

// mark is something that is written at a radius; it fills a box of width and height. Those that are left out have no height.
type mark struct {
	text                  string // empty for the glyph
	radius, width, height float64
}

// arrange finds room for the bodies of a chart.
func (d *drawing) arrange(c *chart.Chart, in *stack) []shown {
	all := make([]shown, 0, len(d.bodies))

	for _, body := range d.bodies {
		p, ok := c.Position(body, d.opts.Zodiac)
		if !ok {
			continue
		}

		all = append(all, shown{Position: p, in: in, marks: in.marks(&p)})
	}

	d.spread(all, in)

	return all
}

// spread gives each body the direction in which it is written. Neighbours begin as far apart as their glyphs and degrees need at the least, and
// move on until nothing overlaps.
func (d *drawing) spread(all []shown, in *stack) {
	longitudes := make([]float64, len(all))
	for i := range all {
		longitudes[i] = all[i].Longitude
	}

	for apart := in.apart(); ; apart *= 1.05 {
		for i, direction := range Spread(longitudes, apart) {
			all[i].direction = direction
			d.pile(&all[i])
		}

		if apart*float64(len(all)) > circle || !d.crowded(all) {
			return
		}
	}
}

// crowded says whether marks of different bodies overlap.
func (d *drawing) crowded(bodies []shown) bool {
	for i := range bodies {
		for k := range bodies[:i] {
			if chart.Separation(bodies[i].direction, bodies[k].direction) < 45 && d.overlap(&bodies[i], &bodies[k]) {
				return true
			}
		}
	}

	return false
}

// overlap says whether marks of two bodies overlap. Glyphs are taken as round, all else as boxes.
func (d *drawing) overlap(a, b *shown) bool {
	pad := a.in.gap * 0.6

	for i := range a.marks {
		for k := range b.marks {
			m, n := &a.marks[i], &b.marks[k]
			if m.height == 0 || n.height == 0 {
				continue
			}

			x1, y1 := d.spot(m.radius, a.direction)
			x2, y2 := d.spot(n.radius, b.direction)
			dx, dy := math.Abs(x1-x2), math.Abs(y1-y2)

			if i == markGlyph && k == markGlyph {
				if math.Hypot(dx, dy) < m.width+d.glyphLine {
					return true
				}
			} else if dx < (m.width+n.width)/2+pad && dy < (m.height+n.height)/2+pad {
				return true
			}
		}
	}

	return false
}

// split returns the whole degrees and minutes of a place in its sign, cut like the seconds of its long form.
func split(d chart.Degree) (degrees, minutes string) {
	degrees, rest, _ := strings.Cut(d.Formatted(), "°")
	minutes, _, _ = strings.Cut(rest, "′")

	return degrees, minutes
}

// marks returns what is written of a body, without places.
func (s *stack) marks(p *chart.Position) [markCount]mark {
	texts, heights := [markCount]string{}, [markCount]float64{0, s.degrees, s.minutes, 0}
	texts[markDegrees], texts[markMinutes] = split(p.Degree)
	texts[markMinutes] += "′"

	if s.degreeSign {
		texts[markDegrees] += "°"
	}

	if p.Retrograde() {
		texts[markBackward], heights[markBackward] = "R", s.backward
	}

	var all [markCount]mark
	for i, height := range heights {
		all[i] = mark{text: texts[i], height: height, width: textWidth(texts[i], height)}
	}

	all[markGlyph] = mark{radius: s.glyph.radius, width: s.glyph.size, height: s.glyph.size}

	return all
}

// pile puts the marks of a body one inside the other. Two boxes on a level need room for their widths, two above one another for their heights;
// an ellipse goes between.
func (d *drawing) pile(s *shown) {
	angle := s.direction - d.left
	last := &s.marks[markGlyph]

	for i := range s.marks[1:] {
		m := &s.marks[i+1]
		if m.height == 0 {
			continue
		}

		across, along := (last.width+m.width)/2+s.in.gap*0.8, (last.height+m.height)/2+s.in.gap*1.3
		slant := 1 + 0.12*math.Abs(sin(2*angle)) // corners reach out of the ellipse
		m.radius = last.radius - slant*math.Hypot(across*cos(angle), along*sin(angle))
		last = m
	}
}

// write draws the bodies with a pointer to where each stands.
func (d *drawing) write(bodies []shown, in *stack, ink colour) {
	var glyphs, degrees, small, pointers, ends path

	for i := range bodies {
		s := &bodies[i]
		x, y := d.spot(in.glyph.radius, s.direction)
		glyphs = glyphs.place(bodyGlyphs[s.Body], x, y, in.glyph.size/(2*glyphReach))
		pointers = d.pointer(pointers, s)
		ends = d.spoke(ends, d.heart, d.heart-d.ticks[0]/2, s.Longitude)
		degrees = d.mark(degrees, s, markDegrees)
		small = d.mark(d.mark(small, s, markMinutes), s, markBackward)
	}

	d.scene.add(pointers, stroke(ink, d.line*0.75))
	d.scene.add(ends, stroke(ink, d.line))
	d.scene.add(glyphs, stroke(ink, d.glyphLine))
	d.scene.add(degrees, stroke(ink, d.textLine*1.1))
	d.scene.add(small, stroke(d.colours.muted, d.textLine))
}

// mark writes one of a body's marks.
func (d *drawing) mark(p path, s *shown, which int) path {
	m := &s.marks[which]
	if m.height == 0 {
		return p
	}

	x, y := d.spot(m.radius, s.direction)

	return p.write(m.text, x, y, m.height)
}

// pointer adds the line from the edge, at the degree where a body stands, to its glyph: straight in, and then on a spiral, since a chord would
// run into the neighbours.
func (d *drawing) pointer(p path, s *shown) path {
	const step = 3.0 // degrees

	from, to := s.in.edge-s.in.pointer, s.in.glyph.radius+s.in.glyph.size*0.62
	x, y := d.spot(s.in.edge, s.Longitude)
	p = p.at(x, y)
	x, y = d.spot(from, s.Longitude)
	p = p.to(x, y)

	aside := chart.Difference(s.direction, s.Longitude)
	pieces := math.Ceil(math.Abs(aside)/step + 0.01)

	for i := 1.0; i <= pieces; i++ {
		x, y = d.spot(from+(to-from)*i/pieces, s.Longitude+aside*i/pieces)
		p = p.to(x, y)
	}

	return p
}

// gaps is the parts of a radius that are taken, as pairs of radii.
type gaps [][2]float64

// takenAt returns what the bodies take of the radius in the direction of a longitude.
func (d *drawing) takenAt(longitude float64, bodies []shown) gaps {
	var taken gaps

	pad := d.line * 4
	across, along := math.Abs(sin(longitude-d.left)), math.Abs(cos(longitude-d.left)) // how much of a width lies across the radius, and along

	for i := range bodies {
		aside := chart.Difference(bodies[i].direction, longitude)
		if math.Abs(aside) > 30 {
			continue
		}

		for _, m := range bodies[i].marks {
			if m.height == 0 || math.Abs(m.radius*sin(aside)) > (m.width*across+m.height*along)/2+pad {
				continue
			}

			half := (m.width*along+m.height*across)/2 + pad
			taken = append(taken, [2]float64{m.radius*cos(aside) - half, m.radius*cos(aside) + half})
		}
	}

	return taken
}
