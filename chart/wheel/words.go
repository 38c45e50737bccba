package wheel

import (
	"fmt"
	"strings"

	"sidereal/chart"
)

// idOf returns a short name of a chart for identifiers within a page.
func idOf(c *chart.Chart) string { return string(c.Hash[:min(8, len(c.Hash))]) }

// titleOf returns the title of a chart's wheel.
func titleOf(c *chart.Chart, opts Options) string {
	if opts.Title != "" {
		return opts.Title
	}

	return "Chart of " + when(c)
}

// when says when and where a chart is cast for.
func when(c *chart.Chart) string {
	text := c.Birth.Local().Format("2006-01-02 15:04")
	if !c.Birth.TimeKnown {
		text = c.Birth.Local().Format("2006-01-02") + ", time unknown"
	}

	if c.Birth.PlaceName != "" {
		text += ", " + c.Birth.PlaceName
	}

	return text
}

// describe says what a chart's wheel shows.
func describe(c *chart.Chart, opts Options) string {
	var b strings.Builder

	fmt.Fprintf(&b, "%s zodiac", capital(opts.Zodiac.String()))

	houses := c.Houses(opts.System, opts.Zodiac)
	if houses == nil {
		b.WriteString(", no houses")
	} else {
		fmt.Fprintf(&b, ", %s houses", houses.System)
	}

	if a := c.Angles(opts.Zodiac); a != nil {
		fmt.Fprintf(&b, ". Ascendant %s, Midheaven %s", worded(a.Ascendant), worded(a.Midheaven))
	}

	bodies := opts.Bodies
	if bodies == nil {
		bodies = usualBodies
	}

	lead := ". "

	for _, body := range bodies {
		p, ok := c.Position(body, opts.Zodiac)
		if !ok {
			continue
		}

		fmt.Fprintf(&b, "%s%s %s", lead, body, worded(p.Degree))
		lead = "; "

		if p.Retrograde() {
			b.WriteString(" retrograde")
		}

		if houses != nil {
			fmt.Fprintf(&b, " in house %d", houses.House(p.Longitude))
		}
	}

	b.WriteByte('.')

	return b.String()
}

// worded words a degree: 25°13′ Capricorn.
func worded(d chart.Degree) string {
	degrees, minutes := split(d)

	return degrees + "°" + minutes + "′ " + d.Sign.String()
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
