package resilience

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// script is a dependency that answers by a list: each error in turn, then none. It notes when it was called.
type script struct {
	began   time.Time
	errs    []error
	calls   []time.Duration // since began
	expects time.Duration   // each call lasts so long, or until its context ends
}

func newScript(errs ...error) *script { return &script{began: time.Now(), errs: errs} }

func (s *script) call(ctx context.Context) (string, error) {
	s.calls = append(s.calls, time.Since(s.began))

	select {
	case <-time.After(s.expects):
	case <-ctx.Done():
		return "", fmt.Errorf("script: %w", ctx.Err())
	}

	if len(s.calls) <= len(s.errs) {
		return "cut short", s.errs[len(s.calls)-1]
	}

	return "well", nil
}

func TestTriesAreMadeAgain(t *testing.T) {
	final := errors.New("nonsense")

	for name, c := range map[string]struct {
		policy Policy
		errs   []error
		value  string
		tries  int
		want   error // in the chain; nil for none
	}{
		"once when it answers":                     {value: "well", tries: 1},
		"until it answers":                         {errs: []error{errAway, errAway}, value: "well", tries: 3},
		"as often as the policy allows":            {errs: []error{errAway, errAway, errAway, errAway}, tries: 3, want: errAway},
		"once when the policy allows no more":      {policy: Policy{Tries: 1}, errs: []error{errAway}, tries: 1, want: errAway},
		"not after a failure that stays":           {errs: []error{errAway, final}, tries: 2, want: final},
		"not after an answer that is no":           {errs: []error{&StatusError{Status: 404}}, tries: 1, want: errAny},
		"not when a dependency further in gave up": {errs: []error{&ExhaustedError{Last: errAway}}, tries: 1, want: errAway},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.policy.MinCalls = 10
				s := newScript(c.errs...)
				value, err := Do(t.Context(), add(t, c.policy), s.call)

				if value != c.value || len(s.calls) != c.tries {
					t.Errorf("want %q in %d tries, got %q in %d", c.value, c.tries, value, len(s.calls))
				}

				if (err == nil) != (c.want == nil) || !errors.Is(c.want, errAny) && !errors.Is(err, c.want) {
					t.Errorf("want %v, got %v", c.want, err)
				}
			})
		})
	}
}

var errAny = errors.New("any error")

func TestWhatCannotPassComesAsItIs(t *testing.T) {
	want := errors.New("nonsense")

	if _, err := Do(t.Context(), add(t, Policy{}), func(context.Context) (int, error) { return 0, want }); err != want { //nolint:errorlint // the very error
		t.Errorf("want the call's own error, got %v", err)
	}
}

func TestSpentTriesSaySo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := fail(t.Context(), add(t, Policy{MinCalls: 3})) // the last try opens the breaker, which is not why there is no other

		var spent *ExhaustedError
		if !errors.As(err, &spent) || spent.Dependency != "model" || spent.Tries != 3 || spent.Last != errAway || spent.Stopped != nil { //nolint:errorlint // the very error
			t.Errorf("want an ExhaustedError of 3 tries, got %#v", err)
		}

		if want := "resilience: model failed in 3 tries: away"; err.Error() != want {
			t.Errorf("want %q, got %q", want, err)
		}
	})
}

// The ceilings of the pauses are 1 s, 2 s, 4 s, 5 s, 5 s. Of 400 draws the longest is above 95 % of its ceiling, and the shortest below 5 %, but for a chance below 1e-8.
func TestPausesGrowAndAreDrawnByChance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ceilings := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second, 5 * time.Second}
		longest, shortest := make([]time.Duration, 5), []time.Duration{time.Hour, time.Hour, time.Hour, time.Hour, time.Hour}
		d := add(t, Policy{Tries: 6, Backoff: time.Second, MaxBackoff: 5 * time.Second, MinCalls: 10_000})

		for range 400 {
			s := newScript(errAway, errAway, errAway, errAway, errAway)
			if _, err := Do(t.Context(), d, s.call); err != nil {
				t.Fatal(err)
			}

			for i := range ceilings {
				pause := s.calls[i+1] - s.calls[i]
				longest[i], shortest[i] = max(longest[i], pause), min(shortest[i], pause)
			}
		}

		for i, ceiling := range ceilings {
			if longest[i] > ceiling || longest[i] < ceiling*95/100 || shortest[i] > ceiling*5/100 {
				t.Errorf("pause %d: want it between 0 and %v, got %v to %v", i+1, ceiling, shortest[i], longest[i])
			}
		}
	})
}

func TestAServiceIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{MinCalls: 10, Backoff: time.Second})
		s := newScript(&StatusError{Status: 429, After: 20 * time.Second})

		var others sync.WaitGroup

		others.Go(func() {
			time.Sleep(5 * time.Second)

			hurried, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()

			wantRejected(t, answer(hurried, d), ReasonToldToWait, 15*time.Second)

			if waited := time.Since(s.began); waited != 5*time.Second {
				t.Errorf("want a call in a hurry refused at once, got after %v", waited-5*time.Second)
			}

			other := newScript()
			if _, err := Do(t.Context(), d, other.call); err != nil || other.calls[0] < 15*time.Second {
				t.Errorf("want a call that has time to wait for 15 s, got %v, %v", err, other.calls)
			}
		})

		if _, err := Do(t.Context(), d, s.call); err != nil || len(s.calls) != 2 || s.calls[1] < 20*time.Second || s.calls[1] > 21*time.Second {
			t.Errorf("want another try after 20 s and at most 1 s, got %v, %v", s.calls, err)
		}

		others.Wait()
	})
}

func TestAWaitThatIsTooLongEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{MinCalls: 10, MaxHold: time.Minute})
		s := newScript(&StatusError{Status: 503, After: time.Hour})
		_, err := Do(t.Context(), d, s.call)

		var spent *ExhaustedError
		if !errors.As(err, &spent) || spent.Tries != 1 || RetryAfter(err) != time.Hour || !errors.Is(err, ErrOpen) {
			t.Errorf("want it to end after a try and to say when to come back, got %v", err)
		}

		if waited := time.Since(s.began); waited != 0 {
			t.Errorf("want no wait, got %v", waited)
		}

		wantRejected(t, answer(t.Context(), d), ReasonToldToWait, time.Minute)
		time.Sleep(time.Minute)

		if err := answer(t.Context(), d); err != nil {
			t.Errorf("want calls again after the longest hold, got %v", err)
		}
	})
}

func TestDeadlines(t *testing.T) {
	for name, c := range map[string]struct {
		policy   Policy
		deadline time.Duration
		expects  time.Duration // how long a try lasts
		err      error         // of the first try
		tries    int
		ends     time.Duration // when Do returns
		want     error
	}{
		"a try that hangs ends by the policy":         {policy: Policy{Tries: 1, Timeout: 3 * time.Second}, deadline: time.Hour, expects: time.Hour, tries: 1, ends: 3 * time.Second, want: context.DeadlineExceeded},
		"a try that hangs ends by the caller":         {policy: Policy{Timeout: time.Minute}, deadline: 4 * time.Second, expects: time.Hour, tries: 1, ends: 4 * time.Second, want: context.DeadlineExceeded},
		"no pause that would end behind the deadline": {deadline: 10 * time.Second, err: &StatusError{Status: 503, After: 10 * time.Second}, tries: 1, want: context.DeadlineExceeded},
		"no try without the time for one": {
			policy: Policy{MinTry: 2 * time.Second}, deadline: 11 * time.Second, err: &StatusError{Status: 503, After: 9500 * time.Millisecond}, tries: 1, want: context.DeadlineExceeded,
		},
		"the first try is made however short the time": {policy: Policy{MinTry: time.Minute}, deadline: time.Second, tries: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.deadline)
				defer cancel()

				d := add(t, c.policy)
				s := newScript(c.err)
				s.expects = c.expects
				_, err := Do(ctx, d, s.call)

				if len(s.calls) != c.tries || !errors.Is(err, c.want) {
					t.Errorf("want %d tries and %v, got %d and %v", c.tries, c.want, len(s.calls), err)
				}

				if ended := time.Since(s.began); ended != c.ends {
					t.Errorf("want the end after %v, got %v", c.ends, ended)
				}

				if got := d.Status().RecentFails; c.want != nil && got != 1 {
					t.Errorf("want it counted as a failure, got %d", got)
				}
			})
		})
	}
}

func TestACallerWhoGoesAwayEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{MinCalls: 10, Backoff: time.Hour, MaxBackoff: time.Hour})

		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)

		began := time.Now()
		err := fail(ctx, d)

		var spent *ExhaustedError
		if !errors.As(err, &spent) || spent.Tries != 1 || !errors.Is(err, context.Canceled) || !errors.Is(err, errAway) || time.Since(began) != time.Millisecond {
			t.Errorf("want the pause to end with the caller, got %v after %v", err, time.Since(began))
		}

		if err := answer(ctx, d); !errors.Is(err, context.Canceled) || d.Status().Counters.Tries != 1 {
			t.Errorf("want no try for a caller who is gone, got %v", err)
		}
	})
}

func TestNoWaitForABreakerThatIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{MinCalls: 2, Tries: 5, OpenFor: time.Minute})
		err := fail(t.Context(), d)

		var spent *ExhaustedError
		if !errors.As(err, &spent) || spent.Tries != 2 || !errors.Is(err, ErrOpen) || !errors.Is(err, errAway) || RetryAfter(err) != time.Minute {
			t.Errorf("want two tries and the open breaker, got %v", err)
		}
	})
}

// All who wait for the end of a pause come back within the backoff behind it, not all at its end: of 400 none in a tenth of that time is less likely than 1e-18.
func TestThoseWhoWaitComeBackOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			waiting sync.WaitGroup
			mu      sync.Mutex
			tenths  [10]int
		)

		d := add(t, Policy{MinCalls: 1000, InRow: 1000, Tries: 2, Backoff: time.Second})
		began := time.Now()

		for range 400 {
			waiting.Go(func() {
				_, err := Do(t.Context(), d, func(context.Context) (int, error) {
					after := time.Since(began)
					if after == 0 {
						return 0, &StatusError{Status: 429, After: 5 * time.Second}
					}

					mu.Lock()
					tenths[(after-5*time.Second)/(100*time.Millisecond)]++
					mu.Unlock()

					return 0, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}

		waiting.Wait()

		for i, calls := range tenths {
			if calls == 0 {
				t.Errorf("want calls in each tenth of the second behind the pause, got none in the one numbered %d", i)
			}
		}
	})
}

// What a probe will bring is not known: a call that failed before waits for it, and goes through when it closed the breaker.
func TestAProbeIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{MinCalls: 1, OpenFor: 2 * time.Hour, Backoff: time.Hour, MaxBackoff: time.Hour, Tries: 2})
		began := time.Now()

		var calls sync.WaitGroup

		calls.Go(func() { // begins before the breaker opens and fails while the probe is under way; the chance that the pause is shorter than that is below 1e-8
			_, err := Do(t.Context(), d, func(context.Context) (int, error) {
				if time.Since(began) > 0 {
					return 0, nil
				}

				time.Sleep(2*time.Hour + 10*time.Microsecond)

				return 0, errAway
			})
			if err != nil {
				t.Errorf("want an answer after the probe, got %v", err)
			}
		})
		synctest.Wait()

		_, _ = Do(t.Context(), d, func(context.Context) (int, error) { return 0, errors.New("nonsense") })

		wantState(t, d, Open)
		time.Sleep(2 * time.Hour)
		synctest.Wait()

		_, err := Do(t.Context(), d, func(context.Context) (int, error) {
			time.Sleep(20 * time.Microsecond)

			return 0, nil
		})
		if err != nil {
			t.Errorf("want the probe to succeed, got %v", err)
		}

		calls.Wait()
		wantState(t, d, Closed)
	})
}

