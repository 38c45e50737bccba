package resolvers

import (
	"context"

	"sidereal/fault"
	"sidereal/graph/loader"
	"sidereal/graph/model"
	"sidereal/graph/relay"
	"sidereal/people"
)

// FamousPeople resolves Query.famousPeople.
func (r queries) FamousPeople(ctx context.Context, search *string, first *int, after *string) (*model.FamousPersonConnection, error) {
	size, err := relay.PageSize(first, nil)
	if err != nil {
		return nil, err
	}

	var mark *people.Mark

	if after != nil {
		m, err := relay.ParsePersonCursor("after", *after)
		if err != nil {
			return nil, err
		}

		mark = &m
	}

	page, err := r.people.Search(ctx, deref(search), mark, size.Limit)
	if err != nil {
		return nil, err
	}

	return model.NewFamousPersonConnection(page, after != nil, r.viewPerson), nil
}

func (r *Resolver) viewPerson(p people.Person) *model.FamousPerson {
	view := &model.FamousPerson{Person: p}

	if hash, known := r.people.Hash(p); known {
		view.ChartHash = &hash
	}

	return view
}

// FamousMatches resolves Chart.famousMatches.
func (r charts) FamousMatches(ctx context.Context, of *model.Chart, first int) ([]model.FamousMatch, error) {
	if first < 1 || first > people.MaxFirst {
		return nil, fault.Invalid("first", "must be 1 to %d, not %d", people.MaxFirst, first)
	}

	matches, err := loader.From(ctx).Matches(ctx, of.Chart, first)
	if err != nil {
		return nil, err
	}

	views := make([]model.FamousMatch, len(matches))
	for i, m := range matches {
		views[i] = model.FamousMatch{Match: m, Person: r.viewPerson(m.Person)}
	}

	return views, nil
}

// personNodes loads famous people by the keys of their global ids.
func (r queries) personNodes(ctx context.Context, ids []string) ([]relay.Node, error) {
	keys := make([]people.Key, 0, len(ids))
	at := make([]int, 0, len(ids))

	for i, id := range ids {
		if key, ok := people.ParseKey(id); ok {
			keys, at = append(keys, key), append(at, i)
		}
	}

	persons, err := loader.From(ctx).People(ctx, keys)
	if err != nil {
		return nil, err
	}

	nodes := make([]relay.Node, len(ids))

	for i, p := range persons {
		if p != nil {
			nodes[at[i]] = r.viewPerson(*p)
		}
	}

	return nodes, nil
}
