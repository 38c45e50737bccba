package wheel

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"
)

// inked returns how many pixels' worth of black a scene on white has.
func inked(t *testing.T, size int, items ...item) float64 {
	t.Helper()

	s := scene{background: 0xffffff, items: items}
	total := 0.0
	img := painted(t, &s, size)

	for y := range size {
		for x := range size {
			total += 1 - float64(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)/255
		}
	}

	return total
}

func painted(t *testing.T, s *scene, size int) image.Image {
	t.Helper()

	var b bytes.Buffer
	if err := s.writePNG(&b, size); err != nil {
		t.Fatal(err)
	}

	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}

	return img
}

// What geometry says that a shape covers is what the pixels add up to, at a scale of one pixel a unit.
func TestShapesCoverTheirArea(t *testing.T) {
	d := drawing{layout: &layouts[2]}

	for name, test := range map[string]struct {
		path  path
		style style
		want  float64
	}{
		"a filled circle":         {path{}.ring(500, 500, 100), filled(0), math.Pi * 100 * 100},
		"a filled square":         {path{}.at(100.5, 100.25).to(200.5, 100.25).to(200.5, 200.25).to(100.5, 200.25).close(), filled(0), 100 * 100},
		"a sector of a ring":      {d.sector(nil, 300, 400, 10, 40), filled(0), math.Pi * (400*400 - 300*300) / 12},
		"the same across 0":       {d.sector(nil, 300, 400, 350, 370), filled(0), math.Pi * (400*400 - 300*300) / 18},
		"a broad line":            {path{}.line(100, 100, 400, 500), stroke(0, 10), 500*10 + math.Pi*25},
		"a line below a pixel":    {path{}.line(100, 300.5, 600, 300.5), stroke(0, 0.5), 500 * 0.5},
		"a stroked circle":        {path{}.ring(500, 500, 100), stroke(0, 3), tau * 100 * 3},
		"a line there and back":   {path{}.at(100, 100).to(400, 500).to(100, 100), stroke(0, 10), 500*10 + math.Pi*25},
		"dashes":                  {path{}.line(100, 100, 500, 100), style{width: 2, dash: dash{10, 10}}, 20 * (10*2 + math.Pi)},
		"dashes of two lengths":   {path{}.line(100, 100, 500, 100), style{width: 2, dash: dash{20, 10, 5, 5}}, 10*(25*2) + 20*math.Pi},
		"a curve, drawn straight": {path{}.at(100, 100).curve(200, 100, 300, 100, 400, 100), stroke(0, 4), 300*4 + math.Pi*4},
		"what lies outside":       {path{}.line(-300, -300, -10, -10).line(1100, 200, 1200, 300).ring(500, 2000, 50), stroke(0, 4), 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := inked(t, 1000, item{test.path, test.style}); math.Abs(got-test.want) > 0.015*test.want+1 {
				t.Errorf("want %.0f pixels, got %.0f", test.want, got)
			}
		})
	}
}

func TestCrossingsOfALineAreNotDarker(t *testing.T) {
	grey := colour(0x808080)
	s := scene{background: 0xffffff, items: []item{{path{}.line(100, 100, 900, 900).line(100, 900, 900, 100), stroke(grey, 40)}}}

	if got := painted(t, &s, 500).At(250, 250); got != (color.RGBA{0x80, 0x80, 0x80, 255}) {
		t.Errorf("want the line's own grey, got %v", got)
	}
}

func TestUpsideDownGlyphsAreMirrored(t *testing.T) {
	up := inked(t, 500, item{path{}.place(north, 500, 500, 10), stroke(0, 20)})
	down := inked(t, 500, item{path{}.place(north.flipped(), 500, 500, 10), stroke(0, 20)})

	if math.Abs(up-down) > 1 {
		t.Errorf("want %.1f pixels both ways, got %.1f", up, down)
	}
}
