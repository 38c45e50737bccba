package resilience

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// listener hears of changes.
type listener struct {
	mu      sync.Mutex
	changes []Change
}

func (l *listener) hear(c Change) {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.changes = append(l.changes, c)
}

func TestChangesAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l listener

		registry := New(Config{Changed: l.hear})
		began := time.Now()

		d, err := registry.Add("model", Policy{Tries: 1, MinCalls: 4, OpenFor: 10 * time.Second})
		if err != nil {
			t.Fatal(err)
		}

		_ = answer(t.Context(), d)

		for range 3 {
			_, _ = Do(t.Context(), d, func(context.Context) (int, error) { return 0, &StatusError{Status: 503} })
		}

		time.Sleep(10 * time.Second)
		synctest.Wait() // nobody calls: it is half open by itself

		_ = fail(t.Context(), d)

		time.Sleep(10 * time.Second)
		synctest.Wait()

		_ = answer(t.Context(), d)

		for _, mode := range []Mode{ForceClosed, ForceClosed, ForceOpen, Auto} {
			if err := registry.Apply(Order{Dependency: "model", Mode: mode}); err != nil {
				t.Fatal(err)
			}
		}

		if err := registry.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}

		for range 4 {
			_ = fail(t.Context(), d) // told to nobody any more
		}

		at := began.Add
		want := []Change{
			{"model", Closed, Open, Auto, at(0), "3 of 4 calls failed, the last one: status 503 Service Unavailable"},
			{"model", Open, HalfOpen, Auto, at(10 * time.Second), "it is time for a probe"},
			{"model", HalfOpen, Open, Auto, at(10 * time.Second), "a probe failed: an error of type *errors.errorString"},
			{"model", Open, HalfOpen, Auto, at(20 * time.Second), "it is time for a probe"},
			{"model", HalfOpen, Closed, Auto, at(20 * time.Second), "its probes succeeded"},
			{"model", Closed, Closed, ForceClosed, at(20 * time.Second), "an operator set its mode"},
			{"model", Closed, Open, ForceOpen, at(20 * time.Second), "an operator set its mode"},
			{"model", Open, Closed, Auto, at(20 * time.Second), "an operator set its mode"},
		}

		if diff := cmp.Diff(want, l.changes); diff != "" {
			t.Errorf("the changes differ (-want +got):\n%s", diff)
		}

		wantState(t, d, Open)
	})
}

// The library calls its hook under its lock: asking it there for its state never returns.
func TestWhoIsToldMayAskAndSteer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			registry *Registry
			seen     []State
		)

		registry = New(Config{Changed: func(c Change) {
			seen = append(seen, registry.List()[0].State)

			if c.To == Open {
				if err := registry.Apply(Order{Dependency: c.Dependency, Reset: true}); err != nil {
					t.Error(err)
				}
			}
		}})

		d, err := registry.Add("model", Policy{Tries: 1, MinCalls: 1})
		if err != nil {
			t.Fatal(err)
		}

		_ = fail(t.Context(), d)

		synctest.Wait()
		wantState(t, d, Closed)

		if want := []State{Open, Closed}; !slices.Equal(seen, want) {
			t.Errorf("want %v seen, got %v", want, seen)
		}
	})
}

func TestAPanicOfWhoIsToldIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder

		told := 0
		registry := New(Config{Log: slog.New(slog.NewTextHandler(&log, nil)), Changed: func(Change) {
			told++

			panic("as it does")
		}})

		if _, err := registry.Add("model", Policy{}); err != nil {
			t.Fatal(err)
		}

		for _, mode := range []Mode{ForceOpen, Auto} {
			if err := registry.Apply(Order{Dependency: "model", Mode: mode}); err != nil {
				t.Fatal(err)
			}
		}

		synctest.Wait()

		if told != 2 || strings.Count(log.String(), "as it does") < 2 {
			t.Errorf("want both changes told and both panics logged, got %d, %q", told, log.String())
		}
	})
}

func TestWhoHangsHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder

		told := 0
		release := make(chan struct{})
		registry := New(Config{Log: slog.New(slog.NewTextHandler(&log, nil)), Changed: func(Change) {
			told++
			<-release
		}})

		d, err := registry.Add("model", Policy{})
		if err != nil {
			t.Fatal(err)
		}

		if err := registry.Apply(Order{Dependency: "model", Mode: ForceOpen}); err != nil {
			t.Fatal(err)
		}

		synctest.Wait() // the first is being told

		for i := range maxQueued + 10 {
			d.breaker.setMode([]Mode{Auto, ForceOpen}[i%2])
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()

		if err := registry.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("want Stop to end with its context, got %v", err)
		}

		close(release)

		if err := registry.Stop(t.Context()); err != nil {
			t.Error(err)
		}

		if told != maxQueued+1 || !strings.Contains(log.String(), "is not told") {
			t.Errorf("want %d changes told and the log to say that others were not, got %d, %q", maxQueued+1, told, log.String())
		}
	})
}

func TestOperatorsSeeAllByName(t *testing.T) {
	registry := New(Config{})

	for _, name := range []string{"model", "geocoder", "webhook"} {
		if _, err := registry.Add(name, Policy{}); err != nil {
			t.Fatal(err)
		}
	}

	if err := registry.Apply(Order{Dependency: "model", Mode: ForceOpen}); err != nil {
		t.Fatal(err)
	}

	var got []string
	for _, s := range registry.List() {
		got = append(got, s.Name+" "+string(s.State)+" "+string(s.Mode))
	}

	if want := []string{"geocoder CLOSED AUTO", "model OPEN FORCE_OPEN", "webhook CLOSED AUTO"}; !slices.Equal(got, want) {
		t.Errorf("want %v, got %v", want, got)
	}

	if s, err := registry.Status("model"); err != nil || s.State != Open {
		t.Errorf("want the model open, got %+v, %v", s, err)
	}
}

func TestOrdersAreObeyedOrRefused(t *testing.T) {
	registry := New(Config{})
	if _, err := registry.Add("model", Policy{}); err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		order Order
		err   error
		mode  Mode // afterwards
	}{
		{Order{Dependency: "model", Mode: ForceOpen}, nil, ForceOpen},
		{Order{Dependency: "model", Reset: true}, nil, ForceOpen},
		{Order{Dependency: "model"}, nil, ForceOpen},
		{Order{Dependency: "model", Mode: "OPEN", Reset: true}, ErrMode, ForceOpen},
		{Order{Dependency: "other", Mode: Auto}, ErrUnknown, ForceOpen},
		{Order{Dependency: "other", Reset: true}, ErrUnknown, ForceOpen},
		{Order{Dependency: "model", Mode: Auto, Reset: true}, nil, Auto},
	} {
		err := registry.Apply(c.order)
		if s, _ := registry.Status("model"); !errors.Is(err, c.err) || s.Mode != c.mode {
			t.Errorf("%+v: want %v and the mode %s, got %v, %s", c.order, c.err, c.mode, err, s.Mode)
		}
	}
}
