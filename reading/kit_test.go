package reading_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/chart"
	"sidereal/db"
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

// logbook is a log that is read while it is written.
type logbook struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()

	return l.text.Write(p)
}

func (l *logbook) has(words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()

	return strings.Contains(l.text.String(), words)
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
	log     *logbook

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

	f := &fixture{TB: t, db: d, clock: &clock{at: monday}, jobs: db.NewJobs(d), model: &fake{ready: true}, log: new(logbook)}
	f.config = reading.Config{
		Store: db.NewReadings(d), Charts: chart.NewService(caster, zones, nil, db.NewCharts(d), f.clock.now),
		Planner: compose.New(written, caster), Now: f.clock.now, Log: slog.New(slog.NewTextHandler(f.log, nil)),
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
