package compose

import (
	"cmp"
	"fmt"
	"slices"

	"sidereal/chart"
	"sidereal/reading"
	"sidereal/reading/library"
)

// placement is a main body, the Ascendant or the Midheaven where it stands, as far as that is certain.
type placement struct {
	point      chart.Point
	longitude  float64
	sign       chart.Sign
	inSign     bool // the sign is certain
	house      int  // 0 when the time is unknown, and for angles
	retrograde bool // for certain
	dignity    chart.Dignity
	strength   reading.Strength
}

// link is an aspect between two main bodies.
type link struct {
	chart.Aspect

	tone     library.Tone
	strength reading.Strength
	name     string
}

// facts are what is certain of a chart in a zodiac and a house system.
type facts struct {
	timeKnown  bool
	placements []placement // strongest first
	links      []link      // strongest first
	figures    []figure
	angles     *chart.AngleSet
	rulers     []chart.HouseRuler
	dominance  *chart.Dominance
	ruler      chart.Body  // of the Ascendant's sign
	lunation   chart.Phase // the texts are on Rudhyar's types, who counts each phase from its exact elongation
	phaseSure  bool
	sect       chart.Sect
	sectKnown  bool
	themes     []theme
}

func gather(c *chart.Chart, zodiac chart.Zodiac, system chart.HouseSystem) (*facts, error) {
	f := &facts{timeKnown: c.Birth.TimeKnown, angles: c.Angles(zodiac), rulers: c.HouseRulers(system, zodiac)}
	orbs := chart.StandardOrbs()

	aspects, err := certainAspects(c, &orbs)
	if err != nil {
		return nil, err
	}

	f.dominance = c.DominanceOf(aspects, zodiac)
	f.ruler = f.dominance.Ruler
	f.lunation, f.phaseSure = c.MoonPhase().Lunation, c.PhaseCertain()
	f.sect, f.sectKnown = c.Sect()

	if err := f.place(c, zodiac, system); err != nil {
		return nil, err
	}

	f.link(aspects)

	if f.figures, err = figuresOf(c, aspects, &orbs, zodiac, system); err != nil {
		return nil, err
	}

	f.themes = themesOf(f)

	return f, nil
}

// certainAspects returns the aspects that hold all day; all when the time is known.
func certainAspects(c *chart.Chart, orbs *chart.Orbs) ([]chart.Aspect, error) {
	var failed error

	aspects := slices.DeleteFunc(c.Aspects(*orbs), func(a chart.Aspect) bool {
		certain, err := c.AspectCertain(a, *orbs)
		failed = cmp.Or(failed, err)

		return !certain
	})

	return aspects, failed
}

func (f *facts) place(c *chart.Chart, zodiac chart.Zodiac, system chart.HouseSystem) error {
	dignities := c.Dignities(zodiac)

	for _, body := range chart.MainBodies() {
		at, _ := c.Position(body, zodiac)

		certainty, err := at.Certainty()
		if err != nil {
			return err
		}

		p := placement{
			point: chart.Point(body), longitude: at.Longitude, sign: at.Sign, inSign: certainty.Certain(), house: at.House(system),
			retrograde: at.Retrograde() && certainty.MotionCertain() && body != chart.TrueNode,
		}
		p.strength = reading.Strength{Body: bodyWeights[p.point], Angularity: angularity(at.Longitude, p.house, f.angles)}

		if i := slices.IndexFunc(dignities, func(d chart.Dignity) bool { return d.Body == body }); i >= 0 && p.inSign {
			p.dignity = dignities[i]
			p.strength.Dignity = dignity(&p.dignity)
		}

		if f.timeKnown && body == f.ruler {
			p.strength.Ruler = rulesChart
		}

		f.placements = append(f.placements, p)
	}

	if f.angles != nil {
		f.placements = append(f.placements, angleAt(chart.AscendantPoint, f.angles.Ascendant), angleAt(chart.MidheavenPoint, f.angles.Midheaven))
	}

	slices.SortStableFunc(f.placements, func(a, b placement) int { return cmp.Compare(b.strength.Total(), a.strength.Total()) })

	return nil
}

func angleAt(point chart.Point, at chart.Degree) placement {
	return placement{point: point, longitude: at.Longitude, sign: at.Sign, inSign: true, strength: reading.Strength{Body: bodyWeights[point]}}
}

func (f *facts) link(aspects []chart.Aspect) {
	for _, a := range aspects {
		first, second := f.of(chart.Point(a.First)), f.of(chart.Point(a.Second))
		l := link{Aspect: a, tone: library.ToneOf(a.Kind), name: f.aspectName(&a), strength: reading.Strength{
			Body:       (first.strength.Body + second.strength.Body) / 2,
			Angularity: (first.strength.Angularity + second.strength.Angularity) / 2,
			Ruler:      max(first.strength.Ruler, second.strength.Ruler),
			Closeness:  a.Strength,
		}}

		if l.tone == library.Minor {
			l.strength.Body *= minorShare
		}

		f.links = append(f.links, l)
	}

	slices.SortStableFunc(f.links, func(a, b link) int { return cmp.Compare(b.strength.Total(), a.strength.Total()) })
}

// of returns where a point stands.
func (f *facts) of(point chart.Point) *placement {
	i := slices.IndexFunc(f.placements, func(p placement) bool { return p.point == point })
	if i < 0 {
		return nil
	}

	return &f.placements[i]
}

// onAngle returns how far a body is from an angle; false when it is not on it.
func (f *facts) onAngle(p *placement, angle chart.Point) (orb float64, ok bool) {
	at := f.of(angle)
	if _, isBody := p.point.Body(); at == nil || !isBody {
		return 0, false
	}

	orb = chart.Separation(p.longitude, at.longitude)

	return orb, orb < angleOrb
}

// aspectName names an aspect; without a time of birth the orb changes over the day and is left out.
func (f *facts) aspectName(a *chart.Aspect) string {
	name := fmt.Sprintf("%s %s %s", a.First, a.Kind, a.Second)
	if !f.timeKnown {
		return name + ", all day"
	}

	return fmt.Sprintf("%s, orb %.1f°", name, a.Orb)
}

func (p *placement) signName() string { return fmt.Sprintf("%s in %s", p.point, p.sign) }

func (p *placement) houseName() string {
	return fmt.Sprintf("%s in the %s house", p.point, ordinals[p.house].short)
}

// Factors returns what the chart says, strongest first, with the items of each strength.
func (r *Plan) Factors() []reading.Factor {
	var all []reading.Factor

	for i := range r.facts.placements {
		p := &r.facts.placements[i]
		if p.inSign {
			all = append(all, reading.Factor{Name: p.signName(), Strength: p.strength})
		}

		if p.house != 0 {
			all = append(all, reading.Factor{Name: p.houseName(), Strength: p.strength})
		}
	}

	for i := range r.facts.links {
		all = append(all, reading.Factor{Name: r.facts.links[i].name, Strength: r.facts.links[i].strength})
	}

	slices.SortStableFunc(all, func(a, b reading.Factor) int { return cmp.Compare(b.Strength.Total(), a.Strength.Total()) })

	return all
}
