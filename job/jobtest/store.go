// Package jobtest is the conformance suite of job.Store, and of workers on a store: every implementation passes it.
package jobtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/job"
)

// Opened is a store and how to close what is behind it.
type Opened struct {
	Store  job.Store
	Hints  <-chan struct{}             // what the store tells workers
	Events func(t *testing.T) []string // the subjects of the events that were kept with jobs, in their order
	Close  func()
}

const (
	kind   = "suite.work"
	worker = "a worker"
	hour   = time.Hour
)

// TestStore runs the suite of a store; open is called for a fresh, empty one each time.
func TestStore(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()

	for name, test := range map[string]func(*fixture){
		"AJobComesBackAsItWentIn":               comesBack,
		"OfOneKeyOneJobIsUnderWay":              oneOfAKey,
		"OfManyWhoAskAtOnceOneCreates":          oneCreates,
		"AClaimTakesWhatItAskedFor":             claims,
		"NoJobIsClaimedTwice":                   claimedOnce,
		"OwnersTakeTurns":                       fair,
		"WhoComesBackMakesUpForNothing":         noCredit,
		"ADelayedJobWaits":                      delayed,
		"ALapsedLeaseGoesToAnother":             lapses,
		"ABeatKeepsALease":                      beats,
		"CheckpointsAndEventsAreOneTransaction": checkpoints,
		"AnAttemptIsFollowedByAnother":          begunAgain,
		"AJobEnds":                              ends,
		"ACancelledJobIsLost":                   cancels,
		"ACallersOwnCancelationPasses":          returnsCancelation,
	} {
		t.Run(name, func(t *testing.T) { test(&fixture{t, open(t)}) })
	}

	t.Run("AClosedStoreIsAFault", func(t *testing.T) {
		f := &fixture{t, open(t)}
		f.Close()

		for name, err := range f.everything(t.Context()) {
			if _, ok := fault.As(err); !ok {
				t.Errorf("%s: want a fault, got %v", name, err)
			}
		}
	})
}

// fixture is a store under test.
type fixture struct {
	*testing.T
	Opened
}

// everything calls every method, and returns their errors by name.
func (f *fixture) everything(ctx context.Context) map[string]error {
	_, _, enqueue := f.Store.Enqueue(ctx, f.spec("", ""))
	_, find := f.Store.Find(ctx, "x")
	_, _, cancel := f.Store.Cancel(ctx, "x")
	_, claim := f.Store.Claim(ctx, job.Request{Kind: kind, Worker: worker, Limit: 1, Length: hour})
	_, beat := f.Store.Beat(ctx, worker, []string{"x"}, hour)

	return map[string]error{
		"Enqueue": enqueue, "Find": find, "Cancel": cancel, "Claim": claim, "Beat": beat, "Write": f.Store.Write(ctx, job.Lease{}, job.Change{Status: job.Running}),
	}
}

func (f *fixture) spec(key, owner string) job.Spec {
	f.Helper()

	s, err := job.NewSpec(time.Now(), kind, key, owner, map[string]string{"of": owner})
	if err != nil {
		f.Fatal(err)
	}

	return s
}

// enqueue keeps a job and returns it.
func (f *fixture) enqueue(s job.Spec, events ...event.Event) job.Job {
	f.Helper()

	j, created, err := f.Store.Enqueue(f.Context(), s, events...)
	if err != nil || !created || j.ID != s.ID {
		f.Fatalf("want the job %s to be created, got %+v, %t, %v", s.ID, j, created, err)
	}

	return j
}

// claim claims up to limit jobs.
func (f *fixture) claim(limit int, length time.Duration) []job.Job {
	f.Helper()

	jobs, err := f.Store.Claim(f.Context(), job.Request{Kind: kind, Worker: worker, Limit: limit, Length: length})
	if err != nil {
		f.Fatal(err)
	}

	return jobs
}

// one claims the one job that there is to claim.
func (f *fixture) one(length time.Duration) job.Job {
	f.Helper()

	jobs := f.claim(2, length)
	if len(jobs) != 1 {
		f.Fatalf("want one job, got %+v", jobs)
	}

	return jobs[0]
}

func (f *fixture) find(id string) job.Job {
	f.Helper()

	j, err := f.Store.Find(f.Context(), id)
	if err != nil {
		f.Fatal(err)
	}

	return j
}

