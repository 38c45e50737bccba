// Package loader batches what an operation loads by key. A set of loaders lives as long as one operation or one subscription event: its results
// are as old as that, and no older.
package loader

import (
	"context"
	"slices"
	"time"

	"github.com/graph-gophers/dataloader/v7"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/chart"
)

const (
	// batchWindow is how long a loader waits for further keys once it has one, where an operation can have several. The executor asks for a list's
	// children within microseconds of each other, but below a millisecond timers are no more precise than that.
	batchWindow = time.Millisecond
	// capacity bounds the keys of one batch and so the parameters of one statement.
	capacity = 500
)

// keyed are the root fields that load objects by their keys.
var keyed = map[string]bool{"chart": true, "node": true, "nodes": true, "explainDifference": true, "synastry": true, "composite": true, "davison": true}

// Window returns how long the loaders of an operation wait for further keys: not at all where a single field loads by key, so that a lone load costs
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
			if keyed[s.Name] {
				n++
			}
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

// Set is the loaders of one operation.
type Set struct {
	charts *dataloader.Loader[chart.Hash, *chart.Stored]
	source Charts
	alone  bool // nothing else loads at the same time
}

// NewSet returns fresh loaders that wait for window once they have a key. Batches run under ctx, the operation's own context, and not under that of the field that happened to come first.
func NewSet(ctx context.Context, charts Charts, window time.Duration) *Set {
	batch := func(_ context.Context, hashes []chart.Hash) []*dataloader.Result[*chart.Stored] {
		found, err := charts.ByHashes(ctx, hashes)
		results := make([]*dataloader.Result[*chart.Stored], len(hashes))

		for i, hash := range hashes {
			results[i] = &dataloader.Result[*chart.Stored]{Error: err}

			if stored, ok := found[hash]; ok {
				results[i].Data = &stored
			}
		}

		return results
	}

	return &Set{source: charts, alone: window == 0, charts: dataloader.NewBatchedLoader(batch, dataloader.WithWait[chart.Hash, *chart.Stored](window),
		dataloader.WithBatchCapacity[chart.Hash, *chart.Stored](capacity))}
}

// Charts returns the charts with those hashes in their order, nil where there is none, in one batch with whatever else is asked for.
func (s *Set) Charts(ctx context.Context, hashes []chart.Hash) ([]*chart.Stored, error) {
	if s.alone {
		return s.atOnce(ctx, hashes)
	}

	stored, errs := s.charts.LoadMany(ctx, hashes)()
	for i, err := range errs {
		if err != nil {
			s.charts.Clear(ctx, hashes[i])

			return nil, err
		}
	}

	return stored, nil
}

// atOnce returns the charts without the loader, which would start a batch for the first of them before it has the others.
func (s *Set) atOnce(ctx context.Context, hashes []chart.Hash) ([]*chart.Stored, error) {
	if len(hashes) == 0 {
		return nil, nil
	}

	sorted := slices.Clone(hashes)
	slices.Sort(sorted)

	found, err := s.source.ByHashes(ctx, slices.Compact(sorted))
	if err != nil {
		return nil, err
	}

	charts := make([]*chart.Stored, len(hashes))

	for i, hash := range hashes {
		if stored, ok := found[hash]; ok {
			charts[i] = &stored
		}
	}

	return charts, nil
}

// Chart returns the chart with that hash, nil when there is none. An error is forgotten, so that a later load in the operation tries again.
func (s *Set) Chart(ctx context.Context, hash chart.Hash) (*chart.Stored, error) {
	stored, err := s.charts.Load(ctx, hash)()
	if err != nil {
		s.charts.Clear(ctx, hash)
	}

	return stored, err
}

type setKey struct{}

// WithSet returns a context that carries a set.
func WithSet(ctx context.Context, s *Set) context.Context { return context.WithValue(ctx, setKey{}, s) }

// From returns the operation's set. Without one, outside an operation, it panics: that is a mistake of the program.
func From(ctx context.Context) *Set { return ctx.Value(setKey{}).(*Set) } //nolint:forcetypeassert // as documented
