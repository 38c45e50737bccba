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
	"time"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/reading/library"
)

// Kind is a section of a reading.
type Kind uint8

// The sections, in the order in which a reading has them.
const (
	Overview Kind = iota
	Planets
	Houses
	Aspects
	Patterns
	Transits
	Synastry
	Synthesis
	KindCount = iota
)

var kinds = [KindCount]struct{ name, title string }{
	{"overview", "Overview"},
	{"planets", "The planets"},
	{"houses", "The houses"},
	{"aspects", "The aspects"},
	{"patterns", "Patterns"},
	{"transits", "The sky at the time"},
	{"synastry", "Two charts together"},
	{"synthesis", "Taken together"},
}

// String returns the section's English name in lower case.
func (k Kind) String() string { return kinds[k].name }

// Title returns the section's heading.
func (k Kind) Title() string { return kinds[k].title }

// Detail is how long a reading is.
type Detail uint8

// The details: a reading of a chart with a known time has about 600, 2 000 and 5 000 words, to which transits and synastry add a fifth each. One of an
// unknown time lacks the houses and is shorter by their part.
const (
	Brief Detail = iota
	Standard
	Comprehensive
	DetailCount = iota
)

var detailNames = [DetailCount]string{"brief", "standard", "comprehensive"}

// String returns the detail's English name in lower case.
func (d Detail) String() string { return detailNames[d] }

// Options choose what a reading is about.
type Options struct {
	// Sections are those wanted; when nil, all that there is something for. They come in the order of the kinds, whatever their order here.
	Sections []Kind
	Zodiac   chart.Zodiac
	Houses   chart.HouseSystem
	Detail   Detail
	// TransitsAt is the instant whose sky TRANSITS is about; there is no such section when it is zero.
	TransitsAt time.Time
	// With is the chart of the other person that SYNASTRY is about; there is no such section when it is nil.
	With *chart.Chart
}

// Sentence is a sentence with the factors that it stands on: "Sun in Capricorn", "Moon square Saturn, orb 1.2°". There is at least one.
type Sentence struct {
	Text    string
	Because []string
}

// Paragraph is a few sentences on one matter.
type Paragraph struct{ Sentences []Sentence }

// Section is a part of a reading.
type Section struct {
	Kind       Kind
	Title      string
	Paragraphs []Paragraph
}

// Omission is a section that was asked for and that there is nothing for.
type Omission struct {
	Kind   Kind
	Reason string // a sentence
}

// Composer composes readings. It is safe for concurrent use.
type Composer struct {
	library *library.Library
	caster  *chart.Caster
}

// New returns a composer over texts; the caster knows the sky of transits.
func New(texts *library.Library, caster *chart.Caster) *Composer {
	return &Composer{library: texts, caster: caster}
}

// Reading is a reading that is planned but not written.
type Reading struct {
	composer *Composer
	chart    *chart.Chart
	options  Options
	facts    *facts
	sections []Kind
	omitted  []Omission
}

// Plan weighs what a chart says and decides on the sections of its reading. Options that do not exist are a VALIDATION_FAILED fault of their field.
func (c *Composer) Plan(natal *chart.Chart, o Options) (*Reading, error) {
	if err := o.check(); err != nil {
		return nil, err
	}

	found, err := gather(natal, o.Zodiac, o.Houses)
	if err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}

	r := &Reading{composer: c, chart: natal, options: o, facts: found}

	for kind := range Kind(KindCount) {
		if o.Sections != nil && !slices.Contains(o.Sections, kind) {
			continue
		}

		if reason := r.lacking(kind); reason != "" {
			if o.Sections != nil {
				r.omitted = append(r.omitted, Omission{kind, reason})
			}

			continue
		}

		r.sections = append(r.sections, kind)
	}

	return r, nil
}

func (o *Options) check() error {
	switch {
	case o.Zodiac >= chart.ZodiacCount:
		return fault.Invalid("zodiac", "there is no such zodiac")
	case o.Houses >= chart.HouseSystemCount:
		return fault.Invalid("houseSystem", "there is no such house system")
	case o.Detail >= DetailCount:
		return fault.Invalid("detail", "there is no such detail")
	case o.Sections != nil && len(o.Sections) == 0:
		return fault.Invalid("sections", "at least one section")
	}

	for _, kind := range o.Sections {
		if kind >= KindCount {
			return fault.Invalid("sections", "there is no such section")
		}
	}

	return nil
}

// lacking says why a section has nothing to tell; empty when it has.
func (r *Reading) lacking(kind Kind) string {
	switch {
	case kind == Houses && !r.chart.Birth.TimeKnown:
		return "The time of birth is unknown, so that there are no houses."
	case kind == Patterns && len(r.facts.figures) == 0:
		return "The chart has no pattern that is certain."
	case kind == Transits && r.options.TransitsAt.IsZero():
		return "No instant was given for the transits."
	case kind == Synastry && r.options.With == nil:
		return "No other chart was given."
	}

	return ""
}

// Sections returns the sections that the reading has, in their order.
func (r *Reading) Sections() []Kind { return slices.Clone(r.sections) }

// Omitted returns the sections that were asked for and that there is nothing for.
func (r *Reading) Omitted() []Omission { return slices.Clone(r.omitted) }

// Write writes the reading section by section, each when it is asked for. Sections know what those before them have said, so that a reading that goes on
// after an interruption writes them all again, in some milliseconds, and leaves out those that it has. An error, of the context or an instant of transits
// outside the ephemeris (a VALIDATION_FAILED fault of the field "at"), ends the sequence.
func (r *Reading) Write(ctx context.Context) iter.Seq2[Section, error] {
	return func(yield func(Section, error) bool) {
		w := newWriter(r)

		for _, kind := range r.sections {
			section, err := w.section(ctx, kind)
			if err != nil {
				yield(Section{}, err)

				return
			}

			if !yield(section, nil) {
				return
			}
		}
	}
}
