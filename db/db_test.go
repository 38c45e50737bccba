package db

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"sidereal/chart"
	"sidereal/chart/charttest"
	"sidereal/event"
	"sidereal/fault"
	"sidereal/internal/pgtest"
)

// backend is a kind of database that the tests run on.
type backend struct {
	name string
	url  func(t testing.TB) string // of a fresh, empty database
}

// backends are both kinds, the daily loop's (-short) SQLite alone; the PostgreSQL is one server for the whole test.
func backends(t testing.TB) []backend {
	t.Helper()

	all := []backend{{"SQLite", func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "a folder with % and ?.db") }}}
	if testing.Short() {
		return all
	}

	server := pgtest.Start(t)

	return append(all, backend{"PostgreSQL", func(t testing.TB) string { return server.NewDatabase(t) }})
}

func open(t testing.TB, cfg Config) *DB {
	t.Helper()

	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}

	d, err := Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = d.Close() })

	return d
}

func migrated(t testing.TB, cfg Config) *DB {
	t.Helper()

	d := open(t, cfg)
	if _, err := NewMigrator(d).Up(context.Background()); err != nil {
		t.Fatal(err)
	}

	return d
}

func TestChartsPassTheStoreSuite(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			charttest.TestStore(t, func(t *testing.T) charttest.Opened {
				d := migrated(t, Config{URL: b.url(t)})

				return charttest.Opened{Store: NewCharts(d), Close: func() { _ = d.Close() }}
			})
		})
	}
}

func TestADatabaseThatIsNotThereIsAFault(t *testing.T) {
	for url, want := range map[string]fault.Code{
		"postgres://nobody@127.0.0.1:1/none?sslmode=disable": fault.UpstreamUnavailable,
		"sqlite:/nowhere/at/all/x.db":                        fault.Internal,
	} {
		d, err := Open(t.Context(), Config{URL: url, Log: slog.New(slog.DiscardHandler)})
		if fault.CodeOf(err) != want || err == nil || d != nil {
			t.Errorf("%s: want %s, got %v", url, want, err)
		}
	}

	if _, err := Open(t.Context(), Config{URL: "mysql://x", Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("want an error for another kind of database")
	}
}

// After a restart every idle connection of the pool is dead; no query may notice.
func TestQueriesSurviveARestartOfPostgreSQL(t *testing.T) {
	server := pgtest.Start(t)
	charts := NewCharts(migrated(t, Config{URL: server.NewDatabase(t)}))

	var wg sync.WaitGroup
	for i := range 2 * pgIdle { // fill the pool
		wg.Go(func() {
			if _, _, err := charts.Save(t.Context(), charttest.Record(i)); err != nil {
				t.Error(err)
			}
		})
	}

	wg.Wait()
	server.Restart(t)

	if _, created, err := charts.Save(t.Context(), charttest.Record(100)); err != nil || !created {
		t.Errorf("Save after the restart: created %t, %v", created, err)
	}

	if n, err := charts.Count(t.Context(), chart.Filter{}); err != nil || n != 2*pgIdle+1 {
		t.Errorf("Count after the restart: want %d, got %d, %v", 2*pgIdle+1, n, err)
	}

	server.Stop(t)

	if _, err := charts.Count(t.Context(), chart.Filter{}); fault.CodeOf(err) != fault.UpstreamUnavailable {
		t.Errorf("with the server gone: want UPSTREAM_UNAVAILABLE, got %v", err)
	}

	server.Restart(t)

	if _, err := charts.Count(t.Context(), chart.Filter{}); err != nil {
		t.Errorf("with the server back: %v", err)
	}
}

func TestSQLiteSurvivesManyWritersAtOnce(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	first, second := NewCharts(migrated(t, Config{URL: url})), NewCharts(migrated(t, Config{URL: url})) // as two processes would

	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			store := first
			if i%2 == 0 {
				store = second
			}

			if _, _, err := store.Save(t.Context(), charttest.Record(i)); err != nil {
				t.Error(err)
			}
		})
	}

	wg.Wait()

	if n, err := first.Count(t.Context(), chart.Filter{}); err != nil || n != 200 {
		t.Errorf("want 200, got %d, %v", n, err)
	}

	if _, err := os.Stat(url[len("sqlite:"):]); err != nil {
		t.Error(err)
	}
}

// calculated is the event that a chart of charttest was calculated.
func calculated(n int) event.Event {
	hash := string(charttest.Record(n).Hash)

	return event.New(event.ChartCalculated, charttest.Record(n).CalculatedAt, hash, "", event.ChartCalculatedData{Hash: hash})
}

func BenchmarkCharts(b *testing.B) {
	for _, kind := range backends(b) {
		charts := NewCharts(migrated(b, Config{URL: kind.url(b), SlowQuery: 1e9}))
		saved := 0

		b.Run(kind.name+"/Save", func(b *testing.B) {
			for b.Loop() {
				if _, _, err := charts.Save(b.Context(), charttest.Record(saved), calculated(saved)); err != nil {
					b.Fatal(err)
				}

				saved++
			}
		})
		b.Run(kind.name+"/ByHash", func(b *testing.B) {
			hashes := []chart.Hash{charttest.Record(0).Hash}
			for b.Loop() {
				if found, err := charts.ByHashes(b.Context(), hashes); err != nil || len(found) != 1 {
					b.Fatal(found, err)
				}
			}
		})
		b.Run(kind.name+"/Page", func(b *testing.B) {
			for b.Loop() {
				if _, err := charts.Page(b.Context(), chart.Query{Limit: 50}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
