package wheel

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
)

// canvas paints scenes on pixels. A path's coverage is collected first and blended once, so that a path does not show where it crosses itself.
type canvas struct {
	img      *image.RGBA
	size     int
	scale    float64   // pixels a unit
	coverage []float32 // of the path being painted, 0 to 1 for each pixel
	dirty    image.Rectangle
}

// writePNG paints the scene on size × size pixels.
func (s *scene) writePNG(out io.Writer, size int) error {
	c := canvas{
		img: image.NewRGBA(image.Rect(0, 0, size, size)), size: size, scale: float64(size) / units, coverage: make([]float32, size*size),
	}

	paint := s.background.rgba()
	for i := 0; i < len(c.img.Pix); i += 4 {
		copy(c.img.Pix[i:], []uint8{paint.R, paint.G, paint.B, paint.A})
	}

	for i := range s.items {
		c.paint(&s.items[i])
	}

	encoder := png.Encoder{CompressionLevel: png.BestCompression} // lines on a plain ground: a third smaller, for a quarter of a second

	return encoder.Encode(out, c.img)
}

func (c colour) rgba() color.RGBA {
	return color.RGBA{R: uint8(c >> 16), G: uint8(c >> 8), B: uint8(c), A: 255}
}

func (c *canvas) paint(it *item) {
	lines := it.path.flatten(c.scale)

	if it.style.fill {
		c.fill(lines)
	} else {
		if lengths := it.style.dash.lengths(); len(lengths) > 0 {
			lines = dashed(lines, lengths, c.scale)
		}

		for _, l := range lines {
			c.stroke(l, it.style.width*c.scale)
		}
	}

	c.blend(it.style.colour.rgba())
}

// cover raises the coverage of a pixel to at least amount.
func (c *canvas) cover(x, y int, amount float64) {
	at := &c.coverage[y*c.size+x]
	*at = max(*at, float32(amount))
}

// blend lays a colour over the covered pixels and clears the coverage. It blends the coded values, as browsers do.
func (c *canvas) blend(paint color.RGBA) {
	area := c.dirty.Intersect(c.img.Rect)

	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := c.coverage[y*c.size+area.Min.X : y*c.size+area.Max.X]
		pixels := c.img.Pix[c.img.PixOffset(area.Min.X, y):]

		for i, amount := range row {
			if amount == 0 {
				continue
			}

			row[i] = 0
			amount = min(amount, 1)

			for k, channel := range [3]uint8{paint.R, paint.G, paint.B} {
				old := &pixels[4*i+k]
				*old = uint8(float32(*old) + (float32(channel)-float32(*old))*amount + 0.5)
			}
		}
	}

	c.dirty = image.Rectangle{}
}

// touch widens the area that blend looks at.
func (c *canvas) touch(minX, minY, maxX, maxY float64) {
	c.dirty = c.dirty.Union(image.Rect(int(math.Floor(minX)), int(math.Floor(minY)), int(math.Ceil(maxX))+1, int(math.Ceil(maxY))+1))
}

// stroke covers the points within half a width of a line. The distance from the middle of a pixel to the line tells how much of the pixel is
// covered; round caps and joins come by themselves.
func (c *canvas) stroke(l polyline, width float64) {
	for i := range l[1:] {
		c.capsule(l[i], l[i+1], width/2)
	}
}

// capsule covers the points within radius of the line from a to b.
func (c *canvas) capsule(a, b point, radius float64) {
	const blur = 0.5 // half a pixel

	reach := radius + blur
	if a.y > b.y {
		a, b = b, a
	}

	c.touch(min(a.x, b.x)-reach, a.y-reach, max(a.x, b.x)+reach, b.y+reach)

	dx, dy := b.x-a.x, b.y-a.y
	square := dx*dx + dy*dy

	for y := max(0, int(a.y-reach)); y <= min(c.size-1, int(b.y+reach)); y++ {
		middle := float64(y) + 0.5

		// Only the part of the line within reach of this row matters.
		low, high := 0.0, 1.0
		if dy > 0 {
			low, high = max(0, (middle-reach-a.y)/dy), min(1, (middle+reach-a.y)/dy)
		}

		x1, x2 := a.x+low*dx, a.x+high*dx
		from, to := max(0, int(min(x1, x2)-reach)), min(c.size-1, int(max(x1, x2)+reach))

		for x := from; x <= to; x++ {
			px, py := float64(x)+0.5-a.x, middle-a.y
			t := 0.0

			if square > 0 {
				t = max(0, min(1, (px*dx+py*dy)/square))
			}

			distance := math.Hypot(px-t*dx, py-t*dy)
			if covered := min(distance+blur, radius) - max(distance-blur, -radius); covered > 0 {
				c.cover(x, y, covered)
			}
		}
	}
}
