package reading_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"sidereal/chart"
	"sidereal/event"
	"sidereal/job"
	"sidereal/reading"
)

// fake is a language model that does what a test says.
type fake struct {
	mu    sync.Mutex
	ready bool
	asked []reading.Assignment
	// write writes a section, when it is not nil: the one of that number.
	write func(ctx context.Context, number int, a reading.Assignment, l reading.Listener) (reading.Section, reading.Usage, error)
}

// usual is what a section costs with the fake.
var usual = reading.Usage{PromptTokens: 100, CompletionTokens: 20, CostMicros: 7, Calls: 1}

func (m *fake) Name() string { return "fake 1" }

func (m *fake) Ready() bool {
	m.mu.Lock()
	defer m.mu.Unlock()

	return m.ready
}

func (m *fake) set(ready bool) {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.ready = ready
}

func (m *fake) calls() []reading.Assignment {
	m.mu.Lock()
	defer m.mu.Unlock()

	return slices.Clone(m.asked)
}

func (m *fake) Write(ctx context.Context, a reading.Assignment, l reading.Listener) (reading.Section, reading.Usage, error) {
	m.mu.Lock()
	m.asked = append(m.asked, a)
	m.mu.Unlock()

	if m.write == nil {
		return written(ctx, a, l, "of the model")
	}

	return m.write(ctx, len(a.Before), a, l)
}

// written is what the fake writes when all is well: a sentence in one piece.
func written(ctx context.Context, a reading.Assignment, l reading.Listener, text string) (reading.Section, reading.Usage, error) {
	if err := l.Begin(ctx); err != nil {
		return reading.Section{}, reading.Usage{}, err
	}

	if err := l.Text(ctx, text); err != nil {
		return reading.Section{}, reading.Usage{}, err
	}

	return reading.Section{Kind: a.Kind, Title: a.Kind.Title(), Paragraphs: []reading.Paragraph{{Sentences: []reading.Sentence{{Text: text, Because: []string{"Sun in Taurus"}}}}}}, usual, nil
}

// slow is a planner whose sections take their time.
type slow struct {
	reading.Planner

	clock *clock
	each  time.Duration
}

type slowPlan struct {
	reading.Plan

	slow
}

func (s slow) Plan(natal *chart.Chart, o reading.Options) (reading.Plan, error) {
	p, err := s.Planner.Plan(natal, o)

	return slowPlan{p, s}, err
}

func (p slowPlan) Write(ctx context.Context) iter.Seq2[reading.Section, error] {
	return func(yield func(reading.Section, error) bool) {
		for s, err := range p.Plan.Write(ctx) {
			p.clock.move(p.each)

			if !yield(s, err) {
				return
			}
		}
	}
}

var errDead = errors.New("dead")

// counted counts what workers write. When dies is not negative, its process takes one job and is dead after so many writes, as far as the database can tell.
type counted struct {
	job.Store

	mu      sync.Mutex
	claimed bool
	wrote   int
	dies    int
}

func (c *counted) Write(ctx context.Context, l job.Lease, change job.Change, events ...event.Event) error {
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.dead() {
		return errDead
	}

	c.wrote++

	return c.Store.Write(ctx, l, change, events...)
}

func (c *counted) Beat(ctx context.Context, worker string, jobs []string, length time.Duration) ([]job.Lease, error) {
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.dead() {
		return nil, errDead
	}

	return c.Store.Beat(ctx, worker, jobs, length)
}

func (c *counted) Claim(ctx context.Context, r job.Request) ([]job.Job, error) {
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.claimed && c.dies >= 0 {
		return nil, errDead
	}

	jobs, err := c.Store.Claim(ctx, r)
	c.claimed = len(jobs) > 0

	return jobs, err
}

func (c *counted) dead() bool { return c.dies >= 0 && c.wrote >= c.dies }
