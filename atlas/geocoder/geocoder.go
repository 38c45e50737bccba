// Package geocoder finds places by asking a service outside, for those who allow it: what the built-in gazetteer lacks, such as hamlets, hospitals
// and street addresses.
package geocoder

import (
	"context"

	"sidereal/atlas/gazetteer"
)

// Geocoder finds places by name.
type Geocoder interface {
	// Geocode returns the places that a query may mean, the likeliest first, at most limit. Nothing found is an empty list. Errors are faults:
	// VALIDATION_FAILED of the field "search" for a query that cannot be asked, TIMEOUT when the answer took too long, RATE_LIMITED when too many ask at
	// once, UPSTREAM_UNAVAILABLE for all else that goes wrong outside, with RetryAfter where it is known.
	Geocode(ctx context.Context, query string, limit int) ([]Result, error)
}

// Result is a place that a service outside knows.
type Result struct {
	Name        string // the whole label as the service writes it: "Braunau am Inn, Upper Austria, Austria"
	CountryCode string // ISO 3166-1 alpha-2; empty at sea
	Latitude    float64
	Longitude   float64 // degrees, east positive
	Zone        gazetteer.ZoneGuess
	Source      string // what has to be shown with it: "© OpenStreetMap contributors, ODbL 1.0"
}

// Zoner tells the time zone of a point on the globe. *gazetteer.Gazetteer is one.
type Zoner interface {
	Zone(latitude, longitude float64) gazetteer.ZoneGuess
}
