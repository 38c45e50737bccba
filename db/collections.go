package db

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sidereal/account/collection"
	"sidereal/chart"
)

// Collections is the collection.Store in the database. Every statement names the owner.
type Collections struct{ db *DB }

var _ collection.Store = (*Collections)(nil)

// NewCollections returns the store of collections in d.
func NewCollections(d *DB) *Collections { return &Collections{d} }

// savedRow is a row of the table saved_chart.
type savedRow struct {
	bun.BaseModel `bun:"table:saved_chart"`

	ID          string `bun:"id,pk"`
	Owner       string `bun:"owner"`
	ChartHash   string `bun:"chart_hash"`
	Label       string `bun:"label"`
	Note        string `bun:"note"`
	SavedMicros int64  `bun:"saved_at_us"`
}

// savedColumns are the columns of a savedRow.
const savedColumns = "id, owner, chart_hash, label, note, saved_at_us"

func newSavedRow(s collection.Saved) *savedRow {
	return &savedRow{
		ID: string(s.ID), Owner: s.Owner, ChartHash: string(s.Chart), Label: s.Label, Note: s.Note, SavedMicros: s.SavedAt.UnixMicro(),
	}
}

func (r *savedRow) saved() collection.Saved {
	return collection.Saved{
		ID: collection.ID(r.ID), Owner: r.Owner, Chart: chart.Hash(r.ChartHash), Label: r.Label, Note: r.Note,
		SavedAt: time.UnixMicro(r.SavedMicros).UTC(),
	}
}

// Save implements collection.Store.
func (s *Collections) Save(ctx context.Context, saved collection.Saved, keepNote bool, most int) (stored collection.Saved, created bool, err error) {
	full := false

	err = s.db.write(ctx, "collection.save", func(ctx context.Context, q bun.IDB) (int, error) {
		var row *savedRow

		err := q.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
			if full, err = s.isFull(ctx, tx, saved, most); full || err != nil {
				return err
			}

			row, err = saveRow(ctx, tx, newSavedRow(saved), keepNote)

			return err
		})
		if err != nil || full {
			return 0, err
		}

		stored, created = row.saved(), row.ID == string(saved.ID)

		return 1, nil
	})

	switch {
	case err != nil:
		return collection.Saved{}, false, err
	case full:
		return collection.Saved{}, false, collection.ErrFull
	}

	return stored, created, nil
}

// isFull says whether a chart would be one too many for its owner. The owner's writers take turns from here to the end of the transaction: on SQLite all
// writers do anyway.
func (s *Collections) isFull(ctx context.Context, tx bun.Tx, saved collection.Saved, most int) (bool, error) {
	if s.db.isPostgres() {
		if _, err := tx.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "saved_chart "+saved.Owner).Exec(ctx); err != nil {
			return false, err
		}
	}

	var others int

	err := tx.NewSelect().Model((*savedRow)(nil)).ColumnExpr("count(*)").
		Where("owner = ?", saved.Owner).Where("chart_hash <> ?", string(saved.Chart)).Scan(ctx, &others)

	return others >= most, err
}

// saveRow inserts a row, or changes that of the same owner and chart, and returns what is stored.
func saveRow(ctx context.Context, tx bun.Tx, row *savedRow, keepNote bool) (*savedRow, error) {
	insert := tx.NewInsert().Model(row).On("CONFLICT (owner, chart_hash) DO UPDATE").Set("label = EXCLUDED.label").Returning(savedColumns)
	if !keepNote {
		insert.Set("note = EXCLUDED.note")
	}

	stored := new(savedRow)

	return stored, insert.Scan(ctx, stored)
}

// Update implements collection.Store.
func (s *Collections) Update(
	ctx context.Context, owner string, id collection.ID, change collection.Change,
) (stored collection.Saved, found bool, err error) {
	err = s.db.write(ctx, "collection.update", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []savedRow

		update := q.NewUpdate().Model((*savedRow)(nil)).Set("label = coalesce(?, label)", change.Label).Set("note = coalesce(?, note)", change.Note).
			Where("owner = ?", owner).Where("id = ?", string(id)).Returning(savedColumns)
		if err := update.Scan(ctx, &rows); err != nil {
			return 0, err
		}

		if found = len(rows) == 1; found {
			stored = rows[0].saved()
		}

		return len(rows), nil
	})

	return stored, found, err
}

// Delete implements collection.Store.
func (s *Collections) Delete(ctx context.Context, owner string, id collection.ID) (found bool, err error) {
	err = s.db.write(ctx, "collection.delete", func(ctx context.Context, q bun.IDB) (int, error) {
		result, err := q.NewDelete().Model((*savedRow)(nil)).Where("owner = ?", owner).Where("id = ?", string(id)).Exec(ctx)
		if err != nil {
			return 0, err
		}

		n, err := result.RowsAffected()
		found = n == 1

		return int(n), err
	})

	return found, err
}

// ByIDs implements collection.Store.
func (s *Collections) ByIDs(ctx context.Context, owner string, ids []collection.ID) (map[collection.ID]collection.Saved, error) {
	found := make(map[collection.ID]collection.Saved, len(ids))
	if len(ids) == 0 {
		return found, nil
	}

	err := s.db.read(ctx, "collection.by_ids", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []savedRow

		err := q.NewSelect().Model(&rows).ColumnExpr(savedColumns).Where("owner = ?", owner).Where("id IN (?)", bun.List(ids)).Scan(ctx)
		for i := range rows {
			found[collection.ID(rows[i].ID)] = rows[i].saved()
		}

		return len(rows), err
	})

	return found, err
}

// Page implements collection.Store.
func (s *Collections) Page(ctx context.Context, q collection.Query) (collection.Page, error) {
	direction := bun.Safe("DESC") // newest first; from the end, the rows are read the other way and turned round below
	if q.FromEnd {
		direction = "ASC"
	}

	var rows []savedRow

	err := s.db.read(ctx, "collection.page", func(ctx context.Context, db bun.IDB) (int, error) {
		rows = nil
		query := db.NewSelect().Model(&rows).ColumnExpr(savedColumns).Where("owner = ?", q.Owner).
			OrderExpr("saved_at_us ?, id ?", direction, direction).Limit(int64(q.Limit) + 1)

		if q.After != nil {
			query.Where("(saved_at_us, id) < (?, ?)", q.After.At.UnixMicro(), string(q.After.ID))
		}

		if q.Before != nil {
			query.Where("(saved_at_us, id) > (?, ?)", q.Before.At.UnixMicro(), string(q.Before.ID))
		}

		err := query.Scan(ctx)

		return len(rows), err
	})
	if err != nil {
		return collection.Page{}, err
	}

	page := collection.Page{More: len(rows) > q.Limit}
	rows = rows[:min(len(rows), q.Limit)]

	if q.FromEnd {
		slices.Reverse(rows)
	}

	page.Saved = make([]collection.Saved, len(rows))
	for i := range rows {
		page.Saved[i] = rows[i].saved()
	}

	return page, nil
}

// Count implements collection.Store.
func (s *Collections) Count(ctx context.Context, owner string) (n int, err error) {
	err = s.db.read(ctx, "collection.count", func(ctx context.Context, q bun.IDB) (int, error) {
		err := q.NewSelect().Model((*savedRow)(nil)).ColumnExpr("count(*)").Where("owner = ?", owner).Scan(ctx, &n)

		return 1, err
	})

	return n, err
}
