// Package compose is the built-in engine of readings: it puts a chart into words from the texts of package library. It asks nobody, has no clock and no
// chance in it: the same chart and the same options read the same on every machine, as long as the library's version stays.
//
// What the chart says is weighed into factors, the strongest first. A factor is interpreted once in a reading and no text is used twice. Every sentence
// knows the factors that it stands on. With the time of birth unknown only what holds all day is used: no angles, no houses, the sign of a body only if it
// stays in it, an aspect only if it holds.
package compose

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/reading"
	"sidereal/reading/library"
)

// Composer composes readings. It is safe for concurrent use.
type Composer struct {
	library *library.Library
	caster  *chart.Caster
}

// New returns a composer over texts; the caster knows the sky of transits.
func New(texts *library.Library, caster *chart.Caster) *Composer {
	return &Composer{library: texts, caster: caster}
}

var _ reading.Planner = (*Composer)(nil)

// Version implements reading.Planner.
func (c *Composer) Version() string { return c.library.Version() }

// Plan is a reading that is planned but not written.
type Plan struct {
	composer *Composer
	chart    *chart.Chart
	options  reading.Options
	facts    *facts
	sections []reading.SectionKind
	omitted  []reading.Omission
}

// Plan weighs what a chart says and decides on the sections of its reading. Options that do not exist are a VALIDATION_FAILED fault of their field.
func (c *Composer) Plan(natal *chart.Chart, o reading.Options) (reading.Plan, error) {
	if err := check(&o); err != nil {
		return nil, err
	}

	found, err := gather(natal, o.Zodiac, o.Houses)
	if err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}

	r := &Plan{composer: c, chart: natal, options: o, facts: found}

	for kind := range reading.SectionKind(reading.SectionKindCount) {
		if o.Sections != nil && !slices.Contains(o.Sections, kind) {
			continue
		}

		if reason := r.lacking(kind); reason != "" {
			if o.Sections != nil {
				r.omitted = append(r.omitted, reading.Omission{Kind: kind, Reason: reason})
			}

			continue
		}

		r.sections = append(r.sections, kind)
	}

	return r, nil
}

func check(o *reading.Options) error {
	switch {
	case o.Zodiac >= chart.ZodiacCount:
		return fault.Invalid("zodiac", "there is no such zodiac")
	case o.Houses >= chart.HouseSystemCount:
		return fault.Invalid("houseSystem", "there is no such house system")
	case o.Detail >= reading.DetailCount:
		return fault.Invalid("detail", "there is no such detail")
	case o.Sections != nil && len(o.Sections) == 0:
		return fault.Invalid("sections", "at least one section")
	}

	for _, kind := range o.Sections {
		if kind >= reading.SectionKindCount {
			return fault.Invalid("sections", "there is no such section")
		}
	}

	return nil
}

// lacking says why a section has nothing to tell; empty when it has.
func (r *Plan) lacking(kind reading.SectionKind) string {
	switch {
	case kind == reading.Houses && !r.chart.Birth.TimeKnown:
		return "The time of birth is unknown, so that there are no houses."
	case kind == reading.Patterns && len(r.facts.figures) == 0:
		return "The chart has no pattern that is certain."
	case kind == reading.Transits && r.options.TransitsAt.IsZero():
		return "No instant was given for the transits."
	case kind == reading.Synastry && r.options.With == nil:
		return "No other chart was given."
	}

	return ""
}

// Sections returns the sections that the reading has, in their order.
func (r *Plan) Sections() []reading.SectionKind { return slices.Clone(r.sections) }

// Omitted returns the sections that were asked for and that there is nothing for.
func (r *Plan) Omitted() []reading.Omission { return slices.Clone(r.omitted) }

// Write writes the reading section by section, each when it is asked for. Sections know what those before them have said, so that a reading that goes on
// after an interruption writes them all again, in some milliseconds, and leaves out those that it has. An error, of the context or an instant of transits
// outside the ephemeris (a VALIDATION_FAILED fault of the field "at"), ends the sequence.
func (r *Plan) Write(ctx context.Context) iter.Seq2[reading.Section, error] {
	return func(yield func(reading.Section, error) bool) {
		w := newWriter(r)

		for _, kind := range r.sections {
			section, err := w.section(ctx, kind)
			if err != nil {
				yield(reading.Section{}, err)

				return
			}

			if !yield(section, nil) {
				return
			}
		}
	}
}
