package db

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"sidereal/event"
	"sidereal/job"
)

// BenchmarkJobs is a job from end to end: enqueued with an event, claimed, completed with a result and another event.
func BenchmarkJobs(b *testing.B) {
	for _, kind := range backends(b) {
		b.Run(kind.name, func(b *testing.B) {
			jobs := NewJobs(migrated(b, Config{URL: kind.url(b), SlowQuery: time.Minute}))

			var left sync.WaitGroup

			e := job.New(jobs, job.Config{Log: slog.New(slog.DiscardHandler), Now: time.Now, Hints: jobs.Queued()}, job.Kind{
				Name: chapterKind, Workers: 4,
				Handler: func(ctx context.Context, _ job.Job, run *job.Run) error {
					defer left.Done()

					return run.Complete(ctx, "done")
				},
				Ended: func(j job.Job) []event.Event { return []event.Event{chapter(string(j.Status))} },
			})
			if err := e.Start(b.Context()); err != nil {
				b.Fatal(err)
			}

			const askers = 4

			b.ResetTimer()
			left.Add(b.N)

			var wg sync.WaitGroup
			for a := range askers {
				wg.Go(func() {
					for i := a; i < b.N; i += askers {
						spec, err := job.NewSpec(time.Now(), chapterKind, fmt.Sprint(i), fmt.Sprint("owner", i%10), i)
						if err != nil {
							b.Error(err)
						}

						if _, _, err := e.Enqueue(b.Context(), spec, chapter("queued")); err != nil {
							b.Error(err)
						}
					}
				})
			}

			wg.Wait()
			left.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
			b.StopTimer()

			if err := e.Stop(context.Background()); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkQueue is what a job costs in and out of a queue of 100 000 others of one owner.
func BenchmarkQueue(b *testing.B) {
	const waiting = 100_000

	for _, kind := range backends(b) {
		d := migrated(b, Config{URL: kind.url(b), SlowQuery: time.Minute})
		jobs := NewJobs(d)

		for from := 0; from < waiting; from += 1000 {
			rows := make([]jobRow, 1000)
			for i := range rows {
				rows[i] = *newJobRow(job.Spec{ID: fmt.Sprintf("waits-%06d", from+i), Kind: chapterKind, Owner: "one"})
				rows[i].Turn = int64(from + i)
			}

			if _, err := d.writer.NewInsert().Model(&rows).Returning("NULL").Exec(b.Context()); err != nil {
				b.Fatal(err)
			}
		}

		if _, err := d.writer.NewRaw("ANALYZE job").Exec(b.Context()); err != nil {
			b.Fatal(err)
		}

		b.Run(kind.name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n++

				if _, _, err := jobs.Enqueue(b.Context(), job.Spec{ID: event.NewID(time.Now()), Kind: chapterKind, Owner: fmt.Sprint(n % 10)}); err != nil {
					b.Fatal(err)
				}

				got, err := jobs.Claim(b.Context(), job.Request{Kind: chapterKind, Worker: "w", Limit: 1, Length: time.Hour})
				if err != nil || len(got) != 1 {
					b.Fatal(len(got), err)
				}

				if err := jobs.Write(b.Context(), got[0].Lease(), job.Change{Status: job.Completed}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
