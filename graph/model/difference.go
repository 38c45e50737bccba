package model

import (
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/chart/explain"
)

// DifferenceReport is the view of why another site shows other figures.
type DifferenceReport struct{ explain.Answer }

// Text returns the answer in words.
func (r *DifferenceReport) Text() string {
	switch {
	case r.Agrees:
		return "The chart shows the same figures, as far as they are given."
	case len(r.Answer.Explanations) == 1:
		return r.Answer.Explanations[0].Text()
	case len(r.Answer.Explanations) > 1:
		return "Most likely: " + r.Answer.Explanations[0].Text()
	case r.TooFew:
		return "No single cause gives these figures. More of them, or finer ones, are needed to look for two causes together."
	}

	return "Nothing that sites are known to do otherwise gives these figures."
}

// Differences returns how far the chart is from each figure.
func (r *DifferenceReport) Differences() []FigureDifference { return differences(r.Answer.Differences) }

// Explanations returns the explanations, best first.
func (r *DifferenceReport) Explanations() []DifferenceExplanation {
	views := make([]DifferenceExplanation, len(r.Answer.Explanations))
	for i := range r.Answer.Explanations {
		views[i] = DifferenceExplanation{&r.Answer.Explanations[i]}
	}

	return views
}

// DifferenceExplanation is the view of an explanation.
type DifferenceExplanation struct{ *explain.Explanation }

// Settings returns the settings that give the figures.
func (e *DifferenceExplanation) Settings() DifferenceSettings {
	return DifferenceSettings{e.Explanation.Settings}
}

// Differences returns how far a chart by these settings is from each figure.
func (e *DifferenceExplanation) Differences() []FigureDifference {
	return differences(e.Explanation.Differences)
}

// DifferenceSettings is the view of how a chart is cast.
type DifferenceSettings struct{ explain.Settings }

// Time returns the local time, nil when it is unknown.
func (s DifferenceSettings) Time() *atlas.Clock { return known(s.Clock, s.TimeKnown) }

// UtcOffsetSeconds returns the offset from UT in seconds.
func (s DifferenceSettings) UtcOffsetSeconds() int { return int(s.Offset / time.Second) }

// FigureDifference is the view of a figure's difference.
type FigureDifference struct{ of explain.Difference }

func differences(found []explain.Difference) []FigureDifference {
	views := make([]FigureDifference, len(found))
	for i := range found {
		views[i] = FigureDifference{found[i]}
	}

	return views
}

// Point returns the figure's point in words.
func (d FigureDifference) Point() string { return d.of.Figure.String() }

// Body returns the figure's body, nil when it is none.
func (d FigureDifference) Body() *chart.Body {
	return known(d.of.Figure.Body, d.of.Figure.Point == explain.Body)
}

// House returns the figure's house, nil when it is no cusp.
func (d FigureDifference) House() *int {
	return known(d.of.Figure.House, d.of.Figure.Point == explain.Cusp)
}

// Minutes returns the difference in arc minutes, nil where the chart has no such point.
func (d FigureDifference) Minutes() *float64 { return number(d.of.Minutes) }
