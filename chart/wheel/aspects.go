package wheel

import (
	"math"
	"slices"

	"sidereal/chart"
)

// line is an aspect between two longitudes of the zodiac.
type line struct {
	from, to float64
	kind     chart.AspectKind
	weight   int // of its line, 0 to weights-1
}

// weights is how many widths the lines of aspects have.
const weights = 3

// weightOf returns the weight for how close an aspect is, 0 to 1.
func weightOf(closeness float64) int { return max(0, min(weights-1, int(closeness*weights))) }

// aspectsOf returns the aspects of a chart between the bodies that are drawn, the strongest first.
func (d *drawing) aspectsOf(c *chart.Chart, orbs chart.Orbs) []line {
	const strongest = 3.0 // of strengths; only exact conjunctions, oppositions and trines reach beyond

	found := c.Aspects(orbs)
	lines := make([]line, 0, len(found))

	for _, a := range found {
		if !slices.Contains(d.bodies, a.First) || !slices.Contains(d.bodies, a.Second) {
			continue
		}

		first, _ := c.Position(a.First, d.opts.Zodiac)
		second, _ := c.Position(a.Second, d.opts.Zodiac)
		lines = append(lines, line{first.Longitude, second.Longitude, a.Kind, weightOf(a.Strength / strongest)})
	}

	return lines
}

// aspectsBetween returns the aspects from the drawn bodies of one chart to those of another, in the order of the bodies. The closer to exact within its limit,
// the heavier the line.
func (d *drawing) aspectsBetween(inner, outer *chart.Chart, orbs chart.Orbs) []line {
	var points []chart.Point

	for _, body := range chart.MainBodies() {
		if slices.Contains(d.bodies, body) {
			points = append(points, chart.Point(body))
		}
	}

	var lines []line

	for _, a := range inner.Placed(points, d.opts.Zodiac) {
		for _, b := range outer.Placed(points, d.opts.Zodiac) {
			if kind, orb, ok := orbs.Nearest(a, b); ok {
				closeness := 1 - orb/orbs.Limit(kind, a.Point, b.Point)
				lines = append(lines, line{from: a.Longitude, to: b.Longitude, kind: kind, weight: weightOf(closeness)})
			}
		}
	}

	return lines
}

// aspects draws the lines in the middle, the heavy ones on top, and on them the glyphs of their kinds where there is room.
func (d *drawing) aspects(lines []line) {
	var paths [weights][chart.AspectKindCount]path

	for _, l := range lines {
		x1, y1 := d.spot(d.heart, l.from)
		x2, y2 := d.spot(d.heart, l.to)
		p := &paths[l.weight][l.kind]
		*p = p.line(x1, y1, x2, y2)
	}

	for weight := range paths {
		for kind := range paths[weight] {
			paint := stroke(d.tone(chart.AspectKind(kind)), d.line*(0.75+0.65*float64(weight)))
			paint.dash = d.dashes(aspectLines[kind].dash)
			d.scene.add(paths[weight][kind], paint)
		}
	}

	if d.aspectGlyph > 0 {
		d.aspectGlyphs(lines)
	}
}

func (d *drawing) tone(kind chart.AspectKind) colour { return d.colours.tones[aspectLines[kind].tone] }

// dashes returns the dashes for the width of the lines; they are noted for lines of one unit.
func (d *drawing) dashes(pattern dash) dash {
	for i := range pattern {
		pattern[i] *= d.line
	}

	return pattern
}

// aspectGlyphs puts the glyph of its kind on each line, at the first of some places that is free.
func (d *drawing) aspectGlyphs(lines []line) {
	places := [...]float64{0.5, 0.4, 0.6, 0.32, 0.68, 0.25, 0.75, 0.18, 0.82} // along the line

	var (
		discs  path
		glyphs [toneCount]path
		taken  [][2]float64
	)

	room := d.aspectGlyph * 1.6

	for _, l := range lines {
		x1, y1 := d.spot(d.heart, l.from)
		x2, y2 := d.spot(d.heart, l.to)

		if math.Hypot(x2-x1, y2-y1) < room*2.5 {
			continue
		}

		for _, t := range places {
			x, y := x1+(x2-x1)*t, y1+(y2-y1)*t

			if slices.ContainsFunc(taken, func(p [2]float64) bool { return math.Hypot(p[0]-x, p[1]-y) < room }) ||
				math.Hypot(x-middle, y-middle) > d.heart-room {
				continue
			}

			taken = append(taken, [2]float64{x, y})
			discs = discs.ring(x, y, d.aspectGlyph*0.68)
			tone := &glyphs[aspectLines[l.kind].tone]
			*tone = tone.place(aspectGlyphs[l.kind], x, y, d.aspectGlyph/(2*glyphReach))

			break
		}
	}

	d.scene.add(discs, filled(d.colours.background))

	for tone := range glyphs {
		d.scene.add(glyphs[tone], stroke(d.colours.tones[tone], d.textLine))
	}
}
