package reading_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/chart"
	"sidereal/db"
	"sidereal/event"
	"sidereal/internal/casttest"
	"sidereal/job"
	"sidereal/reading"
	"sidereal/reading/compose"
	"sidereal/reading/library"
)

// monday is what the clock of fixtures begins at.
var monday = time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.at = c.at.Add(d)
}

// fixture is the service and its jobs over a database of three charts.
type fixture struct {
	testing.TB

	config  reading.Config
	clock   *clock
	model   *fake
	db      *db.DB
	jobs    job.Store
	service *reading.Service

	ann, bob, timeless chart.Hash
}

var texts = sync.OnceValues(library.Load)

// setUp returns a fixture without workers.
func setUp(t testing.TB) *fixture {
	t.Helper()

	d, err := db.Open(t.Context(), db.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "test.db"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = d.Close() })

	if _, err = db.NewMigrator(d).Up(t.Context()); err != nil {
		t.Fatal(err)
	}

	caster, zones := casttest.Open(t)

	written, err := texts()
	if err != nil {
		t.Fatal(err)
	}

	f := &fixture{TB: t, db: d, clock: &clock{at: monday}, jobs: db.NewJobs(d), model: &fake{ready: true}}
	f.config = reading.Config{
		Store: db.NewReadings(d), Charts: chart.NewService(caster, zones, nil, db.NewCharts(d), f.clock.now),
		Planner: compose.New(written, caster), Now: f.clock.now,
	}
	f.ann = f.born(chart.Birth{Instant: time.Date(1990, 5, 17, 4, 30, 0, 0, time.UTC), TimeKnown: true, Latitude: 52.5, Longitude: 13.4})
	f.bob = f.born(chart.Birth{Instant: time.Date(1985, 1, 2, 18, 5, 0, 0, time.UTC), TimeKnown: true, Latitude: 40.7, Longitude: -74})
	f.timeless = f.born(chart.Birth{Instant: time.Date(1970, 7, 1, 12, 0, 0, 0, time.UTC), Latitude: 48.9, Longitude: 2.3})
	f.serve()

	return f
}

func (f *fixture) born(b chart.Birth) chart.Hash {
	f.Helper()

	b.Zone = "UTC"
	if _, _, err := db.NewCharts(f.db).Save(f.Context(), chart.Record{Hash: b.Hash(), Birth: b, CalculatedAt: monday}); err != nil {
		f.Fatal(err)
	}

	return b.Hash()
}

// modelled gives the fixture its language model.
func (f *fixture) modelled() *fixture {
	f.config.Model = f.model
	f.serve()

	return f
}

// serve makes the service anew, after a change of what it is made of.
func (f *fixture) serve() {
	f.service = reading.NewService(f.config, f.engine(f.jobs))
}

func (f *fixture) engine(store job.Store) *job.Engine {
	hints := db.NewJobs(f.db).Queued()

	return job.New(store, job.Config{Log: slog.New(slog.DiscardHandler), Now: time.Now, Hints: hints, Poll: 20 * time.Millisecond, Lease: 5 * time.Second}, reading.Kinds(f.config, 4, 2)...)
}

// start starts workers over a store; they are stopped at the end.
func (f *fixture) start(store job.Store) (stop func()) {
	f.Helper()

	e := f.engine(store)
	if err := e.Start(f.Context()); err != nil {
		f.Fatal(err)
	}

	stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(f.Context()), 10*time.Second)
		defer cancel()

		if err := e.Stop(ctx); err != nil {
			f.Error(err)
		}
	})
	f.Cleanup(stop)

	return stop
}

// as returns the context of a viewer; nobody for "".
func (f *fixture) as(subject string) context.Context {
	if subject == "" {
		return f.Context()
	}

	return account.WithViewer(f.Context(), account.Viewer{Subject: subject, Role: account.User})
}

// asks returns the request for a brief reading of Ann's chart in three sections.
func (f *fixture) asks() reading.Request {
	return reading.Request{
		Chart: f.ann, Detail: reading.Brief, Sections: []reading.SectionKind{reading.Overview, reading.Planets, reading.Synthesis}, Language: reading.English,
	}
}

