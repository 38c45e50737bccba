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
	"strconv"
	"testing"
	"time"

	"sidereal/event"
	"sidereal/job"
)

const (
	jobsURL      = "SIDEREAL_TEST_JOBS_URL"  // in the environment of a process that is to work
	jobsStop     = "SIDEREAL_TEST_JOBS_STOP" // the chapter that it comes to and does not write, but waits for its end
	chapterKind  = "test.chapters"
	chapters     = 40
	chapterLease = 600 * time.Millisecond
	manyAttempts = 1000             // on a busy machine a process may lose its lease to itself, often
	processTime  = 60 * time.Second // how long processes may take for what they do in a second
)

// chapter is the event of a written chapter, or of an end.
func chapter(subject string) event.Event {
	return event.New(event.ReadingProgress, time.Now(), subject, "owner", nil)
}

// writeChapters writes what is missing of a text, chapter by chapter, each of which takes a while. When it comes to the chapter stop it waits until the attempt is ended.
func writeChapters(ctx context.Context, j job.Job, run *job.Run, stop int) error {
	var written []int

	if j.Progress != nil {
		if err := json.Unmarshal(j.Progress, &written); err != nil {
			return err
		}
	}

	for n := len(written); n < chapters; n++ {
		work := time.After(5 * time.Millisecond)
		if n == stop {
			work = nil
		}

		select {
		case <-work:
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

func chapterWork(stop int) job.Kind {
	return job.Kind{
		Name: chapterKind, MaxAttempts: manyAttempts,
		Handler: func(ctx context.Context, j job.Job, run *job.Run) error { return writeChapters(ctx, j, run, stop) },
		Ended:   func(j job.Job) []event.Event { return []event.Event{chapter(string(j.Status))} },
	}
}

// TestWorkingProcess is no test but the process that TestJobsSurviveTheirProcess kills: it works until somebody does.
func TestWorkingProcess(t *testing.T) {
	url := os.Getenv(jobsURL)
	if url == "" {
		return
	}

	stop, err := strconv.Atoi(os.Getenv(jobsStop))
	if err != nil {
		t.Fatal(err)
	}

	jobs := NewJobs(open(t, Config{URL: url}))
	e := job.New(jobs, job.Config{
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: time.Now, Hints: jobs.Queued(),
		Poll: 20 * time.Millisecond, Lease: chapterLease, Beat: 50 * time.Millisecond,
	}, chapterWork(stop))

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

func startWorker(t *testing.T, url string, stop int) *worker {
	t.Helper()

	w := &worker{command: exec.Command(os.Args[0], "-test.run=^TestWorkingProcess$", "-test.timeout="+(2*processTime).String())}
	w.command.Env = append(os.Environ(), jobsURL+"="+url, jobsStop+"="+strconv.Itoa(stop))
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

// A process is killed in the middle of a job, and its successors too; the job comes to one end, with every chapter once. None writes far past the chapter at which
// it is killed: otherwise one that runs while this test does not would come to the end.
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

			spec.MaxAttempts = manyAttempts

			if _, _, err := jobs.Enqueue(t.Context(), spec); err != nil {
				t.Fatal(err)
			}

			// reach waits until the job is far enough, and returns it.
			reach := func(enough func(job.Job) bool) job.Job {
				for deadline := time.Now().Add(processTime); ; time.Sleep(time.Millisecond) {
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

			attempts := 0 // begun before

			for i := range kills {
				at := (i + 1) * chapters / (kills + 1)
				w := startWorker(t, url, at+5)
				killed := reach(func(j job.Job) bool {
					return j.Status.Ended() || j.Status == job.Running && j.Attempt > attempts && count(j) >= at
				})
				w.kill()

				if killed.Status != job.Running {
					t.Fatalf("want it killed in the middle, got %+v\n%s", killed, &w.log)
				}

				attempts = killed.Attempt
			}

			startWorker(t, url, chapters)
			startWorker(t, url, chapters) // which finds nothing, or is the one

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

			w := startWorker(t, url, chapters/2)

			for deadline := time.Now().Add(processTime); ; time.Sleep(time.Millisecond) {
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
