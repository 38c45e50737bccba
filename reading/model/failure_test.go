package model

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/fault"
	"sidereal/internal/modeltest"
	"sidereal/reading"
	"sidereal/resilience"
)

func TestEveryFailureIsAFault(t *testing.T) {
	const (
		once  = 1
		again = 2 // tried, or repaired
	)

	for behavior, want := range map[modeltest.Behavior]struct {
		code     fault.Code
		requests int
		unusable bool
		failures int64 // of the service
		text     string
	}{
		modeltest.Broken:       {fault.UpstreamUnavailable, again, false, 2, "500"},
		modeltest.TooMany:      {fault.UpstreamUnavailable, again, false, 2, "429"},
		modeltest.Unauthorized: {fault.UpstreamUnavailable, once, false, 1, "SIDEREAL_MODEL_KEY"},
		modeltest.Cuts:         {fault.UpstreamUnavailable, again, false, 2, "ended early"},
		modeltest.Ends:         {fault.UpstreamUnavailable, again, false, 2, "cut off"},
		modeltest.Reports:      {fault.UpstreamUnavailable, again, false, 2, "within the stream"},
		modeltest.Plain:        {fault.UpstreamUnavailable, once, false, 1, "no stream of events"},
		modeltest.Hangs:        {fault.Timeout, again, false, 2, "stood still"},
		modeltest.HangsMidway:  {fault.Timeout, again, false, 2, "stood still"},
		modeltest.Talks:        {fault.UpstreamUnavailable, again, true, 0, "JSON"},
		modeltest.Empty:        {fault.UpstreamUnavailable, again, true, 0, "no paragraph"},
		modeltest.Lies:         {fault.UpstreamUnavailable, again, true, 0, "not among the facts"},
		modeltest.Invents:      {fault.UpstreamUnavailable, again, true, 0, "f9999"},
		modeltest.Rambles:      {fault.UpstreamUnavailable, again, true, 0, "cut off"},
		modeltest.Refuses:      {fault.UpstreamUnavailable, once, true, 0, "refused to write"},
	} {
		d := set(t, quick(), func(c *Config) {
			if want.code == fault.Timeout {
				c.IdleTimeout = 100 * time.Millisecond
			}
		})
		d.server.Configure(modeltest.Config{RetryAfter: time.Millisecond})
		d.server.Set(behavior)

		_, _, err := d.Write(t.Context(), overview(t), &ear{})

		f, isFault := fault.As(err)
		if !isFault || f.Code != want.code || errors.Is(err, reading.ErrUnusable) != want.unusable {
			t.Errorf("%s: want %s, unusable %t, got %v", behavior, want.code, want.unusable, err)

			continue
		}

		if got := d.server.Count(); got != want.requests {
			t.Errorf("%s: want %d requests, got %d", behavior, want.requests, got)
		}

		status := d.config.Dependency.Status()
		if status.Counters.Failures != want.failures {
			t.Errorf("%s: want %d failures of the service, got %d", behavior, want.failures, status.Counters.Failures)
		}

		if told := status.LastFailure.Text + " " + err.Error(); !strings.Contains(told, want.text) {
			t.Errorf("%s: want %q to be told, got %s", behavior, want.text, told)
		}

		for _, told := range []string{f.Message, err.Error(), fmt.Sprintf("%+v %#v", err, f.Message), status.LastFailure.Text} {
			if strings.Contains(told, modeltest.Key) || strings.Contains(told, d.server.URL()) {
				t.Errorf("%s: a secret, or an address, is told: %s", behavior, told)
			}
		}
	}
}

func TestASectionThatWasCutOffBeginsAnew(t *testing.T) {
	for _, behavior := range []modeltest.Behavior{modeltest.Cuts, modeltest.Ends, modeltest.Reports, modeltest.HangsMidway} {
		d := set(t, quick(), func(c *Config) { c.IdleTimeout = time.Second })
		d.server.Choose(func(r modeltest.Request) modeltest.Behavior {
			if r.Number == 1 {
				return behavior
			}

			return modeltest.Well
		})

		var e ear

		section, used, err := d.Write(t.Context(), overview(t), &e)
		if err != nil || e.begun != 2 || e.text() != textOf(&section) {
			t.Errorf("%s: want a section that began twice, got %d beginnings, %v", behavior, e.begun, err)
		}

		if used.Calls != 2 {
			t.Errorf("%s: want both calls to count, got %+v", behavior, used)
		}
	}
}

