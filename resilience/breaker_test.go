package resilience

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// machine drives a breaker by the steps of a table.
type machine struct {
	*testing.T

	b       *breaker
	tickets []ticket
}

// step does one thing: "ok", "fail", "429" (a failure that asks for 25 s), "gone" (the caller went away): a try and how it ends; "begin": a try
// that goes on; "end ok", "end fail" and "end gone": how the oldest of those ends; "refused REASON": a try that is refused; a duration passes; a mode is set; "reset"
// resets; a state is what must be. All but a state may be said with how often: "ok x 100".
func (m *machine) step(step string) {
	m.Helper()

	outcomes := map[string]outcome{
		"ok": {verdict: Answered}, "fail": {verdict: Failed, text: "status 503"}, "gone": {verdict: Neutral},
		"429": {verdict: Transient, text: "status 429", wait: 25 * time.Second},
	}

	verb, object, _ := strings.Cut(step, " ")
	o, result := outcomes[verb]
	wait, err := time.ParseDuration(step)

	switch {
	case result:
		m.begin()
		m.end(len(m.tickets)-1, o)
	case verb == "begin":
		m.begin()
	case verb == "end":
		m.end(0, outcomes[object])
	case verb == "refused":
		if _, refused := m.b.admit(false); refused == nil || refused.Reason != Reason(object) {
			m.Fatalf("want a refusal for %s, got %v", object, refused)
		}
	case verb == "mode":
		m.b.setMode(Mode(object))
	case verb == "reset":
		m.b.reset()
	case err == nil:
		time.Sleep(wait)
		synctest.Wait()
	default:
		if got := m.b.status("").State; got != State(step) {
			m.Fatalf("want %s, got %s", step, got)
		}
	}
}

func (m *machine) begin() {
	m.Helper()

	t, refused := m.b.admit(false)
	if refused != nil {
		m.Fatalf("want a try, got %v", refused)
	}

	m.tickets = append(m.tickets, t)
}

func (m *machine) end(i int, o outcome) {
	m.b.settle(m.tickets[i], o)
	m.tickets = slices.Delete(m.tickets, i, i+1)
}

// The policy of the table: four results, half of them failures, or six failures in a row open it for 10 s, then 20 s, then 30 s; two probes close it.
var tablePolicy = Policy{Window: 10 * time.Second, MinCalls: 4, InRow: 6, OpenFor: 10 * time.Second, MaxOpenFor: 30 * time.Second, Probes: 2}

func TestStates(t *testing.T) {
	for name, steps := range map[string]string{
		"it stays closed with too few results":                 "fail x 3, CLOSED",
		"it opens at the rate":                                 "ok x 2, fail, CLOSED, fail, OPEN, refused OPEN",
		"it stays closed below the rate":                       "ok x 3, fail x 2, CLOSED",
		"callers who went away count for nothing":              "fail x 3, gone x 3, CLOSED, fail, OPEN",
		"failures leave the window":                            "fail x 3, 10s, fail, CLOSED",
		"an outage is noticed after better times":              "ok x 100, fail x 5, CLOSED, fail, OPEN",
		"a success ends a row":                                 "ok x 100, fail x 5, ok, fail x 5, CLOSED",
		"a caller who went away does not end a row":            "ok x 100, fail x 5, gone, fail, OPEN",
		"failures come together over the window's steps":       "fail, 3s, fail, 3s, fail, 2s, fail, OPEN",
		"it is open until the period ends":                     "fail x 4, 9999ms, OPEN, refused OPEN, 1ms, HALF_OPEN",
		"probes that succeed close it":                         "fail x 4, 10s, ok, HALF_OPEN, ok, CLOSED",
		"no more than the probes pass at once":                 "fail x 4, 10s, begin x 2, refused PROBING, end ok, refused PROBING, end ok, CLOSED",
		"a probe that fails opens it for longer":               "fail x 4, 10s, fail, OPEN, 19s, OPEN, 1s, HALF_OPEN, fail, 29s, OPEN, 1s, HALF_OPEN, fail, 30s, HALF_OPEN",
		"the second probe that fails opens it":                 "fail x 4, 10s, ok, fail, OPEN, refused OPEN",
		"closing begins with the shortest period":              "fail x 4, 10s, fail, 20s, ok x 2, fail x 4, OPEN, 10s, HALF_OPEN",
		"closing forgets the failures":                         "fail x 4, 10s, ok x 2, fail x 3, CLOSED",
		"a probe whose caller went away leaves its place":      "fail x 4, 10s, gone x 3, ok x 2, CLOSED",
		"a late success from before is no probe":               "begin x 2, fail x 4, 10s, HALF_OPEN, end ok x 2, HALF_OPEN",
		"a late failure from before does not open it":          "begin, fail x 4, 10s, end fail, HALF_OPEN, ok x 2, CLOSED",
		"a late failure from before does not count closed":     "begin x 4, fail x 4, 10s, ok x 2, end fail x 4, CLOSED",
		"a late caller from before leaves no place":            "begin, fail x 4, 10s, begin x 2, refused PROBING",
		"a pause that the service asks for is kept":            "429, CLOSED, refused TOLD_TO_WAIT, 24999ms, refused TOLD_TO_WAIT, 1ms, ok",
		"an open period lasts as long as the pause":            "fail x 3, 429, OPEN, 24999ms, OPEN, 1ms, HALF_OPEN, ok x 2, CLOSED",
		"a pause asked for late delays the probes":             "begin, fail x 4, end 429, 10s, HALF_OPEN, refused TOLD_TO_WAIT, 15s, ok",
		"forced open, nothing passes":                          "mode FORCE_OPEN, OPEN, refused FORCED_OPEN, 1h, OPEN, refused FORCED_OPEN",
		"forced closed, all passes":                            "mode FORCE_CLOSED, fail x 5, 429, CLOSED, ok",
		"forced closed while open, all passes":                 "fail x 4, OPEN, mode FORCE_CLOSED, CLOSED, ok",
		"automatic again, it begins anew":                      "mode FORCE_CLOSED, fail x 4, mode AUTO, fail x 3, CLOSED, fail, OPEN",
		"automatic again after open, it is closed":             "fail x 4, mode FORCE_OPEN, mode AUTO, CLOSED, 10s, CLOSED",
		"the same mode again changes nothing":                  "fail x 3, mode AUTO, fail, OPEN",
		"a result from before a mode does not count":           "begin x 4, mode FORCE_CLOSED, mode AUTO, end fail x 4, CLOSED",
		"reset closes it for good":                             "fail x 4, OPEN, reset, CLOSED, ok, 10s, CLOSED, 1h, CLOSED",
		"reset forgets failures":                               "fail x 3, reset, fail x 3, CLOSED",
		"reset lifts a pause":                                  "429, reset, ok",
		"reset at the moment of the probe leaves it closed":    "fail x 4, 10s, begin, reset, CLOSED, end fail, CLOSED",
		"reset begins with the shortest period":                "fail x 4, 10s, fail, OPEN, reset, fail x 4, OPEN, 10s, HALF_OPEN",
		"reset while forced open leaves it so":                 "mode FORCE_OPEN, reset, OPEN, refused FORCED_OPEN",
		"a period that ended while forced open changes naught": "fail x 4, mode FORCE_OPEN, 10s, OPEN, refused FORCED_OPEN",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				policy, err := tablePolicy.complete()
				if err != nil {
					t.Fatal(err)
				}

				m := &machine{T: t, b: newBreaker("model", &policy, func(Change) {}, func() {})}

				for step := range strings.SplitSeq(steps, ", ") {
					verb, object, _ := strings.Cut(step, " x ")
					times, _ := strconv.Atoi(object)

					for range max(times, 1) {
						m.step(verb)
					}
				}
			})
		})
	}
}

func TestCountersAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{Tries: 1, MinCalls: 2, FailureRate: 1, OpenFor: time.Second})
		gone, leave := context.WithCancel(t.Context())

		_ = answer(t.Context(), d)
		_, _ = Do(gone, d, func(context.Context) (int, error) {
			leave()

			return 0, gone.Err()
		})
		_, _ = Do(t.Context(), d, func(context.Context) (int, error) { return 0, &StatusError{Status: 404} })

		if got := d.Status(); got.LastFailure.Text != "" || got.Recent != 2 || got.RecentFails != 0 {
			t.Errorf("want no failure in two results, got %+v", got)
		}

		for range 4 {
			_ = fail(t.Context(), d)
		}

		time.Sleep(31 * time.Second)

		for range 4 {
			_ = fail(t.Context(), d)
		}

		at := time.Now()
		time.Sleep(time.Second)
		synctest.Wait()

		_ = answer(t.Context(), d)
		got := d.Status()

		// Of the first four failures none opens it (the window holds two answers), of the next four the second does.
		want := Counters{Calls: 12, Tries: 10, Probes: 1, Successes: 3, Failures: 6, Abandoned: 1, Rejected: 2, Opened: 1}
		if got.Counters != want {
			t.Errorf("want %+v, got %+v", want, got.Counters)
		}

		if got.LastFailure.Text != "an error of type *errors.errorString" || !got.LastFailure.At.Equal(at) {
			t.Errorf("want the failure of %v without its text, got %+v", at, got.LastFailure)
		}
	})
}

func TestAStatusSaysUntilWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{Tries: 1, MinCalls: 1, OpenFor: 10 * time.Second})
		began := time.Now()

		if got := d.Status(); got.Mode != Auto || !got.Since.Equal(began) || !got.RetryAt.IsZero() {
			t.Errorf("want it automatic since its beginning and not refusing, got %+v", got)
		}

		time.Sleep(time.Second)

		_ = fail(t.Context(), d)

		time.Sleep(time.Second)

		if got := d.Status(); !got.Since.Equal(began.Add(time.Second)) || !got.RetryAt.Equal(began.Add(11*time.Second)) {
			t.Errorf("want it open from 1 s to 11 s, got %v to %v", got.Since.Sub(began), got.RetryAt.Sub(began))
		}

		wantRejected(t, answer(t.Context(), d), ReasonOpen, 9*time.Second)
		time.Sleep(9 * time.Second)
		synctest.Wait()

		if got := d.Status(); got.State != HalfOpen || !got.Since.Equal(began.Add(11*time.Second)) || !got.RetryAt.IsZero() {
			t.Errorf("want it half open since 11 s, got %+v", got)
		}
	})
}

func TestPoliciesMakeSense(t *testing.T) {
	for name, policy := range map[string]Policy{
		"a negative time":       {Timeout: -1},
		"a negative number":     {Probes: -1},
		"a rate above 1":        {FailureRate: 1.01},
		"a negative rate":       {FailureRate: -0.1},
		"a rate that is no one": {FailureRate: nan()},
	} {
		if _, err := New(Config{}).Add("model", policy); err == nil {
			t.Errorf("%s: want an error, got none", name)
		}
	}

	registry := New(Config{})

	_, first := registry.Add("model", Policy{})
	_, second := registry.Add("model", Policy{})
	_, third := registry.Add("", Policy{})

	if first != nil || second == nil || third == nil {
		t.Errorf("want a name taken once and not empty, got %v, %v, %v", first, second, third)
	}

	if _, err := registry.Status("other"); !errors.Is(err, ErrUnknown) {
		t.Errorf("want ErrUnknown, got %v", err)
	}
}

func nan() float64 {
	zero := 0.0

	return zero / zero
}
