package wheel

import (
	"bytes"
	"math"
	"testing"

	"sidereal/chart"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c colour) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}

		return math.Pow((x+0.055)/1.055, 2.4)
	}
	p := c.rgba()

	return 0.2126*linear(p.R) + 0.7152*linear(p.G) + 0.0722*linear(p.B)
}

// contrast is the contrast ratio of WCAG 2.2, 1 to 21.
func contrast(a, b colour) float64 {
	light, dark := max(luminance(a), luminance(b)), min(luminance(a), luminance(b))

	return (light + 0.05) / (dark + 0.05)
}

func TestContrastIsThatOfTheStandard(t *testing.T) {
	for want, pair := range map[float64][2]colour{21: {0, 0xffffff}, 1: {0x123456, 0x123456}, 4.54: {0x767676, 0xffffff}} {
		if got := contrast(pair[0], pair[1]); math.Abs(got-want) > 0.005 {
			t.Errorf("want %g, got %.3f", want, got)
		}
	}
}

func TestThemesCanBeRead(t *testing.T) {
	const text, lines = 4.5, 3.0

	for theme := range Theme(ThemeCount) {
		p := palettes[theme]
		check := func(what string, front, behind colour, least float64) {
			if got := contrast(front, behind); got < least {
				t.Errorf("%v: %s (%06x on %06x): want %.1f, got %.2f", theme, what, front, behind, least, got)
			}
		}

		check("ink", p.ink, p.background, text)
		check("muted", p.muted, p.background, text)
		check("guest", p.guest, p.background, text)
		check("rule", p.rule, p.background, lines)

		for i := range p.signs {
			check("a sign", p.signs[i], p.panels[i], text)
			check("a sign in the corner", p.signs[i], p.background, text)
		}

		for _, tone := range p.tones {
			check("an aspect", tone, p.background, text)
		}
	}
}

func TestKindsOfAspectsLookDifferent(t *testing.T) {
	for a := range chart.AspectKind(chart.AspectKindCount) {
		for b := range a {
			if aspectLines[a] == aspectLines[b] {
				t.Errorf("%v and %v have the same line", a, b)
			}
		}

		if len(aspectGlyphs[a]) == 0 {
			t.Errorf("%v has no glyph", a)
		}
	}
}

// Glyphs keep within their grid, fill a good part of it, and no two are alike.
func TestGlyphsAreDrawnOnTheGrid(t *testing.T) {
	seen := map[string]string{}
	check := func(name string, glyph path) {
		if len(glyph) == 0 {
			t.Errorf("%s has no glyph", name)

			return
		}

		minX, minY, maxX, maxY := bounds(glyph.flatten(1))
		if min(minX, minY) < -glyphReach-0.6 || max(maxX, maxY) > glyphReach+0.6 || max(maxX-minX, maxY-minY) < 1.2*glyphReach {
			t.Errorf("%s reaches from (%.1f, %.1f) to (%.1f, %.1f)", name, minX, minY, maxX, maxY)
		}

		s := scene{background: 0xffffff, items: []item{{path{}.place(glyph, 500, 500, 40), stroke(0, 60)}}}

		var image bytes.Buffer
		if err := s.writePNG(&image, 60); err != nil {
			t.Fatal(err)
		}

		if other, ok := seen[image.String()]; ok {
			t.Errorf("%s looks like %s", name, other)
		}

		seen[image.String()] = name
	}

	for body, glyph := range bodyGlyphs {
		check(chart.Body(body).String(), glyph)
	}

	for sign, glyph := range signGlyphs {
		check(chart.Sign(sign).String(), glyph)
	}

	for kind, glyph := range aspectGlyphs {
		check(chart.AspectKind(kind).String(), glyph)
	}

	for r, l := range letters {
		if r != '°' && r != '′' {
			check(string(r), l.lines)
		}
	}
}
