package resolvers

import (
	"context"
	"strconv"

	"sidereal/atlas/gazetteer"
	"sidereal/chart"
	"sidereal/fault"
	"sidereal/graph/model"
	"sidereal/graph/relay"
)

// placeInput returns a birth with only its place set. Its faults name the field below the place.
func placeInput(place *model.PlaceInput) (chart.Input, error) {
	if place == nil || countGiven(place.ID != nil, place.Search != nil, place.Coordinates != nil) != 1 {
		return chart.Input{}, fault.Invalid("", "give exactly one of id, search and coordinates")
	}

	switch {
	case place.ID != nil:
		key, ok := keyOf(model.PlaceType, *place.ID)
		if !ok {
			return chart.Input{}, fault.Invalid("id", "is the id of no place; use the ids that places answers with")
		}

		return chart.Input{Sought: chart.Sought{By: chart.SoughtByID, Text: key}}, nil
	case place.Search != nil:
		return chart.Input{Sought: chart.Sought{By: chart.SoughtByName, Text: *place.Search}}, nil
	}

	at := place.Coordinates

	return chart.Input{Latitude: at.Latitude, Longitude: at.Longitude, Zone: deref(at.TimeZone), PlaceName: deref(at.Name)}, nil
}

func countGiven(fields ...bool) int {
	n := 0

	for _, given := range fields {
		if given {
			n++
		}
	}

	return n
}

// defaultPlaces is how many places a search answers with when first is null.
const defaultPlaces = 10

// Places resolves Query.places.
func (r queries) Places(_ context.Context, search string, first *int) ([]model.Place, error) {
	limit := defaultPlaces
	if first != nil {
		limit = *first
	}

	matches, err := r.places.Search(search, limit)
	if err != nil {
		return nil, err
	}

	places := make([]model.Place, len(matches))
	for i, m := range matches {
		places[i] = model.Place{Match: m}
	}

	return places, nil
}

// NearestPlace resolves Query.nearestPlace.
func (r queries) NearestPlace(_ context.Context, latitude, longitude float64) (*model.NearestPlace, error) {
	place, distance, err := r.places.Nearest(latitude, longitude)
	if err != nil {
		return nil, err
	}

	return &model.NearestPlace{Place: viewPlace(place), DistanceKm: distance}, nil
}

func viewPlace(p gazetteer.Place) *model.Place { return &model.Place{Match: gazetteer.Match{Place: p}} }

// TimeZoneAt resolves Query.timeZoneAt.
func (r queries) TimeZoneAt(_ context.Context, latitude, longitude float64) (*model.TimeZoneGuess, error) {
	guess, err := r.places.Zone(latitude, longitude)
	if err != nil {
		return nil, err
	}

	return &model.TimeZoneGuess{ZoneGuess: guess}, nil
}

// Geocode resolves Query.geocode.
func (r queries) Geocode(ctx context.Context, search string, first int) ([]model.GeocodedPlace, error) {
	results, err := r.places.Geocode(ctx, search, first)
	if err != nil {
		return nil, err
	}

	places := make([]model.GeocodedPlace, len(results))
	for i, result := range results {
		places[i] = model.GeocodedPlace{Result: result}
	}

	return places, nil
}

// placeNodes loads places by the keys of their global ids.
func (r queries) placeNodes(_ context.Context, keys []string) ([]relay.Node, error) {
	nodes := make([]relay.Node, len(keys))

	for i, key := range keys {
		id, err := strconv.Atoi(key)
		if err != nil {
			continue
		}

		place, found, err := r.places.ByID(id)
		if err != nil {
			return nil, err
		}

		if found {
			nodes[i] = viewPlace(place)
		}
	}

	return nodes, nil
}
