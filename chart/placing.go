package chart

import (
	"context"

	"sidereal/fault"
)

// SoughtBy says how a place that is yet to be found is named.
type SoughtBy uint8

// The ways to name a place. The zero value is for places that need no finding.
const (
	SoughtByCoordinates SoughtBy = iota
	SoughtByID                   // the text is an id in the gazetteer
	SoughtByName                 // the text is a search
)

// Sought is a place that is to be found.
type Sought struct {
	By   SoughtBy
	Text string // empty for coordinates
}

// FoundPlace is what finding a place gave.
type FoundPlace struct {
	Latitude, Longitude float64 // degrees, north and east positive
	Name                string  // with its regions: "Paris, Texas, United States"
	Source              PlaceSource
	ID                  string // in its source
	FoundZone
}

// FoundZone is the time zone of a place.
type FoundZone struct {
	Zone       string // IANA name
	Source     ZoneSource
	DistanceKm float64 // to the place that the zone was taken from

	// Note is a sentence about what else could have been meant, empty where nothing could. Doubt says that it is likely enough to lower the confidence.
	Note  string
	Doubt bool
}

// Places finds places for births. Implementations are safe for concurrent use. A text that names no place, or several equally, is a VALIDATION_FAILED fault of
// the field "place.id" or "place.search"; other faults say that nothing could be asked.
type Places interface {
	Find(ctx context.Context, sought Sought) (FoundPlace, error)
	// ZoneAt returns the zone of a point on the globe, in degrees.
	ZoneAt(latitude, longitude float64) (FoundZone, error)
}

// Placed returns the input with its place found: the coordinates of a sought place, the zone of coordinates that come without one. All else of the input
// is checked first, so that bad input asks nobody. Places may be nil: then nothing is found, and a zone has to be given.
func (in Input) Placed(ctx context.Context, places Places) (Input, error) {
	if in.Sought.By == SoughtByCoordinates && (in.Zone != "" || places == nil) {
		return in, nil
	}

	if err := in.check(); err != nil {
		return in, err
	}

	if places == nil {
		return in, fault.Invalid("place", "places can be given by coordinates only")
	}

	if in.Sought.By == SoughtByCoordinates {
		found, err := places.ZoneAt(in.Latitude, in.Longitude)
		if err != nil {
			return in, err
		}

		return in.zoned(found), nil
	}

	found, err := places.Find(ctx, in.Sought)
	if err != nil {
		return in, err
	}

	in.Latitude, in.Longitude, in.PlaceName = found.Latitude, found.Longitude, truncated(found.Name)
	in.PlaceSource, in.PlaceID, in.Sought = found.Source, found.ID, Sought{}

	return in.zoned(found.FoundZone), nil
}

func (in Input) zoned(found FoundZone) Input {
	in.Zone, in.ZoneSource, in.ZoneDistance = found.Zone, found.Source, found.DistanceKm
	in.PlaceNote, in.PlaceDoubt = found.Note, found.Doubt

	return in
}

// truncated cuts the long labels of services outside to what a name may have.
func truncated(name string) string {
	if runes := []rune(name); len(runes) > maxPlaceName {
		return string(runes[:maxPlaceName])
	}

	return name
}
