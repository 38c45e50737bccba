package db

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sidereal/reading"
)

// ByIDs implements reading.Store.
func (s *Readings) ByIDs(ctx context.Context, ids []string) (map[string]reading.Reading, error) {
	found := make(map[string]reading.Reading, len(ids))
	if len(ids) == 0 {
		return found, nil
	}

	err := s.db.read(ctx, "reading.by_ids", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []readingRow

		err := q.NewSelect().Model(&rows).ColumnExpr(readingColumns).Join("JOIN job AS j ON j.id = r.id").Where("r.id IN (?)", bun.List(ids)).Scan(ctx)
		if err != nil {
			return 0, err
		}

		for i := range rows {
			if found[rows[i].ID], err = rows[i].reading(); err != nil {
				return 0, err
			}
		}

		return len(rows), nil
	})
	if err != nil {
		return nil, err
	}

	return found, nil
}

// Sections implements reading.Store.
func (s *Readings) Sections(ctx context.Context, ids []string) (found map[string][]reading.Section, err error) {
	if len(ids) == 0 {
		return make(map[string][]reading.Section), nil
	}

	err = s.db.read(ctx, "reading.sections", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []sectionRow

		found = make(map[string][]reading.Section, len(ids))

		err := q.NewSelect().Model(&rows).Column("reading_id", "number", "section").Where("reading_id IN (?)", bun.List(ids)).Order("reading_id", "number").Scan(ctx)
		if err != nil {
			return 0, err
		}

		for i := range rows {
			section, err := rows[i].section()
			if err != nil {
				return 0, err
			}

			found[rows[i].ReadingID] = append(found[rows[i].ReadingID], section)
		}

		return len(rows), nil
	})
	if err != nil {
		return nil, err
	}

	return found, nil
}

// Page implements reading.Store.
func (s *Readings) Page(ctx context.Context, q reading.Query) (page reading.Page, err error) {
	err = s.db.read(ctx, "reading.page", func(ctx context.Context, db bun.IDB) (int, error) {
		var rows []readingRow
		if err := pageOfReadings(db.NewSelect().Model(&rows), q).Scan(ctx); err != nil {
			return 0, err
		}

		page = reading.Page{More: len(rows) > q.First}
		rows = rows[:min(len(rows), q.First)]

		if q.Backward {
			slices.Reverse(rows)
		}

		page.Readings = make([]reading.Reading, len(rows))

		for i := range rows {
			var err error
			if page.Readings[i], err = rows[i].reading(); err != nil {
				return 0, err
			}
		}

		return len(rows), nil
	})
	if err != nil {
		return reading.Page{}, err
	}

	return page, nil
}

// pageOfReadings is the statement of a page, and one row more. The order is that of the index which belongs to the query.
func pageOfReadings(query *bun.SelectQuery, q reading.Query) *bun.SelectQuery {
	at, id := bun.Safe("r.created_at_us"), bun.Safe("r.id")
	if q.Follower != nil {
		at, id = "f.created_at_us", "f.reading_id"
	}

	direction := bun.Safe("DESC") // newest first; backward, the rows are read the other way, and turned round when they are there
	if q.Backward {
		direction = "ASC"
	}

	query = selectedReadings(query.ColumnExpr(readingColumns).Join("JOIN job AS j ON j.id = r.id"), q).
		OrderExpr("? ?, ? ?", at, direction, id, direction).Limit(int64(q.First) + 1)

	if q.After != nil {
		query.Where("(?, ?) < (?, ?)", at, id, q.After.At.UnixMicro(), q.After.ID)
	}

	if q.Before != nil {
		query.Where("(?, ?) > (?, ?)", at, id, q.Before.At.UnixMicro(), q.Before.ID)
	}

	return query
}

// selectedReadings adds what a query selects by. A query that names statuses has the job j joined.
func selectedReadings(query *bun.SelectQuery, q reading.Query) *bun.SelectQuery {
	if q.Follower != nil {
		query.Join("JOIN reading_follower AS f ON f.reading_id = r.id").Where("f.account = ?", *q.Follower)
	}

	if q.Chart != "" {
		query.Where("r.chart_hash = ?", string(q.Chart))
	}

	if len(q.Statuses) > 0 {
		words := make([]string, len(q.Statuses))
		for i, status := range q.Statuses {
			words[i] = string(readingStatuses[status])
		}

		query.Where("j.status IN (?)", bun.List(words))
	}

	return query
}

// Count implements reading.Store.
func (s *Readings) Count(ctx context.Context, q reading.Query) (n int, err error) {
	err = s.db.read(ctx, "reading.count", func(ctx context.Context, db bun.IDB) (int, error) {
		query := db.NewSelect().Model((*readingRow)(nil)).ColumnExpr("count(*)")
		if len(q.Statuses) > 0 {
			query.Join("JOIN job AS j ON j.id = r.id")
		}

		return 1, selectedReadings(query, q).Scan(ctx, &n)
	})

	return n, err
}

// Spent implements reading.Store.
func (s *Readings) Spent(ctx context.Context, account string, day time.Time) (used reading.Usage, err error) {
	err = s.db.read(ctx, "reading.spent", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []usageRow

		used = reading.Usage{}
		err := q.NewSelect().Model(&rows).Column("prompt_tokens", "completion_tokens", "cost_micros", "calls").
			Where("account = ?", account).Where("day = ?", usageDay(day)).Scan(ctx)

		for _, r := range rows {
			used = reading.Usage{PromptTokens: r.PromptTokens, CompletionTokens: r.CompletionTokens, CostMicros: r.CostMicros, Calls: r.Calls}
		}

		return len(rows), err
	})

	return used, err
}
