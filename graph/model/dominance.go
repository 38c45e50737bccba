package model

import "sidereal/chart"

// Dominance is the view of what prevails in a chart.
type Dominance struct {
	*chart.Dominance

	zodiac chart.Zodiac
}

// Dominance returns what prevails.
func (c *Chart) Dominance(zodiac chart.Zodiac) *Dominance {
	return &Dominance{Dominance: c.Stored.Dominance(zodiac), zodiac: zodiac}
}

type (
	// SignCount is how many bodies stand in a sign.
	SignCount struct {
		Sign  chart.Sign
		Count int
	}
	// ElementCount is how many bodies stand in signs of an element.
	ElementCount struct {
		Element chart.Element
		Count   int
	}
	// ModalityCount is how many bodies stand in signs of a modality.
	ModalityCount struct {
		Modality chart.Modality
		Count    int
	}
	// BodyStrength is how strong a body's aspects are together.
	BodyStrength struct {
		Body     chart.Body
		Strength float64
	}
)

// Signs returns the counts of the signs that the zodiac has.
func (d *Dominance) Signs() []SignCount {
	counts := make([]SignCount, 0, chart.SignCount)

	for sign, count := range d.Dominance.Signs {
		if s := chart.Sign(sign); s != chart.Ophiuchus || d.zodiac == chart.TrueSidereal {
			counts = append(counts, SignCount{s, count})
		}
	}

	return counts
}

// Elements returns the counts of the elements.
func (d *Dominance) Elements() []ElementCount {
	counts := make([]ElementCount, chart.ElementCount)
	for element, count := range d.Dominance.Elements {
		counts[element] = ElementCount{chart.Element(element), count}
	}

	return counts
}

// Modalities returns the counts of the modalities.
func (d *Dominance) Modalities() []ModalityCount {
	counts := make([]ModalityCount, chart.ModalityCount)
	for modality, count := range d.Dominance.Modalities {
		counts[modality] = ModalityCount{chart.Modality(modality), count}
	}

	return counts
}

// Bodies returns the strengths of the main bodies.
func (d *Dominance) Bodies() []BodyStrength {
	bodies := chart.MainBodies()
	strengths := make([]BodyStrength, len(bodies))

	for i, body := range bodies {
		strengths[i] = BodyStrength{body, d.Strengths[body]}
	}

	return strengths
}

// ChartRuler returns the ruler of the Ascendant's sign, nil when the time is unknown.
func (d *Dominance) ChartRuler() *chart.Body { return known(d.Ruler, d.HasRuler) }

// Dignity is the view of a planet's dignities.
type Dignity struct{ chart.Dignity }

// Dignities returns the dignities of the planets.
func (c *Chart) Dignities(zodiac chart.Zodiac) []Dignity {
	found := c.Stored.Dignities(zodiac)
	views := make([]Dignity, len(found))

	for i := range found {
		views[i] = Dignity{found[i]}
	}

	return views
}

// Sign returns the sign that the planet stands in.
func (d *Dignity) Sign() chart.Sign { return d.Degree.Sign }

// DegreeInSign returns the degrees from the start of the sign.
func (d *Dignity) DegreeInSign() float64 { return d.Degree.DegreeInSign }

// Lords returns the bodies that rule the degree.
func (d *Dignity) Lords() DegreeLords { return DegreeLords{d.Dignity.Lords} }

// Score returns the sum of points, nil for planets that the tradition does not know.
func (d *Dignity) Score() *int { return known(d.Dignity.Score, d.Body <= chart.Saturn) }

// DegreeLords is the view of the bodies that rule a degree.
type DegreeLords struct{ chart.Lords }

// Exaltation returns the exalted planet, nil when there is none.
func (l DegreeLords) Exaltation() *chart.Body { return known(l.Lords.Exaltation()) }

// Triplicity returns the lord of the element, nil when there is none.
func (l DegreeLords) Triplicity() *chart.Body { return known(l.Lords.Triplicity()) }

// Term returns the lord of the term, nil when there is none.
func (l DegreeLords) Term() *chart.Body { return known(l.Lords.Term()) }

// Face returns the lord of the face, nil when there is none.
func (l DegreeLords) Face() *chart.Body { return known(l.Lords.Face()) }
