package model

import (
	"sidereal/event"
	"sidereal/graph/relay"
)

// BatchEventTypes returns the types of events of jobs.
func BatchEventTypes() []event.Type {
	return []event.Type{event.BatchJobStarted, event.BatchJobProgress, event.BatchJobCompleted, event.BatchJobFailed}
}

// OfBatchJob is what all events of jobs have.
type OfBatchJob struct {
	Happened

	JobID string
}

// IsBatchEvent implements BatchEvent.
func (OfBatchJob) IsBatchEvent() {}

// Course implements Followed: it is the job.
func (b OfBatchJob) Course() string { return b.JobID }

// BatchJobStarted is the view of batch.job.started.
type BatchJobStarted struct {
	OfBatchJob
	event.BatchJobStartedData
}

// BatchJobProgress is the view of batch.job.progress.
type BatchJobProgress struct {
	OfBatchJob
	event.BatchJobProgressData
}

// BatchJobCompleted is the view of batch.job.completed.
type BatchJobCompleted struct {
	OfBatchJob
	event.BatchJobCounts
}

// BatchJobFailed is the view of batch.job.failed.
type BatchJobFailed struct {
	OfBatchJob
	event.BatchJobFailedData
}

func newBatchEvent(p *event.Placed, h Happened) (BatchEvent, error) {
	of := OfBatchJob{h, relay.GlobalID(BatchJobType, p.Subject)}

	switch p.Type { //nolint:exhaustive // these are the types of jobs
	case event.BatchJobStarted:
		data, err := decode[event.BatchJobStartedData](p)

		return &BatchJobStarted{of, data}, err
	case event.BatchJobProgress:
		data, err := decode[event.BatchJobProgressData](p)

		return &BatchJobProgress{of, data}, err
	case event.BatchJobCompleted:
		data, err := decode[event.BatchJobCounts](p)

		return &BatchJobCompleted{of, data}, err
	case event.BatchJobFailed:
		data, err := decode[event.BatchJobFailedData](p)

		return &BatchJobFailed{of, data}, err
	}

	return nil, errUnknown
}
