package jobtest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/job"
)

func isDone(f *fixture) {
	e := f.engine(f.Store, job.Config{}, work(func(ctx context.Context, j job.Job, run *job.Run) error {
		if string(j.Payload) != `{"of":"a"}` || j.Attempt != 1 || run.Lease() != j.Lease() {
			f.Errorf("want the job, got %+v", j)
		}

		for i, section := range []string{"one", "two"} {
			if err := run.Save(ctx, i, happened(section)); err != nil {
				return err
			}
		}

		if err := run.Complete(ctx, map[string]int{"words": 7}, happened("three")); err != nil {
			return err
		}

		if err := run.Save(ctx, 9, happened("too late")); !errors.Is(err, job.ErrLost) {
			f.Errorf("want nothing written after the end, got %v", err)
		}

		return errOut // of no account
	}))

	j := f.await(f.submit(e), job.Completed)
	if string(j.Progress) != "1" || string(j.Result) != `{"words":7}` || j.Reason != "" {
		f.Errorf("want it COMPLETED, got %+v", j)
	}

	f.stop(e)
	f.wantEvents("one", "two", "three", `COMPLETED {"words":7}`)
}

func returns(f *fixture) {
	e := f.engine(f.Store, job.Config{}, work(func(context.Context, job.Job, *job.Run) error { return nil }))

	if j := f.await(f.submit(e), job.Completed); string(j.Result) != "null" || j.Attempt != 1 {
		f.Errorf("want it COMPLETED without a result, got %+v", j)
	}

	f.wantEvents("COMPLETED null")
}

func retries(f *fixture) {
	e := f.engine(f.Store, job.Config{}, work(func(ctx context.Context, j job.Job, run *job.Run) error {
		done := 0

		if j.Progress != nil {
			if err := json.Unmarshal(j.Progress, &done); err != nil {
				return err
			}
		}

		if done != j.Attempt-1 {
			f.Errorf("attempt %d begins at %d", j.Attempt, done)
		}

		if done == 3 {
			return nil
		}

		if err := run.Save(ctx, done+1, happened(string(rune('a'+done)))); err != nil {
			return err
		}

		return errOut
	}))

	if j := f.await(f.submit(e), job.Completed); j.Attempt != 4 || j.Reason != "" {
		f.Errorf("want it COMPLETED in the fourth attempt, got %+v", j)
	}

	f.wantEvents("a", "b", "c", "COMPLETED null")
}

func givesUp(f *fixture) {
	for _, test := range []struct {
		fails error
		want  string
	}{
		{fault.Wrap(errOut, fault.UpstreamUnavailable, "the model is away"), "given up after 3 attempts: the model is away"},
		{errOut, "given up after 3 attempts: the work failed unexpectedly"},
	} {
		var calls atomic.Int32

		k := work(func(context.Context, job.Job, *job.Run) error {
			calls.Add(1)

			return test.fails
		})
		k.MaxAttempts = 3
		e := f.engine(f.Store, job.Config{}, k)

		if j := f.await(f.submit(e), job.Failed); j.Reason != test.want || j.Attempt != 3 || calls.Load() != 3 {
			f.Errorf("want 3 attempts and %q, got %d and %+v", test.want, calls.Load(), j)
		}

		f.stop(e)
	}

	f.wantEvents("FAILED given up after 3 attempts: the model is away", "FAILED given up after 3 attempts: the work failed unexpectedly")
}

func panics(f *fixture) {
	e := f.engine(f.Store, job.Config{}, work(func(_ context.Context, j job.Job, _ *job.Run) error {
		if j.Attempt == 1 {
			panic("in the middle of it")
		}

		return nil
	}))

	if j := f.await(f.submit(e), job.Completed); j.Attempt != 2 {
		f.Errorf("want a second attempt, got %+v", j)
	}
}

func permanent(f *fixture) {
	e := f.engine(f.Store, job.Config{}, work(func(context.Context, job.Job, *job.Run) error {
		return job.Permanent(fault.New(fault.NotFound, "the chart is gone"))
	}))

	if j := f.await(f.submit(e), job.Failed); j.Attempt != 1 || j.Reason != "the chart is gone" {
		f.Errorf("want it FAILED at once, got %+v", j)
	}
}

func retryAfter(f *fixture) {
	ended := make(chan struct{}, 10)
	e := f.engine(f.Store, job.Config{}, work(func(context.Context, job.Job, *job.Run) error {
		ended <- struct{}{}

		busy := fault.New(fault.RateLimited, "too much at once")
		busy.RetryAfter = hour

		return busy
	}))

	id := f.submit(e)
	receive(f, ended)

	if j := f.await(id, job.Queued); j.Reason != "too much at once" || j.Attempt != 1 {
		f.Errorf("want it to wait, got %+v", j)
	}

	if got := f.claim(5, hour); len(got) != 0 {
		f.Errorf("want it to wait for an hour, got %+v", got)
	}
}

