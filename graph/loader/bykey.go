package loader

import (
	"context"
	"time"

	"github.com/graph-gophers/dataloader/v7"
)

// batchWindow is how long a loader waits for further fields once one has asked, where an operation has several that load. As a rule it does not wait so long:
// the batch starts when all the fields have asked that the document has. They are fewer where some are of another type, or are skipped.
const batchWindow = 20 * time.Millisecond

// byKey loads the objects of one type.
type byKey[K comparable, V any] struct {
	ctx   context.Context //nolint:containedctx // the operation's, as NewSet says
	fetch func(context.Context, []K) (map[K]V, error)
	batch *dataloader.Loader[*request[K], []*V] // nil where nothing else loads at the same time
}

// request is what one field asks for. It is a key of the loader, so that a batch is a number of fields, which the document tells, and not of keys.
type request[K comparable] struct{ keys []K }

func newByKey[K comparable, V any](ctx context.Context, fetch func(context.Context, []K) (map[K]V, error), p *Plan) byKey[K, V] {
	l := byKey[K, V]{ctx: ctx, fetch: fetch}

	if p.fields > 1 {
		l.batch = dataloader.NewBatchedLoader(l.load, dataloader.WithWait[*request[K], []*V](batchWindow),
			dataloader.WithBatchCapacity[*request[K], []*V](min(p.fields, maxBatch)), dataloader.WithCache[*request[K], []*V](&dataloader.NoCache[*request[K], []*V]{}))
	}

	return l
}

// many returns the objects with those keys in their order, nil where there is none.
func (l byKey[K, V]) many(ctx context.Context, keys []K) ([]*V, error) {
	if len(keys) == 0 {
		return nil, nil
	}

	if l.batch != nil {
		return l.batch.Load(ctx, &request[K]{keys})()
	}

	return l.alone(keys)
}

// alone returns what many does, in a batch of its own.
func (l byKey[K, V]) alone(keys []K) ([]*V, error) {
	result := l.load(l.ctx, []*request[K]{{keys}})[0]

	return result.Data, result.Error
}

// load fetches what fields ask for, each key once. It is the batch function of the loader.
func (l byKey[K, V]) load(_ context.Context, asked []*request[K]) []*dataloader.Result[[]*V] {
	found, err := l.fetch(l.ctx, distinct(asked)) //nolint:contextcheck // as NewSet says
	results := make([]*dataloader.Result[[]*V], len(asked))

	for i, r := range asked {
		values := make([]*V, len(r.keys))

		for k, key := range r.keys {
			if value, ok := found[key]; ok {
				values[k] = &value
			}
		}

		results[i] = &dataloader.Result[[]*V]{Data: values, Error: err}
	}

	return results
}

func distinct[K comparable](asked []*request[K]) []K {
	seen := make(map[K]bool)

	var all []K

	for _, r := range asked {
		for _, key := range r.keys {
			if !seen[key] {
				seen[key] = true
				all = append(all, key)
			}
		}
	}

	return all
}
