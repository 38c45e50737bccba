package resolvers

import (
	"context"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/graph/loader"
	"sidereal/graph/model"
	"sidereal/graph/relay"
)

// nodeLoader loads the objects of one type by the keys of their global ids, in their order, in one batch; nil where there is none.
type nodeLoader func(ctx context.Context, keys []string) ([]relay.Node, error)

// nodeLoaders returns the loaders of all types with global ids.
func (r queries) nodeLoaders() map[string]nodeLoader {
	return map[string]nodeLoader{
		model.ChartType:        r.chartNodes,
		model.PlaceType:        r.placeNodes,
		model.FamousPersonType: r.personNodes,
		model.SavedChartType:   r.savedChartNodes,
		model.ReadingType:      r.readingNodes,
		model.UserType:         r.userNodes,
		model.APIKeyType:       r.keyNodes,
		model.SessionType:      r.sessionNodes,
	}
}

// Node resolves Query.node. An id that is none of ours is the id of no object, so the answer is null.
func (r queries) Node(ctx context.Context, id string) (relay.Node, error) {
	typeName, key, ok := relay.ParseGlobalID(id)
	load := r.nodeLoaders()[typeName]

	if !ok || load == nil {
		return nil, nil //nolint:nilnil // as documented
	}

	nodes, err := load(ctx, []string{key})
	if err != nil {
		return nil, err
	}

	return nodes[0], nil
}

// Nodes resolves Query.nodes.
func (r queries) Nodes(ctx context.Context, ids []string) ([]relay.Node, error) {
	if len(ids) > relay.MaxPage {
		return nil, fault.Invalid("ids", "at most %d ids, not %d", relay.MaxPage, len(ids))
	}

	keys, at := make(map[string][]string), make(map[string][]int)

	for i, id := range ids {
		if typeName, key, ok := relay.ParseGlobalID(id); ok {
			keys[typeName], at[typeName] = append(keys[typeName], key), append(at[typeName], i)
		}
	}

	nodes := make([]relay.Node, len(ids))

	for typeName, load := range r.nodeLoaders() {
		if len(keys[typeName]) == 0 {
			continue
		}

		loaded, err := load(ctx, keys[typeName])
		if err != nil {
			return nil, err
		}

		for i, node := range loaded {
			nodes[at[typeName][i]] = node
		}
	}

	return nodes, nil
}

// chartNodes loads charts by the keys of their global ids.
func (r queries) chartNodes(ctx context.Context, keys []string) ([]relay.Node, error) {
	hashes := make([]chart.Hash, 0, len(keys))
	at := make([]int, 0, len(keys))

	for i, key := range keys {
		if hash, ok := chart.ParseHash(key); ok {
			hashes, at = append(hashes, hash), append(at, i)
		}
	}

	charts, err := loader.From(ctx).Charts(ctx, hashes)
	if err != nil {
		return nil, err
	}

	nodes := make([]relay.Node, len(keys))
	known := 0

	for i, stored := range charts {
		if stored != nil {
			nodes[at[i]] = &model.Chart{Stored: *stored}
			known++
		}
	}

	loader.From(ctx).ExpectCharts(known)

	return nodes, nil
}

// keyOf returns the key in a global id of a type; false when it is the id of something else.
func keyOf(wanted, id string) (string, bool) {
	typeName, key, ok := relay.ParseGlobalID(id)
	if !ok || typeName != wanted {
		return "", false
	}

	return key, true
}
