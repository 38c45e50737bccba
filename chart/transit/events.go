package transit

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sidereal/chart"
	"sidereal/ephemeris"
	"sidereal/ephemeris/motion"
	"sidereal/fault"
)

const (
	// MaxYears is the longest range of events.
	MaxYears = 100
	// MaxEvents is how many events an answer may have.
	MaxEvents = 20000
)

// EventOptions choose what Events looks for.
type EventOptions struct {
	// Kinds are what is looked for; all kinds when nil.
	Kinds []EventKind
	// Bodies move; the main bodies but the Moon when nil, since it alone makes ten times as many events as the others. All but the Part of Fortune can
	// be chosen. Lunations do not depend on it.
	Bodies []chart.Body
	// Targets of aspects; chart.MainPoints when nil. Those that the chart has not, for want of a time, are left out.
	Targets []chart.Point
	// Aspects are the kinds of aspects; the five of Ptolemy when nil: conjunction, opposition, trine, square and sextile.
	Aspects []chart.AspectKind
	// Zodiac is what all longitudes are counted in.
	Zodiac chart.Zodiac
	// Houses is the system of the natal houses. A chart without a time has no house ingresses.
	Houses chart.HouseSystem
}

func (o EventOptions) filled() EventOptions {
	if o.Kinds == nil {
		o.Kinds = []EventKind{ExactAspect, SignIngress, HouseIngress, Station, Lunation}
	}

	if o.Bodies == nil {
		o.Bodies = slices.DeleteFunc(chart.MainBodies(), func(b chart.Body) bool { return b == chart.Moon })
	}

	if o.Targets == nil {
		o.Targets = chart.MainPoints()
	}

	if o.Aspects == nil {
		o.Aspects = []chart.AspectKind{chart.Conjunction, chart.Opposition, chart.Trine, chart.Square, chart.Sextile}
	}

	return o
}

func (o EventOptions) check(from, to time.Time) error {
	switch {
	case !to.After(from):
		return fault.Invalid("to", "the range ends at %s, which is not behind its start", to.UTC().Format(time.RFC3339))
	case to.After(from.AddDate(MaxYears, 0, 0)):
		return fault.Invalid("to", "a range of events is at most %d years long", MaxYears)
	}

	if err := checkKinds(o.Kinds, EventKindCount, "kinds"); err != nil {
		return err
	}

	if err := checkKinds(o.Aspects, chart.AspectKindCount, "aspects"); err != nil {
		return err
	}

	if err := checkMovers(o.Bodies, "bodies"); err != nil {
		return err
	}

	return chart.CheckPoints(o.Targets, "targets")
}

// checkKinds refuses an empty choice of kinds, and one that repeats a kind or holds one of no meaning.
func checkKinds[K ~uint8](kinds []K, count int, field string) error {
	seen := make([]bool, count)

	for _, k := range kinds {
		if int(k) >= count || seen[k] {
			return fault.Invalid(field, "1 to %d kinds, each once", count)
		}

		seen[k] = true
	}

	if len(kinds) == 0 {
		return fault.Invalid(field, "1 to %d kinds, each once", count)
	}

	return nil
}

// Events returns all that happens to a chart from an instant up to another, that one excluded, in time order. The list is complete: bodies are
// followed between their stations. Bad options are a VALIDATION_FAILED fault of their field, a range that is empty, longer than MaxYears or holds more
// than MaxEvents one of the field "to", one beyond the ephemeris one of "from" or "to". ctx ends a long search with its own error.
func Events(ctx context.Context, caster *chart.Caster, natal *chart.Chart, from, to time.Time, o EventOptions) ([]Event, error) {
	o = o.filled()
	if err := o.check(from, to); err != nil {
		return nil, err
	}

	if _, err := caster.SkyAt(from, "from"); err != nil {
		return nil, err
	}

	if ephemeris.JulianDay(to) > ephemeris.EndJulianDay {
		return nil, outside(&ephemeris.RangeError{JulianDayUT: ephemeris.JulianDay(to)}, "to")
	}

	s := search{
		caster: caster, from: ephemeris.JulianDay(from), to: ephemeris.JulianDay(to), options: &o,
		marks: marksFor(natal, &o), houses: natal.Houses(o.Houses, o.Zodiac),
	}

	for _, body := range o.Bodies {
		if err := s.follow(ctx, body); err != nil {
			return nil, err
		}
	}

	if slices.Contains(o.Kinds, Lunation) {
		if err := s.lunations(ctx); err != nil {
			return nil, err
		}
	}

	slices.SortStableFunc(s.events, func(a, b Event) int { return a.At.Compare(b.At) })

	return s.events, nil
}

