package model

import (
	"sidereal/chart"
	"sidereal/event"
	"sidereal/graph/relay"
)

// ReadingEventTypes returns the types of events of readings.
func ReadingEventTypes() []event.Type {
	return []event.Type{event.ReadingStarted, event.ReadingProgress, event.ReadingCompleted, event.ReadingFailed, event.ReadingCancelled}
}

// OfReading is what all events of readings have.
type OfReading struct {
	Happened

	ChartHash chart.Hash
	ReadingID string
}

// IsReadingEvent implements ReadingEvent.
func (OfReading) IsReadingEvent() {}

// Course implements Followed: it is the reading.
func (r OfReading) Course() string { return r.ReadingID }

// ReadingStarted is the view of reading.started.
type ReadingStarted struct {
	OfReading

	Sections []SectionKind
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

func newReadingEvent(p *event.Placed, h Happened) (ReadingEvent, error) {
	base, err := decode[event.ReadingData](p)
	if err = orIncomplete(err, base.Reading != ""); err != nil {
		return nil, err
	}

	of := OfReading{h, chart.Hash(p.Subject), relay.GlobalID(ReadingType, base.Reading)}

	switch p.Type { //nolint:exhaustive // these are the types of readings
	case event.ReadingStarted:
		data, err := decode[event.ReadingStartedData](p)

		return &ReadingStarted{of, plannedSections(data.Sections)}, err
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

// plannedSections returns the sections that the schema has; a newer version may have written others.
func plannedSections(names []string) []SectionKind {
	kinds := make([]SectionKind, 0, len(names))

	for _, name := range names {
		if SectionKind(name).IsValid() {
			kinds = append(kinds, SectionKind(name))
		}
	}

	return kinds
}
