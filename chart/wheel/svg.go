package wheel

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
)

// grain is how many steps of the SVG's coordinates make a unit. Whole numbers are short, and free of the differences between ways to round.
const grain = 10.0

// writeSVG writes the scene as an SVG of size pixels that screen readers name by title and describe by description. The identifiers begin with
// id, so that several pictures may stand in one page.
func (s *scene) writeSVG(size int, id, title, description string) []byte {
	var b bytes.Buffer

	b.Grow(32 << 10)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %g %g" role="img" aria-labelledby="%s-title %s-desc">`,
		size, size, units*grain, units*grain, id, id)
	fmt.Fprintf(&b, "\n<title id=\"%s-title\">", id)
	_ = xml.EscapeText(&b, []byte(title))
	fmt.Fprintf(&b, "</title>\n<desc id=\"%s-desc\">", id)
	_ = xml.EscapeText(&b, []byte(description))
	fmt.Fprintf(&b, "</desc>\n<path fill=\"#%06x\" d=\"M0 0h%gv%gh-%gz\"/>\n", s.background, units*grain, units*grain, units*grain)
	b.WriteString(`<g fill="none" stroke-linecap="round" stroke-linejoin="round">` + "\n")

	for i := range s.items {
		s.items[i].writeSVG(&b)
	}

	b.WriteString("</g>\n</svg>\n")

	return b.Bytes()
}

func (it *item) writeSVG(b *bytes.Buffer) {
	if it.style.fill {
		fmt.Fprintf(b, `<path fill="#%06x" d="`, it.style.colour)
	} else {
		fmt.Fprintf(b, `<path stroke="#%06x" stroke-width="%d"`, it.style.colour, steps(it.style.width))

		for i, length := range it.style.dash.lengths() {
			lead := " "
			if i == 0 {
				lead = ` stroke-dasharray="`
			}

			fmt.Fprintf(b, "%s%d", lead, steps(length))
		}

		if it.style.dash[0] > 0 {
			b.WriteByte('"')
		}

		b.WriteString(` d="`)
	}

	w := pathWriter{out: b.AvailableBuffer()}
	for i := range it.path {
		w.write(&it.path[i])
	}

	b.Write(w.out)
	b.WriteString("\"/>\n")
}

func steps(length float64) int { return int(math.Round(length * grain)) }

// pathWriter writes a path in whole steps relative to the last point, which is the shortest form; since it remembers the rounded point, errors
// do not add up.
type pathWriter struct {
	out            []byte
	command        byte
	x, y           int // where the pen is
	startX, startY int // where the line began
}

func (w *pathWriter) write(s *segment) {
	x, y := steps(s.x), steps(s.y)

	switch s.verb {
	case moveTo:
		w.begin('m')
		w.startX, w.startY = x, y
	case lineTo:
		w.begin('l')
	case curveTo:
		w.begin('c')
		w.numbers(steps(s.x1)-w.x, steps(s.y1)-w.y, steps(s.x2)-w.x, steps(s.y2)-w.y)
	case arcTo:
		w.arc(s)

		return
	case closePath:
		w.begin('z')

		w.x, w.y = w.startX, w.startY

		return
	}

	w.numbers(x-w.x, y-w.y)
	w.x, w.y = x, y
}

// arc writes an arc. SVG finds its middle from its ends and its radius, which rounding upsets most near half a circle. So a half circle gets a
// radius that is too small, which SVG enlarges until it fits, and other long arcs are cut into short ones.
func (w *pathWriter) arc(s *segment) {
	const half, short = 180.0, 120.0 // degrees

	pieces, r := 1.0, steps(s.r)
	if math.Abs(s.sweep) != half {
		pieces = math.Ceil(math.Abs(s.sweep) / short)
	}

	end := math.Atan2(s.y-s.y1, s.x-s.x1) * half / math.Pi

	for i := pieces - 1; i >= 0; i-- {
		angle := end - s.sweep*i/pieces
		x, y := steps(s.x1+s.r*cos(angle)), steps(s.y1+s.r*sin(angle))

		if math.Abs(s.sweep) == half {
			r = int(math.Hypot(float64(x-w.x), float64(y-w.y)) / 2)
		}

		w.begin('a')
		w.numbers(r, r, 0, 0, bit(s.sweep > 0), x-w.x, y-w.y)
		w.x, w.y = x, y
	}
}

// begin writes a command's letter, unless it is the last one again. Pairs that follow a move would be lines, so a move is always named.
func (w *pathWriter) begin(command byte) {
	if command != w.command || command == 'm' || command == 'z' {
		w.out = append(w.out, command)
	}

	w.command = command
}

// numbers writes numbers, with a space where neither a letter nor a minus sign parts them.
func (w *pathWriter) numbers(all ...int) {
	for _, n := range all {
		if last := len(w.out) - 1; n >= 0 && last >= 0 && w.out[last] >= '0' && w.out[last] <= '9' {
			w.out = append(w.out, ' ')
		}

		w.out = strconv.AppendInt(w.out, int64(n), 10)
	}
}

func bit(on bool) int {
	if on {
		return 1
	}

	return 0
}
