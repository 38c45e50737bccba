package db

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"sidereal/fault"
	"sidereal/internal/pgtest"
	"sidereal/job"
)

// Leases are by the database's clock: a node whose own is wrong takes nothing from others.
func TestAWrongClockTakesNoJob(t *testing.T) {
	d := migrated(t, Config{URL: pgtest.Start(t).NewDatabase(t)})
	right := NewJobs(d)
	wrong := &Jobs{d, func() time.Time { return time.Now().Add(24 * time.Hour) }}
	request := job.Request{Kind: chapterKind, Worker: "w", Limit: 5, Length: time.Hour}

	for i, store := range []*Jobs{right, wrong} {
		if _, _, err := store.Enqueue(t.Context(), job.Spec{ID: fmt.Sprint(i), Kind: chapterKind}); err != nil {
			t.Fatal(err)
		}
	}

	if got, err := right.Claim(t.Context(), request); err != nil || len(got) != 2 {
		t.Errorf("want both, whoever enqueued them, got %+v, %v", got, err)
	}

	if got, err := wrong.Claim(t.Context(), request); err != nil || len(got) != 0 {
		t.Errorf("want the leases kept, got %+v, %v", got, err)
	}
}

// When PostgreSQL is restarted in the middle of a job, the job goes on.
func TestJobsSurviveARestartOfPostgreSQL(t *testing.T) {
	server := pgtest.Start(t)
	d := migrated(t, Config{URL: server.NewDatabase(t)})
	jobs := NewJobs(d)
	kind := chapterWork(chapters)
	kind.Backoff = func(int) time.Duration { return 0 }
	e := job.New(jobs, job.Config{Log: slog.New(slog.DiscardHandler), Now: time.Now, Poll: 20 * time.Millisecond, Beat: 50 * time.Millisecond}, kind)

	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	defer func() {
		if err := e.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()

	spec, err := job.NewSpec(time.Now(), chapterKind, "k", "o", nil)
	if err != nil {
		t.Fatal(err)
	}

	if _, _, err := e.Enqueue(t.Context(), spec); err != nil {
		t.Fatal(err)
	}

	restarted := false

	for deadline := time.Now().Add(processTime); ; time.Sleep(2 * time.Millisecond) {
		j, err := jobs.Find(t.Context(), spec.ID)
		if time.Now().After(deadline) {
			t.Fatalf("%+v, %v", j, err)
		}

		if err != nil && fault.CodeOf(err) != fault.UpstreamUnavailable {
			t.Fatal(err)
		}

		if !restarted && len(j.Progress) > 10 {
			restarted = true

			server.Restart(t)
		}

		if j.Status.Ended() {
			break
		}
	}

	if got, want := subjects(t, d), append(numbers(chapters), string(job.Completed)); !slices.Equal(got, want) || !restarted {
		t.Errorf("want every chapter once and one end\n%v, got\n%v", want, got)
	}
}
