package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"sidereal/internal/modeltest"
)

// flood is how many readings meet a model that fails in every way.
type flood struct {
	readings, clients int
	during            time.Duration // of each way to fail
}

// floodOf returns the whole one with SIDEREAL_FLOOD=full, and one of seconds otherwise.
func floodOf() flood {
	switch {
	case os.Getenv("SIDEREAL_FLOOD") == "full":
		return flood{readings: 1_000, clients: 40, during: 6 * time.Second}
	case testing.Short():
		return flood{readings: 60, clients: 10, during: 400 * time.Millisecond}
	default:
		return flood{readings: 120, clients: 20, during: 1500 * time.Millisecond}
	}
}

// The waits of the server under test: short, so that each way to fail has its effect in the time that it is given.
const (
	openFor  = 500 * time.Millisecond
	minCalls = 5
	atOnceTo = 8 // sections that are written at once
)

// Readings that are asked for while the model is slow, hangs, turns away, breaks, is cut off and talks nonsense are all completed, or failed with a reason where only the model
// would do. While the model is away, it is asked only to see whether it is back; and when it is, it writes again.
func TestReadingsSurviveEveryWayAModelFails(t *testing.T) {
	f, fake := floodOf(), modeltest.Start(t)
	fake.Configure(modeltest.Config{Delay: 2 * time.Millisecond, RetryAfter: 300 * time.Millisecond})

	s := start(t, with(fake, embedded(t), "SIDEREAL_MODEL_TRY_TIMEOUT=2s", "SIDEREAL_MODEL_SECTION_TIMEOUT=4s", "SIDEREAL_MODEL_IDLE_TIMEOUT=300ms", "SIDEREAL_MODEL_DAILY_TOKENS=0", "SIDEREAL_MODEL_WORKERS="+fmt.Sprint(atOnceTo),
		"SIDEREAL_RETRY_BACKOFF=20ms", "SIDEREAL_RETRY_MAX_BACKOFF=200ms", "SIDEREAL_BREAKER_OPEN_FOR="+openFor.String(),
		"SIDEREAL_BREAKER_MIN_CALLS="+fmt.Sprint(minCalls), "SIDEREAL_BREAKER_WINDOW=2s"))
	admin := administrator(t)

	var (
		mu  sync.Mutex
		all []string // ids
	)

	ended, moods := make(chan struct{}), []mood{}

	go func() {
		defer close(ended)

		moods = f.moody(t, fake, s, admin)
	}()

	charts := make([]string, f.clients)
	for i := range charts {
		charts[i] = s.calculate(t, fmt.Sprintf("19%02d-03-21", 20+i), "10:30").CalculateChart.Chart.Hash
	}

	due := f.paced(ended)

	_ = atOnce(f.clients, func(i int) error {
		for n := range due {
			engine := "AUTO"
			if n%3 == 2 {
				engine = "LANGUAGE_MODEL"
			}

			r, _ := s.ask(t, charts[i], nil, "engine", engine, "detail", "BRIEF", "regenerate", true, "sections", [][]string{{"OVERVIEW"}, {"OVERVIEW", "PLANETS"}}[n%2])

			mu.Lock()
			all = append(all, r.ID)
			mu.Unlock()

			s.ended(t, r.ID)
		}

		return nil
	})

	<-ended
	s.wantAllWell(t, all)

	for _, m := range moods {
		t.Log(m)
		m.check(t)
	}
}

// paced hands out the numbers of the readings evenly, as many as there are at least, until the model has failed in all ways: whoever is free takes the next.
func (f flood) paced(ended <-chan struct{}) <-chan int {
	due := make(chan int)
	pace := time.NewTicker(f.during * time.Duration(len(failures)) / time.Duration(f.readings))

	go func() {
		defer close(due)
		defer pace.Stop()

		for n, over := 0, false; n < f.readings || !over; n++ {
			due <- n

			select {
			case <-pace.C:
			case <-ended:
				over = true
			}
		}
	}()

	return due
}

// mood is a time in which the model behaved alike, and what was seen of it.
type mood struct {
	behavior modeltest.Behavior
	lasted   time.Duration
	requests int           // that the model got
	recovery time.Duration // from when the model was well until a reading of it was complete
	after    breaker
}

// breaker is what operators see.
type breaker struct {
	Name, State, Mode       string
	Tries, Probes, Rejected int
	Opened                  int
}