func (f *fixture) write(l job.Lease, c job.Change, events ...event.Event) {
	f.Helper()

	if err := f.Store.Write(f.Context(), l, c, events...); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) wantEvents(want ...string) {
	f.Helper()

	if got := f.Events(f.T); !slices.Equal(got, want) {
		f.Errorf("want the events %v, got %v", want, got)
	}
}

func owners(jobs []job.Job) string {
	names := make([]string, len(jobs))
	for i, j := range jobs {
		names[i] = j.Owner
	}

	return strings.Join(names, "")
}

// happened is an event about a subject.
func happened(subject string) event.Event {
	return event.New(event.ReadingProgress, time.Now(), subject, "owner", map[string]int{"n": 1})
}

func comesBack(f *fixture) {
	s := f.spec("a 'key' ? $1", "Ædda")
	s.Payload = json.RawMessage(`{"b":[1,2.50],"a":"<&> \u2028"}`)
	s.MaxAttempts = 7
	before := time.Now().Add(-time.Minute)

	j := f.enqueue(s, happened("enqueued"))
	if found := f.find(s.ID); fmt.Sprint(found) != fmt.Sprint(j) {
		f.Errorf("want %+v, got %+v", j, found)
	}

	if j.CreatedAt.Before(before) || j.CreatedAt.After(before.Add(2*time.Minute)) || j.CreatedAt.Location() != time.UTC {
		f.Errorf("want it created now, in UTC, got %v", j.CreatedAt)
	}

	j.CreatedAt = time.Time{}
	want := job.Job{ID: s.ID, Kind: kind, Key: s.Key, Owner: s.Owner, Payload: s.Payload, Status: job.Queued, MaxAttempts: 7}

	if fmt.Sprint(j) != fmt.Sprint(want) {
		f.Errorf("want %+v, got %+v", want, j)
	}

	if plain := f.enqueue(job.Spec{ID: "plain", Kind: kind}); plain.MaxAttempts != job.DefaultMaxAttempts || string(plain.Payload) != "null" {
		f.Errorf("want the defaults, got %+v", plain)
	}

	if _, err := f.Store.Find(f.Context(), "nobody's"); !errors.Is(err, job.ErrUnknown) {
		f.Errorf("want ErrUnknown, got %v", err)
	}

	f.wantEvents("enqueued")

	select {
	case <-f.Hints:
	default:
		f.Error("want workers to be told of the job")
	}
}

func oneOfAKey(f *fixture) {
	first := f.enqueue(f.spec("k", "a"))

	again := func(want job.Job) {
		f.Helper()

		j, created, err := f.Store.Enqueue(f.Context(), f.spec("k", "b"), happened("not kept"))
		if err != nil || created || j.ID != want.ID || j.Status != want.Status {
			f.Errorf("want the job under way %+v, got %+v, %t, %v", want, j, created, err)
		}
	}

	again(first)

	other := f.spec("k", "a")
	other.Kind = "suite.other"
	f.enqueue(other)
	f.enqueue(f.spec("", "a"))
	f.enqueue(f.spec("", "a"))

	running := f.claim(1, hour)[0]
	again(running)
	f.write(running.Lease(), job.Change{Status: job.Completed})

	second := f.enqueue(f.spec("k", "a"))
	if _, cancelled, err := f.Store.Cancel(f.Context(), second.ID); err != nil || !cancelled {
		f.Fatal(cancelled, err)
	}

	f.enqueue(f.spec("k", "a"))
	f.wantEvents()
}

func oneCreates(f *fixture) {
	var (
		wg      sync.WaitGroup
		mu      sync.Mutex
		ids     = make(map[string]int)
		creates int
	)

	for range 40 {
		s := f.spec("k", "a")

		wg.Go(func() {
			j, created, err := f.Store.Enqueue(f.Context(), s, happened("once"))
			if err != nil {
				f.Error(err)

				return
			}

			mu.Lock()
			defer mu.Unlock()

			ids[j.ID]++

			if created {
				creates++
			}
		})
	}

	wg.Wait()

	if len(ids) != 1 || creates != 1 {
		f.Errorf("want one job, created once, got %v, created %d times", ids, creates)
	}

	f.wantEvents("once")
}

