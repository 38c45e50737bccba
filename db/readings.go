package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"sidereal/fault"
	"sidereal/job"
	"sidereal/reading"
)

// Readings is the reading.Store in the database.
//
// Who asks for a reading, who withdraws and who ends its job lock the job's row before they touch anything else, so that they come one after the other: a reading that is
// asked for is not ended in the same instant. On SQLite all that write do anyway.
type Readings struct {
	db   *DB
	jobs *Jobs
	now  func() time.Time
}

var _ reading.Store = (*Readings)(nil)

// NewReadings returns the store of readings in d. Their jobs are kept by NewJobs' store of the same database.
func NewReadings(d *DB) *Readings { return &Readings{d, NewJobs(d), time.Now} }

// Ask implements reading.Store. PostgreSQL takes two statements for a reading that is there and six for a new one.
func (s *Readings) Ask(ctx context.Context, r reading.Reading, spec job.Spec, account string, reuse reading.Reuse) (stored reading.Reading, created bool, err error) {
	if r.ID != spec.ID {
		return reading.Reading{}, false, fault.New(fault.Internal, "the reading %s has the job %s", r.ID, spec.ID)
	}

	err = s.db.inTx(ctx, "reading.ask", func(ctx context.Context, tx bun.Tx) error {
		row, err := s.usable(ctx, tx, r.Key, reuse)
		if err == nil && row == nil && s.db.isPostgres() {
			row, err = s.usableInTurn(ctx, tx, r.Key, reuse)
		}

		if created = err == nil && row == nil; created {
			row, err = s.insert(ctx, tx, r, spec)
		}

		if err != nil {
			return err
		}

		if stored, err = row.reading(); err != nil {
			return err
		}

		follower := &followerRow{Account: account, ReadingID: row.ID, CreatedMicros: row.CreatedMicros, AskedMicros: s.now().UnixMicro()}
		_, err = tx.NewInsert().Model(follower).On("CONFLICT (account, reading_id) DO NOTHING").Returning("NULL").Exec(ctx)

		return err
	})
	if err != nil {
		return reading.Reading{}, false, err
	}

	return stored, created, nil
}

// usable returns the reading of a key that is under way, else the newest completed one that will do, else nil. One under way whose job has given up its key was
// abandoned, and is about to end.
//
// PostgreSQL locks the job's row, which waits for who is changing it, and then looks once more at what has become of it. The lock is shared: it keeps the job from ending
// until the transaction does, but those who ask do not wait for each other.
func (s *Readings) usable(ctx context.Context, tx bun.Tx, key string, reuse reading.Reuse) (*readingRow, error) {
	var rows []readingRow

	query := tx.NewSelect().Model(&rows).ColumnExpr(readingColumns).Join("JOIN job AS j ON j.id = r.id").Where("r.key = ?", key).
		WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			q.Where("j.status IN ('QUEUED', 'RUNNING') AND j.key <> ''")

			switch reuse {
			case reading.ReuseAny:
				q.WhereOr("j.status = 'COMPLETED'")
			case reading.ReuseWhole:
				q.WhereOr("j.status = 'COMPLETED' AND NOT coalesce(?, FALSE)", s.degraded())
			case reading.ReuseNone:
			}

			return q
		}).
		OrderExpr("j.status = 'COMPLETED', r.created_at_us DESC, r.id DESC").Limit(1)

	if s.db.isPostgres() {
		query.For("SHARE OF j")
	}

	if err := query.Scan(ctx); err != nil || len(rows) == 0 {
		return nil, err
	}

	return &rows[0], nil
}

// degraded is whether the result of a job j says that its reading is degraded.
func (s *Readings) degraded() bun.Safe {
	if s.db.isPostgres() {
		return "(j.result::json ->> 'degraded')::boolean"
	}

	return "j.result ->> 'degraded'"
}

