// Package loader batches what an operation loads by key. A set of loaders lives as long as one operation or one subscription event: its results
// are as old as that, and no older.
package loader

import (
	"context"
	"time"

	"github.com/graph-gophers/dataloader/v7"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/chart"
	"sidereal/people"
)

const (
	// batchWindow is how long a loader waits for further keys once it has one, where an operation can have several. The executor asks for a list's
	// children within microseconds of each other, but a busy machine and timers are no more precise than a millisecond.
	batchWindow = 2 * time.Millisecond
	// capacity bounds the keys of one batch and so the parameters of one statement.
	capacity = 500
)

// keyed are the root fields that load objects by their keys: one, or several.
var keyed = map[string]int{"chart": 1, "node": 1, "nodes": 2}

// Window returns how long the loaders of an operation wait for further keys: not at all where it loads a single one, so that a lone load costs
// microseconds.
func Window(operation *ast.OperationDefinition) time.Duration {
	if countKeyed(operation.SelectionSet) > 1 {
		return batchWindow
	}

	return 0
}

func countKeyed(set ast.SelectionSet) int {
	n := 0

	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			n += keyed[s.Name]
		case *ast.InlineFragment:
			n += countKeyed(s.SelectionSet)
		case *ast.FragmentSpread:
			n += countKeyed(s.Definition.SelectionSet)
		}
	}

	return n
}

// Charts loads charts by their hashes.
type Charts interface {
	ByHashes(ctx context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Stored, error)
}

// People loads famous people by their keys, and those whose charts are like others.
type People interface {
	ByKeys(ctx context.Context, keys []people.Key) (map[people.Key]people.Person, error)
	MatchAll(ctx context.Context, wanted []people.Wanted) ([][]people.Match, error)
}

// Sources is what loaders load from.
type Sources struct {
	Charts Charts
	People People
}

// Set is the loaders of one operation.
type Set struct {
	charts  *dataloader.Loader[chart.Hash, *chart.Stored]
	people  *dataloader.Loader[people.Key, *people.Person]
	matches *dataloader.Loader[people.Wanted, []people.Match]
}

// NewSet returns fresh loaders that wait for window once they have a key. Batches run under ctx, the operation's own context, and not under that of the field
// that happened to come first.
func NewSet(ctx context.Context, from Sources, window time.Duration) *Set {
	return &Set{
		charts:  byKey(ctx, from.Charts.ByHashes, window),
		people:  byKey(ctx, from.People.ByKeys, window),
		matches: newMatches(ctx, from.People),
	}
}

// byKey returns a loader of what fetch finds by key; what it does not find is nil.
func byKey[K comparable, V any](ctx context.Context, fetch func(context.Context, []K) (map[K]V, error), window time.Duration) *dataloader.Loader[K, *V] {
	batch := func(_ context.Context, keys []K) []*dataloader.Result[*V] {
		found, err := fetch(ctx, keys)
		results := make([]*dataloader.Result[*V], len(keys))

		for i, key := range keys {
			results[i] = &dataloader.Result[*V]{Error: err}

			if value, ok := found[key]; ok {
				results[i].Data = &value
			}
		}

		return results
	}

	return dataloader.NewBatchedLoader(batch, dataloader.WithWait[K, *V](window), dataloader.WithBatchCapacity[K, *V](capacity))
}

// Charts returns the charts with those hashes in their order, nil where there is none, in one batch with whatever else is asked for.
func (s *Set) Charts(ctx context.Context, hashes []chart.Hash) ([]*chart.Stored, error) {
	return many(ctx, s.charts, hashes)
}

// Chart returns the chart with that hash, nil when there is none. An error is forgotten, so that a later load in the operation tries again.
func (s *Set) Chart(ctx context.Context, hash chart.Hash) (*chart.Stored, error) {
	return one(ctx, s.charts, hash)
}

// People returns the people with those keys, as Charts does charts.
func (s *Set) People(ctx context.Context, keys []people.Key) ([]*people.Person, error) {
	return many(ctx, s.people, keys)
}

func one[K comparable, V any](ctx context.Context, l *dataloader.Loader[K, *V], key K) (*V, error) {
	value, err := l.Load(ctx, key)()
	if err != nil {
		l.Clear(ctx, key)
	}

	return value, err
}

func many[K comparable, V any](ctx context.Context, l *dataloader.Loader[K, *V], keys []K) ([]*V, error) {
	if len(keys) == 1 { // without the goroutine of LoadMany, which may come late for a batch
		value, err := one(ctx, l, keys[0])

		return []*V{value}, err
	}

	values, errs := l.LoadMany(ctx, keys)()
	for i, err := range errs {
		if err != nil {
			l.Clear(ctx, keys[i])

			return nil, err
		}
	}

	return values, nil
}

type setKey struct{}

// WithSet returns a context that carries a set.
func WithSet(ctx context.Context, s *Set) context.Context { return context.WithValue(ctx, setKey{}, s) }

// From returns the operation's set. Without one, outside an operation, it panics: that is a mistake of the program.
func From(ctx context.Context) *Set { return ctx.Value(setKey{}).(*Set) } //nolint:forcetypeassert // as documented
