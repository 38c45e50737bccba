package transit

import (
	"time"

	"sidereal/chart"
	"sidereal/fault"
)

// Moment returns the chart of an instant, to the second, at the place of a birth. An instant outside the ephemeris is a VALIDATION_FAILED fault of the
// field "at".
func Moment(caster *chart.Caster, natal *chart.Chart, at time.Time) (*chart.Chart, error) {
	birth, err := caster.BirthAt(at, natal.Birth.Place())
	if err != nil {
		return nil, err
	}

	sky, err := caster.Cast(birth)
	if invalid, ok := fault.As(err); ok {
		invalid.Field = "at"

		return nil, invalid
	}

	return sky, err
}
