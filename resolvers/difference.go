package resolvers

import (
	"context"
	"fmt"

	"sidereal/chart"
	"sidereal/chart/explain"
	"sidereal/fault"
	"sidereal/graph/loader"
	"sidereal/graph/model"
)

// Explainer is what the resolvers ask of the explainer of differences.
type Explainer interface {
	Explain(c *chart.Chart, r explain.Request) (explain.Answer, error)
}

// ExplainDifference resolves Query.explainDifference.
func (r queries) ExplainDifference(ctx context.Context, input model.ExplainDifferenceInput) (*model.DifferenceReport, error) {
	figures, err := figuresOf(input)
	if err != nil {
		return nil, within("input", err)
	}

	stored, err := loader.From(ctx).Chart(ctx, input.ChartHash)
	if err != nil {
		return nil, err
	}

	if stored == nil {
		return nil, fault.New(fault.NotFound, "no chart with that hash was calculated").WithResource(model.ChartType, string(input.ChartHash))
	}

	answer, err := r.explainer.Explain(stored.Chart, explain.Request{Figures: figures, Zodiac: input.Zodiac, HouseSystem: input.HouseSystem})
	if err != nil {
		return nil, within("input", err)
	}

	return &model.DifferenceReport{Answer: answer}, nil
}

// figuresOf returns the figures of an input. Faults name the field below the input that a figure came from: bodies[1].longitude.
func figuresOf(input model.ExplainDifferenceInput) ([]explain.Figure, error) {
	const houses = 12

	if len(input.Bodies) > chart.BodyCount {
		return nil, fault.Invalid("bodies", "there are %d bodies; %d were given", chart.BodyCount, len(input.Bodies))
	}

	if len(input.Cusps) > houses {
		return nil, fault.Invalid("cusps", "there are %d cusps; %d were given", houses, len(input.Cusps))
	}

	all := givenFigures(input)
	if len(all) == 0 {
		return nil, fault.Invalid("", "at least one figure of the other site is needed: ascendant, moon, bodies or another")
	}

	figures := make([]explain.Figure, len(all))

	for i, g := range all {
		f, err := g.figure()
		if err != nil {
			return nil, within(g.path, err)
		}

		figures[i] = f
	}

	return figures, nil
}

// givenFigure is a figure with the path that it came by.
type givenFigure struct {
	path  string
	point explain.Figure // without its place
	at    model.FigureInput
}

// givenFigures lists the figures in the order of the input's fields.
func givenFigures(input model.ExplainDifferenceInput) []givenFigure {
	var all []givenFigure

	for _, single := range [...]struct {
		path  string
		point explain.Figure
		at    *model.FigureInput
	}{
		{"sun", explain.Figure{Body: chart.Sun}, input.Sun},
		{"moon", explain.Figure{Body: chart.Moon}, input.Moon},
		{"ascendant", explain.Figure{Point: explain.Ascendant}, input.Ascendant},
		{"midheaven", explain.Figure{Point: explain.Midheaven}, input.Midheaven},
		{"vertex", explain.Figure{Point: explain.Vertex}, input.Vertex},
	} {
		if single.at != nil {
			all = append(all, givenFigure{single.path, single.point, *single.at})
		}
	}

	for i, b := range input.Bodies {
		at := model.FigureInput{Longitude: b.Longitude, Sign: b.Sign, DegreeInSign: b.DegreeInSign, Precision: b.Precision}
		all = append(all, givenFigure{fmt.Sprintf("bodies[%d]", i), explain.Figure{Body: b.Body}, at})
	}

	for i, c := range input.Cusps {
		at := model.FigureInput{Longitude: c.Longitude, Sign: c.Sign, DegreeInSign: c.DegreeInSign, Precision: c.Precision}
		all = append(all, givenFigure{fmt.Sprintf("cusps[%d]", i), explain.Figure{Point: explain.Cusp, House: c.House}, at})
	}

	return all
}

// figure returns the figure with its place.
func (g givenFigure) figure() (explain.Figure, error) {
	f := g.point
	f.Precision = g.at.Precision
	degrees := "longitude"

	switch longitude, sign, inSign := g.at.Longitude, g.at.Sign, g.at.DegreeInSign; {
	case longitude != nil && sign == nil && inSign == nil:
		f.Degrees = *longitude
	case longitude == nil && sign != nil && inSign != nil:
		f.Sign, f.Degrees, degrees = sign, *inSign, "degreeInSign"
	default:
		return f, fault.Invalid("", "a place is a longitude, or a sign with degreeInSign")
	}

	err := f.Check()
	if invalid, ok := fault.As(err); ok && invalid.Field == "degrees" {
		return f, fault.Invalid(degrees, "%s", invalid.Message)
	}

	return f, err
}
