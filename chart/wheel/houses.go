package wheel

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"sidereal/chart"
)

// houseRing draws the cusps and the numbers of the houses. Cusps leave out what the bodies take.
func (d *drawing) houseRing(c *chart.Chart, bodies []shown) {
	rings := path{}.ring(middle, middle, d.heart)
	if d.guest.edge > 0 {
		rings = rings.ring(middle, middle, d.host.edge)
	}

	houses := c.Houses(d.opts.System, d.opts.Zodiac)
	if houses == nil {
		d.scene.add(rings, stroke(d.colours.rule, d.line))

		return
	}

	var numbers path

	rings = rings.ring(middle, middle, d.houses)

	for i, cusp := range houses.Cusps {
		rings = d.cut(rings, d.heart, d.host.edge, cusp.Longitude, bodies)

		if at, width := middleOf(houses, i); width > d.numberWidth() {
			x, y := d.spot(d.number.radius, at)
			numbers = numbers.write(strconv.Itoa(i+1), x, y, d.number.size)
		}
	}

	d.scene.add(rings, stroke(d.colours.rule, d.line))
	d.scene.add(numbers, stroke(d.colours.muted, d.textLine))
}

// numberWidth returns how wide a house has to be for its number, in degrees.
func (d *drawing) numberWidth() float64 {
	return d.number.size * 0.9 / d.number.radius * circle / tau
}

// middleOf returns the longitude in the middle of a house and the house's width in degrees. Houses run clockwise beyond the polar circles.
func middleOf(h *chart.Houses, i int) (longitude, width float64) {
	begin, end := h.Cusps[i].Longitude, h.Cusps[(i+1)%len(h.Cusps)].Longitude
	apart := chart.Difference(end, begin)

	return turned(begin + apart/2), max(apart, -apart)
}

// cut adds a line along a radius, outwards, without the parts that the bodies take.
func (d *drawing) cut(p path, from, to, longitude float64, bodies []shown) path {
	const least = 15.0 // units; shorter pieces would look like dirt, or like a minus sign beside a number

	taken := d.takenAt(longitude, bodies)
	slices.SortFunc(taken, func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })

	for _, gap := range taken {
		if end := min(gap[0], to); end-from > least {
			p = d.spoke(p, from, end, longitude)
		}

		from = max(from, gap[1])
	}

	if to-from > least {
		p = d.spoke(p, from, to, longitude)
	}

	return p
}

// angle is a corner of a chart under the letters that stand at it.
type angle struct {
	name   string
	degree chart.Degree
}

func anglesOf(a *chart.AngleSet) []angle {
	return []angle{{"AC", a.Ascendant}, {"MC", a.Midheaven}, {"DC", a.Descendant}, {"IC", a.ImumCoeli}}
}

// angles draws the horizon and the meridian over everything, with their names outside.
func (d *drawing) angles(c *chart.Chart, bodies []shown) {
	set := c.Angles(d.opts.Zodiac)
	if set == nil {
		return
	}

	var axes, names, heads path

	for i, a := range anglesOf(set) {
		at := a.degree.Longitude
		axes = d.cut(axes, d.houses, d.rim(), at, bodies)
		angle, width := at-d.left, textWidth(a.name, d.label)
		x, y := d.spot(d.outer+d.label*0.35+math.Hypot(width*cos(angle), d.label*sin(angle))/2, at)
		names = names.write(a.name, x, y, d.label)

		if i < 2 { // the Ascendant and the Midheaven have an arrow
			heads = d.head(heads, at)
		}
	}

	d.scene.add(axes, stroke(d.colours.ink, d.line*2))
	d.scene.add(heads, filled(d.colours.ink))
	d.scene.add(names, stroke(d.colours.ink, d.textLine*1.2))
	d.corners(set)
}

// head adds an arrow that points at the inner rim of the signs.
func (d *drawing) head(p path, longitude float64) path {
	length := d.ticks[0] * 1.3
	tip, base := d.rim(), d.rim()-length*1.5
	x, y := d.spot(tip, longitude)
	p = p.at(x, y)
	x, y = d.spot(base, longitude+length/base*25)
	p = p.to(x, y)
	x, y = d.spot(base, longitude-length/base*25)

	return p.to(x, y).close()
}

// corners writes the degrees of the Ascendant and the Midheaven at the bottom left, where the circle leaves room.
func (d *drawing) corners(set *chart.AngleSet) {
	if d.corner == 0 {
		return
	}

	var (
		text  path
		signs [elementCount]path
	)

	h := d.corner
	for i, a := range anglesOf(set)[:2] {
		y := units - 18 - h*1.8*float64(1-i)
		degrees, minutes := split(a.degree)
		element := elements[a.degree.Sign]
		place := degrees + "°" + minutes + "′"
		text = text.write(a.name, 36, y, h*0.8).write(place, 92+textWidth(place, h*0.8)/2, y, h*0.8)
		signs[element] = signs[element].place(signGlyphs[a.degree.Sign], 72, y, h/(2*glyphReach))
	}

	d.scene.add(text, stroke(d.colours.ink, d.textLine))

	for element := range signs {
		d.scene.add(signs[element], stroke(d.colours.signs[element], d.textLine*1.2))
	}
}