// usableInTurn has those who may create a reading of a key take turns, each until its transaction ends, and looks once more: what another has kept meanwhile is there now.
func (s *Readings) usableInTurn(ctx context.Context, tx bun.Tx, key string, reuse reading.Reuse) (*readingRow, error) {
	if _, err := tx.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "reading "+key).Exec(ctx); err != nil {
		return nil, err
	}

	return s.usable(ctx, tx, key, reuse)
}

// insert keeps a reading and its job.
func (s *Readings) insert(ctx context.Context, tx bun.Tx, r reading.Reading, spec job.Spec) (*readingRow, error) {
	row, err := newReadingRow(r)
	if err != nil {
		return nil, err
	}

	j, created, err := s.jobs.enqueue(ctx, tx, spec)
	if err != nil {
		return nil, err
	}

	if !created {
		return nil, fault.New(fault.Internal, "the job %s, which is no reading of the key %s, has its job's kind and key", j.ID, r.Key)
	}

	_, err = tx.NewInsert().Model(row).Returning("NULL").Exec(ctx)

	return row.of(j), err
}

// Withdraw implements reading.Store. A job under way that nobody is left to follow gives up its key: who asks for the same from now on gets another, whether this one is
// ended next or not.
func (s *Readings) Withdraw(ctx context.Context, id, account string) (left int, err error) {
	err = s.db.inTx(ctx, "reading.withdraw", func(ctx context.Context, tx bun.Tx) error {
		if s.db.isPostgres() {
			if _, err := tx.NewSelect().Model((*jobRow)(nil)).Column("id").Where("id = ?", id).For("UPDATE").Exec(ctx); err != nil {
				return err
			}
		}

		n, err := affected(tx.NewDelete().Model((*followerRow)(nil)).Where("account = ?", account).Where("reading_id = ?", id).Exec(ctx))
		if err != nil {
			return err
		}

		if n == 0 {
			return reading.ErrUnknown
		}

		if err = tx.NewSelect().Model((*followerRow)(nil)).ColumnExpr("count(*)").Where("reading_id = ?", id).Scan(ctx, &left); err != nil || left > 0 {
			return err
		}

		_, err = tx.NewUpdate().Model((*jobRow)(nil)).Set("key = ''").Where("id = ?", id).Where("status IN ('QUEUED', 'RUNNING')").Exec(ctx)

		return err
	})
	if err != nil {
		return 0, err
	}

	return left, nil
}

// SaveSections implements reading.Store.
func (s *Readings) SaveSections(ctx context.Context, id string, from int, sections []reading.Section) error {
	if len(sections) == 0 {
		return nil
	}

	rows := make([]sectionRow, len(sections))

	for i := range sections {
		var err error
		if rows[i], err = newSectionRow(id, from+i, sections[i]); err != nil {
			return err
		}
	}

	return s.db.joinTx(ctx, "reading.save_sections", func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&rows).Returning("NULL").Exec(ctx)

		return err
	})
}

// Spend implements reading.Store.
func (s *Readings) Spend(ctx context.Context, account string, day time.Time, used reading.Usage) error {
	row := &usageRow{
		Account: account, Day: usageDay(day), PromptTokens: used.PromptTokens, CompletionTokens: used.CompletionTokens, CostMicros: used.CostMicros, Calls: used.Calls,
	}

	return s.db.joinTx(ctx, "reading.spend", func(ctx context.Context, tx bun.Tx) error {
		insert := tx.NewInsert().Model(row).On("CONFLICT (account, day) DO UPDATE").Returning("NULL")

		for _, column := range []bun.Ident{"prompt_tokens", "completion_tokens", "cost_micros", "calls"} {
			insert.Set("? = u.? + EXCLUDED.?", column, column, column)
		}

		_, err := insert.Exec(ctx)

		return err
	})
}

// usageDay is a day of UTC as it is stored.
func usageDay(t time.Time) string { return t.UTC().Format(time.DateOnly) }
