package resolvers

import (
	"context"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/graph/loader"
	"sidereal/graph/model"
	"sidereal/graph/relay"
)

// Node resolves Query.node. An id that is none of ours is the id of no object, so the answer is null.
func (r queries) Node(ctx context.Context, id string) (relay.Node, error) {
	hash, ok := chartID(id)
	if !ok {
		return nil, nil //nolint:nilnil // as documented
	}

	found, err := r.Chart(ctx, hash)
	if found == nil {
		return nil, err // not found, as an untyped nil
	}

	return found, nil
}

// Nodes resolves Query.nodes.
func (r queries) Nodes(ctx context.Context, ids []string) ([]relay.Node, error) {
	if len(ids) > relay.MaxPage {
		return nil, fault.Invalid("ids", "at most %d ids, not %d", relay.MaxPage, len(ids))
	}

	nodes := make([]relay.Node, len(ids))
	hashes := make([]chart.Hash, 0, len(ids))
	places := make([]int, 0, len(ids))

	for i, id := range ids {
		if hash, ok := chartID(id); ok {
			hashes, places = append(hashes, hash), append(places, i)
		}
	}

	charts, err := loader.From(ctx).Charts(ctx, hashes)
	if err != nil {
		return nil, err
	}

	for i, stored := range charts {
		if stored != nil {
			nodes[places[i]] = &model.Chart{Stored: *stored}
		}
	}

	return nodes, nil
}

// chartID returns the hash of the chart with that global id; false when it is the id of no chart.
func chartID(id string) (chart.Hash, bool) {
	typeName, key, ok := relay.ParseGlobalID(id)
	if !ok || typeName != model.ChartType {
		return "", false
	}

	return chart.ParseHash(key)
}
