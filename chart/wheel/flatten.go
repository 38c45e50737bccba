package wheel

import "math"

// point is a point in pixels.
type point struct{ x, y float64 }

// polyline is a line of straight pieces, at least one.
type polyline []point

// flatness is how far the straight pieces may stray from a curve, in pixels.
const flatness = 0.05

// flatten turns a path into straight lines, in pixels.
func (p path) flatten(scale float64) []polyline {
	var (
		lines   []polyline
		current polyline
	)

	end := func() {
		if len(current) > 1 {
			lines = append(lines, current)
		}

		current = nil
	}

	for _, s := range p {
		to := point{s.x * scale, s.y * scale}

		switch s.verb {
		case moveTo:
			end()

			current = polyline{to}
		case lineTo:
			current = append(current, to)
		case curveTo:
			current = appendCurve(current, point{s.x1 * scale, s.y1 * scale}, point{s.x2 * scale, s.y2 * scale}, to)
		case arcTo:
			current = appendArc(current, point{s.x1 * scale, s.y1 * scale}, s.r*scale, s.sweep)
		case closePath:
			start := current[0]
			current = append(current, start)
			end()

			current = polyline{start}
		}
	}

	end()

	return lines
}

func appendCurve(l polyline, c1, c2, to point) polyline {
	from := l[len(l)-1]
	bend := math.Hypot(from.x-2*c1.x+c2.x, from.y-2*c1.y+c2.y) + math.Hypot(c1.x-2*c2.x+to.x, c1.y-2*c2.y+to.y)
	n := 1 + int(math.Ceil(math.Sqrt(bend*0.75/flatness))) // the second derivative bounds the distance of a chord

	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		l = append(l, point{a*from.x + b*c1.x + c*c2.x + d*to.x, a*from.y + b*c1.y + c*c2.y + d*to.y})
	}

	return l
}

func appendArc(l polyline, centre point, r, sweep float64) polyline {
	from := l[len(l)-1]
	start := math.Atan2(from.y-centre.y, from.x-centre.x) * 180 / math.Pi
	step := 2 * math.Acos(1-min(1, flatness/r)) * 180 / math.Pi // of a chord that strays by flatness
	n := 1 + int(math.Ceil(math.Abs(sweep)/step))

	for i := 1; i <= n; i++ {
		angle := start + sweep*float64(i)/float64(n)
		l = append(l, point{centre.x + r*cos(angle), centre.y + r*sin(angle)})
	}

	return l
}

// dashed cuts lines into dashes; lengths are alternately those of dashes and of gaps, in units.
func dashed(lines []polyline, lengths []float64, scale float64) []polyline {
	var cut []polyline

	for _, l := range lines {
		current, drawing, i := polyline{l[0]}, true, 0
		left := lengths[0] * scale

		for k := range l[1:] {
			a, b := l[k], l[k+1]
			length := math.Hypot(b.x-a.x, b.y-a.y)

			for done := 0.0; done < length; {
				step := min(left, length-done)
				done += step
				left -= step
				here := point{a.x + (b.x-a.x)*done/length, a.y + (b.y-a.y)*done/length}

				if drawing {
					current = append(current, here)
				}

				if left > 0 {
					continue
				}

				if drawing {
					cut = append(cut, current)
				}

				drawing, i = !drawing, (i+1)%len(lengths)
				left, current = lengths[i]*scale, polyline{here}
			}
		}

		if drawing && len(current) > 1 {
			cut = append(cut, current)
		}
	}

	return cut
}
