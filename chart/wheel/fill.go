package wheel

import (
	"cmp"
	"math"
	"slices"
)

// crossing is where an edge crosses a scan line, and whether it runs down (1) or up (-1).
type crossing struct {
	x       float64
	winding int
}

// fill covers the inside of lines by the non-zero rule. Each row is looked at along several scan lines; along them the coverage is exact.
func (c *canvas) fill(lines []polyline) {
	const scans = 16

	minX, minY, maxX, maxY := bounds(lines)
	if minX > maxX {
		return
	}

	c.touch(minX, minY, maxX, maxY)

	var crossings []crossing

	for y := max(0, int(minY)); y <= min(c.size-1, int(maxY)); y++ {
		for scan := range scans {
			at := float64(y) + (float64(scan)+0.5)/scans
			crossings = crossed(crossings[:0], lines, at)
			winding := 0

			for i, here := range crossings {
				if winding != 0 {
					c.span(y, crossings[i-1].x, here.x, 1.0/scans)
				}

				winding += here.winding
			}
		}
	}
}

// crossed returns where the edges cross a height, from left to right.
func crossed(all []crossing, lines []polyline, at float64) []crossing {
	for _, l := range lines {
		for i := range l {
			a, b := l[i], l[(i+1)%len(l)]

			winding := 1
			if a.y > b.y {
				a, b, winding = b, a, -1
			}

			if a.y <= at && at < b.y {
				all = append(all, crossing{a.x + (at-a.y)/(b.y-a.y)*(b.x-a.x), winding})
			}
		}
	}

	slices.SortFunc(all, func(a, b crossing) int { return cmp.Compare(a.x, b.x) })

	return all
}

// span adds the weight of one scan line to the pixels from one place to another.
func (c *canvas) span(y int, from, to, weight float64) {
	from, to = max(0, from), min(float64(c.size), to)

	for x := int(from); float64(x) < to; x++ {
		c.coverage[y*c.size+x] += float32(weight * (min(to, float64(x+1)) - max(from, float64(x))))
	}
}

func bounds(lines []polyline) (minX, minY, maxX, maxY float64) {
	minX, minY, maxX, maxY = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)

	for _, l := range lines {
		for _, p := range l {
			minX, minY, maxX, maxY = min(minX, p.x), min(minY, p.y), max(maxX, p.x), max(maxY, p.y)
		}
	}

	return minX, minY, maxX, maxY
}
