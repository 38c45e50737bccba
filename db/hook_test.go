package db

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"sidereal/chart"
	"sidereal/chart/charttest"
)

func TestFingerprintsHoldNoLiteral(t *testing.T) {
	tests := []struct{ name, query, want string }{
		{"numbers", "SELECT a1 FROM t WHERE x = 42 AND y > -1.5e-3 LIMIT 10", "SELECT a1 FROM t WHERE x = ? AND y > ? LIMIT ?"},
		{"strings", "SELECT 'it''s', 'x'", "SELECT ?"},
		{"names stay", `SELECT "c"."hash" FROM "chart" AS "c"`, `SELECT "c"."hash" FROM "chart" AS "c"`},
		{"lists", "x IN ('a', 'b', 'c') AND y IN (1,2)", "x IN (?) AND y IN (?)"},
		{"tuples", "INSERT INTO t VALUES ('a', 1), ('b', -2), ('c', 3)", "INSERT INTO t VALUES (?)"},
		{"a tuple as a bound", "WHERE (a, h) > (-5, 'x')", "WHERE (a, h) > (?)"},
		{"escapes", `SELECT E'it\'s secret', U&'x', x'00ff', $tag$secret 'x' $tag$ FROM t`, `SELECT ?, U&? FROM t`},
		{"booleans", "SELECT a FROM t WHERE b = TRUE AND c = false AND d IS NULL", "SELECT a FROM t WHERE b = ? AND c = ? AND d IS NULL"},
		{"comments", "SELECT 1 -- secret\n, 2 /* secret */ FROM t", "SELECT ? FROM t"},
		{"white space", "SELECT\n\t a,\n b", "SELECT a, b"},
		{"an open string", "SELECT 'secret", "SELECT ?"},
		{"negative differences stay", "SELECT a-1", "SELECT a-?"},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fingerprint(tt.query); got != tt.want {
				t.Errorf("want %s\ngot  %s", tt.want, got)
			}
		})
	}
}

func FuzzFingerprint(f *testing.F) {
	for _, seed := range []string{"secret", "it's", "it''s", `back\slash`, "$1", "$$", "--", "/*", "42", `"`, "\x00", "é"} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, value string) {
		// As bun writes a string into a statement; SQL knows no NUL.
		literal := "'" + strings.ReplaceAll(strings.ReplaceAll(value, "\x00", ""), "'", "''") + "'"

		if got := Fingerprint("SELECT a FROM t WHERE b = " + literal + " AND c IN (" + literal + ", " + literal + ")"); got != "SELECT a FROM t WHERE b = ? AND c IN (?)" {
			t.Errorf("%q left %q", literal, got)
		}

		Fingerprint(value) // whatever comes, it does not panic
	})
}

func TestEveryStatementIsReportedWithItsName(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			var seen []Statement

			d := migrated(t, Config{URL: b.url(t), Observe: func(_ context.Context, s Statement) { seen = append(seen, s) }})
			charts := NewCharts(d)
			ctx := WithOperation(t.Context(), "MyOperation")
			seen = nil

			for range 2 {
				if _, _, err := charts.Save(ctx, charttest.Record(1)); err != nil {
					t.Fatal(err)
				}
			}

			if _, err := charts.Page(ctx, chart.Query{Limit: 5}); err != nil {
				t.Fatal(err)
			}

			want := []struct {
				name string
				rows int
			}{
				{"chart.save", -1}, {"chart.save", 1}, {"chart.save", -1}, // its transaction begins and ends without rows
				{"chart.save", -1}, {"chart.save", 0}, {"chart.save", -1}, {"chart.by_hashes", 1}, {"chart.page", 1},
			}

			if len(seen) != len(want) {
				t.Fatalf("want %d statements, got %+v", len(want), seen)
			}

			for i, s := range seen {
				if s.Name != want[i].name || s.Rows != want[i].rows || s.Operation != "MyOperation" || s.Took <= 0 || s.Target == "" {
					t.Errorf("want %+v, got %+v", want[i], s)
				}

				if strings.Contains(s.Fingerprint, "place") && strings.Contains(s.Fingerprint, "quoted") || strings.Contains(s.Fingerprint, string(charttest.Record(1).Hash)) {
					t.Errorf("a literal is left: %s", s.Fingerprint)
				}
			}
		})
	}
}

func TestSlowAndFailedStatementsAreLoggedWithoutTheirLiterals(t *testing.T) {
	var log bytes.Buffer

	d := migrated(t, Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "x.db"),
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	log.Reset()

	if _, _, err := NewCharts(d).Save(WithOperation(t.Context(), "MyOperation"), charttest.Record(1)); err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"slow query", "name=chart.save", "target=writer", "operation=MyOperation", "rows=1", "took="} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("want %q in %s", want, log.String())
		}
	}

	err := d.read(t.Context(), "test.failing", func(ctx context.Context, q bun.IDB) (int, error) {
		return 0, q.NewRaw("SELECT 'secret' FROM nowhere").Scan(ctx, new(string))
	})
	if err == nil || !strings.Contains(log.String(), "failed query") || !strings.Contains(log.String(), "name=test.failing") {
		t.Errorf("want a failed query to be logged, got %v and %s", err, log.String())
	}

	if strings.Contains(log.String(), "secret") || strings.Contains(log.String(), "quoted") {
		t.Errorf("a literal was logged: %s", log.String())
	}
}

func TestFastStatementsAreNotLogged(t *testing.T) {
	var log bytes.Buffer

	d := migrated(t, Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "x.db"), SlowQuery: 1 << 50,
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	log.Reset()

	if _, _, err := NewCharts(d).Save(t.Context(), charttest.Record(1)); err != nil || log.Len() > 0 {
		t.Errorf("want no log, got %v and %s", err, log.String())
	}
}

func BenchmarkFingerprint(b *testing.B) {
	query := `SELECT "hash", "instant_s", "zone" FROM "chart" WHERE (hash IN ('` + strings.Repeat("a", 64) + `', '` + strings.Repeat("b", 64) + `')) ORDER BY x LIMIT 21`

	b.ReportAllocs()

	for b.Loop() {
		Fingerprint(query)
	}
}
