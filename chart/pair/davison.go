package pair

import (
	"time"

	"sidereal/chart"
	"sidereal/fault"
)

// Davison returns the chart of the middle between two births in time and in place (Ronald Davison, Synastry, 1977): a true chart, with a hash of its own.
// The instant is the middle of the two, down to the second; the clock is that of UT. With one time unknown that of the chart is. A method that does not
// exist is a VALIDATION_FAILED fault of the field "place".
func Davison(caster *chart.Caster, a, b *chart.Chart, place PlaceMethod) (*chart.Chart, error) {
	if place >= PlaceMethodCount {
		return nil, fault.Invalid("place", "there is no such method")
	}

	// Seconds, since a time.Duration holds 292 years only. The shift rounds down before 1970, too.
	middle := time.Unix((a.Birth.Instant.Unix()+b.Birth.Instant.Unix())>>1, 0)
	latitude, longitude := place.Between(a.Birth, b.Birth)

	birth, err := caster.BirthAt(middle, chart.Place{Latitude: latitude, Longitude: longitude, Zone: "UTC"})
	if err != nil {
		return nil, err
	}

	birth.TimeKnown = a.Birth.TimeKnown && b.Birth.TimeKnown

	return caster.Cast(birth)
}
