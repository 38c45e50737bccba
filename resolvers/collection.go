package resolvers

import (
	"context"

	"sidereal/account/collection"
	"sidereal/fault"
	"sidereal/graph/loader"
	"sidereal/graph/model"
	"sidereal/graph/relay"
)

// SavedCharts resolves Query.savedCharts.
func (r queries) SavedCharts(ctx context.Context, first *int, after *string, last *int, before *string) (*model.SavedChartConnection, error) {
	size, err := relay.PageSize(first, last)
	if err != nil {
		return nil, err
	}

	query := collection.Query{Limit: size.Limit, FromEnd: size.FromEnd}

	if query.After, err = savedMark("after", after); err != nil {
		return nil, err
	}

	if query.Before, err = savedMark("before", before); err != nil {
		return nil, err
	}

	page, err := r.saved.Page(ctx, query)
	if err != nil {
		return nil, err
	}

	return model.NewSavedChartConnection(page, query, loader.From(ctx).ListedCharts, r.saved.Count), nil
}

func savedMark(argument string, cursor *string) (*collection.Mark, error) {
	if cursor == nil {
		return nil, nil //nolint:nilnil // no cursor, no bound
	}

	m, err := relay.ParseSavedChartCursor(argument, *cursor)
	if err != nil {
		return nil, err
	}

	return &m, nil
}

// savedChartNodes loads those of the viewer's saved charts that have the keys of their global ids.
func (r queries) savedChartNodes(ctx context.Context, keys []string) ([]relay.Node, error) {
	var (
		ids   []collection.ID
		at    []int
		found []collection.Saved
		nodes = make([]relay.Node, len(keys))
	)

	for i, key := range keys {
		if id, ok := collection.ParseID(key); ok {
			ids, at = append(ids, id), append(at, i)
		}
	}

	all, err := loader.From(ctx).Saved(ctx, ids)
	if err != nil {
		return nil, err
	}

	places := make([]int, 0, len(all))

	for i, saved := range all {
		if saved != nil {
			found, places = append(found, *saved), append(places, at[i])
		}
	}

	for i, view := range model.NewSavedCharts(found, loader.From(ctx).ListedCharts) {
		nodes[places[i]] = view
	}

	return nodes, nil
}

// SaveChart resolves Mutation.saveChart.
func (r mutations) SaveChart(ctx context.Context, input model.SaveChartInput) (*model.SaveChartPayload, error) {
	saved, created, err := r.saved.Save(ctx, input.ChartHash, input.Label, input.Note)
	if err != nil {
		return nil, within("input", err)
	}

	return &model.SaveChartPayload{SavedChart: savedChart(ctx, saved), Created: created}, nil
}

// UpdateSavedChart resolves Mutation.updateSavedChart.
func (r mutations) UpdateSavedChart(ctx context.Context, input model.UpdateSavedChartInput) (*model.UpdateSavedChartPayload, error) {
	id, err := savedChartID(input.ID)
	if err != nil {
		return nil, err
	}

	saved, found, err := r.saved.Update(ctx, id, collection.Change{Label: input.Label, Note: input.Note})

	switch {
	case err != nil:
		return nil, within("input", err)
	case !found:
		return nil, noSavedChart(input.ID)
	}

	return &model.UpdateSavedChartPayload{SavedChart: savedChart(ctx, saved)}, nil
}

// DeleteSavedChart resolves Mutation.deleteSavedChart.
func (r mutations) DeleteSavedChart(ctx context.Context, input model.DeleteSavedChartInput) (*model.DeleteSavedChartPayload, error) {
	id, err := savedChartID(input.ID)
	if err != nil {
		return nil, err
	}

	found, err := r.saved.Delete(ctx, id)

	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, noSavedChart(input.ID)
	}

	return &model.DeleteSavedChartPayload{DeletedID: input.ID}, nil
}

// savedChartID returns the id in a global one; what is the id of something else is that of no saved chart.
func savedChartID(id string) (collection.ID, error) {
	key, ok := keyOf(model.SavedChartType, id)
	if !ok {
		return "", noSavedChart(id)
	}

	parsed, ok := collection.ParseID(key)
	if !ok {
		return "", noSavedChart(id)
	}

	return parsed, nil
}

// noSavedChart is the fault of an id that the viewer has no saved chart of, whether anybody else has or not.
func noSavedChart(id string) error {
	return fault.New(fault.NotFound, "there is no such chart in your collection").WithResource(model.SavedChartType, id).Within("input.id")
}

// savedChart is the view of a single saved chart.
func savedChart(ctx context.Context, saved collection.Saved) *model.SavedChart {
	return model.NewSavedCharts([]collection.Saved{saved}, loader.From(ctx).ListedCharts)[0]
}