// request asks for a reading.
func (f *fixture) request(ctx context.Context, r reading.Request) (asked reading.Reading, created bool) {
	f.Helper()

	asked, created, err := f.service.Request(ctx, r)
	if err != nil {
		f.Fatal(err)
	}

	return asked, created
}

func (f *fixture) find(id string) reading.Reading {
	f.Helper()

	found, err := f.service.ByIDs(context.WithoutCancel(f.Context()), []string{id})
	if err != nil {
		f.Fatal(err)
	}

	return found[id]
}

// eventually waits for something to be so.
func (f *fixture) eventually(what string, so func() bool) {
	f.Helper()

	ticker, deadline := time.NewTicker(2*time.Millisecond), time.After(20*time.Second)
	defer ticker.Stop()

	for !so() {
		select {
		case <-ticker.C:
		case <-deadline:
			f.Fatalf("want %s, in vain", what)
		}
	}
}

// await returns a reading when it has a status.
func (f *fixture) await(id string, want reading.Status) (r reading.Reading) {
	f.Helper()
	f.eventually(fmt.Sprintf("%s to get the status %d", id, want), func() bool {
		if r = f.find(id); r.Status.Ended() && r.Status != want {
			f.Fatalf("want the status %d, got %+v", want, r)
		}

		return r.Status == want
	})

	return r
}

func (f *fixture) sections(id string) []reading.Section {
	f.Helper()

	found, err := f.service.Sections(f.Context(), []string{id})
	if err != nil {
		f.Fatal(err)
	}

	return found[id]
}

// engines returns which engine wrote each section: "c" or "m".
func (f *fixture) engines(id string) string {
	f.Helper()

	var text strings.Builder
	for _, s := range f.sections(id) {
		text.WriteString(s.Engine.String()[:1])
	}

	return strings.ReplaceAll(text.String(), "l", "m")
}

// spent returns what Ann has used today.
func (f *fixture) spent() reading.Usage {
	f.Helper()

	used, err := f.config.Store.Spent(f.Context(), "ann", f.clock.now())
	if err != nil {
		f.Fatal(err)
	}

	return used
}

// events returns all that was told so far, each in a line.
func (f *fixture) events() []string {
	f.Helper()

	pending, err := db.NewOutbox(f.db).Pending(f.Context(), 10_000)
	if err != nil {
		f.Fatal(err)
	}

	lines := make([]string, len(pending))
	for i, e := range pending {
		lines[i] = line(e)
	}

	return lines
}

func line(e event.Event) string {
	var data struct {
		Sections   []string
		Section    string
		Number     int
		Text       string
		Done       int
		Total      int
		Percent    float64
		TimeLeftMs *float64
		Reason     string
	}

	raw, _ := e.Data.(json.RawMessage)
	if err := json.Unmarshal(raw, &data); err != nil {
		return err.Error()
	}

	name := strings.TrimPrefix(string(e.Type), "reading.")

	switch e.Type {
	case event.ReadingStarted:
		return name + " " + strings.Join(data.Sections, " ")
	case event.ReadingSection, event.ReadingReady:
		return fmt.Sprintf("%s %d %s", name, data.Number, data.Section)
	case event.ReadingText:
		return fmt.Sprintf("%s %d %s", name, data.Number, data.Text)
	case event.ReadingProgress:
		left := "?"
		if data.TimeLeftMs != nil {
			left = fmt.Sprint(*data.TimeLeftMs)
		}

		return fmt.Sprintf("%s %d of %d, %.1f %%, %s ms", name, data.Done, data.Total, data.Percent, left)
	case event.ReadingFailed:
		return name + " " + data.Reason
	default:
		return name
	}
}

// wantEvents compares all that was told.
func (f *fixture) wantEvents(want ...string) {
	f.Helper()

	if got := f.events(); !slices.Equal(got, want) {
		f.Errorf("want\n\t%s\ngot\n\t%s", strings.Join(want, "\n\t"), strings.Join(got, "\n\t"))
	}
}

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