func cancelledElsewhere(f *fixture) {
	h, began, cause := causes()
	here := f.engine(f.Store, job.Config{}, work(h))
	there := f.engine(f.Store, job.Config{Poll: hour}, work(h)) // takes nothing after its start

	id := f.submit(here)
	run := receive(f, began)

	asked := time.Now()

	j, err := there.Cancel(f.Context(), id)
	if err != nil || j.Status != job.Cancelled {
		f.Errorf("want it CANCELLED, got %+v, %v", j, err)
	}

	if got := receive(f, cause); !errors.Is(got, job.ErrLost) || time.Since(asked) > time.Second {
		f.Errorf("want ErrLost within a second, got %v after %v", got, time.Since(asked))
	}

	if err := run.Save(f.Context(), 1, happened("too late")); !errors.Is(err, job.ErrLost) {
		f.Errorf("want ErrLost, got %v", err)
	}

	if j, err = there.Cancel(f.Context(), id); err != nil || j.Status != job.Cancelled {
		f.Errorf("want it CANCELLED still, got %+v, %v", j, err)
	}

	// Here, no beat is waited for.
	lazy := f.engine(f.Store, job.Config{Beat: hour}, work(h))
	f.stop(here)

	id = f.submit(lazy)
	receive(f, began)

	if _, err = lazy.Cancel(f.Context(), id); err != nil {
		f.Error(err)
	}

	if got := receive(f, cause); !errors.Is(got, job.ErrLost) {
		f.Errorf("want ErrLost, got %v", got)
	}

	f.wantEvents("CANCELLED", "CANCELLED")
}

func cancelledInTheQueue(f *fixture) {
	e := job.New(f.Store, job.Config{}, work(nil)) // not started
	id := f.submit(e)

	if j, err := e.Cancel(f.Context(), id); err != nil || j.Status != job.Cancelled {
		f.Errorf("want it CANCELLED, got %+v, %v", j, err)
	}

	if _, err := e.Cancel(f.Context(), "nobody's"); !errors.Is(err, job.ErrUnknown) {
		f.Errorf("want ErrUnknown, got %v", err)
	}

	f.wantEvents("CANCELLED")
}

func givesBack(f *fixture) {
	h, began, cause := causes()
	first := f.engine(f.Store, job.Config{}, work(h))
	id := f.submit(first)
	receive(f, began)
	f.stop(first)

	if got := receive(f, cause); !errors.Is(got, job.ErrStopping) {
		f.Errorf("want ErrStopping, got %v", got)
	}

	if j := f.find(id); j.Status != job.Queued || j.Attempt != 0 {
		f.Errorf("want it back in the queue when Stop returns, got %+v", j)
	}

	f.engine(f.Store, job.Config{}, work(func(context.Context, job.Job, *job.Run) error { return nil }))

	if j := f.await(id, job.Completed); j.Attempt != 1 {
		f.Errorf("want it done in the first attempt that counts, got %+v", j)
	}

	f.wantEvents("COMPLETED null")
}

func stubborn(f *fixture) {
	began, release := make(chan struct{}, 1), make(chan struct{})
	first := f.engine(f.Store, job.Config{}, work(func(context.Context, job.Job, *job.Run) error {
		began <- struct{}{}

		<-release

		return nil
	}))
	id := f.submit(first)
	receive(f, began)

	ctx, cancel := context.WithCancel(f.Context())
	cancel()

	if err := first.Stop(ctx); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "1 handlers go on") {
		f.Errorf("want an error that says what goes on, got %v", err)
	}

	back := f.find(id)
	if back.Status != job.Queued || back.Attempt != 0 {
		f.Errorf("want it given back, got %+v", back)
	}

	close(release)
	f.stop(first)

	if j := f.find(id); j.Status != job.Queued {
		f.Errorf("want nothing written by who has lost it, got %+v", j)
	}

	f.wantEvents()
}

func bounded(f *fixture) {
	const workers, jobs = 3, 12

	var now, most atomic.Int32

	began, release := make(chan struct{}, jobs), make(chan struct{})
	k := work(func(context.Context, job.Job, *job.Run) error {
		for n := now.Add(1); ; {
			if seen := most.Load(); n <= seen || most.CompareAndSwap(seen, n) {
				break
			}
		}

		began <- struct{}{}

		<-release
		now.Add(-1)

		return nil
	})
	k.Workers = workers

	var last string

	for range jobs {
		last = f.enqueue(f.spec("", "a")).ID
	}

	f.engine(f.Store, job.Config{}, k)

	for range workers {
		receive(f, began)
	}

	close(release)
	f.await(last, job.Completed)

	for range jobs - workers {
		receive(f, began)
	}

	if most.Load() != workers {
		f.Errorf("want %d at once, got %d", workers, most.Load())
	}
}

