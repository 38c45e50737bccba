// Package loader batches what an operation loads by key. A set of loaders lives as long as one operation or one subscription event: its results
// are as old as that, and no older.
package loader

import (
	"context"

	"sidereal/account/collection"
	"sidereal/chart"
	"sidereal/people"
	"sidereal/reading"
)

// Charts loads charts by their hashes.
type Charts interface {
	ByHashes(ctx context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Stored, error)
}

// People loads famous people by their keys, and those whose charts are like others.
type People interface {
	ByKeys(ctx context.Context, keys []people.Key) (map[people.Key]people.Person, error)
	MatchAll(ctx context.Context, wanted []people.Wanted) ([][]people.Match, error)
}

// Collections loads charts of the viewer's collection by their ids.
type Collections interface {
	ByIDs(ctx context.Context, ids []collection.ID) (map[collection.ID]collection.Saved, error)
}

// Readings loads readings, and the sections that are written of them, by the ids of the readings.
type Readings interface {
	ByIDs(ctx context.Context, ids []string) (map[string]reading.Reading, error)
	Sections(ctx context.Context, ids []string) (map[string][]reading.Section, error)
}

// Sources is what loaders load from.
type Sources struct {
	Charts      Charts
	People      People
	Collections Collections
	Readings    Readings
}

// Set is the loaders of one operation.
type Set struct {
	charts   byKey[chart.Hash, chart.Stored]
	people   byKey[people.Key, people.Person]
	saved    byKey[collection.ID, collection.Saved]
	readings byKey[string, reading.Reading]
	sections byKey[string, []reading.Section]
	matches  *matches
}

// NewSet returns fresh loaders for an operation. Batches run under ctx, the operation's own context, and not under that of the field that happened to come
// first.
func NewSet(ctx context.Context, from Sources, p *Plan) *Set {
	return &Set{
		charts:   newByKey(ctx, from.Charts.ByHashes, p),
		people:   newByKey(ctx, from.People.ByKeys, p),
		saved:    newByKey(ctx, from.Collections.ByIDs, p),
		readings: newByKey(ctx, from.Readings.ByIDs, p),
		sections: newByKey(ctx, from.Readings.Sections, p),
		matches:  &matches{ctx: ctx, from: from.People},
	}
}

// Charts returns the charts with those hashes in their order, nil where there is none, in one batch with whatever else the operation asks for.
func (s *Set) Charts(ctx context.Context, hashes []chart.Hash) ([]*chart.Stored, error) {
	return s.charts.many(ctx, hashes)
}

// Chart returns the chart with that hash, nil when there is none.
func (s *Set) Chart(ctx context.Context, hash chart.Hash) (*chart.Stored, error) {
	found, err := s.charts.many(ctx, []chart.Hash{hash})
	if err != nil {
		return nil, err
	}

	return found[0], nil
}

// People returns the people with those keys, as Charts does charts.
func (s *Set) People(ctx context.Context, keys []people.Key) ([]*people.Person, error) {
	return s.people.many(ctx, keys)
}

// Saved returns those of the viewer's saved charts with those ids, as Charts does charts.
func (s *Set) Saved(ctx context.Context, ids []collection.ID) ([]*collection.Saved, error) {
	return s.saved.many(ctx, ids)
}

// Readings returns the readings with those ids, as Charts does charts.
func (s *Set) Readings(ctx context.Context, ids []string) ([]*reading.Reading, error) {
	return s.readings.many(ctx, ids)
}

// ListedSections returns the sections that are written of the readings of a list, in the order of the ids, nil where there are none. They are a batch of their own, as
// are the charts of a list.
func (s *Set) ListedSections(_ context.Context, ids []string) ([]*[]reading.Section, error) {
	return s.sections.alone(ids)
}

// ListedCharts returns the charts of a list, as Charts does, in a batch of their own: they are asked for when the list is there, which is no moment to wait
// for others.
func (s *Set) ListedCharts(_ context.Context, hashes []chart.Hash) ([]*chart.Stored, error) {
	charts, err := s.charts.alone(hashes)

	known := 0

	for _, c := range charts {
		if c != nil {
			known++
		}
	}

	s.ExpectCharts(known)

	return charts, err
}

type setKey struct{}

// WithSet returns a context that carries a set.
func WithSet(ctx context.Context, s *Set) context.Context { return context.WithValue(ctx, setKey{}, s) }

// From returns the operation's set. Without one, outside an operation, it panics: that is a mistake of the program.
func From(ctx context.Context) *Set { return ctx.Value(setKey{}).(*Set) } //nolint:forcetypeassert // as documented
