package db

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/internal/pgtest"
	"sidereal/job"
)

const (
	jobsURL      = "SIDEREAL_TEST_JOBS_URL" // in the environment of a process that is to work
	chapterKind  = "test.chapters"
	chapters     = 40
	chapterLease = 600 * time.Millisecond
)

// chapter is the event of a written chapter, or of an end.
func chapter(subject string) event.Event {
	return event.New(event.ReadingProgress, time.Now(), subject, "owner", nil)
}

// writeChapters writes what is missing of a text, chapter by chapter, each of which takes a while.
func writeChapters(ctx context.Context, j job.Job, run *job.Run) error {
	var written []int

	if j.Progress != nil {
		if err := json.Unmarshal(j.Progress, &written); err != nil {
			return err
		}
	}

	for n := len(written); n < chapters; n++ {
		select {
		case <-time.After(5 * time.Millisecond): // the work
		case <-ctx.Done():
			return ctx.Err()
		}

		written = append(written, n)
		if err := run.Save(ctx, written, chapter(fmt.Sprint(n))); err != nil {
			return err
		}
	}

	return run.Complete(ctx, written)
}

func chapterWork() job.Kind {
	return job.Kind{
		Name: chapterKind, Handler: writeChapters, MaxAttempts: 20,
		Ended: func(j job.Job) []event.Event { return []event.Event{chapter(string(j.Status))} },
	}
}

// TestWorkingProcess is no test but the process that TestJobsSurviveTheirProcess kills: it works until somebody does.
func TestWorkingProcess(t *testing.T) {
	url := os.Getenv(jobsURL)
	if url == "" {
		return
	}

	jobs := NewJobs(open(t, Config{URL: url}))
	e := job.New(jobs, job.Config{
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: time.Now, Hints: jobs.Queued(),
		Poll: 20 * time.Millisecond, Lease: chapterLease, Beat: 50 * time.Millisecond,
	}, chapterWork())

	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent closes it, or dies

	if err := e.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// worker is a process that works.
type worker struct {
	command *exec.Cmd
	stdin   io.Closer
	log     bytes.Buffer
}

func startWorker(t *testing.T, url string) *worker {
	t.Helper()

	w := &worker{command: exec.Command(os.Args[0], "-test.run=^TestWorkingProcess$", "-test.timeout=60s")}
	w.command.Env = append(os.Environ(), jobsURL+"="+url)
	w.command.Stderr, w.command.Stdout = &w.log, &w.log

	stdin, err := w.command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}

	w.stdin = stdin

	if err := w.command.Start(); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(w.kill)

	return w
}

// kill ends it as kill -9 does.
func (w *worker) kill() {
	_ = w.command.Process.Kill()
	_ = w.command.Wait()
}

// A process is killed in the middle of a job, and its successors too; the job comes to one end, with every chapter once.
func TestJobsSurviveTheirProcess(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			url := b.url(t)
			d := migrated(t, Config{URL: url})
			jobs := NewJobs(d)

			spec, err := job.NewSpec(time.Now(), chapterKind, "k", "o", nil)
			if err != nil {
				t.Fatal(err)
			}

			spec.MaxAttempts = 20

			if _, _, err := jobs.Enqueue(t.Context(), spec); err != nil {
				t.Fatal(err)
			}

			// reach waits until the job is far enough, and returns it.
			reach := func(enough func(job.Job) bool) job.Job {
				for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
					j, err := jobs.Find(t.Context(), spec.ID)
					if err != nil || time.Now().After(deadline) {
						t.Fatalf("%+v, %v", j, err)
					}

					if enough(j) {
						return j
					}
				}
			}

			count := func(j job.Job) (n int) {
				return bytes.Count(j.Progress, []byte(",")) + min(len(j.Progress), 1)
			}

			const kills = 4

			attempts := 0 // begun before; on a busy machine a process may lose its lease to itself, which is one more

			for i := range kills {
				w := startWorker(t, url)
				killed := reach(func(j job.Job) bool {
					return j.Status.Ended() || j.Status == job.Running && j.Attempt > attempts && count(j) >= (i+1)*chapters/(kills+1)
				})
				w.kill()

				if killed.Status != job.Running {
					t.Fatalf("want it killed in the middle, got %+v\n%s", killed, &w.log)
				}

				attempts = killed.Attempt
			}

			startWorker(t, url)
			startWorker(t, url) // which finds nothing, or is the one

			done := reach(func(j job.Job) bool { return j.Status.Ended() })
			if done.Status != job.Completed || done.Attempt <= attempts {
				t.Errorf("want it COMPLETED in an attempt after %d, got %+v", attempts, done)
			}

			if got, want := subjects(t, d), append(numbers(chapters), string(job.Completed)); !slices.Equal(got, want) {
				t.Errorf("want every chapter once and one end\n%v, got\n%v", want, got)
			}
		})
	}
}

// A process that is asked to end gives its job back at once: the next one waits for no lease.
func TestAProcessThatEndsGivesItsJobsBack(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			url := b.url(t)
			jobs := NewJobs(migrated(t, Config{URL: url}))

			spec, err := job.NewSpec(time.Now(), chapterKind, "k", "o", nil)
			if err != nil {
				t.Fatal(err)
			}

			if _, _, err := jobs.Enqueue(t.Context(), spec); err != nil {
				t.Fatal(err)
			}

			w := startWorker(t, url)

			for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
				if j, err := jobs.Find(t.Context(), spec.ID); err != nil || time.Now().After(deadline) {
					t.Fatalf("%+v, %v", j, err)
				} else if j.Progress != nil {
					break
				}
			}

			_ = w.stdin.Close()

			if err := w.command.Wait(); err != nil {
				t.Fatalf("%v\n%s", err, &w.log)
			}

			if j, err := jobs.Find(t.Context(), spec.ID); err != nil || j.Status != job.Queued || j.Attempt != 0 || j.Progress == nil {
				t.Errorf("want it back in the queue with its checkpoint, got %+v, %v", j, err)
			}
		})
	}
}

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
	kind := chapterWork()
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

	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(2 * time.Millisecond) {
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