func takenOver(f *fixture) {
	f.enqueue(f.spec("k", "a"))

	dead := f.one(time.Millisecond)
	f.write(dead.Lease(), job.Change{Status: job.Running, Progress: json.RawMessage("1")}, happened("one"))

	f.engine(f.Store, job.Config{}, work(func(ctx context.Context, j job.Job, run *job.Run) error {
		if string(j.Progress) != "1" || j.Attempt != 2 {
			f.Errorf("want the checkpoint of the dead one, got %+v", j)
		}

		return run.Save(ctx, 2, happened("two"))
	}))
	f.await(dead.ID, job.Completed)
	f.wantEvents("one", "two", "COMPLETED null")
}

func diedTooOften(f *fixture) {
	s := f.spec("k", "a")
	s.MaxAttempts = 1
	f.enqueue(s)

	dead := f.one(time.Millisecond)

	f.engine(f.Store, job.Config{}, work(func(context.Context, job.Job, *job.Run) error {
		f.Error("want no attempt more")

		return nil
	}))

	const want = "the worker stopped answering in attempt 1 of 1"
	if j := f.await(dead.ID, job.Failed); j.Reason != want || j.Attempt != 1 {
		f.Errorf("want it FAILED, got %+v", j)
	}

	f.wantEvents("FAILED " + want)
}

func cutOff(f *fixture) {
	const lease = 200 * time.Millisecond

	lost, answer := make(chan error, 1), make(chan error, 1)
	done := make(chan struct{})
	first := f.engine(&frail{Store: f.Store, beat: func() error { return errOut }}, job.Config{Poll: hour, Lease: lease, Hints: f.Hints},
		work(func(ctx context.Context, _ job.Job, run *job.Run) error {
			if err := run.Save(ctx, 1, happened("one")); err != nil {
				return err
			}

			<-ctx.Done()
			lost <- context.Cause(ctx)

			<-done
			answer <- run.Save(context.WithoutCancel(ctx), 2, happened("too late"))

			return nil
		}))

	id := f.submit(first)

	if got := receive(f, lost); !errors.Is(got, job.ErrLost) {
		f.Errorf("want ErrLost when the lease is over, got %v", got)
	}

	f.engine(f.Store, job.Config{}, work(func(ctx context.Context, j job.Job, run *job.Run) error {
		return run.Save(ctx, 2, happened("two"))
	}))
	f.await(id, job.Completed)
	close(done)

	if got := receive(f, answer); !errors.Is(got, job.ErrLost) {
		f.Errorf("want ErrLost, got %v", got)
	}

	f.stop(first)
	f.wantEvents("one", "two", "COMPLETED null")
}

func storeComesBack(f *fixture) {
	var calls, writes atomic.Int32

	store := &frail{Store: f.Store, write: func() error {
		if writes.Add(1) <= 2 {
			return fault.New(fault.UpstreamUnavailable, "away")
		}

		return nil
	}}
	e := f.engine(store, job.Config{}, work(func(context.Context, job.Job, *job.Run) error {
		calls.Add(1)

		return nil
	}))
	f.await(f.submit(e), job.Completed)

	if calls.Load() != 1 || writes.Load() != 3 {
		f.Errorf("want the work done once and written in the third try, got %d and %d", calls.Load(), writes.Load())
	}
}

func hinted(f *fixture) {
	e := f.engine(f.Store, job.Config{Poll: hour, Hints: f.Hints}, work(func(_ context.Context, j job.Job, _ *job.Run) error {
		if j.Attempt == 1 {
			return errOut // back in the queue at once, which is a hint too
		}

		return nil
	}))
	for range 3 {
		f.await(f.submit(e), job.Completed)
	}
}

func untold(f *fixture) {
	k := work(func(context.Context, job.Job, *job.Run) error { return nil })
	k.Ended = func(job.Job) []event.Event { panic("no words") }
	e := f.engine(f.Store, job.Config{}, k)
	f.await(f.submit(e), job.Completed)
	f.wantEvents()
}

func usedOnce(f *fixture) {
	e := f.engine(f.Store, job.Config{}, work(nil))
	if err := e.Start(f.Context()); err == nil {
		f.Error("want an error for the second start")
	}

	other := f.spec("k", "a")
	other.Kind = "nobody's"

	if _, created, err := e.Enqueue(f.Context(), other); err == nil || created {
		f.Error("want an error for work that nobody does")
	}

	if err := job.New(f.Store, job.Config{}).Stop(f.Context()); err != nil {
		f.Errorf("want nothing to stop, got %v", err)
	}
}
