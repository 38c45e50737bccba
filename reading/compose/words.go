package compose

import (
	"slices"
	"strings"

	"sidereal/chart"
)

// ordinals are the houses, from 1.
var ordinals = [13]struct{ long, short string }{
	{},
	{"first house", "1st"},
	{"second house", "2nd"},
	{"third house", "3rd"},
	{"fourth house", "4th"},
	{"fifth house", "5th"},
	{"sixth house", "6th"},
	{"seventh house", "7th"},
	{"eighth house", "8th"},
	{"ninth house", "9th"},
	{"tenth house", "10th"},
	{"eleventh house", "11th"},
	{"twelfth house", "12th"},
}

// counts are the small numbers in words.
var counts = [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// named returns what a point is called behind "your".
func named(p chart.Point) string {
	if p == chart.TrueNodePoint {
		return "lunar Node"
	}

	return p.String()
}

// withThe are the points that have an article.
var withThe = [...]chart.Point{chart.SunPoint, chart.MoonPoint, chart.TrueNodePoint, chart.AscendantPoint, chart.MidheavenPoint}

// called returns what a point is called within a sentence.
func called(p chart.Point) string {
	if slices.Contains(withThe[:], p) {
		return "the " + named(p)
	}

	return named(p)
}

func calledAll(bodies []chart.Body) string {
	names := make([]string, len(bodies))
	for i, b := range bodies {
		names[i] = called(chart.Point(b))
	}

	return joined(names)
}

// joined makes a list of names within a sentence.
func joined(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	case 2:
		return names[0] + " and " + names[1]
	}

	return strings.Join(names[:len(names)-1], ", ") + ", and " + names[len(names)-1]
}

// withArticle puts "a" or "an" before a kind of aspects.
func withArticle(kind chart.AspectKind) string {
	name := kind.String()
	if strings.ContainsAny(name[:1], "aeiou") {
		return "an " + name
	}

	return "a " + name
}

// upper returns a text with its first letter as a capital.
func upper(text string) string {
	if text == "" {
		return ""
	}

	return strings.ToUpper(text[:1]) + text[1:]
}
