// Package explain finds out why two charts of one birth differ. Given a chart and what another site shows, it tries what sites and people are known to do
// otherwise (an hour of daylight saving, a sign of the longitude, another zodiac), alone and then in pairs, and says in words what gives the other figures.
package explain

import (
	"strings"

	"sidereal/atlas"
	"sidereal/chart"
)

// Explainer explains differences. It is safe for concurrent use.
type Explainer struct {
	caster *chart.Caster
	zones  *atlas.Zones
	starts [chart.ZodiacCount][chart.SignCount]float64 // longitudes at which signs begin; below 0 where a zodiac has no such sign
}

// New returns an explainer.
func New(caster *chart.Caster, zones *atlas.Zones) *Explainer {
	return &Explainer{caster: caster, zones: zones, starts: signStarts()}
}

// Request is what is to be explained.
type Request struct {
	Figures     []Figure          // what the other site shows, 1 to MaxFigures
	Zodiac      chart.Zodiac      // that the figures are thought to be counted in
	HouseSystem chart.HouseSystem // that figures of cusps are thought to follow
}

// Answer is what was found.
type Answer struct {
	// Agrees says that the chart shows the same figures, as far as these are given; there is nothing to explain then.
	Agrees bool
	// Differences are those of the chart itself.
	Differences []Difference
	// Explanations, the best first, at most MaxExplanations; none when nothing that is known gives the figures.
	Explanations []Explanation
	// TooFew says that pairs of causes were not looked for, because so many of them would fit so few or so coarse figures by chance that none would mean
	// anything.
	TooFew bool
}

// Explanation is a way to get the other site's figures.
type Explanation struct {
	// Rank begins at 1. Explanations of one rank give the figures equally well and equally simply: the figures cannot tell them apart.
	Rank        int
	Causes      []Cause // one or two
	Settings    Settings
	Differences []Difference // that remain with these settings, in the order of the figures
}

// Cause is something that the other site did otherwise.
type Cause struct {
	Kind Kind
	Text string // a sentence or two
}

// Text says the causes in words.
func (e *Explanation) Text() string {
	sentences := make([]string, len(e.Causes))
	for i, c := range e.Causes {
		sentences[i] = c.Text
	}

	return strings.Join(sentences, " ")
}

// MaxExplanations is how many explanations an answer has at most.
const MaxExplanations = 5

// Explain compares a chart with the figures of another site. Bad figures are a VALIDATION_FAILED fault that names the field: "figures", or one of a figure
// by its place, "figures.2.degrees".
func (e *Explainer) Explain(c *chart.Chart, r Request) (Answer, error) {
	if err := check(r.Figures); err != nil {
		return Answer{}, err
	}

	s := newSearch(e, c, r)
	base := s.try(nil)
	answer := Answer{Differences: base.differences, Agrees: base.fits}

	if base.fits {
		return answer, nil
	}

	found := s.singles()

	if len(found) == 0 {
		if answer.TooFew = s.pairsByChance() > mostByChance; !answer.TooFew {
			found = s.pairs()
		}
	}

	answer.Explanations = ranked(found)

	return answer, nil
}
