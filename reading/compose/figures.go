package compose

import (
	"fmt"
	"slices"

	"sidereal/chart"
	"sidereal/reading/library"
)

// figure is a pattern as a reading speaks of it.
type figure struct {
	chart.Pattern

	id      library.ID
	article string // "a T-square"
}

// articles are the figures' names within a sentence.
var articles = [chart.PatternKindCount]string{
	chart.TSquare: "a T-square", chart.GrandTrine: "a grand trine", chart.GrandCross: "a grand cross", chart.Yod: "a yod", chart.Kite: "a kite",
	chart.MysticRectangle: "a mystic rectangle", chart.SignStellium: "a gathering", chart.HouseStellium: "a gathering",
}

// name is what the figure is because of.
func (f *figure) name() string {
	switch {
	case f.Kind == chart.SignStellium:
		return fmt.Sprintf("stellium in %s: %s", f.Sign, listOf(f.Bodies))
	case f.Kind == chart.HouseStellium:
		return fmt.Sprintf("stellium in the %s house: %s", ordinals[f.House].short, listOf(f.Bodies))
	case f.id == library.GrandSextile:
		return "Grand Sextile of " + listOf(f.Bodies)
	}

	return fmt.Sprintf("%s of %s", f.Kind, listOf(f.Bodies))
}

func listOf(bodies []chart.Body) string {
	names := make([]string, len(bodies))
	for i, b := range bodies {
		names[i] = b.String()
	}

	return joined(names)
}

// figuresOf returns the patterns that are certain and no part of a larger one, the grand sextiles first.
func figuresOf(c *chart.Chart, aspects []chart.Aspect, orbs *chart.Orbs, zodiac chart.Zodiac, system chart.HouseSystem) ([]figure, error) {
	patterns := c.PatternsOf(aspects, zodiac, system)
	found := grandSextiles(patterns, aspects)

	for i := range patterns {
		p := &patterns[i]
		if p.PartOfLarger {
			continue
		}

		certain, err := c.PatternCertain(p, aspects, orbs, zodiac)
		if err != nil {
			return nil, err
		}

		if certain && !slices.ContainsFunc(found, func(f figure) bool { return sameButOne(&f.Pattern, p) }) {
			found = append(found, figure{Pattern: *p, id: library.Pattern(p.Kind), article: articles[p.Kind]})
		}
	}

	return found, nil
}

// sameButOne says that a pattern is one already found with one body, or none, in place of another, since a conjunction makes two figures of one; or that it
// is the crowd of a house that is found as that of a sign.
func sameButOne(found, p *chart.Pattern) bool {
	if found.Kind == chart.SignStellium && p.Kind == chart.HouseStellium {
		return slices.Equal(found.Bodies, p.Bodies)
	}

	if found.Kind != p.Kind || p.Kind == chart.SignStellium || p.Kind == chart.HouseStellium {
		return false
	}

	shared := 0

	for _, b := range p.Bodies {
		if slices.Contains(found.Bodies, b) {
			shared++
		}
	}

	return shared >= len(p.Bodies)-1
}

// grandSextiles finds two grand trines each body of which opposes one of the other.
func grandSextiles(patterns []chart.Pattern, aspects []chart.Aspect) []figure {
	opposed := func(a, b chart.Body) bool {
		return slices.ContainsFunc(aspects, func(x chart.Aspect) bool {
			return x.Kind == chart.Opposition && (x.First == a && x.Second == b || x.First == b && x.Second == a)
		})
	}

	var found []figure

	for i := range patterns {
		for k := i + 1; k < len(patterns); k++ {
			one, other := &patterns[i], &patterns[k]
			if one.Kind != chart.GrandTrine || other.Kind != chart.GrandTrine {
				continue
			}

			across := func(b chart.Body) bool {
				return slices.ContainsFunc(other.Bodies, func(o chart.Body) bool { return o != b && opposed(b, o) })
			}
			if slices.ContainsFunc(one.Bodies, func(b chart.Body) bool { return slices.Contains(other.Bodies, b) || !across(b) }) {
				continue
			}

			bodies := slices.Sorted(slices.Values(slices.Concat(one.Bodies, other.Bodies)))
			sextile := figure{Pattern: chart.Pattern{Kind: chart.GrandTrine, Bodies: bodies}, id: library.GrandSextile, article: "a grand sextile"}
			found = append(found, sextile)
		}
	}

	return found
}
