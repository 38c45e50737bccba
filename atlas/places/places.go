// Package places finds places for whoever asks: the API, births, and lists of people. It opens the gazetteer when it is first needed, and asks a service
// outside only where one is configured.
package places

import (
	"context"
	"errors"
	"sync"
	"time"

	"sidereal/atlas/gazetteer"
	"sidereal/atlas/geocoder"
	"sidereal/chart"
	"sidereal/fault"
	"sidereal/people"
)

// MaxFirst is how many places may be asked for at once.
const MaxFirst = 50

// Finder finds places. It is safe for concurrent use.
type Finder struct {
	open    func() (*gazetteer.Gazetteer, error)
	outside geocoder.Geocoder // nil for none
}

var (
	_ chart.Places   = (*Finder)(nil)
	_ people.Locator = (*Finder)(nil)
)

// Config is what a finder is built from; its zero value is the built-in gazetteer alone.
type Config struct {
	// Open opens the gazetteer, once; nil for gazetteer.Open.
	Open func() (*gazetteer.Gazetteer, error)
	// Geocoder makes the client of a service outside, which takes the time zones of what it finds from zones; nil for none.
	Geocoder func(zones geocoder.Zoner) (geocoder.Geocoder, error)
}

// New returns a finder. It opens nothing yet.
func New(cfg Config) (*Finder, error) {
	if cfg.Open == nil {
		cfg.Open = gazetteer.Open
	}

	f := &Finder{open: sync.OnceValues(cfg.Open)}

	if cfg.Geocoder != nil {
		var err error

		if f.outside, err = cfg.Geocoder(zoner{f}); err != nil {
			return nil, err
		}
	}

	return f, nil
}

// zoner is the gazetteer as the geocoder asks it, after Geocode opened it.
type zoner struct{ finder *Finder }

// Zone implements geocoder.Zoner.
func (z zoner) Zone(latitude, longitude float64) gazetteer.ZoneGuess {
	g, err := z.finder.open()
	if err != nil {
		return gazetteer.ZoneGuess{}
	}

	return g.Zone(latitude, longitude)
}

// Search returns the places that a text may mean, the likeliest first. Bad arguments are VALIDATION_FAILED faults of "search" and "first".
func (f *Finder) Search(text string, first int) ([]gazetteer.Match, error) {
	if err := checkFirst(first); err != nil {
		return nil, err
	}

	g, err := f.open()
	if err != nil {
		return nil, err
	}

	return g.Search(text, first)
}

func checkFirst(first int) error {
	if first < 1 || first > MaxFirst {
		return fault.Invalid("first", "must be 1 to %d, not %d", MaxFirst, first)
	}

	return nil
}

// ByID returns the place with a GeoNames id; false when there is none.
func (f *Finder) ByID(id int) (place gazetteer.Place, found bool, err error) {
	g, err := f.open()
	if err != nil {
		return gazetteer.Place{}, false, err
	}

	place, found = g.ByID(id)

	return place, found, nil
}

// Nearest returns the place nearest to a point, and how far it is. Bad coordinates are VALIDATION_FAILED faults of "latitude" and "longitude".
func (f *Finder) Nearest(latitude, longitude float64) (place gazetteer.Place, distanceKm float64, err error) {
	if err = checkPoint(latitude, longitude); err != nil {
		return place, 0, err
	}

	g, err := f.open()
	if err != nil {
		return place, 0, err
	}

	place, distanceKm = g.Nearest(latitude, longitude)

	return place, distanceKm, nil
}

// Zone returns the time zone that a point most likely keeps, with faults as Nearest.
func (f *Finder) Zone(latitude, longitude float64) (gazetteer.ZoneGuess, error) {
	if err := checkPoint(latitude, longitude); err != nil {
		return gazetteer.ZoneGuess{}, err
	}

	g, err := f.open()
	if err != nil {
		return gazetteer.ZoneGuess{}, err
	}

	return g.Zone(latitude, longitude), nil
}

func checkPoint(latitude, longitude float64) error {
	switch {
	case !(latitude >= -90 && latitude <= 90): // so that NaN is refused too
		return fault.Invalid("latitude", "a latitude is -90 to 90 degrees, not %g", latitude)
	case !(longitude >= -180 && longitude <= 180):
		return fault.Invalid("longitude", "a longitude is -180 to 180 degrees, not %g", longitude)
	}

	return nil
}

// Geocode asks the service outside. Whatever goes wrong there is UPSTREAM_UNAVAILABLE with the time after which a retry can help, as is that none is
// configured, where no retry can.
func (f *Finder) Geocode(ctx context.Context, text string, first int) ([]geocoder.Result, error) {
	if err := checkFirst(first); err != nil {
		return nil, err
	}

	if f.outside == nil {
		return nil, fault.New(fault.UpstreamUnavailable, "no geocoding service is configured here; places searches the built-in gazetteer")
	}

	if _, err := f.open(); err != nil {
		return nil, err
	}

	found, err := f.outside.Geocode(ctx, text, first)
	if err != nil {
		return nil, retryable(ctx, err)
	}

	return found, nil
}

// retryable says of a service outside that failed when to try again, unless it has said so itself.
func retryable(ctx context.Context, err error) error {
	const after = 10 * time.Second

	cause, ok := fault.As(err)
	if !ok || cause.Code != fault.UpstreamUnavailable && cause.Code != fault.Timeout || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}

	shown := fault.Wrap(err, fault.UpstreamUnavailable, "%s", cause.Message)
	if shown.RetryAfter = cause.RetryAfter; shown.RetryAfter < time.Millisecond {
		shown.RetryAfter = after
	}

	return shown
}

// Locate implements people.Locator.
func (f *Finder) Locate(text string) (latitude, longitude float64, zone string, ok bool) {
	g, err := f.open()
	if err != nil {
		return 0, 0, "", false
	}

	place, ok := g.Locate(text)

	return place.Latitude, place.Longitude, place.Zone, ok
}
