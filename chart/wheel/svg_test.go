package wheel

import (
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed are the elements of a wheel's SVG with their attributes: nothing that needs a font, a style or another file.
var allowed = map[string][]string{
	"svg":   {"xmlns", "width", "height", "viewBox", "role", "aria-labelledby"},
	"title": {"id"},
	"desc":  {"id"},
	"g":     {"fill", "stroke-linecap", "stroke-linejoin"},
	"path":  {"fill", "stroke", "stroke-width", "stroke-dasharray", "d"},
}

// readSVG reads a wheel's SVG back into a scene, and fails on whatever does not belong in one.
func readSVG(t testing.TB, text []byte) (s scene, title, description string) {
	t.Helper()

	ids := map[string]string{}
	labelled, at := "", ""

	for decoder := xml.NewDecoder(strings.NewReader(string(text))); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}

		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}

		switch token := token.(type) {
		case xml.StartElement:
			attributes := map[string]string{}

			for _, a := range token.Attr {
				if !slices.Contains(allowed[token.Name.Local], a.Name.Local) {
					t.Fatalf("<%s %s> does not belong in a wheel", token.Name.Local, a.Name.Local)
				}

				attributes[a.Name.Local] = a.Value
			}

			at = attributes["id"]

			switch token.Name.Local {
			case "svg":
				labelled = attributes["aria-labelledby"]

				if attributes["role"] != "img" || token.Name.Space != "http://www.w3.org/2000/svg" {
					t.Error("want an SVG with the role of an image")
				}
			case "path":
				s.items = append(s.items, readItem(t, attributes))
			}
		case xml.CharData:
			ids[at] += string(token)
		case xml.EndElement:
			at = ""
		}
	}

	names := strings.Fields(labelled)
	if len(names) != 2 {
		t.Fatalf("want a title and a description, got %q", labelled)
	}

	return s, ids[names[0]], ids[names[1]]
}

func readItem(t testing.TB, attributes map[string]string) item {
	t.Helper()

	number := func(text string) float64 {
		n, err := strconv.Atoi(text)
		if err != nil || n <= 0 {
			t.Fatalf("want a positive whole number, got %q", text)
		}

		return float64(n) / grain
	}

	it := item{path: readPath(t, attributes["d"])}
	ink := attributes["fill"]
	it.style.fill = ink != ""

	if !it.style.fill {
		ink = attributes["stroke"]
		it.style.width = number(attributes["stroke-width"])

		for i, length := range strings.Fields(attributes["stroke-dasharray"]) {
			it.style.dash[i] = number(length)
		}
	}

	if _, err := fmt.Sscanf(ink, "#%06x", &it.style.colour); err != nil || len(ink) != 7 {
		t.Fatalf("%q is no colour", ink)
	}

	return it
}

// readPath reads path data by the grammar of SVG 2, chapter 9.3, as far as wheels use it.
func readPath(t testing.TB, data string) path {
	t.Helper()

	var (
		p              path
		x, y           float64
		startX, startY float64
		command        byte
	)

	next := func() float64 {
		data = strings.TrimLeft(data, " ")

		end := 1
		for end < len(data) && data[end] >= '0' && data[end] <= '9' {
			end++
		}

		n, err := strconv.Atoi(data[:min(end, len(data))])
		if err != nil {
			t.Fatalf("want a number at %.20q", data)
		}

		data = data[end:]

		return float64(n) / grain
	}

	for data != "" {
		if c := data[0]; c >= 'A' {
			command, data = c, data[1:]
		}

		switch command {
		case 'm', 'M':
			x, y = x+next(), y+next()
			startX, startY = x, y
			p = p.at(x, y)
		case 'l':
			x, y = x+next(), y+next()
			p = p.to(x, y)
		case 'h':
			x += next()
			p = p.to(x, y)
		case 'v':
			y += next()
			p = p.to(x, y)
		case 'c':
			x1, y1, x2, y2, dx, dy := next(), next(), next(), next(), next(), next()
			p = p.curve(x+x1, y+y1, x+x2, y+y2, x+dx, y+dy)
			x, y = x+dx, y+dy
		case 'a':
			r, _, _, large, sweep, dx, dy := next(), next(), next(), next() > 0, next() > 0, next(), next()
			p = append(p, arcBetween(x, y, x+dx, y+dy, r, large, sweep))
			x, y = x+dx, y+dy
		case 'z':
			x, y = startX, startY
			p = p.close()
		default:
			t.Fatalf("%q is no command of a wheel", command)
		}
	}

	return p
}

// arcBetween finds the middle and the sweep of an arc (SVG 2, appendix B.2.4).
func arcBetween(x1, y1, x2, y2, r float64, large, sweep bool) segment {
	half := math.Hypot(x2-x1, y2-y1) / 2
	r = max(r, half)
	away := math.Sqrt(r*r-half*half) / half / 2

	if large == sweep {
		away = -away
	}

	cx, cy := (x1+x2)/2-away*(y2-y1), (y1+y2)/2+away*(x2-x1)
	from, to := math.Atan2(y1-cy, x1-cx), math.Atan2(y2-cy, x2-cx)
	angle := (to - from) * 180 / math.Pi

	if sweep && angle < 0 {
		angle += circle
	}

	if !sweep && angle > 0 {
		angle -= circle
	}

	return segment{verb: arcTo, x: x2, y: y2, x1: cx, y1: cy, r: r, sweep: angle}
}

// The two back ends show one picture: the SVG, read back by the standard's grammar and painted, gives the PNG's pixels.
func TestTheSVGHoldsThePictureThatThePNGShows(t *testing.T) {
	const size = 700

	for theme := range Theme(ThemeCount) {
		picture, err := ComposePair(sample(t), cast(t, birthAt(t, "1962-02-05 00:10", 28.6, 77.2)), Options{Theme: theme, Size: size})
		if err != nil {
			t.Fatal(err)
		}

		read, _, _ := readSVG(t, picture.SVG())
		want, got := painted(t, &picture.scene, size), painted(t, &read, size)
		sum, worst := 0, 0

		for y := range size {
			for x := range size {
				a, b := color.GrayModel.Convert(want.At(x, y)).(color.Gray).Y, color.GrayModel.Convert(got.At(x, y)).(color.Gray).Y
				off := max(int(a)-int(b), int(b)-int(a))
				sum += off
				worst = max(worst, off)
			}
		}

		if mean := float64(sum) / (size * size); mean > 0.25 || worst > 60 {
			t.Errorf("%v: want the same picture but for rounding, got a mean difference of %.3f of 255 and %d at the worst", theme, mean, worst)
		}
	}
}
