package db

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"sidereal/chart"
	"sidereal/chart/charttest"
	"sidereal/fault"
)

// schema returns a text of all tables, columns and indexes but those of the database itself.
func schema(t *testing.T, d *DB) string {
	t.Helper()

	query := `SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1`
	if d.isPostgres() {
		query = `SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns WHERE table_schema = 'public'
			UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`
	}

	var lines []string
	if err := d.writer.NewRaw(query).Scan(context.Background(), &lines); err != nil {
		t.Fatal(err)
	}

	return strings.Join(lines, "\n")
}

func TestMigrationsRunForwardAndBack(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			ctx := t.Context()
			d := open(t, Config{URL: b.url(t)})
			m := NewMigrator(d)

			applied, err := m.Up(ctx)
			if err != nil || len(applied) == 0 {
				t.Fatalf("up: %v, %v", applied, err)
			}

			full := schema(t, d)
			if !strings.Contains(full, "chart_instant") {
				t.Fatalf("the schema is not there:\n%s", full)
			}

			if again, err := m.Up(ctx); err != nil || len(again) != 0 {
				t.Errorf("the second up: want nothing applied, got %v, %v", again, err)
			}

			for _, want := range slices.Backward(applied) {
				if name, err := m.Down(ctx); err != nil || name != want {
					t.Errorf("down: want %s, got %s, %v", want, name, err)
				}
			}

			if name, err := m.Down(ctx); err != nil || name != "" {
				t.Errorf("down on an empty database: got %q, %v", name, err)
			}

			left := schema(t, d)
			for _, table := range []string{"chart", "person", "outbox", "job", "reading", "model_usage"} {
				if strings.Contains(left, table) {
					t.Errorf("down left %s:\n%s", table, left)
				}
			}

			if _, err := m.Up(ctx); err != nil || schema(t, d) != full {
				t.Errorf("up again, %v: want\n%s\ngot\n%s", err, full, schema(t, d))
			}
		})
	}
}

func TestStartsAtOnceMigrateOnce(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			url := b.url(t)

			var (
				wg    sync.WaitGroup
				mu    sync.Mutex
				total []string
			)

			for range 4 {
				d := open(t, Config{URL: url})

				wg.Go(func() {
					applied, err := NewMigrator(d).Up(t.Context())
					if err != nil {
						t.Error(err)
					}

					mu.Lock()
					defer mu.Unlock()

					total = append(total, applied...)
				})
			}

			wg.Wait()

			slices.Sort(total)

			if len(total) == 0 || len(slices.Compact(slices.Clone(total))) != len(total) {
				t.Errorf("want each migration once, got %v", total)
			}
		})
	}
}

func TestAMigrationThatFailsLeavesNothingAndLosesNothing(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})
			charts := NewCharts(d)

			if _, _, err := charts.Save(t.Context(), charttest.Record(1)); err != nil {
				t.Fatal(err)
			}

			before := schema(t, d)
			m := NewMigrator(d)
			m.files = withBroken(t, m.files)

			if _, err := m.Up(t.Context()); fault.CodeOf(err) != fault.Internal {
				t.Errorf("want INTERNAL, got %v", err)
			}

			if after := schema(t, d); after != before {
				t.Errorf("want\n%s\ngot\n%s", before, after)
			}

			if n, err := charts.Count(t.Context(), chart.Filter{}); n != 1 || err != nil {
				t.Errorf("want the record to survive, got %d, %v", n, err)
			}
		})
	}
}

// withBroken returns the migrations that there are, a good one more, and one that fails half-way.
func withBroken(t *testing.T, files fs.FS) fs.FS {
	t.Helper()

	all := fstest.MapFS{
		"9998_more.up.sql": {Data: []byte("CREATE TABLE more (x INTEGER)")},
		"9999_bad.up.sql":  {Data: []byte("CREATE TABLE worse (x INTEGER); INSERT INTO nowhere VALUES (1)")},
	}

	applied, err := fs.Glob(files, "*.up.sql")
	if err != nil {
		t.Fatal(err)
	}

	for _, name := range applied {
		all[name] = &fstest.MapFile{Data: []byte("SELECT 1")}
	}

	return all
}

func TestADatabaseOfANewerProgramIsLeftAlone(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})
			if _, err := d.writer.NewInsert().Model(&migrationRow{Name: "9999_future", AppliedMicros: 1}).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}

			for name, action := range map[string]func(context.Context) error{
				"up":     func(ctx context.Context) error { _, err := NewMigrator(d).Up(ctx); return err },
				"down":   func(ctx context.Context) error { _, err := NewMigrator(d).Down(ctx); return err },
				"status": func(ctx context.Context) error { _, err := NewMigrator(d).Status(ctx); return err },
			} {
				err := action(t.Context())
				if fault.CodeOf(err) != fault.Conflict || !strings.Contains(fmt.Sprint(err), "9999_future") {
					t.Errorf("%s: want CONFLICT that names the migration, got %v", name, err)
				}
			}
		})
	}
}
