package model

import (
	"context"
	"strings"

	"sidereal/chart"
	"sidereal/event"
	"sidereal/graph/relay"
	"sidereal/reading"
)

// ReadingEventTypes returns the types of events of readings.
func ReadingEventTypes() []event.Type {
	return []event.Type{
		event.ReadingStarted, event.ReadingSection, event.ReadingText, event.ReadingReady, event.ReadingProgress,
		event.ReadingCompleted, event.ReadingFailed, event.ReadingCancelled,
	}
}

// OfReading is what all events of readings have.
type OfReading struct {
	Happened

	ChartHash chart.Hash
	ReadingID string

	key  string // of the reading
	load Load
}

// IsReadingEvent implements ReadingEvent.
func (OfReading) IsReadingEvent() {}

// Course implements Followed: it is the reading.
func (r OfReading) Course() string { return r.ReadingID }

// Reading returns the reading by the operation's loader, nil when it is not stored.
func (r OfReading) Reading(ctx context.Context) (*Reading, error) { return r.load.Reading(ctx, r.key) }

// ReadingStarted is the view of reading.started.
type ReadingStarted struct {
	OfReading

	Sections []reading.SectionKind
}

// OfSection is what all events of sections have.
type OfSection struct {
	OfReading

	Kind   reading.SectionKind
	Number int
}

// ReadingSectionStarted is the view of reading.section.
type ReadingSectionStarted struct{ OfSection }

// ReadingText is the view of reading.text.
type ReadingText struct {
	OfSection

	Text string
}

// ReadingSectionReady is the view of reading.section_ready.
type ReadingSectionReady struct{ OfSection }

// Section returns the section by the operation's loader, nil when it is not stored.
func (r *ReadingSectionReady) Section(ctx context.Context) (*ReadingSection, error) {
	sections, err := r.load.Sections(ctx, r.key)
	if err != nil || r.Number >= len(sections) {
		return nil, err
	}

	return &ReadingSection{sections[r.Number]}, nil
}

// ReadingProgress is the view of reading.progress.
type ReadingProgress struct {
	OfReading

	Done, Total int
	Percent     float64
	TimeLeftMs  *float64
}

// ReadingCompleted is the view of reading.completed.
type ReadingCompleted struct{ OfReading }

// ReadingCancelled is the view of reading.cancelled.
type ReadingCancelled struct{ OfReading }

// ReadingFailed is the view of reading.failed.
type ReadingFailed struct {
	OfReading

	Reason string
}

func newReadingEvent(p *event.Placed, h Happened, load Load) (ReadingEvent, error) {
	base, err := decode[event.ReadingData](p)
	if err = orIncomplete(err, base.Reading != ""); err != nil {
		return nil, err
	}

	of := OfReading{h, chart.Hash(p.Subject), relay.GlobalID(ReadingType, base.Reading), base.Reading, load}

	switch p.Type { //nolint:exhaustive // these are the types of readings
	case event.ReadingStarted:
		data, err := decode[event.ReadingStartedData](p)

		return &ReadingStarted{of, plannedSections(data.Sections)}, err
	case event.ReadingSection, event.ReadingText, event.ReadingReady:
		return newSectionEvent(p, of)
	case event.ReadingProgress:
		data, err := decode[event.ReadingProgressData](p)

		return &ReadingProgress{of, data.Done, data.Total, data.Percent, data.TimeLeftMs}, err
	case event.ReadingCompleted:
		return &ReadingCompleted{of}, nil
	case event.ReadingCancelled:
		return &ReadingCancelled{of}, nil
	case event.ReadingFailed:
		data, err := decode[event.ReadingFailedData](p)

		return &ReadingFailed{of, data.Reason}, err
	}

	return nil, errUnknown
}

// newSectionEvent returns the view of an event of a section; one of a section that this version does not know is an error.
func newSectionEvent(p *event.Placed, of OfReading) (ReadingEvent, error) {
	data, err := decode[event.ReadingTextData](p)
	kind, known := sectionKind(data.Section)

	if err = orIncomplete(err, known && data.Number >= 0); err != nil {
		return nil, err
	}

	section := OfSection{of, kind, data.Number}

	switch p.Type { //nolint:exhaustive // these are the types of sections
	case event.ReadingSection:
		return &ReadingSectionStarted{section}, nil
	case event.ReadingText:
		return &ReadingText{section, data.Text}, nil
	case event.ReadingReady:
		return &ReadingSectionReady{section}, nil
	}

	return nil, errUnknown
}

// plannedSections returns the sections that the schema has; a newer version may have written others.
func plannedSections(names []string) []reading.SectionKind {
	kinds := make([]reading.SectionKind, 0, len(names))

	for _, name := range names {
		if kind, ok := sectionKind(name); ok {
			kinds = append(kinds, kind)
		}
	}

	return kinds
}

// sectionKind returns the section that the schema has under a name.
func sectionKind(name string) (reading.SectionKind, bool) {
	for kind := range reading.SectionKind(reading.SectionKindCount) {
		if strings.ToUpper(kind.String()) == name {
			return kind, true
		}
	}

	return 0, false
}
