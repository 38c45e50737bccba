package jobtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"sidereal/job"
)

func lapses(f *fixture) {
	f.enqueue(f.spec("k", "a"))
	f.enqueue(f.spec("later", "a"))

	first := f.claim(1, 0)[0] // lapses at once
	f.write(first.Lease(), job.Change{Status: job.Running, Progress: json.RawMessage(`{"done":1}`)}, happened("first"))

	second := f.claim(1, hour)[0]
	if second.ID != first.ID || second.Attempt != 2 || second.Claim != 2 || string(second.Progress) != `{"done":1}` || !second.StartedAt.Equal(first.StartedAt) {
		f.Errorf("want the second attempt, before what is in the queue, got %+v", second)
	}

	for _, status := range []job.Status{job.Running, job.Queued, job.Completed, job.Failed} {
		err := f.Store.Write(f.Context(), first.Lease(), job.Change{Status: status, Progress: json.RawMessage("0")}, happened("too late"))
		if !errors.Is(err, job.ErrLost) {
			f.Errorf("%s: want ErrLost, got %v", status, err)
		}
	}

	if got := f.find(first.ID); fmt.Sprint(got) != fmt.Sprint(second) {
		f.Errorf("want it untouched: %+v, got %+v", second, got)
	}

	f.wantEvents("first")
}

func beats(f *fixture) {
	for range 2 {
		f.enqueue(f.spec("", "a"))
	}

	jobs := f.claim(2, 0)
	ids := []string{jobs[0].ID, jobs[1].ID, "nobody's"}

	beat := func(worker string, length time.Duration) []job.Lease {
		held, err := f.Store.Beat(f.Context(), worker, ids, length)
		if err != nil {
			f.Fatal(err)
		}

		slices.SortFunc(held, func(a, b job.Lease) int { return strings.Compare(a.JobID, b.JobID) })

		return held
	}

	want := []job.Lease{jobs[0].Lease(), jobs[1].Lease()}
	slices.SortFunc(want, func(a, b job.Lease) int { return strings.Compare(a.JobID, b.JobID) })

	if got := beat(worker, hour); !slices.Equal(got, want) {
		f.Errorf("want %v, got %v", want, got)
	}

	if got := beat("another worker", 0); len(got) != 0 {
		f.Errorf("want nothing of another's, got %v", got)
	}

	if got := f.claim(2, hour); len(got) != 0 {
		f.Errorf("want the leases kept, got %+v", got)
	}

	if got := beat(worker, 0); len(got) != 2 {
		f.Errorf("want both, got %v", got)
	}

	f.write(jobs[0].Lease(), job.Change{Status: job.Completed})

	taken := f.one(hour)
	if got := beat(worker, hour); !slices.Equal(got, []job.Lease{taken.Lease()}) || taken.Claim != 2 {
		f.Errorf("want the later lease only, got %v", got)
	}

	if held, err := f.Store.Beat(f.Context(), worker, nil, hour); err != nil || len(held) != 0 {
		f.Errorf("want nothing of nothing, got %v, %v", held, err)
	}
}

func checkpoints(f *fixture) {
	f.enqueue(f.spec("k", "a"))
	lease := f.one(hour)

	f.write(lease.Lease(), job.Change{Status: job.Running, Progress: json.RawMessage(`[1]`)}, happened("1"), happened("2"))
	f.write(lease.Lease(), job.Change{Status: job.Running}, happened("3"))

	broken := happened("4")
	broken.Data = func() {}

	if err := f.Store.Write(f.Context(), lease.Lease(), job.Change{Status: job.Completed, Progress: json.RawMessage(`[2]`)}, happened("x"), broken); err == nil {
		f.Error("want an error for an event that cannot be kept")
	}

	if got := f.find(lease.ID); got.Status != job.Running || string(got.Progress) != `[1]` {
		f.Errorf("want all or nothing, got %+v", got)
	}

	s := f.spec("another", "a")
	if _, _, err := f.Store.Enqueue(f.Context(), s, broken); err == nil {
		f.Error("want an error for an event that cannot be kept")
	}

	if _, err := f.Store.Find(f.Context(), s.ID); !errors.Is(err, job.ErrUnknown) {
		f.Errorf("want no job without its event, got %v", err)
	}

	f.wantEvents("1", "2", "3")
}