// search is one search for events; from and to are Julian days UT.
type search struct {
	caster   *chart.Caster
	from, to float64
	options  *EventOptions
	marks    []milestone // ascending by longitude
	houses   *chart.Houses
	events   []Event
}

// milestone is a longitude at which something happens to a body that passes it.
type milestone struct {
	kind      EventKind
	longitude float64
	aspect    *AspectEvent
}

// marksFor returns the longitudes at which something happens, ascending.
func marksFor(natal *chart.Chart, o *EventOptions) []milestone {
	var marks []milestone

	if slices.Contains(o.Kinds, ExactAspect) {
		for _, target := range natal.Placed(o.Targets, o.Zodiac) {
			for _, kind := range o.Aspects {
				for _, m := range marksOf(target, kind) {
					marks = append(marks, milestone{ExactAspect, m.longitude, &AspectEvent{kind, target.Point, target.Uncertainty}})
				}
			}
		}
	}

	if slices.Contains(o.Kinds, SignIngress) {
		for _, start := range o.Zodiac.SignStarts() {
			marks = append(marks, milestone{SignIngress, start, nil})
		}
	}

	if houses := natal.Houses(o.Houses, o.Zodiac); houses != nil && slices.Contains(o.Kinds, HouseIngress) {
		for _, cusp := range houses.Cusps {
			marks = append(marks, milestone{HouseIngress, cusp.Longitude, nil})
		}
	}

	slices.SortStableFunc(marks, func(a, b milestone) int { return cmp.Compare(a.longitude, b.longitude) })

	return marks
}

// follow adds what one body does.
func (s *search) follow(ctx context.Context, body chart.Body) error {
	path, step, _ := body.Course(s.options.Zodiac)

	track, err := motion.Follow(ctx, s.caster.Ephemeris(), path, s.from, s.to, step)
	if err != nil {
		return outside(err, "to")
	}

	if slices.Contains(s.options.Kinds, Station) {
		for _, turn := range track.Stations() {
			if err := s.add(Event{
				Kind: Station, At: ephemeris.Time(turn.JulianDay), Body: body, Place: s.options.Zodiac.Degree(turn.Longitude), Retrograde: turn.Retrograde,
			}); err != nil {
				return err
			}
		}
	}

	longitudes := make([]float64, len(s.marks))
	for i, m := range s.marks {
		longitudes[i] = m.longitude
	}

	for c := range track.Crossings(longitudes) {
		if err := s.add(s.event(body, c)); err != nil {
			return err
		}
	}

	return ctx.Err()
}

func (s *search) add(e Event) error {
	if len(s.events) == MaxEvents {
		return fault.Invalid("to", "the range holds more than %d events; make it shorter, or leave the Moon out", MaxEvents)
	}

	s.events = append(s.events, e)

	return nil
}

func (s *search) event(body chart.Body, c motion.Crossing) Event {
	const beyond = 1e-7 // degrees: on the far side of the mark

	m := s.marks[c.Mark]
	e := Event{
		Kind: m.kind, At: ephemeris.Time(c.JulianDay), Body: body, Place: s.options.Zodiac.Degree(m.longitude), Retrograde: c.Retrograde, Aspect: m.aspect,
	}

	entered := m.longitude + beyond
	if c.Retrograde {
		entered = m.longitude - beyond
	}

	switch m.kind {
	case SignIngress:
		e.Sign = s.options.Zodiac.Degree(entered).Sign
	case HouseIngress:
		e.House = s.houses.House(chart.Normalize(entered))
	case ExactAspect, Station, Lunation, EventKindCount:
	}

	return e
}