// A panic counts, leaves its place, and goes on.
func TestAPanicCountsAndGoesOn(t *testing.T) {
	d := add(t, Policy{AtOnce: 1, MinCalls: 3, FailureRate: 1})

	for i, call := range []func(context.Context) (int, error){
		func(context.Context) (int, error) { panic("as it does") },
		func(context.Context) (int, error) { panic("as it does") },
		func(context.Context) (int, error) { runtime.Goexit(); return 0, nil },
	} {
		var (
			caught any
			ended  sync.WaitGroup
		)

		ended.Go(func() {
			defer func() { caught = recover() }()

			_, _ = Do(t.Context(), d, call)

			t.Error("want the call not to return")
		})
		ended.Wait()

		if want := any("as it does"); i < 2 && caught != want {
			t.Errorf("want the panic, got %v", caught)
		}
	}

	if got := d.Status(); got.State != Open || got.LastFailure.Text != "a panic" || got.Counters.Failures != 3 || got.Counters.InFlight != 0 {
		t.Errorf("want three failures and an open breaker, got %+v", got)
	}
}

// A verdict that there is not is a failure.
func TestAnUnknownVerdictIsAFailure(t *testing.T) {
	d := add(t, Policy{Classify: func(error) Verdict { return 7 }})

	if err := fail(t.Context(), d); !errors.Is(err, errAway) || d.Status().Counters.Failures != 1 || d.Status().RecentFails != 1 {
		t.Errorf("want one failure, got %v, %+v", err, d.Status())
	}
}

// A policy's own function that panics costs no place and no probe.
func TestAPanicOfThePolicyCountsToo(t *testing.T) {
	d := add(t, Policy{AtOnce: 1, Classify: func(error) Verdict { panic("as it does") }})

	func() {
		defer func() { _ = recover() }()

		_ = fail(t.Context(), d)
	}()

	if err := answer(t.Context(), d); err != nil || d.Status().Counters.Failures != 1 {
		t.Errorf("want a place for the next call and one failure, got %v, %+v", err, d.Status().Counters)
	}
}

func TestNoMoreAtOnceThanAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{AtOnce: 2, QueueFor: 3 * time.Second, Tries: 1})
		began := time.Now()

		var (
			calls   sync.WaitGroup
			mu      sync.Mutex
			now     int
			most    int
			refused []time.Duration
		)

		for range 6 {
			calls.Go(func() {
				_, err := Do(t.Context(), d, func(context.Context) (int, error) {
					mu.Lock()
					now++
					most = max(most, now)
					mu.Unlock()
					time.Sleep(2 * time.Second)
					mu.Lock()
					now--
					mu.Unlock()

					return 0, nil
				})

				if errors.Is(err, ErrFull) && !errors.Is(err, ErrOpen) {
					mu.Lock()
					refused = append(refused, time.Since(began))
					mu.Unlock()
				}
			})
		}

		calls.Wait()

		if most != 2 || len(refused) != 2 || refused[0] != 3*time.Second || refused[1] != 3*time.Second {
			t.Errorf("want 2 at once, 2 after a wait and 2 refused after 3 s, got %d at once, refused after %v", most, refused)
		}

		if got := d.Status().Counters; got.Tries != 4 || got.Rejected != 2 || got.InFlight != 0 {
			t.Errorf("want 4 tries and 2 refusals, got %+v", got)
		}
	})
}

// Nobody queues for a place before a breaker that is open, and a caller who leaves the queue has made no try.
func TestTheQueueIsNotForThoseWhoAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := add(t, Policy{AtOnce: 1, QueueFor: time.Hour, Tries: 1, Timeout: time.Minute, MinCalls: 1})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)

		defer cancel()

		var calls sync.WaitGroup

		calls.Go(func() {
			_, _ = Do(t.Context(), d, func(ctx context.Context) (int, error) {
				<-ctx.Done()

				return 0, ctx.Err()
			})
		})
		synctest.Wait()

		if err := answer(ctx, d); !errors.Is(err, context.DeadlineExceeded) || d.Status().Counters.Tries != 1 {
			t.Errorf("want the queue left at the deadline, got %v", err)
		}

		calls.Wait()
		d.places <- struct{}{} // as if a try were under way still

		wantRejected(t, answer(t.Context(), d), ReasonOpen, 10*time.Second)
		<-d.places
	})
}
