package model

import (
	"strconv"

	"sidereal/atlas/gazetteer"
	"sidereal/atlas/geocoder"
	"sidereal/graph/relay"
)

// PlaceType is the name of the type Place in global ids.
const PlaceType = "Place"

// Place is the view of a place of the gazetteer.
type Place struct{ gazetteer.Match }

// ID returns the global id.
func (p *Place) ID() string { return relay.GlobalID(PlaceType, strconv.Itoa(p.GeonamesID())) }

// GeonamesID returns the id in GeoNames.
func (p *Place) GeonamesID() int { return p.Match.ID }

// MatchedName returns the name that a search found the place by, nil without a search.
func (p *Place) MatchedName() *string { return orNil(p.Match.MatchedName) }

// Admin1 returns the state, nil where the data name none.
func (p *Place) Admin1() *string { return orNil(p.Match.Admin1) }

// TimeZone returns the IANA name of the zone.
func (p *Place) TimeZone() string { return p.Zone }

// Population returns how many people live there, nil where it is not known.
func (p *Place) Population() *int { return orNil(p.Match.Population) }

// orNil returns nil for the zero value, which stands for what is not known.
func orNil[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}

	return &value
}

// NearestPlace is a place with its distance.
type NearestPlace struct {
	Place      *Place
	DistanceKm float64
}

// TimeZoneGuess is the view of a looked-up time zone.
type TimeZoneGuess struct{ gazetteer.ZoneGuess }

// TimeZone returns the IANA name of the zone.
func (z *TimeZoneGuess) TimeZone() string { return z.Zone }

// Rival returns the other zone near by, nil where there is none.
func (z *TimeZoneGuess) Rival() *string { return orNil(z.ZoneGuess.Rival) }

// RivalDistanceKm returns how far the other zone is, nil where there is none.
func (z *TimeZoneGuess) RivalDistanceKm() *float64 {
	if z.ZoneGuess.Rival == "" {
		return nil
	}

	return &z.RivalKm
}

// GeocodedPlace is the view of a place that a service outside found.
type GeocodedPlace struct{ geocoder.Result }

// CountryCode returns the country's code, nil at sea.
func (p *GeocodedPlace) CountryCode() *string { return orNil(p.Result.CountryCode) }

// TimeZone returns the IANA name of the zone.
func (p *GeocodedPlace) TimeZone() string { return p.Zone.Zone }

// Attribution returns what has to be shown with the place.
func (p *GeocodedPlace) Attribution() string { return p.Source }
