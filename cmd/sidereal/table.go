package main

import (
	"os"
	"strings"
	"unicode/utf8"
)

// look is how a table is written for a terminal.
type look struct{ glyphs, ascii, colours bool }

// look returns what the standard output is good for: colours on a terminal, unless NO_COLOR (https://no-color.org) is set.
func (c commands) look() look {
	for _, setting := range c.environment {
		if name, value, _ := strings.Cut(setting, "="); name == "NO_COLOR" && value != "" || name == "TERM" && value == "dumb" {
			return look{}
		}
	}

	file, ok := c.stdout.(*os.File)
	if !ok {
		return look{}
	}

	info, err := file.Stat()

	return look{colours: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// paint is a colour of the terminal, by its number in ECMA-48's "select graphic rendition".
type paint string

// The colours that tables use; plain is none.
const (
	plain  paint = ""
	bold   paint = "1"
	dim    paint = "2"
	red    paint = "31"
	green  paint = "32"
	yellow paint = "33"
	blue   paint = "34"
)

// cell is a text of a table.
type cell struct {
	text  string
	paint paint
}

// column is where the cells of a column stand.
type column struct {
	title string
	right bool // flush right
}

// grid is a table under way.
type grid struct {
	columns []column
	rows    [][]cell
}

func (g *grid) add(cells ...cell) { g.rows = append(g.rows, cells) }

// write appends the table: its titles, a line, and its rows, two spaces between columns and none at the ends of lines.
func (g *grid) write(b *strings.Builder, l look) {
	widths := make([]int, len(g.columns))
	for i, c := range g.columns {
		widths[i] = utf8.RuneCountInString(c.title)
	}

	for _, row := range g.rows {
		for i, c := range row {
			widths[i] = max(widths[i], width(l.spelled(c.text)))
		}
	}

	var titles []cell

	total := 2 * (len(widths) - 1)
	for i, c := range g.columns {
		titles = append(titles, cell{c.title, bold})
		total += widths[i]
	}

	g.writeRow(b, l, titles, widths)
	b.WriteString(l.painted(l.spelled(strings.Repeat("─", total)), dim) + "\n")

	for _, row := range g.rows {
		g.writeRow(b, l, row, widths)
	}
}

func (g *grid) writeRow(b *strings.Builder, l look, row []cell, widths []int) {
	pending := 0 // spaces, which only come when something follows them

	for i, c := range row {
		text := l.spelled(c.text)
		space := widths[i] - width(text)

		if g.columns[i].right {
			pending, space = pending+space, 0
		}

		if text != "" {
			b.WriteString(strings.Repeat(" ", pending) + l.painted(text, c.paint))

			pending = 0
		}

		pending += space + 2
	}

	b.WriteByte('\n')
}

func (l look) painted(text string, p paint) string {
	if !l.colours || p == plain || text == "" {
		return text
	}

	return "\x1b[" + string(p) + "m" + text + "\x1b[0m"
}

// spelled returns the text in the characters that the terminal has.
func (l look) spelled(text string) string {
	if !l.ascii {
		return text
	}

	return strings.NewReplacer("°", "d", "′", "'", "″", `"`, "─", "-").Replace(text)
}

// width returns how many columns of a terminal a text takes. The signs of the zodiac are wide (Unicode Standard Annex #11).
func width(text string) int {
	n := 0

	for _, r := range text {
		n++

		if r >= '♈' && r <= '♓' || r == '⛎' {
			n++
		}
	}

	return n
}
