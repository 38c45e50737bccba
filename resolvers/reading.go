package resolvers

import (
	"context"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/graph/loader"
	"sidereal/graph/model"
	"sidereal/graph/relay"
	"sidereal/reading"
)

// Readings is what the resolvers ask of the service of readings.
type Readings interface {
	Request(ctx context.Context, r reading.Request) (asked reading.Reading, created bool, err error)
	Cancel(ctx context.Context, id string) (r reading.Reading, cancelled bool, err error)
	ByIDs(ctx context.Context, ids []string) (map[string]reading.Reading, error)
	ReadingLists
}

// ReadingLists are the lists of readings.
type ReadingLists interface {
	Mine(ctx context.Context, q reading.Query) (reading.Page, error)
	CountMine(ctx context.Context, q reading.Query) (int, error)
	OfChart(ctx context.Context, q reading.Query) (reading.Page, error)
	CountOfChart(ctx context.Context, q reading.Query) (int, error)
}

// Reading resolves Query.reading. An id that is none of a reading's is that of no reading.
func (r queries) Reading(ctx context.Context, id string) (*model.Reading, error) {
	key, ok := readingKey(id)
	if !ok {
		return nil, nil //nolint:nilnil // as documented
	}

	return readingOf(ctx, key)
}

// Readings resolves Query.readings.
func (r queries) Readings(
	ctx context.Context, first *int, after *string, last *int, before *string, statuses []reading.Status,
) (*model.ReadingConnection, error) {
	q, err := readingQuery(first, after, last, before, statuses)
	if err != nil {
		return nil, err
	}

	page, err := r.readings.Mine(ctx, q)
	if err != nil {
		return nil, err
	}

	count := func(ctx context.Context) (int, error) { return r.readings.CountMine(ctx, q) }

	return model.NewReadingConnection(page, q, loader.From(ctx), count), nil
}

// Readings resolves Chart.readings.
func (r charts) Readings(
	ctx context.Context, of *model.Chart, first *int, after *string, last *int, before *string, statuses []reading.Status,
) (*model.ReadingConnection, error) {
	q, err := readingQuery(first, after, last, before, statuses)
	if err != nil {
		return nil, err
	}

	q.Chart = of.Hash

	page, err := r.readings.OfChart(ctx, q)
	if err != nil {
		return nil, err
	}

	count := func(ctx context.Context) (int, error) { return r.readings.CountOfChart(ctx, q) }

	return model.NewReadingConnection(page, q, loader.From(ctx), count), nil
}

func readingQuery(first *int, after *string, last *int, before *string, statuses []reading.Status) (reading.Query, error) {
	size, err := relay.PageSize(first, last)
	if err != nil {
		return reading.Query{}, err
	}

	if statuses != nil && len(statuses) == 0 {
		return reading.Query{}, fault.Invalid("statuses", "needs at least one status; leave it out for all")
	}

	q := reading.Query{Statuses: statuses, First: size.Limit, Backward: size.FromEnd}

	if q.After, err = readingMark("after", after); err != nil {
		return reading.Query{}, err
	}

	q.Before, err = readingMark("before", before)

	return q, err
}

func readingMark(argument string, cursor *string) (*reading.Mark, error) {
	if cursor == nil {
		return nil, nil //nolint:nilnil // no cursor, no bound
	}

	m, err := relay.ParseReadingCursor(argument, *cursor)
	if err != nil {
		return nil, err
	}

	return &m, nil
}

// RequestReading resolves Mutation.requestReading.
func (r mutations) RequestReading(ctx context.Context, input model.RequestReadingInput) (*model.RequestReadingPayload, error) {
	asked, created, err := r.readings.Request(ctx, reading.Request{
		Chart: input.ChartHash, Kind: input.Kind, Sections: input.Sections, Zodiac: input.Zodiac, Houses: input.HouseSystem, Detail: input.Detail,
		IncludeTransits: input.IncludeTransits, SynastryWith: deref(input.IncludeSynastryWith), Engine: input.Engine, Language: input.Language,
		Regenerate: input.Regenerate,
	})
	if err != nil {
		return nil, within("input", err)
	}

	return &model.RequestReadingPayload{Reading: model.NewReading(asked, loader.From(ctx)), Created: created}, nil
}

// CancelReading resolves Mutation.cancelReading.
func (r mutations) CancelReading(ctx context.Context, input model.CancelReadingInput) (*model.CancelReadingPayload, error) {
	key, _ := readingKey(input.ID) // an id of something else is that of no reading

	left, cancelled, err := r.readings.Cancel(ctx, key)
	if err != nil {
		return nil, readingAt("input.id", input.ID, err)
	}

	return &model.CancelReadingPayload{Reading: model.NewReading(left, loader.From(ctx)), Cancelled: cancelled}, nil
}

// readingAt names the argument, and the reading, of a fault of an id.
func readingAt(argument, id string, err error) error {
	if f, ok := fault.As(err); ok && (f.Code == fault.NotFound || f.Code == fault.Forbidden) {
		named := f.WithResource(model.ReadingType, id)
		named.Field = argument

		return named
	}

	return err
}

// readingKey returns the id of a reading in a global one; false when it is the id of something else.
func readingKey(id string) (string, bool) {
	key, ok := keyOf(model.ReadingType, id)

	return key, ok && event.IsID(key)
}

// readingOf loads a reading by the operation's loader, nil when there is none.
func readingOf(ctx context.Context, key string) (*model.Reading, error) {
	found, err := loader.From(ctx).Readings(ctx, []string{key})
	if err != nil || found[0] == nil {
		return nil, err
	}

	return model.NewReading(*found[0], loader.From(ctx)), nil
}

// sectionsOf loads the sections of a reading that are written by the operation's loader.
func sectionsOf(ctx context.Context, key string) ([]reading.Section, error) {
	found, err := loader.From(ctx).ListedSections(ctx, []string{key})
	if err != nil || found[0] == nil {
		return nil, err
	}

	return *found[0], nil
}

// readingNodes loads readings by the keys of their global ids.
func (r queries) readingNodes(ctx context.Context, keys []string) ([]relay.Node, error) {
	ids := make([]string, 0, len(keys))
	at := make([]int, 0, len(keys))

	for i, key := range keys {
		if event.IsID(key) {
			ids, at = append(ids, key), append(at, i)
		}
	}

	all, err := loader.From(ctx).Readings(ctx, ids)
	if err != nil {
		return nil, err
	}

	var (
		found  []reading.Reading
		places []int
		nodes  = make([]relay.Node, len(keys))
	)

	for i, known := range all {
		if known != nil {
			found, places = append(found, *known), append(places, at[i])
		}
	}

	for i, view := range model.NewReadings(found, loader.From(ctx)) {
		nodes[places[i]] = view
	}

	return nodes, nil
}
