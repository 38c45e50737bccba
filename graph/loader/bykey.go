package loader

import (
	"context"
	"time"

	"github.com/graph-gophers/dataloader/v7"
)

// batchWindow is how long a loader waits for further keys once it has one, where an operation has several fields that load. As a rule it does not wait so
// long: the batch starts when all the keys are there that the document has. They are fewer where fields ask for the same one, or for objects of another type.
const batchWindow = 5 * time.Millisecond

// byKey loads the objects of one type.
type byKey[K comparable, V any] struct {
	ctx   context.Context //nolint:containedctx // the operation's, as NewSet says
	fetch func(context.Context, []K) (map[K]V, error)
	batch *dataloader.Loader[K, *V] // nil where nothing else loads at the same time
}

func newByKey[K comparable, V any](ctx context.Context, fetch func(context.Context, []K) (map[K]V, error), p *Plan) byKey[K, V] {
	l := byKey[K, V]{ctx: ctx, fetch: fetch}

	if !p.alone() {
		l.batch = dataloader.NewBatchedLoader(l.load, dataloader.WithWait[K, *V](batchWindow), dataloader.WithBatchCapacity[K, *V](p.batch()))
	}

	return l
}

// many returns the objects with those keys in their order, nil where there is none. An error is forgotten, so that a later load in the operation tries
// again.
func (l byKey[K, V]) many(ctx context.Context, keys []K) ([]*V, error) {
	if len(keys) == 0 {
		return nil, nil
	}

	if l.batch == nil {
		return l.atOnce(keys)
	}

	// One load a key, from this goroutine: LoadMany's own may come late for the batch.
	thunks := make([]dataloader.Thunk[*V], len(keys))
	for i, key := range keys {
		thunks[i] = l.batch.Load(ctx, key)
	}

	values := make([]*V, len(keys))

	for i, thunk := range thunks {
		value, err := thunk()
		if err != nil {
			l.batch.Clear(ctx, keys[i])

			return nil, err
		}

		values[i] = value
	}

	return values, nil
}

// atOnce fetches without a batch.
func (l byKey[K, V]) atOnce(keys []K) ([]*V, error) {
	found, err := l.fetch(l.ctx, distinct(keys))
	if err != nil {
		return nil, err
	}

	values := make([]*V, len(keys))

	for i, key := range keys {
		if value, ok := found[key]; ok {
			values[i] = &value
		}
	}

	return values, nil
}

func distinct[K comparable](keys []K) []K {
	if len(keys) == 1 {
		return keys
	}

	seen := make(map[K]bool, len(keys))
	all := make([]K, 0, len(keys))

	for _, key := range keys {
		if !seen[key] {
			seen[key] = true
			all = append(all, key)
		}
	}

	return all
}

// load is the batch function of a dataloader.
func (l byKey[K, V]) load(_ context.Context, keys []K) []*dataloader.Result[*V] {
	found, err := l.fetch(l.ctx, keys) //nolint:contextcheck // as NewSet says
	results := make([]*dataloader.Result[*V], len(keys))

	for i, key := range keys {
		results[i] = &dataloader.Result[*V]{Error: err}

		if value, ok := found[key]; ok {
			results[i].Data = &value
		}
	}

	return results
}
