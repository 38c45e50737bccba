package jobtest

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sidereal/event"
	"sidereal/job"
)

// patience bounds what is waited for. No test waits for it when all is well.
const patience = 20 * time.Second

// TestWorkers runs the suite of engines on a store; open is called for a fresh, empty one each time.
func TestWorkers(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()

	for name, test := range map[string]func(*fixture){
		"AJobIsDoneAndToldOf":                    isDone,
		"AHandlerThatReturnsCompletesItsJob":     returns,
		"TheNextAttemptBeginsAtTheCheckpoint":    retries,
		"AJobThatGoesOnFailingFails":             givesUp,
		"APanicIsAFailedAttempt":                 panics,
		"APermanentErrorIsNotTriedAgain":         permanent,
		"AnErrorSaysHowLongToWait":               retryAfter,
		"AJobIsCancelledOnAnotherNode":           cancelledElsewhere,
		"AJobInTheQueueIsCancelled":              cancelledInTheQueue,
		"StopGivesJobsBack":                      givesBack,
		"StopGivesBackWhatAHandlerHoldsOnTo":     stubborn,
		"NoMoreAreDoneAtOnceThanThereAreWorkers": bounded,
		"ADeadWorkersJobIsTakenOver":             takenOver,
		"TheLastAttemptOfADeadWorkerIsTheEnd":    diedTooOften,
		"AWorkerThatIsCutOffLosesItsJob":         cutOff,
		"TheEndIsWrittenWhenTheStoreIsBack":      storeComesBack,
		"AHintIsEnough":                          hinted,
		"AnEndIsKeptThatCannotBeTold":            untold,
		"AnEngineIsUsedOnce":                     usedOnce,
	} {
		t.Run(name, func(t *testing.T) {
			leaks := goleak.IgnoreCurrent()

			t.Run("engine", func(t *testing.T) { test(&fixture{t, open(t)}) })
			goleak.VerifyNone(t, leaks)
		})
	}
}

// engine starts an engine on the store of the test, or on another. It is stopped when the test ends.
func (f *fixture) engine(store job.Store, cfg job.Config, kinds ...job.Kind) *job.Engine {
	f.Helper()

	cfg.Log, cfg.Now = slog.New(slog.DiscardHandler), time.Now
	if cfg.Poll == 0 {
		cfg.Poll = 10 * time.Millisecond
	}

	if cfg.Beat == 0 {
		cfg.Beat = 20 * time.Millisecond
	}

	e := job.New(store, cfg, kinds...)
	if err := e.Start(f.Context()); err != nil {
		f.Fatal(err)
	}

	f.Cleanup(func() { f.stop(e) })

	return e
}

func (f *fixture) stop(e *job.Engine) {
	f.Helper()

	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()

	if err := e.Stop(ctx); err != nil {
		f.Error(err)
	}
}

// work is a kind of work that tells of its ends by their status, and does not wait between attempts.
func work(h job.Handler) job.Kind {
	return job.Kind{
		Name: kind, Handler: h, Backoff: func(int) time.Duration { return 0 },
		Ended: func(j job.Job) []event.Event {
			return []event.Event{happened(strings.TrimSpace(string(j.Status) + " " + string(j.Result) + j.Reason))}
		},
	}
}

// submit enqueues a job by an engine.
func (f *fixture) submit(e *job.Engine) string {
	f.Helper()

	j, created, err := e.Enqueue(f.Context(), f.spec("k", "a"))
	if err != nil || !created {
		f.Fatal(created, err)
	}

	return j.ID
}

// await waits until a job has a status.
func (f *fixture) await(id string, want job.Status) job.Job {
	f.Helper()

	for deadline := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		j := f.find(id)
		if j.Status == want {
			return j
		}

		if time.Now().After(deadline) {
			f.Fatalf("want it %s, got %+v", want, j)
		}
	}
}

// receive waits for what a handler has to say.
func receive[T any](f *fixture, from <-chan T) T {
	f.Helper()

	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		f.Fatal("nothing comes")

		panic("unreachable")
	}
}

// causes is a handler that says when it begins, goes on until its context ends, and says why that was.
func causes() (h job.Handler, began <-chan *job.Run, cause <-chan error) {
	start, end := make(chan *job.Run, 10), make(chan error, 10)

	return func(ctx context.Context, _ job.Job, run *job.Run) error {
		start <- run

		<-ctx.Done()

		end <- context.Cause(ctx)

		return ctx.Err()
	}, start, end
}

// frail is a store that may fail.
type frail struct {
	job.Store

	beat, write func() error // nil for what works
}

func (s *frail) Beat(ctx context.Context, worker string, jobs []string, length time.Duration) ([]job.Lease, error) {
	if s.beat != nil {
		if err := s.beat(); err != nil {
			return nil, err
		}
	}

	return s.Store.Beat(ctx, worker, jobs, length)
}

func (s *frail) Write(ctx context.Context, l job.Lease, c job.Change, events ...event.Event) error {
	if s.write != nil {
		if err := s.write(); err != nil {
			return err
		}
	}

	return s.Store.Write(ctx, l, c, events...)
}

var errOut = errors.New("out of order: not for callers")
