package main

import (
	"context"
	"fmt"
	"time"

	"sidereal/cache"
	"sidereal/chart"
	"sidereal/db"
	"sidereal/job"
	"sidereal/reading"
	"sidereal/reading/compose"
	"sidereal/reading/library"
)

// jobStop bounds how long jobs may take to end when the process does.
const jobStop = 10 * time.Second

// openReadings returns who takes requests for readings, and makes the engine of the jobs that write them.
func (a *app) openReadings(charts *chart.Service, caster *chart.Caster) (*reading.Service, error) {
	languageModel, closeModel, err := a.config.languageModel(a.registry)
	if err != nil {
		return nil, fmt.Errorf("language model: %w", err)
	}

	a.closeModel = closeModel
	readings := reading.Config{
		Store: cache.NewReadings(db.NewReadings(a.database), a.config.Readings.Cached), Charts: charts, Planner: compose.NewOnDemand(library.Load, caster),
		Model: languageModel, Now: time.Now, Log: a.log, DailyTokens: a.config.Model.DailyTokens,
	}
	jobs := db.NewJobs(a.database)

	a.jobs = job.New(jobs, job.Config{Log: a.log, Now: time.Now, Hints: jobs.Queued()},
		reading.Kinds(readings, a.config.Readings.Workers, a.config.Readings.ModelWorkers)...)

	return reading.NewService(readings, a.jobs), nil
}

// startJobs begins to do what waits in the queue. A database that is down does not stop the process: jobs wait.
func (a *app) startJobs(ctx context.Context) error {
	a.stopJobs = func() error {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), jobStop)
		defer cancel()

		return a.jobs.Stop(ending)
	}

	return a.jobs.Start(ctx)
}
