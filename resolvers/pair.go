package resolvers

import (
	"context"

	"sidereal/chart"
	"sidereal/chart/pair"
	"sidereal/fault"
	"sidereal/graph/loader"
	"sidereal/graph/model"
)

// Synastry resolves Query.synastry.
func (r queries) Synastry(
	ctx context.Context, a, b chart.Hash, points []chart.Point, orbs []model.OrbInput, zodiac chart.Zodiac, system chart.HouseSystem,
) (*model.Synastry, error) {
	limits, err := model.Limits(chart.StandardOrbs(), orbs)
	if err != nil {
		return nil, err
	}

	first, second, err := both(ctx, a, b)
	if err != nil {
		return nil, err
	}

	return model.NewSynastry(first, second, pair.Options{Points: points, Orbs: limits, Zodiac: zodiac, Houses: system})
}

// Composite resolves Query.composite.
func (r queries) Composite(
	ctx context.Context, a, b chart.Hash, method pair.HouseMethod, latitude *float64, innerByTheSun bool, orbs []model.OrbInput,
	zodiac chart.Zodiac, system chart.HouseSystem,
) (*model.Composite, error) {
	limits, err := model.Limits(chart.StandardOrbs(), orbs)
	if err != nil {
		return nil, err
	}

	first, second, err := both(ctx, a, b)
	if err != nil {
		return nil, err
	}

	return model.NewComposite(first, second, pair.CompositeOptions{
		Method: method, Latitude: latitude, InnerByTheSun: innerByTheSun, Orbs: limits, Zodiac: zodiac, Houses: system,
	})
}

// Davison resolves Query.davison.
func (r queries) Davison(ctx context.Context, a, b chart.Hash, place pair.PlaceMethod) (*model.Chart, error) {
	first, second, err := both(ctx, a, b)
	if err != nil {
		return nil, err
	}

	middle, err := pair.Davison(r.caster, first.Chart, second.Chart, place)
	if err != nil {
		return nil, err
	}

	return model.Derived(middle, r.now()), nil
}

// both loads the charts of the arguments a and b in one batch. One that there is not is a NOT_FOUND fault of its argument.
func both(ctx context.Context, a, b chart.Hash) (first, second *model.Chart, err error) {
	hashes := []chart.Hash{a, b}

	found, err := loader.From(ctx).Charts(ctx, hashes)
	if err != nil {
		return nil, nil, err
	}

	for i, argument := range []string{"a", "b"} {
		if found[i] == nil {
			missing := fault.New(fault.NotFound, "no chart has this hash; calculateChart stores one").WithResource(model.ChartType, string(hashes[i]))
			missing.Field = argument

			return nil, nil, missing
		}
	}

	return &model.Chart{Stored: *found[0]}, &model.Chart{Stored: *found[1]}, nil
}
