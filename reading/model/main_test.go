package model

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sidereal/chart"
	"sidereal/internal/casttest"
	"sidereal/internal/modeltest"
	"sidereal/reading"
	"sidereal/reading/compose"
	"sidereal/reading/library"
	"sidereal/resilience"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick is a policy for tests: it gives up soon, and never trips by a rate.
func quick() resilience.Policy {
	return resilience.Policy{Timeout: 20 * time.Second, Backoff: time.Microsecond, MinCalls: 1000, InRow: 1000, OpenFor: 50 * time.Millisecond}
}

// desk is a model with its server.
type desk struct {
	*Model

	server *modeltest.Server
	config Config
}

// set puts a desk up, with the policy and the config changed where that is wanted.
func set(t testing.TB, policy resilience.Policy, change func(*Config)) *desk {
	t.Helper()

	server := modeltest.Start(t)
	registry := resilience.New(resilience.Config{})

	dependency, err := registry.Add(DependencyName, Policy(policy))
	if err != nil {
		t.Fatal(err)
	}

	config := Config{
		BaseURL: server.URL(), Key: modeltest.Key, Model: "ink-1", Dependency: dependency, Client: server.Client(), PromptPrice: 0.5, CompletionPrice: 2,
		IdleTimeout: 20 * time.Second,
	}
	if change != nil {
		change(&config)
	}

	m, err := New(config)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(m.Close)
	t.Cleanup(func() {
		if err := registry.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})

	return &desk{m, server, config}
}

var birth = chart.Birth{
	Instant: time.Date(1990, 1, 15, 13, 30, 0, 0, time.UTC), TimeKnown: true, Zone: "America/Sao_Paulo", Latitude: -23.5475, Longitude: -46.6361,
}

func cast(t testing.TB, b chart.Birth) *chart.Chart {
	t.Helper()

	c, err := casttest.Caster(t).Cast(b)
	if err != nil {
		t.Fatal(err)
	}

	return c
}

// openLibrary opens the texts once for all tests.
var openLibrary = sync.OnceValues(library.Load)

// assignments are those of all sections of a reading, each with the composed ones before it.
func assignments(t testing.TB, natal *chart.Chart, o reading.Options) []reading.Assignment {
	t.Helper()

	texts, err := openLibrary()
	if err != nil {
		t.Fatal(err)
	}

	plan, err := compose.New(texts, casttest.Caster(t)).Plan(natal, o)
	if err != nil {
		t.Fatal(err)
	}

	var (
		all    []reading.Assignment
		before []reading.Section
	)

	for section, err := range plan.Write(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}

		all = append(all, reading.Assignment{
			Natal: natal, Options: o, Plan: plan, Kind: section.Kind, Source: section, Before: slices.Clip(before), Language: reading.English,
		})
		before = append(before, section)
	}

	return all
}

// overview is one assignment, for tests that are not about what is written.
func overview(t testing.TB) reading.Assignment {
	t.Helper()

	return assignments(t, cast(t, birth), reading.Options{Detail: reading.Brief})[0]
}

// ear hears a section.
type ear struct {
	mu     sync.Mutex
	begun  int
	pieces []string // since it began, or began anew
	fail   error    // of Text; nil for none
	heard  func()   // called when a piece was heard; may be nil
}

func (e *ear) Begin(context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()

	e.begun++
	e.pieces = nil

	return nil
}

func (e *ear) Text(_ context.Context, piece string) error {
	e.mu.Lock()
	defer e.mu.Unlock()

	e.pieces = append(e.pieces, piece)
	if e.heard != nil {
		e.heard()
	}

	return e.fail
}

func (e *ear) text() string {
	e.mu.Lock()
	defer e.mu.Unlock()

	return strings.Join(e.pieces, "")
}
