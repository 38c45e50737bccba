package model

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sidereal/chart"
	"sidereal/reading"
)

// gather puts together what the chart says for certain: for the prompt as text, and for the check as what may be claimed.
func (t *task) gather(a *reading.Assignment) error {
	t.truth = make(truth)

	if a.Natal.Birth.TimeKnown {
		t.Houses = a.Natal.Houses(a.Options.Houses, a.Options.Zodiac).System.String()
	}

	certain, err := t.place(a.Natal, &a.Options)
	if err != nil {
		return err
	}

	if err := t.link(a.Natal, a.Options.Zodiac); err != nil {
		return err
	}

	t.weigh(a.Natal, a.Options.Zodiac, certain)

	if a.Kind == reading.Synastry && a.Options.With != nil {
		return t.placeOther(a.Options.With, a.Options.Zodiac)
	}

	return nil
}

// place tells where the bodies and angles stand. certain says whether the signs of all main bodies are.
func (t *task) place(c *chart.Chart, o *reading.Options) (certain bool, err error) {
	certain = true
	main := chart.MainBodies()

	for _, p := range c.Positions(o.Zodiac) {
		sure, err := p.Certainty()
		if err != nil {
			return false, err
		}

		isMain := slices.Contains(main, p.Body)
		if !sure.Certain() {
			certain = certain && !isMain

			continue
		}

		t.truth[inSign(chart.Point(p.Body), p.Sign)] = true

		house := p.House(o.Houses)
		if house != 0 {
			t.truth[inHouse(chart.Point(p.Body), house)] = true
		}

		if isMain {
			t.Positions = append(t.Positions, told(&p, house, sure.MotionCertain(), c.Birth.TimeKnown))
		}
	}

	if angles := c.Angles(o.Zodiac); angles != nil {
		for point, at := range anglesOf(angles) {
			t.truth[inSign(point, at.Sign)] = true
		}

		for _, point := range []chart.Point{chart.AscendantPoint, chart.MidheavenPoint} {
			at := anglesOf(angles)[point]
			t.Positions = append(t.Positions, fmt.Sprintf("%s: %.0f° %s", point, math.Floor(at.DegreeInSign), at.Sign))
		}
	}

	return certain, nil
}

// told is a position as a line of the prompt. Degrees are whole: readings speak of no others, and more would tell more of the birth than a reading needs.
func told(p *chart.Position, house int, motion, timeKnown bool) string {
	var line strings.Builder

	_, _ = fmt.Fprintf(&line, "%s: ", p.Body)

	if timeKnown {
		_, _ = fmt.Fprintf(&line, "%.0f° ", math.Floor(p.DegreeInSign))
	}

	line.WriteString(p.Sign.String())

	if house != 0 {
		_, _ = fmt.Fprintf(&line, ", house %d", house)
	}

	if motion && p.Retrograde() && p.Body != chart.TrueNode {
		line.WriteString(", retrograde")
	}

	return line.String()
}

func anglesOf(a *chart.AngleSet) map[chart.Point]chart.Degree {
	return map[chart.Point]chart.Degree{
		chart.AscendantPoint: a.Ascendant, chart.MidheavenPoint: a.Midheaven, chart.DescendantPoint: a.Descendant, chart.ImumCoeliPoint: a.ImumCoeli,
	}
}

// link notes the aspects that may be claimed: with a known time those of all bodies and angles that are within orb, else those of the main bodies that hold all day.
func (t *task) link(c *chart.Chart, zodiac chart.Zodiac) error {
	orbs := chart.StandardOrbs()

	for _, a := range c.Aspects(orbs) {
		certain, err := c.AspectCertain(a, orbs)
		if err != nil {
			return err
		}

		if certain {
			t.truth[linked(chart.Point(a.First), a.Kind, chart.Point(a.Second))] = true
		}
	}

	angles := c.Angles(zodiac)
	if angles == nil {
		return nil
	}

	at := make(map[chart.Point]float64)

	for _, p := range c.Positions(zodiac) {
		at[chart.Point(p.Body)] = p.Longitude
	}

	for point, degree := range anglesOf(angles) {
		at[point] = degree.Longitude
	}

	for first, one := range at {
		for second, other := range at {
			for kind := range chart.AspectKind(chart.AspectKindCount) {
				if first < second && math.Abs(chart.Separation(one, other)-kind.Angle()) <= orbs.Limit(kind, first, second) {
					t.truth[linked(first, kind, second)] = true
				}
			}
		}
	}

	return nil
}

// weigh tells what prevails, as far as it is certain.
func (t *task) weigh(c *chart.Chart, zodiac chart.Zodiac, certain bool) {
	d := c.Dominance(zodiac)

	if certain {
		elements := make([]string, 0, len(d.Elements))
		for e, n := range d.Elements {
			elements = append(elements, fmt.Sprintf("%s %d", chart.Element(e), n))
		}

		modalities := make([]string, 0, len(d.Modalities))
		for m, n := range d.Modalities {
			modalities = append(modalities, fmt.Sprintf("%s %d", chart.Modality(m), n))
		}

		t.Balance = append(t.Balance, "Bodies by element: "+strings.Join(elements, ", "), "Bodies by modality: "+strings.Join(modalities, ", "))
	}

	if c.Birth.TimeKnown && len(d.DominantBodies) == 1 {
		t.Balance = append(t.Balance, "Strongest by aspects: "+d.DominantBodies[0].String())
	}

	if d.HasRuler {
		t.Balance = append(t.Balance, "Ruler of the Ascendant: "+d.Ruler.String())
	}
}

// placeOther tells in which signs the bodies of the other chart stand.
func (t *task) placeOther(c *chart.Chart, zodiac chart.Zodiac) error {
	for _, body := range chart.MainBodies() {
		p, _ := c.Position(body, zodiac)

		sure, err := p.Certainty()
		if err != nil {
			return err
		}

		if sure.Certain() {
			t.Other = append(t.Other, fmt.Sprintf("the other's %s in %s", body, p.Sign))
			t.truth[inSign(chart.Point(body), p.Sign)] = true
		}
	}

	return nil
}
