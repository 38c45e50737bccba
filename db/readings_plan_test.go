package db

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"sidereal/chart/charttest"
	"sidereal/job"
	"sidereal/reading"
)

// planOf returns how the database would run a query. PostgreSQL is kept from reading whole tables, as it would for the few rows of a test.
func planOf(t *testing.T, d *DB, query *bun.SelectQuery) string {
	t.Helper()

	explain := "EXPLAIN QUERY PLAN "
	if d.isPostgres() {
		explain = "EXPLAIN "
	}

	var plan strings.Builder

	err := d.inTx(t.Context(), "test.explain", func(ctx context.Context, tx bun.Tx) error {
		if d.isPostgres() {
			if _, err := tx.NewRaw("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off").Exec(ctx); err != nil {
				return err
			}
		}

		rows, err := tx.QueryContext(ctx, explain+strings.ReplaceAll(query.String(), "?", "??"))
		if err != nil {
			return err
		}
		defer rows.Close()

		columns, err := rows.Columns()
		if err != nil {
			return err
		}

		cells := make([]any, len(columns))
		for rows.Next() {
			for i := range cells {
				cells[i] = new(any)
			}

			if err := rows.Scan(cells...); err != nil {
				return err
			}

			fmt.Fprintln(&plan, *cells[len(cells)-1].(*any))
		}

		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}

	return plan.String()
}

// Each list of readings is read in the order of an index: no more rows are read than a page has, and none are sorted.
func TestListsOfReadingsAreReadInTheOrderOfAnIndex(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			d := migrated(t, Config{URL: b.url(t)})
			mark := &reading.Mark{At: time.Now(), ID: "x"}

			for index, q := range map[string]reading.Query{
				"reading_order":       {},
				"reading_of_chart":    {Chart: "c"},
				"reading_of_follower": {Follower: new("a")},
			} {
				for _, q.Backward = range []bool{false, true} {
					for _, q.After = range []*reading.Mark{nil, mark} {
						q.First = 20
						plan := planOf(t, d, pageOfReadings(d.reader.NewSelect().Model((*readingRow)(nil)), q))

						if !strings.Contains(plan, index) || strings.Contains(plan, "Sort") || strings.Contains(plan, "TEMP B-TREE") {
							t.Errorf("%+v: want the index %s in its order, got\n%s", q, index, plan)
						}
					}
				}
			}
		})
	}
}

// However many follow a reading, who asks costs so many statements between the beginning of the transaction and its commit.
func TestWhoAsksForAReadingCostsFewStatements(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			var statements atomic.Int64

			d := migrated(t, Config{URL: b.url(t), Observe: func(_ context.Context, s Statement) {
				if s.Name == "reading.ask" && s.Fingerprint != "BEGIN" && s.Fingerprint != "COMMIT" {
					statements.Add(1)
				}
			}})
			readings := NewReadings(d)
			record := charttest.Record(1)

			if _, _, err := NewCharts(d).Save(t.Context(), record); err != nil {
				t.Fatal(err)
			}

			most := map[bool]int64{true: 4, false: 2} // by whether the reading is new
			if d.isPostgres() {
				most[true] = 6
			}

			for n, want := range []bool{true, false, false} {
				spec, err := job.NewSpec(time.Now(), chapterKind, "k", "o", nil)
				if err != nil {
					t.Fatal(err)
				}

				r := reading.Reading{ID: spec.ID, Key: "k", Request: reading.Request{Chart: record.Hash}, CreatedAt: time.Now()}
				before := statements.Load()

				_, created, err := readings.Ask(t.Context(), r, spec, fmt.Sprint(n), reading.ReuseAny)
				if took := statements.Load() - before; err != nil || created != want || took > most[want] || took == 0 {
					t.Errorf("created %t, %v, in %d statements; want %t, in at most %d", created, err, took, want, most[want])
				}
			}
		})
	}
}
