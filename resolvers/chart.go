package resolvers

import (
	"context"

	"sidereal/account"
	"sidereal/chart"
	"sidereal/chart/numerology"
	"sidereal/graph/loader"
	"sidereal/graph/model"
	"sidereal/graph/relay"
)

// CalculateChart resolves Mutation.calculateChart.
func (r mutations) CalculateChart(ctx context.Context, input model.BirthInput) (*model.CalculateChartPayload, error) {
	in, err := birthInput(input)
	if err != nil {
		return nil, err
	}

	if err = checkName(input.Name); err != nil {
		return nil, within("input", err)
	}

	if v, ok := account.ViewerFrom(ctx); ok {
		in.By = v.Subject
	}

	stored, created, err := r.charts.Calculate(ctx, in)
	if err != nil {
		return nil, within("input", err)
	}

	return &model.CalculateChartPayload{Chart: &model.Chart{Stored: stored, Name: deref(input.Name)}, Created: created}, nil
}

// checkName refuses a name that has no numbers by its form, before anything is stored.
func checkName(name *string) error {
	if name == nil {
		return nil
	}

	_, err := numerology.OfName(*name)

	return err
}

func birthInput(input model.BirthInput) (chart.Input, error) {
	in, err := placeInput(input.Place)
	if err != nil {
		return chart.Input{}, within("input.place", err)
	}

	in.Date, in.Calendar, in.Clock, in.Disambiguation = input.Date, input.Calendar, input.Time, input.Disambiguation

	return in, nil
}

// deref returns what p points to, the zero value for nil.
func deref[T any](p *T) T {
	if p == nil {
		var zero T

		return zero
	}

	return *p
}

// Chart resolves Query.chart.
func (r queries) Chart(ctx context.Context, hash chart.Hash) (*model.Chart, error) {
	stored, err := loader.From(ctx).Chart(ctx, hash)
	if stored == nil {
		return nil, err
	}

	return &model.Chart{Stored: *stored}, nil
}

// Charts resolves Query.charts.
func (r queries) Charts(
	ctx context.Context, first *int, after *string, last *int, before *string, filter *model.ChartFilter, orderBy *model.ChartOrder,
) (*model.ChartConnection, error) {
	query, err := chartQuery(first, after, last, before, orderBy)
	if err != nil {
		return nil, err
	}

	if filter != nil {
		query.Filter = chart.Filter{BornFrom: filter.BornFrom, BornBefore: filter.BornBefore, TimeKnown: filter.TimeKnown}
	}

	page, err := r.charts.Page(ctx, query)
	if err != nil {
		return nil, err
	}

	loader.From(ctx).ExpectCharts(len(page.Charts))

	count := func(ctx context.Context) (int, error) { return r.charts.Count(ctx, query.Filter) }

	return model.NewChartConnection(page, query, count), nil
}

func chartQuery(first *int, after *string, last *int, before *string, orderBy *model.ChartOrder) (chart.Query, error) {
	size, err := relay.PageSize(first, last)
	if err != nil {
		return chart.Query{}, err
	}

	query := chart.Query{
		Order: chart.Order{Key: chart.ByCalculatedAt, Descending: true},
		Limit: size.Limit, FromEnd: size.FromEnd,
	}
	if orderBy != nil {
		query.Order = chart.Order{Key: orderBy.Field, Descending: orderBy.Direction == model.OrderDirectionDesc}
	}

	if query.After, err = mark("after", after, query.Order.Key); err != nil {
		return chart.Query{}, err
	}

	query.Before, err = mark("before", before, query.Order.Key)

	return query, err
}

func mark(argument string, cursor *string, key chart.OrderKey) (*chart.Mark, error) {
	if cursor == nil {
		return nil, nil //nolint:nilnil // no cursor, no bound
	}

	m, err := relay.ParseChartCursor(argument, *cursor, key)
	if err != nil {
		return nil, err
	}

	return &m, nil
}
