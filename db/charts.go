package db

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"sidereal/chart"
	"sidereal/event"
)

// Charts is the chart.Store in the database.
type Charts struct{ db *DB }

var _ chart.Store = (*Charts)(nil)

// NewCharts returns the store of charts in d.
func NewCharts(d *DB) *Charts { return &Charts{d} }

// Save implements chart.Store.
func (s *Charts) Save(ctx context.Context, r chart.Record, events ...event.Event) (stored chart.Record, created bool, err error) {
	err = s.db.inTx(ctx, "chart.save", func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewInsert().Model(newChartRow(r)).On("CONFLICT (hash) DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}

		n, err := result.RowsAffected()
		if created = n == 1; !created || err != nil {
			return err
		}

		return appendEvents(ctx, tx, events...)
	})
	if err != nil || created {
		return r, created, err
	}

	found, err := s.ByHashes(ctx, []chart.Hash{r.Hash})

	return found[r.Hash], false, err
}

// ByHashes implements chart.Store.
func (s *Charts) ByHashes(ctx context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Record, error) {
	records := make(map[chart.Hash]chart.Record, len(hashes))
	if len(hashes) == 0 {
		return records, nil
	}

	err := s.db.read(ctx, "chart.by_hashes", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []chartRow

		err := q.NewSelect().Model(&rows).Column(chartColumns...).Where("hash IN (?)", bun.List(hashes)).Scan(ctx)
		for i := range rows {
			records[chart.Hash(rows[i].Hash)] = rows[i].record()
		}

		return len(rows), err
	})

	return records, err
}

// orderColumns are the columns of the order keys; an index covers each together with the hash.
var orderColumns = map[chart.OrderKey]bun.Ident{
	chart.ByCalculatedAt: "calculated_at_us",
	chart.ByInstant:      "instant_s",
}

// Page implements chart.Store.
func (s *Charts) Page(ctx context.Context, q chart.Query) (chart.Page, error) {
	column := orderColumns[q.Order.Key]
	backwards := q.Order.Descending != q.FromEnd // read from the end that the page is anchored at, and turn it round below

	direction := bun.Safe("ASC")
	if backwards {
		direction = "DESC"
	}

	var rows []chartRow

	err := s.db.read(ctx, "chart.page", func(ctx context.Context, db bun.IDB) (int, error) {
		rows = nil
		query := filtered(db.NewSelect().Model(&rows).Column(chartColumns...), q.Filter).
			OrderExpr("? ?, hash ?", column, direction, direction).
			Limit(int64(q.Limit) + 1)

		after, before := bun.Safe(">"), bun.Safe("<")
		if q.Order.Descending {
			after, before = before, after
		}

		bounded(query, column, after, q.After, q.Order.Key)
		bounded(query, column, before, q.Before, q.Order.Key)

		err := query.Scan(ctx)

		return len(rows), err
	})
	if err != nil {
		return chart.Page{}, err
	}

	page := chart.Page{More: len(rows) > q.Limit}
	if page.More {
		rows = rows[:q.Limit]
	}

	if q.FromEnd {
		slices.Reverse(rows)
	}

	page.Records = make([]chart.Record, len(rows))
	for i := range rows {
		page.Records[i] = rows[i].record()
	}

	return page, nil
}

// bounded adds a bound of the page, if there is one.
func bounded(query *bun.SelectQuery, column bun.Ident, operator bun.Safe, m *chart.Mark, key chart.OrderKey) {
	if m == nil {
		return
	}

	value := m.At.UnixMicro()
	if key == chart.ByInstant {
		value = m.At.Unix()
	}

	query.Where("(?, hash) ? (?, ?)", column, operator, value, string(m.Hash))
}

func filtered(query *bun.SelectQuery, f chart.Filter) *bun.SelectQuery {
	if f.BornFrom != nil {
		query.Where("instant_s >= ?", ceilSeconds(*f.BornFrom))
	}

	if f.BornBefore != nil {
		query.Where("instant_s < ?", ceilSeconds(*f.BornBefore))
	}

	if f.TimeKnown != nil {
		query.Where("time_known = ?", *f.TimeKnown)
	}

	return query
}

// Count implements chart.Store.
func (s *Charts) Count(ctx context.Context, f chart.Filter) (n int, err error) {
	err = s.db.read(ctx, "chart.count", func(ctx context.Context, q bun.IDB) (int, error) {
		err := filtered(q.NewSelect().Model((*chartRow)(nil)).ColumnExpr("count(*)"), f).Scan(ctx, &n)

		return 1, err
	})

	return n, err
}
