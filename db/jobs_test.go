package db

import (
	"testing"

	"sidereal/job/jobtest"
)

// openJobs opens a fresh store of jobs.
func openJobs(t *testing.T, url string) jobtest.Opened {
	t.Helper()

	d := migrated(t, Config{URL: url})

	return jobtest.Opened{Store: NewJobs(d), Hints: NewJobs(d).Queued(), Close: func() { _ = d.Close() }, Events: func(t *testing.T) []string {
		t.Helper()

		return subjects(t, d)
	}}
}

func TestJobsPassTheStoreSuite(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			jobtest.TestStore(t, func(t *testing.T) jobtest.Opened { return openJobs(t, b.url(t)) })
		})
	}
}

func TestJobsPassTheSuiteOfWorkers(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			jobtest.TestWorkers(t, func(t *testing.T) jobtest.Opened { return openJobs(t, b.url(t)) })
		})
	}
}
