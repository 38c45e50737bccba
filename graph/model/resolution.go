package model

import (
	"time"

	"sidereal/atlas"
	"sidereal/chart"
)

// BirthResolution is the view of how a birth's instant was found.
type BirthResolution struct {
	Zone             string
	UtcOffsetSeconds int
	SavingSeconds    int
	Rule             atlas.Rule
	Abbreviation     *string
	Ambiguous        bool
	Skipped          bool
	Disambiguation   *chart.Disambiguation
	PlaceSource      chart.PlaceSource
	PlaceID          *string
	ZoneSource       chart.ZoneSource
	ZoneDistanceKm   *float64
	Calendar         atlas.Calendar
	Date             atlas.Date
	JulianDate       *atlas.Date
	Confidence       chart.Confidence
	Notes            []string
}

// Resolution returns how the instant was found.
func (b BirthData) Resolution() BirthResolution {
	r, birth := b.chart.Resolution(), b.chart.Birth

	view := BirthResolution{
		Zone:             r.Zone,
		UtcOffsetSeconds: int(r.Offset / time.Second),
		SavingSeconds:    int(r.Saving / time.Second),
		Rule:             r.Rule,
		Abbreviation:     given(r.Abbreviation),
		Ambiguous:        r.Ambiguous,
		Skipped:          r.Skipped,
		PlaceSource:      r.PlaceSource,
		PlaceID:          given(birth.PlaceID),
		ZoneSource:       r.ZoneSource,
		Calendar:         r.Calendar,
		Date:             r.Date,
		JulianDate:       r.JulianDate,
		Confidence:       r.Confidence,
		Notes:            r.Notes,
	}

	if r.Ambiguous || r.Skipped {
		view.Disambiguation = &r.Disambiguation
	}

	if r.ZoneSource == chart.ZoneLookedUp {
		view.ZoneDistanceKm = &birth.ZoneDistance
	}

	return view
}

// given returns a value, nil for the zero value.
func given[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}

	return &value
}

// known returns a value that there is, else nil; it takes the two results of a domain's method.
func known[T any](value T, ok bool) *T {
	if !ok {
		return nil
	}

	return &value
}
