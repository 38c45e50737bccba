package resolvers

import (
	"context"
	"time"

	"sidereal/chart"
	"sidereal/chart/forecast"
	"sidereal/chart/transit"
	"sidereal/chart/wheel"
	"sidereal/fault"
	"sidereal/graph/model"
)

// Transits resolves Chart.transits.
func (r charts) Transits(
	ctx context.Context, c *model.Chart, at *time.Time, bodies []chart.Body, targets []chart.Point, orbs []model.OrbInput, zodiac chart.Zodiac,
) ([]transit.Transit, error) {
	limits, err := model.Limits(transit.DefaultOrbs(), orbs)
	if err != nil {
		return nil, err
	}

	find := func() ([]transit.Transit, error) {
		return transit.At(ctx, r.caster, c.Chart, r.orNow(at), transit.Options{Bodies: bodies, Targets: targets, Orbs: limits, Zodiac: zodiac})
	}

	if at == nil || bodies != nil || targets != nil || orbs != nil {
		return find()
	}

	return r.recent.transits.Of(transitKey{c.Chart.Birth, *at, zodiac}, find)
}

// orNow returns an instant that was given, or else this one.
func (r *Resolver) orNow(at *time.Time) time.Time {
	if at != nil {
		return *at
	}

	return r.now()
}

// TransitEvents resolves Chart.transitEvents.
func (r charts) TransitEvents(
	ctx context.Context, c *model.Chart, from, to time.Time, kinds []transit.EventKind, bodies []chart.Body, targets []chart.Point,
	aspects []chart.AspectKind, zodiac chart.Zodiac, system chart.HouseSystem, first *int,
) ([]model.TransitEvent, error) {
	if first != nil && (*first < 1 || *first > transit.MaxEvents) {
		return nil, fault.Invalid("first", "must be 1 to %d, not %d", transit.MaxEvents, *first)
	}

	events, err := transit.Events(ctx, r.caster, c.Chart, from, to,
		transit.EventOptions{Kinds: kinds, Bodies: bodies, Targets: targets, Aspects: aspects, Zodiac: zodiac, Houses: system})
	if err == nil && first != nil {
		events = events[:min(*first, len(events))]
	}

	return model.NewTransitEvents(events), err
}

// SolarReturn resolves Chart.solarReturn.
func (r charts) SolarReturn(ctx context.Context, c *model.Chart, year int, place *model.CoordinatesInput, zodiac chart.Zodiac) (*model.Return, error) {
	found, err := forecast.SolarReturn(ctx, r.caster, c.Chart, year, forecast.ReturnOptions{Zodiac: zodiac, Place: placeOf(place)})
	if err != nil {
		return nil, err
	}

	return model.NewReturn(found, r.now()), nil
}

// LunarReturn resolves Chart.lunarReturn.
func (r charts) LunarReturn(
	ctx context.Context, c *model.Chart, after *time.Time, nth int, place *model.CoordinatesInput, zodiac chart.Zodiac,
) (*model.Return, error) {
	options := forecast.ReturnOptions{Zodiac: zodiac, Place: placeOf(place)}

	found, err := forecast.NextReturn(ctx, r.caster, c.Chart, chart.Moon, r.orNow(after), nth, options)
	if err != nil {
		return nil, err
	}

	return model.NewReturn(found, r.now()), nil
}

// placeOf returns the place that was given, nil when none was.
func placeOf(at *model.CoordinatesInput) *chart.Place {
	if at == nil {
		return nil
	}

	return &chart.Place{Latitude: at.Latitude, Longitude: at.Longitude, Zone: deref(at.TimeZone), Name: deref(at.Name)}
}

// Progression resolves Chart.progression.
func (r charts) Progression(
	_ context.Context, c *model.Chart, at time.Time, angles forecast.AngleMethod, orbs []model.OrbInput, zodiac chart.Zodiac, system chart.HouseSystem,
) (*model.Progression, error) {
	limits, err := model.Limits(forecast.DefaultOrbs(), orbs)
	if err != nil {
		return nil, err
	}

	progressed, err := forecast.Progress(r.caster, c.Chart, at, forecast.ProgressionOptions{Angles: angles, Zodiac: zodiac, Houses: system, Orbs: limits})
	if err != nil {
		return nil, err
	}

	return &model.Progression{Progression: progressed, Zodiac: zodiac}, nil
}

// Wheel resolves Chart.wheel.
func (r charts) Wheel(
	_ context.Context, c *model.Chart, theme wheel.Theme, size int, zodiac chart.Zodiac, system chart.HouseSystem, title *string,
) (string, error) {
	key := wheelKey{birth: c.Chart.Birth, theme: theme, size: size, zodiac: zodiac, system: system, title: deref(title), titled: title != nil}

	return r.recent.wheels.Of(key, func() (string, error) { return c.Wheel(theme, size, zodiac, system, title) })
}

// TransitWheel resolves Chart.transitWheel.
func (r charts) TransitWheel(
	_ context.Context, c *model.Chart, at *time.Time, theme wheel.Theme, size int, zodiac chart.Zodiac, system chart.HouseSystem, title *string,
) (string, error) {
	find := func() (string, error) {
		sky, err := transit.Moment(r.caster, c.Chart, r.orNow(at))
		if err != nil {
			return "", err
		}

		return c.WheelAround(sky, theme, size, zodiac, system, title)
	}

	if at == nil {
		return find()
	}

	return r.recent.wheels.Of(wheelKey{c.Chart.Birth, *at, theme, size, zodiac, system, deref(title), title != nil}, find)
}
