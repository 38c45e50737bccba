package model

import (
	"context"
	"strings"
	"time"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/graph/relay"
	"sidereal/reading"
)

// ReadingType is the name of the type Reading in global ids.
const ReadingType = "Reading"

// Reading is the view of a reading.
type Reading struct {
	reading.Reading

	chart    func(ctx context.Context) (*Chart, error)
	sections func(ctx context.Context) ([]reading.Section, error)
}

// ID returns the global id.
func (r *Reading) ID() string { return relay.GlobalID(ReadingType, r.Reading.ID) }

// Chart returns the chart, loaded together with those of the same list.
func (r *Reading) Chart(ctx context.Context) (*Chart, error) { return r.chart(ctx) }

// Progress returns the part of the planned sections that is written, 0 to 1.
func (r *Reading) Progress() float64 {
	if len(r.State.Planned) == 0 {
		return 0
	}

	return float64(r.State.Done) / float64(len(r.State.Planned))
}

// PlannedSections returns the sections that it has, or will have.
func (r *Reading) PlannedSections() []reading.SectionKind { return r.State.Planned }

// OmittedSections returns those that there is nothing for.
func (r *Reading) OmittedSections() []reading.Omission { return r.State.Omitted }

// Sections returns the sections that are written, loaded together with those of the same list.
func (r *Reading) Sections(ctx context.Context) ([]ReadingSection, error) {
	sections, err := r.sections(ctx)
	if err != nil {
		return nil, err
	}

	views := make([]ReadingSection, len(sections))
	for i := range sections {
		views[i] = ReadingSection{sections[i]}
	}

	return views, nil
}

// Engine returns who was to write it.
func (r *Reading) Engine() reading.Engine { return r.State.Engine }

// Degraded says whether the built-in engine wrote what the language model was to write.
func (r *Reading) Degraded() bool { return r.State.Degraded }

// DegradedReason returns why, nil unless it is degraded.
func (r *Reading) DegradedReason() *string { return orNil(r.State.DegradedReason) }

// Error returns why it was given up, nil unless it was.
func (r *Reading) Error() *ReadingError {
	if r.Status != reading.Failed {
		return nil
	}

	return &ReadingError{Message: r.Reason}
}

// Options returns what was asked for.
func (r *Reading) Options() *ReadingOptions { return &ReadingOptions{r.Request, r.TransitsOn} }

// Usage returns what the language model has used.
func (r *Reading) Usage() *ReadingUsage { return &ReadingUsage{r.State.Usage} }

// Words counts what is written.
func (r *Reading) Words(ctx context.Context) (int, error) {
	sections, err := r.sections(ctx)
	words := 0

	for _, s := range sections {
		for _, p := range s.Paragraphs {
			for _, sentence := range p.Sentences {
				words += len(strings.Fields(sentence.Text))
			}
		}
	}

	return words, err
}

// StartedAt returns when it was begun, nil before.
func (r *Reading) StartedAt() *time.Time { return unlessZero(r.Reading.StartedAt) }

// EndedAt returns when it came to its end, nil before.
func (r *Reading) EndedAt() *time.Time { return unlessZero(r.Reading.EndedAt) }

// ReadingOptions is the view of what was asked for.
type ReadingOptions struct {
	reading.Request

	transitsOn time.Time
}

// HouseSystem returns the system of houses.
func (o *ReadingOptions) HouseSystem() chart.HouseSystem { return o.Houses }

// TransitsOn returns the day of the transits, nil without such a section.
func (o *ReadingOptions) TransitsOn() *atlas.Date {
	if o.transitsOn.IsZero() {
		return nil
	}

	day := atlas.DateOf(o.transitsOn.UTC())

	return &day
}

// SynastryWith returns the second chart, nil for none.
func (o *ReadingOptions) SynastryWith() *chart.Hash {
	if o.Request.SynastryWith == "" {
		return nil
	}

	return &o.Request.SynastryWith
}

// ReadingUsage is the view of what a language model has used.
type ReadingUsage struct{ reading.Usage }

// CostUsd returns the cost in US dollars.
func (u *ReadingUsage) CostUsd() float64 { return float64(u.CostMicros) / 1e6 }

// ReadingSection is the view of a section.
type ReadingSection struct{ reading.Section }

// Text returns all of its text.
func (s *ReadingSection) Text() string {
	paragraphs := make([]string, len(s.Section.Paragraphs))
	for i := range s.Section.Paragraphs {
		paragraphs[i] = (&ReadingParagraph{s.Section.Paragraphs[i]}).Text()
	}

	return strings.Join(paragraphs, "\n\n")
}

// Paragraphs returns the views of its paragraphs.
func (s *ReadingSection) Paragraphs() []ReadingParagraph {
	views := make([]ReadingParagraph, len(s.Section.Paragraphs))
	for i, p := range s.Section.Paragraphs {
		views[i] = ReadingParagraph{p}
	}

	return views
}

// ReadingParagraph is the view of a paragraph.
type ReadingParagraph struct{ reading.Paragraph }

// Text returns its sentences together.
func (p *ReadingParagraph) Text() string {
	sentences := make([]string, len(p.Sentences))
	for i := range p.Sentences {
		sentences[i] = p.Sentences[i].Text
	}

	return strings.Join(sentences, " ")
}