func (m mood) String() string {
	return fmt.Sprintf("%-12s for %v: %d requests; well again within %v; %+v", m.behavior, m.lasted.Round(time.Millisecond), m.requests, m.recovery.Round(time.Millisecond), m.after)
}

// failures are the ways in which the model fails: it is slow, or away, or talks nonsense.
var failures = slices.Concat([]modeltest.Behavior{modeltest.Slow}, away, []modeltest.Behavior{modeltest.Talks, modeltest.Lies, modeltest.Empty, modeltest.Repairs})

// away are the behaviors in which the service fails, rather than what it says.
var away = []modeltest.Behavior{modeltest.Hangs, modeltest.HangsMidway, modeltest.TooMany, modeltest.Broken, modeltest.Cuts, modeltest.Ends}

// moody has the model fail in each way, and be well between.
func (f flood) moody(t *testing.T, fake *modeltest.Server, s *testServer, admin []string) (moods []mood) {
	probe := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	for _, b := range failures {
		before, began := fake.Count(), time.Now()

		fake.Set(b)
		time.Sleep(f.during) // it is the time that the model is away, and not how long something takes

		m := mood{behavior: b, lasted: time.Since(began), requests: fake.Count() - before}

		fake.Set(modeltest.Well)

		began = time.Now()
		s.untilTheModelWrites(t, probe)
		m.recovery, m.after = time.Since(began), s.breakerOf(t, "language-model", admin)
		moods = append(moods, m)
	}

	return moods
}

// check checks that a model that was away was asked to see whether it is back, and no more: the calls that open the breaker and those that are under way then, with a probe
// in each interval.
func (m mood) check(t *testing.T) {
	t.Helper()

	if m.after.State != "CLOSED" {
		t.Errorf("after %s the breaker is %s", m.behavior, m.after.State)
	}

	// Those that open it are at most minCalls and as many as are under way; each may have left a try to be made.
	if most := 2*(minCalls+atOnceTo) + int(m.lasted/openFor) + 1; slices.Contains(away, m.behavior) && m.requests > most {
		t.Errorf("%s: %d requests in %v, want at most %d", m.behavior, m.requests, m.lasted, most)
	}
}

// untilTheModelWrites asks for readings until the model writes one.
func (s *testServer) untilTheModelWrites(t testing.TB, hash string) {
	t.Helper()

	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if s.read(t, hash, nil, "engine", "LANGUAGE_MODEL", "detail", "BRIEF", "regenerate", true, "sections", []string{"OVERVIEW"}).Status == "COMPLETED" {
			return
		}
	}

	t.Error("the model is well, and does not write again")
}

func (s *testServer) breakerOf(t testing.TB, name string, header []string) breaker {
	t.Helper()

	var data struct{ Operations struct{ Breakers []breaker } }

	s.post(t, `{ operations { breakers { name state mode tries probes rejected opened } } }`, nil, header...).into(t, &data)

	for _, b := range data.Operations.Breakers {
		if b.Name == name {
			return b
		}
	}

	t.Errorf("there is no breaker of %s", name)

	return breaker{}
}

// wantAllWell checks that all readings came to the end that they should.
func (s *testServer) wantAllWell(t *testing.T, ids []string) {
	t.Helper()

	ends, reasons := map[string]int{}, map[string]int{}

	for _, id := range ids {
		r := s.ended(t, id)

		switch {
		case r.Status == "COMPLETED":
			wantOnce(t, r)

			if r.Degraded && (r.DegradedReason == nil || *r.DegradedReason == "") {
				t.Errorf("%s is degraded without a reason", id)
			}

			if r.Degraded && r.Options.Engine == "LANGUAGE_MODEL" {
				t.Errorf("%s was written by the built-in engine, where only the model would do", id)
			}
		case r.Status == "FAILED" && r.Options.Engine == "LANGUAGE_MODEL":
			if r.Error == nil || r.Error.Message == "" {
				t.Errorf("%s failed without a reason", id)
			} else {
				reasons[r.Error.Message]++
			}
		default:
			t.Errorf("%s, for the engine %s, is %s: %+v", id, r.Options.Engine, r.Status, r.Error)
		}

		ends[fmt.Sprintf("%s %s degraded=%t", r.Options.Engine, r.Status, r.Degraded)]++
	}

	counts, _ := json.MarshalIndent(map[string]any{"ends": ends, "reasons": reasons}, "", "  ")
	t.Logf("%d readings: %s", len(ids), counts)
}
