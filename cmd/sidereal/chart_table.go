package main

import (
	"fmt"
	"strings"

	"sidereal/chart"
)

// The characters of Unicode for signs, bodies and aspects.
var (
	signCharacters = [chart.SignCount]string{"♈", "♉", "♊", "♋", "♌", "♍", "♎", "♏", "⛎", "♐", "♑", "♒", "♓"}
	bodyCharacters = [chart.BodyCount]string{
		"☉", "☽", "☿", "♀", "♂", "♃", "♄", "♅", "♆", "♇", "⚷", "⚳", "⚴", "⚵", "⚶", "☊", "☊", "☋", "⚸", "⚸", "⊗",
	}
	aspectCharacters = [chart.AspectKindCount]string{"☌", "☍", "△", "□", "⚹", "⚻", "⚺", "∠", "⚼", "Q", "bQ"}
)

// signPaints are the colours of the elements.
var signPaints = [chart.SignCount]paint{red, green, yellow, blue, red, green, yellow, blue, red, red, green, yellow, blue}

// table lays the chart out for a terminal, in less than 100 columns.
func (v chartView) table(l look) string {
	var b strings.Builder

	when := v.Local
	if !v.TimeKnown {
		when = v.Local[:len("1990-01-15")] + ", time unknown (cast for 12:00)"
	}

	fmt.Fprintf(&b, "%s, %s (UTC%s)\n", l.painted(when, bold), v.TimeZone, v.UTCOffset)
	fmt.Fprintf(&b, "latitude %.4f, longitude %.4f\n", v.Latitude, v.Longitude)
	fmt.Fprintf(&b, "%s UT, %s zodiac\n", v.Instant.Format("2006-01-02 15:04:05"), v.Zodiac)
	fmt.Fprintf(&b, "chart %s\n\n", l.painted(string(v.Hash), dim))
	v.writeBodies(&b, l)

	if v.Houses != nil {
		b.WriteString("\n" + l.painted(strings.ToUpper(v.Houses.System)+" HOUSES", bold) + "\n")

		if v.Houses.FallbackReason != "" {
			b.WriteString(l.spelled(wrapped(v.Houses.FallbackReason, 96)) + "\n")
		}

		b.WriteString("\n")
		v.writeHouses(&b, l)
	}

	b.WriteString("\n")
	v.writeAspects(&b, l)

	return b.String()
}

func (v chartView) writeBodies(b *strings.Builder, l look) {
	g := grid{columns: []column{
		{title: "BODY"},
		{title: "LONGITUDE"},
		{},
		{title: "LATITUDE", right: true},
		{title: "SPEED", right: true},
		{title: "DECLINATION", right: true},
		{title: "HOUSE", right: true},
	}}

	for _, p := range v.Positions {
		mark, house := "", ""
		if p.Retrograde {
			mark = "R"
		}

		if p.House > 0 {
			house = fmt.Sprint(p.House)
		}

		g.add(cell{text: l.withGlyph(bodyCharacters[p.body], p.Name)}, l.degree(p.degreeView), cell{mark, red}, cell{text: fmt.Sprintf("%+.4f", p.Latitude)},
			cell{text: fmt.Sprintf("%+.4f", p.Speed)}, cell{text: fmt.Sprintf("%+.4f", p.Declination)}, cell{text: house})
	}

	g.write(b, l)
}

// writeHouses writes houses and angles side by side, six lines of each.
func (v chartView) writeHouses(b *strings.Builder, l look) {
	const lines = 6

	g := grid{columns: []column{
		{title: "HOUSE", right: true}, {title: "CUSP"}, {title: "HOUSE", right: true}, {title: "CUSP"}, {title: "ANGLE"}, {title: "LONGITUDE"},
	}}

	for i := range lines {
		low, high, angle := v.Houses.Cusps[i], v.Houses.Cusps[i+lines], v.Angles[i]
		g.add(cell{text: low.Name}, l.degree(low), cell{text: high.Name}, l.degree(high), cell{text: angle.Name}, l.degree(angle))
	}

	g.write(b, l)
}

func (v chartView) writeAspects(b *strings.Builder, l look) {
	g := grid{columns: []column{
		{title: "ASPECT"}, {}, {}, {title: "ORB", right: true}, {title: "STRENGTH", right: true}, {},
	}}

	for _, a := range v.Aspects {
		state := cell{"separating", dim}
		if a.Applying {
			state = cell{text: "applying"}
		}

		g.add(cell{text: l.withGlyph(bodyCharacters[a.aspect.First], a.First)}, cell{text: l.withGlyph(aspectCharacters[a.aspect.Kind], a.Kind)},
			cell{text: l.withGlyph(bodyCharacters[a.aspect.Second], a.Second)}, cell{text: fmt.Sprintf("%.2f°", a.Orb)},
			cell{text: fmt.Sprintf("%.2f", a.Strength)}, state)
	}

	g.write(b, l)
}

// degree returns the cell of a degree, flush with others that have two digits.
func (l look) degree(d degreeView) cell {
	const digits = len("25")

	text := d.Formatted
	if strings.Index(text, "°") < digits {
		text = " " + text
	}

	return cell{l.withGlyph(signCharacters[d.sign], text), signPaints[d.sign]}
}

// withGlyph returns a text behind its character, where characters are wanted.
func (l look) withGlyph(character, text string) string {
	if !l.glyphs || l.ascii {
		return text
	}

	return character + strings.Repeat(" ", 3-width(character)) + text
}

// wrapped breaks a text into lines of at most so many characters.
func wrapped(text string, most int) string {
	var b strings.Builder

	column := 0

	for word := range strings.FieldsSeq(text) {
		switch {
		case column == 0:
		case column+1+width(word) > most:
			b.WriteByte('\n')

			column = 0
		default:
			b.WriteByte(' ')

			column++
		}

		b.WriteString(word)
		column += width(word)
	}

	return b.String()
}
