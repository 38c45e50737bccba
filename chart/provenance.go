package chart

// PlaceSource says where a birth's coordinates come from.
type PlaceSource uint8

// The sources of a place.
const (
	PlaceFromCoordinates PlaceSource = iota // the caller gave them
	PlaceFromGazetteer                      // the built-in list of places
	PlaceFromGeocoder                       // a service outside
	PlaceSourceCount     = iota
)

var placeSourceNames = [PlaceSourceCount]string{"coordinates", "gazetteer", "geocoder"}

// String returns the source's English name.
func (s PlaceSource) String() string { return placeSourceNames[s] }

// ZoneSource says where a birth's time zone comes from.
type ZoneSource uint8

// The sources of a zone.
const (
	ZoneGiven       ZoneSource = iota // the caller named it, or it came with the place
	ZoneLookedUp                      // it is that of the nearest known place
	ZoneSourceCount = iota
)

var zoneSourceNames = [ZoneSourceCount]string{"given", "looked up"}

// String returns the source's English name.
func (s ZoneSource) String() string { return zoneSourceNames[s] }