func TestAPauseThatIsAskedForIsKept(t *testing.T) {
	const pause = 60 * time.Millisecond

	d := set(t, quick(), nil)
	d.server.Configure(modeltest.Config{RetryAfter: pause})
	d.server.Choose(func(r modeltest.Request) modeltest.Behavior {
		if r.Number == 1 {
			return modeltest.TooMany
		}

		return modeltest.Well
	})

	if _, _, err := d.Write(t.Context(), overview(t), &ear{}); err != nil {
		t.Fatal(err)
	}

	if sent := d.server.Requests(); sent[1].At.Sub(sent[0].At) < pause {
		t.Errorf("want %v between the tries, got %v", pause, sent[1].At.Sub(sent[0].At))
	}
}

func TestALongPauseIsNotWaitedFor(t *testing.T) {
	d := set(t, quick(), nil)
	d.server.Configure(modeltest.Config{RetryAfter: time.Minute})
	d.server.Set(modeltest.TooMany)

	for range 5 {
		_, _, err := d.Write(t.Context(), overview(t), &ear{})
		if f, ok := fault.As(err); !ok || f.Code != fault.UpstreamUnavailable || f.RetryAfter < 50*time.Second {
			t.Errorf("want a fault that says when to come again, got %v", err)
		}
	}

	if got := d.server.Count(); got != 1 {
		t.Errorf("want one request, got %d", got)
	}
}

func TestASectionHasItsTime(t *testing.T) {
	d := set(t, quick(), func(c *Config) { c.SectionTimeout = 150 * time.Millisecond })
	d.server.Set(modeltest.Slow)

	_, _, err := d.Write(t.Context(), overview(t), &ear{})
	if fault.CodeOf(err) != fault.Timeout || t.Context().Err() != nil {
		t.Errorf("want %s, got %v", fault.Timeout, err)
	}
}

// TestAnOutageIsNoStorm counts what a service gets that is down, and how soon it is called again.
func TestAnOutageIsNoStorm(t *testing.T) {
	policy := quick()
	policy.MinCalls, policy.InRow, policy.FailureRate = 4, 4, 0.5
	policy.OpenFor = time.Hour

	d := set(t, policy, nil)
	d.server.Set(modeltest.Broken)

	a := overview(t)
	refused := 0

	var (
		writers sync.WaitGroup
		mu      sync.Mutex
	)

	for range 8 {
		writers.Go(func() {
			for range 25 {
				_, _, err := d.Write(t.Context(), a, &ear{})
				if err == nil {
					t.Error("want an error of a service that is down")
				}

				if errors.Is(err, resilience.ErrOpen) && fault.CodeOf(err) == fault.UpstreamUnavailable {
					mu.Lock()
					refused++
					mu.Unlock()
				}
			}
		})
	}

	writers.Wait()

	// Four failures open it; as many calls more as are under way may fail meanwhile.
	if got := d.server.Count(); got < 4 || got > 4+8 {
		t.Errorf("want 4 to 12 requests of 200 sections, got %d", got)
	}

	if refused < 180 || d.Ready() {
		t.Errorf("want the breaker open and nearly all refused, got %d, ready %t", refused, d.Ready())
	}
}

func TestAServiceThatIsWellAgainIsCalledAgain(t *testing.T) {
	policy := quick()
	policy.MinCalls, policy.InRow = 2, 2

	d := set(t, policy, nil)
	a := overview(t)
	d.server.Set(modeltest.Broken)

	if _, _, err := d.Write(t.Context(), a, &ear{}); err == nil || d.Ready() {
		t.Fatalf("want the breaker open, got %v, ready %t", err, d.Ready())
	}

	before := d.server.Count()
	d.server.Set(modeltest.Well)

	for deadline := time.Now().Add(20 * time.Second); !d.Ready(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the breaker stays open")
		}
	}

	if _, _, err := d.Write(t.Context(), a, &ear{}); err != nil || d.server.Count() != before+1 {
		t.Errorf("want the section by the probe itself, got %v with %d requests", err, d.server.Count()-before)
	}

	if s := d.config.Dependency.Status(); s.State != resilience.Closed {
		t.Errorf("want the breaker closed, got %s", s.State)
	}
}
