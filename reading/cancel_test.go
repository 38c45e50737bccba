package reading_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/fault"
	"sidereal/job"
	"sidereal/reading"
)

// waits has the model begin a section, and wait for the end of its context.
func (f *fixture) waits(at int) (begun <-chan struct{}) {
	begin := make(chan struct{}, 10)
	f.model.write = func(ctx context.Context, number int, a reading.Assignment, l reading.Listener) (reading.Section, reading.Usage, error) {
		f.clock.move(100 * time.Millisecond)

		s, used, err := written(ctx, a, l, "a piece")
		if number == at && len(f.model.calls()) == at+1 {
			begin <- struct{}{}

			<-ctx.Done()

			return reading.Section{}, used, ctx.Err()
		}

		return s, used, err
	}

	return begin
}

func (f *fixture) receive(from <-chan struct{}) {
	f.Helper()

	select {
	case <-from:
	case <-time.After(20 * time.Second):
		f.Fatal("want the model asked, in vain")
	}
}

func TestAReadingOfAStoppedProcessGoesOn(t *testing.T) {
	f := setUp(t).modelled()
	begun := f.waits(1)
	stop := f.start(f.jobs)
	asked, _ := f.request(f.as("ann"), f.asks())

	f.receive(begun)
	stop()

	if r := f.find(asked.ID); r.Status != reading.Queued || r.State.Done != 1 || r.State.Usage.Calls != 2 || r.State.Degraded {
		t.Errorf("want it back in the queue with a section and two calls, got %+v", r)
	}

	f.start(f.jobs)

	got := f.await(asked.ID, reading.Completed)
	if f.engines(asked.ID) != "mmm" || got.State.Usage.Calls != 4 || f.spent().Calls != 4 {
		t.Errorf("want three sections of the model in four calls, got %s, %+v", f.engines(asked.ID), got.State)
	}

	events := f.events()
	once(t, events)

	for _, want := range []string{"progress 1 of 3, 33.3 %, 200 ms", "progress 2 of 3, 66.7 %, 100 ms"} { // what this attempt took for its own
		if !slices.Contains(events, want) {
			t.Errorf("want %q in %q", want, events)
		}
	}
}

func TestAReadingThatIsCancelledIsPaidFor(t *testing.T) {
	f := setUp(t).modelled()
	begun := f.waits(0)
	e := f.engine(f.jobs)
	f.service = reading.NewService(f.config, e)

	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	asked, _ := f.request(f.as("ann"), f.asks())
	f.receive(begun)

	r, cancelled, err := f.service.Cancel(f.as("ann"), asked.ID)
	if err != nil || !cancelled || r.Status != reading.Cancelled {
		t.Errorf("want it cancelled, got %+v, %t, %v", r, cancelled, err)
	}

	if err = e.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}

	if f.spent() != usual {
		t.Errorf("want %+v spent, got %+v", usual, f.spent())
	}

	f.wantEvents("started OVERVIEW PLANETS SYNTHESIS", "section 0 OVERVIEW", "cancelled")
}

func TestAReadingEndsWhenNobodyFollowsIt(t *testing.T) {
	f := setUp(t)
	asked, _ := f.request(f.as("ann"), f.asks())
	f.request(f.as("bob"), f.asks())
	f.request(f.as(""), f.asks())

	cancel := func(ctx context.Context, want bool, code fault.Code) {
		t.Helper()

		r, cancelled, err := f.service.Cancel(ctx, asked.ID)
		if cancelled != want || err == nil && code != "" || err != nil && fault.CodeOf(err) != code {
			t.Errorf("want cancelled %t, %q; got %+v, %t, %v", want, code, r, cancelled, err)
		}
	}

	cancel(f.as("cleo"), false, fault.Forbidden)
	cancel(f.as("ann"), false, "")
	cancel(f.as("ann"), false, fault.Forbidden)
	cancel(f.as(""), false, "")
	cancel(f.as("bob"), true, "")
	cancel(f.as("bob"), false, "") // it has ended

	if got := f.find(asked.ID); got.Status != reading.Cancelled {
		t.Errorf("want it CANCELLED, got %+v", got)
	}

	if again, created := f.request(f.as("ann"), f.asks()); !created || again.ID == asked.ID {
		t.Error("want a new reading of who asks behind that")
	}

	if _, _, err := f.service.Cancel(f.as("ann"), "nobody's"); !errors.Is(err, reading.ErrUnknown) {
		t.Errorf("want ErrUnknown, got %v", err)
	}

	f.wantEvents("cancelled")
}

func TestAnAdministratorEndsAReadingOfOthers(t *testing.T) {
	f := setUp(t)
	asked, _ := f.request(f.as("ann"), f.asks())
	root := account.Viewer{Subject: "root", Role: account.Admin}
	weak := root
	weak.Key, weak.Scopes = "k", account.ScopeWrite

	if _, _, err := f.service.Cancel(account.WithViewer(t.Context(), weak), asked.ID); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("want FORBIDDEN for a key without the scope ADMIN, got %v", err)
	}

	if r, cancelled, err := f.service.Cancel(account.WithViewer(t.Context(), root), asked.ID); err != nil || !cancelled || r.Status != reading.Cancelled {
		t.Errorf("want it cancelled, got %+v, %t, %v", r, cancelled, err)
	}

	if j, err := f.jobs.Find(t.Context(), asked.ID); err != nil || j.Status != job.Cancelled {
		t.Errorf("want its job cancelled, got %+v, %v", j, err)
	}

	f.wantEvents("cancelled")
}
