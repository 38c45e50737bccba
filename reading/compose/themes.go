package compose

import (
	"cmp"
	"slices"

	"sidereal/chart"
)

// theme is what planets, signs and houses of one kind say together: Mars, Aries and the first house speak of one thing.
type theme struct {
	sign     chart.Sign // that stands for it
	evidence []evidence // strongest first
	score    float64
}

// evidence is a factor that speaks for a theme.
type evidence struct {
	text   string // within a sentence: "the Sun in Aries"
	name   string // as a factor
	way    way
	weight float64
}

// way is how a factor speaks for a theme.
type way uint8

const (
	bySign way = iota
	byHouse
	byPlanet
	wayCount
)

// houseSigns are the signs that the houses speak like, in the order of the houses. Ophiuchus has none.
var houseSigns = [12]chart.Sign{
	chart.Aries, chart.Taurus, chart.Gemini, chart.Cancer, chart.Leo, chart.Virgo, chart.Libra, chart.Scorpio, chart.Sagittarius, chart.Capricorn,
	chart.Aquarius, chart.Pisces,
}

const (
	houseShare  = 0.8  // of a placement's strength, for a house's theme
	planetShare = 0.6  // for the theme of a planet that leads the chart
	repetition  = 0.35 // what each further way of saying it adds
	fewest      = 2    // factors that make a theme
)

// themesOf returns the themes of a chart, strongest first. One factor is no theme.
func themesOf(f *facts) []theme {
	var all []theme

	for sign := range chart.Sign(chart.SignCount) {
		t := theme{sign: sign}
		for i := range f.placements {
			t.hear(f, &f.placements[i])
		}

		if len(t.evidence) < fewest {
			continue
		}

		var ways [wayCount]bool

		for _, e := range t.evidence {
			t.score += e.weight
			ways[e.way] = true
		}

		for w := range ways {
			if ways[w] {
				t.score *= 1 + repetition
			}
		}

		slices.SortStableFunc(t.evidence, func(a, b evidence) int { return cmp.Compare(b.weight, a.weight) })

		all = append(all, t)
	}

	slices.SortStableFunc(all, func(a, b theme) int { return cmp.Compare(b.score, a.score) })

	return all
}

// hear adds what a placement says for the theme.
func (t *theme) hear(f *facts, p *placement) {
	strength := p.strength.Total()

	if p.inSign && p.sign == t.sign {
		t.evidence = append(t.evidence, evidence{called(p.point) + " in " + p.sign.String(), p.signName(), bySign, strength})
	}

	if p.house != 0 && houseSigns[p.house-1] == t.sign {
		t.evidence = append(t.evidence, evidence{called(p.point) + " in the " + ordinals[p.house].long, p.houseName(), byHouse, houseShare * strength})
	}

	body, isBody := p.point.Body()
	if !isBody || t.sign.Ruler() != body && t.sign.TraditionalRuler() != body {
		return
	}

	for _, angle := range [...]chart.Point{chart.AscendantPoint, chart.MidheavenPoint} {
		if _, on := f.onAngle(p, angle); on {
			text := called(p.point) + " on the " + angle.String()
			t.evidence = append(t.evidence, evidence{text, p.point.String() + " on the " + angle.String(), byPlanet, planetShare * strength})

			return
		}
	}

	// Where the Ascendant is in the theme's own sign, that this body rules it is no second way of saying so.
	if f.timeKnown && body == f.ruler && f.angles.Ascendant.Sign != t.sign {
		t.evidence = append(t.evidence, evidence{
			called(p.point) + " as the ruler of the Ascendant", p.point.String() + " rules the Ascendant", byPlanet, planetShare * strength,
		})
	}
}

// because returns the names of the factors behind a theme.
func (t *theme) because() []string {
	names := make([]string, len(t.evidence))
	for i := range t.evidence {
		names[i] = t.evidence[i].name
	}

	return names
}
