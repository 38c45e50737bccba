// Package forecast casts charts of the time to come: solar and lunar returns, and secondary progressions.
package forecast

import (
	"context"
	"fmt"
	"math"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
	"sidereal/fault"
)

// The mean lengths of the years in days: tropical at J2000.0 (Meeus, Astronomical Algorithms, 2nd ed., Glossary), and sidereal.
const (
	TropicalYear = 365.24219
	siderealYear = 365.25636
)

// MaxReturns is the highest count of returns that may be asked for at once, counted from an instant: those of 100 years of the Moon.
const MaxReturns = 1400

// ReturnOptions choose how a return is found and where it is cast.
type ReturnOptions struct {
	// Zodiac is what the longitudes at birth and at the return are counted in. In a sidereal one the return is precession-corrected.
	Zodiac chart.Zodiac
	// Place is where the chart is cast for; the place of birth when nil.
	Place *chart.Place
}

// Return is the moment at which a body is back where it was at birth.
type Return struct {
	Body chart.Body
	// Exact is the instant, UTC to the millisecond: the Sun then stands within 0.001 arc second, the Moon within 0.001, of the longitude at birth.
	Exact time.Time
	// Longitude is that longitude, in degrees of the zodiac.
	Longitude float64
	// Chart is cast for the nearest second. Its time counts as unknown when that of the birth is: it then has no houses and no angles.
	Chart *chart.Chart
	// Uncertainty is how far the return may lie from Exact either way, because the time of birth is unknown; 0 when it is known.
	Uncertainty time.Duration
}

// SolarReturn returns the solar return of a year, that is the one next to the birthday in that year, also where it falls just into another. A year whose
// return lies outside the ephemeris is a VALIDATION_FAILED fault of the field "year", a bad place one of a field of "place".
func SolarReturn(ctx context.Context, caster *chart.Caster, natal *chart.Chart, year int, o ReturnOptions) (Return, error) {
	length := TropicalYear
	if o.Zodiac != chart.Tropical {
		length = siderealYear
	}

	age := float64(year - natal.Birth.Local().Year())
	about := natal.JulianDay() + age*length

	const reach = 4 // days: the return is within two of the mean one

	if !within(about-reach) || !within(about+reach) {
		return Return{}, fault.Invalid("year", "the return of %d lies outside the years that the ephemeris covers, or at their end", year)
	}

	return find(ctx, caster, natal, search{body: chart.Sun, from: about - reach, to: about + reach, nth: 1, field: "year"}, o)
}

// NextReturn returns the nth return of the Sun or the Moon at or behind an instant, from 1 to MaxReturns. Another body is a VALIDATION_FAILED fault of the
// field "body", a bad count one of "nth", an instant outside the ephemeris, or so near to its end that the return is not in it, one of "after".
func NextReturn(ctx context.Context, caster *chart.Caster, natal *chart.Chart, body chart.Body, after time.Time, nth int, o ReturnOptions) (Return, error) {
	longest := 367.0 // days from one return to the next

	switch {
	case body == chart.Moon:
		longest = 28
	case body != chart.Sun:
		return Return{}, fault.Invalid("body", "returns are those of the Sun and the Moon")
	}

	if nth < 1 || nth > MaxReturns {
		return Return{}, fault.Invalid("nth", "a return is the 1st to the %dth", MaxReturns)
	}

	if _, err := caster.SkyAt(after, "after"); err != nil {
		return Return{}, err
	}

	from := ephemeris.JulianDay(after)
	to := min(from+longest*float64(nth), ephemeris.EndJulianDay)

	return find(ctx, caster, natal, search{body: body, from: from, to: to, nth: nth, field: "after"}, o)
}

// search is where to look for a return; from and to are Julian days UT, and a fault names field.
type search struct {
	body     chart.Body
	from, to float64
	nth      int
	field    string
}

func find(ctx context.Context, caster *chart.Caster, natal *chart.Chart, s search, o ReturnOptions) (Return, error) {
	course, step, _ := s.body.Course(o.Zodiac)
	born := natal.Placed([]chart.Point{chart.Point(s.body)}, o.Zodiac)[0]

	track, err := motion.Follow(ctx, caster.Ephemeris(), course, s.from, s.to, step)
	if err != nil {
		return Return{}, fmt.Errorf("forecast: return: %w", err)
	}

	count := 0

	for c := range track.Crossings([]float64{born.Longitude}) {
		if count++; count == s.nth {
			return cast(caster, natal, s.body, born, c.JulianDay, o)
		}
	}

	return Return{}, fault.Invalid(s.field, "the return lies outside the years that the ephemeris covers")
}

func cast(caster *chart.Caster, natal *chart.Chart, body chart.Body, born chart.Placed, jd float64, o ReturnOptions) (Return, error) {
	place := natal.Birth.Place()
	if o.Place != nil {
		place = *o.Place
	}

	r := Return{Body: body, Exact: ephemeris.Time(jd), Longitude: born.Longitude}
	if born.Uncertainty > 0 {
		r.Uncertainty = time.Duration(born.Uncertainty / math.Abs(born.Speed) * 24 * float64(time.Hour)).Round(time.Minute)
	}

	birth, err := caster.BirthAt(r.Exact, place)
	if invalid, ok := fault.As(err); ok {
		return Return{}, invalid.Within("place")
	}

	if err != nil {
		return Return{}, err
	}

	birth.TimeKnown = natal.Birth.TimeKnown

	if r.Chart, err = caster.Cast(birth); err != nil {
		return Return{}, err
	}

	return r, nil
}

func within(jd float64) bool { return jd >= ephemeris.FirstJulianDay && jd <= ephemeris.EndJulianDay }