func begunAgain(f *fixture) {
	f.enqueue(f.spec("k", "a"))

	f.write(f.one(hour).Lease(), job.Change{Status: job.Queued, Reason: "try again", Progress: json.RawMessage(`1`)})

	j := f.one(hour)
	if j.Attempt != 2 || j.Claim != 2 || j.Reason != "try again" || string(j.Progress) != "1" {
		f.Errorf("want the second attempt, got %+v", j)
	}

	f.write(j.Lease(), job.Change{Status: job.Queued, Uncount: true})

	if back := f.find(j.ID); back.Status != job.Queued || back.Attempt != 1 || back.Worker != "" {
		f.Errorf("want it given back, got %+v", back)
	}

	j = f.one(hour)
	if j.Attempt != 2 || j.Claim != 3 {
		f.Errorf("want the second attempt again, got %+v", j)
	}

	f.write(j.Lease(), job.Change{Status: job.Queued, Delay: hour})

	if got := f.claim(5, hour); len(got) != 0 {
		f.Errorf("want it to wait for its next attempt, got %+v", got)
	}
}

func ends(f *fixture) {
	f.enqueue(f.spec("k", "a"))
	f.write(f.one(hour).Lease(), job.Change{Status: job.Queued, Reason: "try again"})

	j := f.one(hour)
	f.write(j.Lease(), job.Change{Status: job.Completed, Result: json.RawMessage(`{"b":1,"a":2}`)}, happened("completed"))

	done := f.find(j.ID)
	if done.Status != job.Completed || string(done.Result) != `{"b":1,"a":2}` || done.EndedAt.Before(done.StartedAt) || done.Worker != worker || done.Reason != "" {
		f.Errorf("want it COMPLETED, got %+v", done)
	}

	f.enqueue(f.spec("k", "a"))
	j = f.one(0)
	f.write(j.Lease(), job.Change{Status: job.Failed, Reason: "no"}, happened("failed"))

	if failed := f.find(j.ID); failed.Status != job.Failed || failed.Reason != "no" || failed.Result != nil || failed.EndedAt.IsZero() {
		f.Errorf("want it FAILED, got %+v", failed)
	}

	if got := f.claim(5, hour); len(got) != 0 {
		f.Errorf("want nothing left, got %+v", got)
	}

	f.wantEvents("completed", "failed")
}

func cancels(f *fixture) {
	cancel := func(id string, want bool, event string) job.Job {
		f.Helper()

		j, cancelled, err := f.Store.Cancel(f.Context(), id, happened(event))
		if err != nil || cancelled != want || !j.Status.Ended() || j.EndedAt.IsZero() {
			f.Errorf("want cancelled %t, got %+v, %t, %v", want, j, cancelled, err)
		}

		return j
	}

	waiting := f.enqueue(f.spec("", "a"))
	cancel(waiting.ID, true, "waiting")

	f.enqueue(f.spec("k", "a"))
	running := f.one(0)
	cancel(running.ID, true, "running")

	if got := f.claim(5, hour); len(got) != 0 {
		f.Errorf("want nothing to be done, got %+v", got)
	}

	if err := f.Store.Write(f.Context(), running.Lease(), job.Change{Status: job.Completed}, happened("x")); !errors.Is(err, job.ErrLost) {
		f.Errorf("want ErrLost, got %v", err)
	}

	if held, err := f.Store.Beat(f.Context(), worker, []string{running.ID}, hour); err != nil || len(held) != 0 {
		f.Errorf("want the lease gone, got %v, %v", held, err)
	}

	if again := cancel(running.ID, false, "x"); again.Status != job.Cancelled {
		f.Errorf("want it CANCELLED still, got %+v", again)
	}

	f.enqueue(f.spec("k", "a"))
	done := f.one(hour)
	f.write(done.Lease(), job.Change{Status: job.Completed})

	if after := cancel(done.ID, false, "x"); after.Status != job.Completed {
		f.Errorf("want it COMPLETED still, got %+v", after)
	}

	if _, _, err := f.Store.Cancel(f.Context(), "nobody's", happened("x")); !errors.Is(err, job.ErrUnknown) {
		f.Errorf("want ErrUnknown, got %v", err)
	}

	f.wantEvents("waiting", "running")
}
