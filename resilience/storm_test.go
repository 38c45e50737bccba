package resilience

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// outage is a service that is down for a while: in turn it answers 500, hangs, and answers 503.
type outage struct {
	began      time.Time
	down, well time.Duration // since began

	mu    sync.Mutex
	calls []time.Duration // when each began, while it was down
	first time.Duration   // when it answered first after it was well again; 0 before
}

func (o *outage) call(ctx context.Context) (int, error) {
	at := time.Since(o.began)
	n := o.note(at)

	if at < o.down || at >= o.well {
		return n, nil
	}

	if n%3 == 1 {
		<-ctx.Done()

		return 0, ctx.Err()
	}

	return 0, &StatusError{Status: 500 + n%3}
}

// note returns how many calls it got while it was down.
func (o *outage) note(at time.Duration) int {
	o.mu.Lock()
	defer o.mu.Unlock()

	switch {
	case at >= o.well && o.first == 0:
		o.first = at
	case at >= o.down && at < o.well:
		o.calls = append(o.calls, at)
	}

	return len(o.calls)
}

// TestNoStormAndAQuickRecovery lets 150 callers ask on and on, through a minute in which the service is down.
func TestNoStormAndAQuickRecovery(t *testing.T) {
	const (
		callers = 150
		openFor = 5 * time.Second
		atOnce  = 20
		patient = 200 * time.Millisecond // the longest time between two calls of a caller
	)

	for _, probes := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			var (
				opened  time.Duration
				working sync.WaitGroup
			)

			service := &outage{began: time.Now(), down: 10 * time.Second, well: 70 * time.Second}
			registry := New(Config{Changed: func(c Change) {
				if opened == 0 && c.To == Open {
					opened = c.At.Sub(service.began)
				}
			}})

			d, err := registry.Add("model", Policy{Timeout: 2 * time.Second, OpenFor: openFor, Probes: probes, AtOnce: atOnce})
			if err != nil {
				t.Fatal(err)
			}

			for range callers {
				working.Go(func() {
					for time.Since(service.began) < 2*time.Minute {
						_, err := Do(t.Context(), d, service.call)
						at := time.Since(service.began)

						if err != nil && !errors.Is(err, ErrFull) && (at < service.down || at > service.well+openFor+patient) {
							t.Errorf("want answers while it is well, got %v at %v", err, at)

							return
						}

						time.Sleep(rand.N(patient))
					}
				})
			}

			working.Wait()
			synctest.Wait()

			if opened < service.down || opened > service.down+2*time.Second {
				t.Fatalf("want it open within a try's time, got %v", opened)
			}

			storm := 0 // calls that began before it opened
			for storm < len(service.calls) && service.calls[storm] <= opened {
				storm++
			}

			if storm > 2*atOnce {
				t.Errorf("want it to open on what %d calls at once bring, got %d before", atOnce, storm)
			}

			after := service.calls[storm:]
			if most := probes * int((service.well-opened)/openFor+1); len(after) == 0 || len(after) > most {
				t.Errorf("want at most %d calls while it is open, got %d", most, len(after))
			}

			for i := range len(after) - probes {
				if apart := after[i+probes] - after[i]; apart < openFor {
					t.Errorf("want %d probes in %v, got one more after %v", probes, openFor, apart)
				}
			}

			if service.first > service.well+openFor+patient {
				t.Errorf("want it found well within %v, got %v", openFor, service.first-service.well)
			}

			wantState(t, d, Closed)
			t.Logf("%d calls before it opened, %d in the 60 s after, found well after %v", storm, len(after), service.first-service.well)
		})
	}
}

// TestAllAtOnce lets callers, operators and timers at one dependency in real time, for the race detector; in the end nothing is left behind.
func TestAllAtOnce(t *testing.T) {
	var working sync.WaitGroup

	registry := New(Config{Changed: func(Change) {}})

	d, err := registry.Add("model", Policy{Backoff: time.Microsecond, OpenFor: 50 * time.Microsecond, MaxOpenFor: time.Millisecond, AtOnce: 4, QueueFor: time.Second, MinCalls: 2})
	if err != nil {
		t.Fatal(err)
	}

	for range 8 {
		working.Go(func() {
			for i := range 500 {
				ctx, cancel := context.WithCancel(t.Context())

				_, _ = Do(ctx, d, func(context.Context) (int, error) {
					switch rand.N(4) {
					case 0:
						cancel()

						return 0, context.Canceled
					case 1:
						return 0, &StatusError{Status: 503, After: time.Duration(i%2) * time.Microsecond}
					default:
						return i, nil
					}
				})

				cancel()
			}
		})
	}

	working.Go(func() {
		for i := range 200 {
			if err := errors.Join(
				registry.Apply(Order{Dependency: "model", Mode: []Mode{Auto, ForceOpen, Auto, ForceClosed}[i%4]}), registry.Apply(Order{Dependency: "model", Reset: true}),
			); err != nil {
				t.Error(err)
			}

			registry.List()
		}
	})

	working.Wait()

	if err := errors.Join(registry.Apply(Order{Dependency: "model", Mode: ForceClosed}), registry.Stop(t.Context())); err != nil {
		t.Fatal(err)
	}

	c := d.Status().Counters
	if c.Calls != 4000 || c.InFlight != 0 || c.Tries != c.Successes+c.Failures+c.Abandoned || len(d.places) != 0 {
		t.Errorf("want 4000 calls that add up and leave nothing, got %+v, %d places taken", c, len(d.places))
	}

	if err := answer(t.Context(), d); err != nil {
		t.Errorf("want an answer in the end, got %v", err)
	}
}
