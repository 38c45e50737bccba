package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sidereal/chart"
	"sidereal/event"
	"sidereal/graph/relay"
	"sidereal/reading"
)

// BatchJobType is the name of the type of jobs in global ids.
const BatchJobType = "BatchJob"

// Load loads what an event is about, by the loaders of the operation that ctx belongs to.
type Load struct {
	Chart    func(ctx context.Context, hash chart.Hash) (*chart.Stored, error) // nil when it is not stored
	Reading  func(ctx context.Context, id string) (*Reading, error)            // nil when it is not stored
	Sections func(ctx context.Context, id string) ([]reading.Section, error)   // that are written, in their order
}

// Event is the view of an event: one of the types below, by pointer. It follows from the event alone, and is shared by all who hear of it.
type Event interface{ IsEvent() }

// Followed is the view of an event of what a subscription follows to its end.
type Followed interface {
	Event
	Course() string // the id of what is followed
}

// ReadingEvent is the view of an event of a reading.
type ReadingEvent interface {
	Followed
	IsReadingEvent()
}

// BatchEvent is the view of an event of a job.
type BatchEvent interface {
	Followed
	IsBatchEvent()
}

// Happened is what all events have.
type Happened struct {
	ID         string
	Cursor     string
	Type       event.Type
	OccurredAt time.Time
}

// IsEvent implements Event.
func (Happened) IsEvent() {}

// UserRegistered is the view of user.registered.
type UserRegistered struct {
	Happened

	UserID string
}

// UserLoggedIn is the view of user.logged_in.
type UserLoggedIn struct {
	Happened

	UserID string
}

// ChartCalculated is the view of chart.calculated.
type ChartCalculated struct {
	Happened

	ChartHash chart.Hash
	load      Load
}

// Chart returns the chart by the operation's loader, nil when it is not stored.
func (c *ChartCalculated) Chart(ctx context.Context) (*Chart, error) {
	stored, err := c.load.Chart(ctx, c.ChartHash)
	if stored == nil || err != nil {
		return nil, err
	}

	return &Chart{Stored: *stored}, nil
}

// SystemHealthCheck is the view of system.health_check.
type SystemHealthCheck struct {
	Happened
	event.SystemHealthCheckData
}

// SystemWarning is the view of system.warning.
type SystemWarning struct {
	Happened
	event.SystemNoticeData
}

// SystemError is the view of system.error.
type SystemError struct {
	Happened
	event.SystemNoticeData
}

// errUnknown says that an event is none of those that this version knows.
var errUnknown = errors.New("the type of event is unknown")

// errIncomplete says that what its type asks for is missing in an event.
var errIncomplete = errors.New("the event's data are incomplete")

// NewEvent returns the view of an event. An event of a type, or with data, that this version does not know is an error.
func NewEvent(p *event.Placed, load Load) (Event, error) {
	h := Happened{ID: p.ID, Cursor: p.Cursor.String(), Type: p.Type, OccurredAt: p.OccurredAt}

	switch p.Type {
	case event.UserRegistered:
		return &UserRegistered{h, relay.GlobalID(UserType, p.Subject)}, nil
	case event.UserLoggedIn:
		return &UserLoggedIn{h, relay.GlobalID(UserType, p.Subject)}, nil
	case event.ChartCalculated:
		data, err := decode[event.ChartCalculatedData](p)

		return &ChartCalculated{h, chart.Hash(data.Hash), load}, orIncomplete(err, data.Hash != "")
	case event.SystemHealthCheck:
		data, err := decode[event.SystemHealthCheckData](p)

		return &SystemHealthCheck{h, data}, err
	case event.SystemWarning:
		data, err := decode[event.SystemNoticeData](p)

		return &SystemWarning{h, data}, orIncomplete(err, data.Message != "")
	case event.SystemError:
		data, err := decode[event.SystemNoticeData](p)

		return &SystemError{h, data}, orIncomplete(err, data.Message != "")
	case event.BreakerSet:
		return newBreakerSet(p, h)
	case event.ReadingStarted, event.ReadingSection, event.ReadingText, event.ReadingReady, event.ReadingProgress,
		event.ReadingCompleted, event.ReadingFailed, event.ReadingCancelled:
		return newReadingEvent(p, h, load)
	case event.BatchJobStarted, event.BatchJobProgress, event.BatchJobCompleted, event.BatchJobFailed:
		return newBatchEvent(p, h)
	}

	return nil, errUnknown
}

// decode reads an event's data.
func decode[T any](p *event.Placed) (data T, err error) {
	raw, ok := p.Data.(json.RawMessage)
	if !ok {
		return data, fmt.Errorf("the data are of the type %T", p.Data)
	}

	return data, json.Unmarshal(raw, &data)
}

func orIncomplete(err error, complete bool) error {
	if err == nil && !complete {
		return errIncomplete
	}

	return err
}