func claims(f *fixture) {
	for range 3 {
		f.enqueue(f.spec("", "a"))
	}

	other := f.spec("", "a")
	other.Kind = "suite.other"
	f.enqueue(other)

	first := f.claim(2, hour)
	rest := f.claim(5, hour)

	if len(first) != 2 || len(rest) != 1 || len(f.claim(5, hour)) != 0 {
		f.Fatalf("want 2 jobs, then 1, then none, got %+v, %+v", first, rest)
	}

	for _, j := range slices.Concat(first, rest) {
		if j.Status != job.Running || j.Attempt != 1 || j.Claim != 1 || j.Worker != worker || j.StartedAt.Before(j.CreatedAt) || !j.EndedAt.IsZero() || string(j.Payload) != `{"of":"a"}` {
			f.Errorf("want it RUNNING for the first time, got %+v", j)
		}

		if found := f.find(j.ID); fmt.Sprint(found) != fmt.Sprint(j) {
			f.Errorf("want %+v, got %+v", j, found)
		}
	}
}

func claimedOnce(f *fixture) {
	const jobs = 60

	for range jobs {
		f.enqueue(f.spec("", "a"))
	}

	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		seen = make(map[string]int)
	)

	for i := range 6 {
		wg.Go(func() {
			for {
				got, err := f.Store.Claim(f.Context(), job.Request{Kind: kind, Worker: fmt.Sprint(i), Limit: 3, Length: hour})
				if err != nil || len(got) > 3 {
					f.Error(len(got), err)
				}

				if len(got) == 0 {
					return
				}

				mu.Lock()

				for _, j := range got {
					seen[j.ID]++
				}

				mu.Unlock()
			}
		})
	}

	wg.Wait()

	for _, j := range f.claim(jobs, hour) { // what the others were just taking when they looked
		seen[j.ID]++
	}

	for id, n := range seen {
		if n != 1 {
			f.Errorf("%s was claimed %d times", id, n)
		}
	}

	if len(seen) != jobs {
		f.Errorf("want all %d jobs, got %d", jobs, len(seen))
	}
}

func fair(f *fixture) {
	add := func(owner string, n int) {
		for range n {
			f.enqueue(f.spec("", owner))
		}
	}

	add("a", 20)

	if got := owners(f.claim(5, hour)); got != "aaaaa" {
		f.Errorf("want what there is, got %s", got)
	}

	add("b", 3)
	add("c", 1)

	if got := owners(f.claim(4, hour)); strings.Count(got, "b") < 1 || strings.Count(got, "c") != 1 || strings.Count(got, "a") > 2 {
		f.Errorf("want turns, got %s", got)
	}

	if got := owners(f.claim(4, hour)); strings.Count(got, "b") < 1 || strings.Count(got, "a") > 2 {
		f.Errorf("want turns, got %s", got)
	}
}

func noCredit(f *fixture) {
	for range 30 {
		f.enqueue(f.spec("", "a"))
	}

	retried := f.claim(20, hour)[0]
	f.write(retried.Lease(), job.Change{Status: job.Queued, Delay: hour}) // an early turn waits

	for range 30 {
		f.enqueue(f.spec("", "b"))
	}

	if got := owners(f.claim(10, hour)); strings.Count(got, "a") != 5 {
		f.Errorf("want turns from now on, got %s", got)
	}
}

func delayed(f *fixture) {
	s := f.spec("", "a")
	s.Delay = hour
	f.enqueue(s)

	if got := f.claim(5, hour); len(got) != 0 {
		f.Errorf("want it to wait, got %+v", got)
	}

	soon := f.spec("", "a")
	soon.Delay = time.Millisecond
	f.enqueue(soon)

	for deadline := time.Now().Add(10 * time.Second); len(f.claim(5, hour)) == 0; {
		if time.Now().After(deadline) {
			f.Fatal("the delay has no end")
		}
	}
}

func returnsCancelation(f *fixture) {
	ctx, cancel := context.WithCancel(f.Context())
	cancel()

	for name, err := range f.everything(ctx) {
		if !errors.Is(err, context.Canceled) {
			f.Errorf("%s: want Canceled, got %v", name, err)
		}
	}
}
