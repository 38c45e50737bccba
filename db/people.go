package db

import (
	"context"

	"github.com/uptrace/bun"

	"sidereal/people"
)

// People is the people.Store in the database.
type People struct{ db *DB }

var _ people.Store = (*People)(nil)

// NewPeople returns the store of people in d.
func NewPeople(d *DB) *People { return &People{d} }

// personStateRow is the one row of the table person_state.
type personStateRow struct {
	bun.BaseModel `bun:"table:person_state"`

	ID       int    `bun:"id,pk"`
	Revision int64  `bun:"revision"`
	List     string `bun:"list"`
}

// personChunk is how many people one statement takes: SQLite has 32 766 parameters at most, and keys are compared in one list.
const personChunk = 500

// Save implements people.Store.
func (s *People) Save(ctx context.Context, batch people.Batch) (saved people.Saved, err error) {
	err = s.db.write(ctx, "people.save", func(ctx context.Context, q bun.IDB) (int, error) {
		saved = people.Saved{}

		err := q.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			// First of all, so that it locks the row: writers take turns, and none decides by what another is about to replace.
			if _, err := tx.NewUpdate().Model((*personStateRow)(nil)).Set("revision = revision").Where("id = 1").Exec(ctx); err != nil {
				return err
			}

			for from := 0; from < len(batch.People); from += personChunk {
				if err := savePeople(ctx, tx, batch.People[from:min(from+personChunk, len(batch.People))], &saved); err != nil {
					return err
				}
			}

			return noteState(ctx, tx, batch.List, saved.Created+saved.Changed > 0)
		})

		return saved.Created + saved.Changed, err
	})
	if err != nil {
		return people.Saved{}, err
	}

	return saved, nil
}

// savePeople stores those of a chunk that are new or supersede what is stored, and counts.
func savePeople(ctx context.Context, tx bun.Tx, chunk []people.Person, saved *people.Saved) error {
	keys := make([]people.Key, len(chunk))
	for i, p := range chunk {
		keys[i] = p.Key()
	}

	stored := make(map[people.Key]people.Person, len(chunk))
	if _, err := findPeople(ctx, tx, keys, stored); err != nil {
		return err
	}

	var rows []personRow

	for i, p := range chunk {
		earlier, known := stored[keys[i]]

		switch {
		case !known:
			saved.Created++
		case p.Supersedes(earlier):
			saved.Changed++
		default:
			saved.Unchanged++

			continue
		}

		rows = append(rows, newPersonRow(p))
	}

	if len(rows) == 0 {
		return nil
	}

	insert := tx.NewInsert().Model(&rows).On("CONFLICT (key) DO UPDATE")
	for _, column := range personColumns[1:] {
		insert.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}

	_, err := insert.Exec(ctx)

	return err
}

func noteState(ctx context.Context, tx bun.Tx, list string, changed bool) error {
	if list == "" && !changed {
		return nil
	}

	update := tx.NewUpdate().Model((*personStateRow)(nil)).Where("id = 1")

	if changed {
		update.Set("revision = revision + 1")
	}

	if list != "" {
		update.Set("list = ?", list)
	}

	_, err := update.Exec(ctx)

	return err
}

// findPeople puts the people with those keys into found.
func findPeople(ctx context.Context, q bun.IDB, keys []people.Key, found map[people.Key]people.Person) (int, error) {
	var rows []personRow

	if err := q.NewSelect().Model(&rows).Column(personColumns...).Where("key IN (?)", bun.List(keys)).Scan(ctx); err != nil {
		return 0, err
	}

	for i := range rows {
		p, err := rows[i].person()
		if err != nil {
			return 0, err
		}

		found[people.Key(rows[i].Key)] = p
	}

	return len(rows), nil
}

// ByKeys implements people.Store.
func (s *People) ByKeys(ctx context.Context, keys []people.Key) (map[people.Key]people.Person, error) {
	found := make(map[people.Key]people.Person, len(keys))
	if len(keys) == 0 {
		return found, nil
	}

	err := s.db.read(ctx, "people.by_keys", func(ctx context.Context, q bun.IDB) (int, error) { return findPeople(ctx, q, keys, found) })

	return found, err
}

// Page implements people.Store.
func (s *People) Page(ctx context.Context, q people.Query) (page people.Page, err error) {
	err = s.db.read(ctx, "people.page", func(ctx context.Context, db bun.IDB) (int, error) {
		var rows []personRow

		query := db.NewSelect().Model(&rows).Column(personColumns...).OrderExpr("folded, key").Limit(int64(q.Limit) + 1)

		for _, word := range q.Words { // folded words hold letters and digits only, so none of LIKE's own characters
			query.Where("' ' || folded LIKE ?", "% "+word+"%")
		}

		if q.After != nil {
			query.Where("(folded, key) > (?, ?)", q.After.Name, string(q.After.Key))
		}

		if err := query.Scan(ctx); err != nil {
			return 0, err
		}

		page = people.Page{More: len(rows) > q.Limit, People: make([]people.Person, min(len(rows), q.Limit))}

		for i := range page.People {
			var err error
			if page.People[i], err = rows[i].person(); err != nil {
				return 0, err
			}
		}

		return len(rows), nil
	})

	return page, err
}

// State implements people.Store.
func (s *People) State(ctx context.Context) (state people.State, err error) {
	err = s.db.read(ctx, "people.state", func(ctx context.Context, q bun.IDB) (int, error) {
		var row personStateRow

		err := q.NewSelect().Model(&row).Column("revision", "list").Where("id = 1").Scan(ctx)
		state = people.State{Revision: row.Revision, List: row.List}

		return 1, err
	})

	return state, err
}
