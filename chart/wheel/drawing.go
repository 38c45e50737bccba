package wheel

import "sidereal/chart"

// middle is where the wheel's middle is, both ways.
const middle = units / 2

// drawing is a picture under way.
type drawing struct {
	*layout

	scene   scene
	colours *palette
	opts    Options
	bodies  []chart.Body
	left    float64 // longitude at the left end of the horizon, in degrees of the zodiac
}

func newDrawing(c *chart.Chart, opts Options, l *layout) *drawing {
	colours := &palettes[opts.Theme]
	d := &drawing{layout: l, scene: scene{background: colours.background}, colours: colours, opts: opts, bodies: opts.Bodies}

	if d.bodies == nil {
		d.bodies = usualBodies
	}

	if angles := c.Angles(opts.Zodiac); angles != nil {
		d.left = angles.Ascendant.Longitude
	}

	return d
}

func (d *drawing) picture(id, title, description string) *Picture {
	return &Picture{scene: d.scene, size: d.opts.Size, id: id, title: title, description: description}
}

// wheel draws everything, back to front. Without an outer chart there is one ring of bodies.
func (d *drawing) wheel(inner, outer *chart.Chart, aspects []line) {
	d.signs()
	d.degrees(d.host.edge)

	host := d.arrange(inner, &d.host)
	taken := host

	if outer != nil {
		guest := d.arrange(outer, &d.guest)
		taken = append(taken, guest...)

		d.degrees(d.guest.edge)
		d.write(guest, &d.guest, d.colours.guest)
	}

	d.aspects(aspects)
	d.houseRing(inner, taken)
	d.write(host, &d.host, d.colours.ink)
	d.angles(inner, taken)
}

// spot returns the place at a radius in the direction of a longitude: the left end of the horizon is at the left, and longitudes grow
// counter-clockwise.
func (d *drawing) spot(radius, longitude float64) (x, y float64) {
	angle := 180 + longitude - d.left

	return middle + radius*cos(angle), middle - radius*sin(angle)
}

// spoke adds the line between two radii in the direction of a longitude.
func (d *drawing) spoke(p path, from, to, longitude float64) path {
	x1, y1 := d.spot(from, longitude)
	x2, y2 := d.spot(to, longitude)

	return p.line(x1, y1, x2, y2)
}

// span is a sign and where it begins and ends, in degrees of its zodiac.
type span struct {
	sign       chart.Sign
	start, end float64
}

// spans returns the signs of a zodiac, of which none is narrower than the step.
func spans(z chart.Zodiac) []span {
	const step = 5.0 // degrees

	all := make([]span, 0, chart.SignCount)

	for longitude := 0.0; longitude < circle; longitude += step {
		at := z.Degree(longitude)
		if len(all) > 0 && all[len(all)-1].sign == at.Sign {
			continue
		}

		start := at.Longitude - at.DegreeInSign
		if len(all) > 0 {
			all[len(all)-1].end = start
		}

		all = append(all, span{sign: at.Sign, start: start, end: circle})
	}

	return all
}

// signs draws the ring of the signs.
func (d *drawing) signs() {
	var (
		panels, glyphs [elementCount]path
		borders        path
	)

	rim := d.rim()

	for _, s := range spans(d.opts.Zodiac) {
		element := elements[s.sign]
		panels[element] = d.sector(panels[element], rim, d.outer, s.start, s.end)
		borders = d.spoke(borders, rim, d.outer, s.start)
		x, y := d.spot(d.sign.radius, (s.start+s.end)/2)
		glyphs[element] = glyphs[element].place(signGlyphs[s.sign], x, y, d.sign.size/(2*glyphReach))
	}

	for element := range panels {
		d.scene.add(panels[element], filled(d.colours.panels[element]))
	}

	d.scene.add(borders.ring(middle, middle, d.outer).ring(middle, middle, rim), stroke(d.colours.rule, d.line))

	for element := range glyphs {
		d.scene.add(glyphs[element], stroke(d.colours.signs[element], d.glyphLine*1.1))
	}
}

// rim returns the inner radius of the ring of signs.
func (d *drawing) rim() float64 { return max(d.guest.edge, d.host.edge) }

// sector adds the part of a ring between two longitudes.
func (d *drawing) sector(p path, inner, outer, from, to float64) path {
	begin, end := -(180 + from - d.left), -(180 + to - d.left) // clockwise from the right

	return p.arc(middle, middle, outer, begin, end).
		to(middle+inner*cos(end), middle+inner*sin(end)).bow(middle, middle, inner, end, begin).close()
}

// degrees draws the ticks inside a ring. They count within each sign, as people read them.
func (d *drawing) degrees(edge float64) {
	ticks := make(path, 0, 2*int(circle)+2*chart.SignCount)

	for _, s := range spans(d.opts.Zodiac) {
		for degree := 1; s.start+float64(degree) < s.end; degree++ {
			length := d.ticks[2]

			switch {
			case degree%10 == 0:
				length = d.ticks[0]
			case degree%5 == 0:
				length = d.ticks[1]
			}

			if length > 0 {
				ticks = d.spoke(ticks, edge, edge-length, s.start+float64(degree))
			}
		}

		ticks = d.spoke(ticks, edge, edge-d.ticks[0]*1.2, s.start)
	}

	d.scene.add(ticks, stroke(d.colours.rule, d.line*0.8))
}
