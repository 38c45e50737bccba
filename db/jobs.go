package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	bunschema "github.com/uptrace/bun/schema"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/job"
)

// Jobs is the job.Store in the database.
type Jobs struct {
	db  *DB
	now func() time.Time // SQLite's clock
}

var _ job.Store = (*Jobs)(nil)

// NewJobs returns the store of jobs in d.
func NewJobs(d *DB) *Jobs { return &Jobs{d, time.Now} }

// Queued is told when inTx has committed that a job can be claimed; one hint may stand for many.
func (s *Jobs) Queued() <-chan struct{} { return s.db.queued }

// clock is the database's time in microseconds, the same within a statement. PostgreSQL's own, so that a node whose clock is wrong takes no job from another; the
// processes that share a file of SQLite have one clock.
func clock(q bun.IDB, now func() time.Time) bunschema.QueryWithArgs {
	if q.Dialect().Name() == dialect.PG {
		return bun.SafeQuery("(extract(epoch FROM statement_timestamp()) * 1000000)::bigint")
	}

	return bun.SafeQuery("?", now().UnixMicro())
}

// Enqueue implements job.Queue.
func (s *Jobs) Enqueue(ctx context.Context, spec job.Spec, events ...event.Event) (j job.Job, created bool, err error) {
	err = s.db.inTx(ctx, "job.enqueue", func(ctx context.Context, tx bun.Tx) error {
		j, created, err = s.enqueue(ctx, tx, spec)
		if err != nil || !created {
			return err
		}

		return appendEvents(ctx, tx, events...)
	})

	return j, created, err
}

// enqueueAttempts is how often a job is looked for that kept another one out, and has ended when it is looked for.
const enqueueAttempts = 10

// enqueue keeps a job within the transaction of what it belongs to, or returns the one of its kind and key that is under way.
func (s *Jobs) enqueue(ctx context.Context, tx bun.IDB, spec job.Spec) (j job.Job, created bool, err error) {
	for range enqueueAttempts {
		var rows []jobRow

		if err = s.insertJob(tx, spec).Scan(ctx, &rows); err != nil {
			return job.Job{}, false, err
		}

		if created = len(rows) > 0; created {
			wakeWorkers(ctx)

			return rows[0].job(), true, nil
		}

		err = tx.NewSelect().Model(&rows).ColumnExpr(jobColumns).Where("kind = ?", spec.Kind).Where("key = ?", spec.Key).Where("key <> ''").
			Where("status IN ('QUEUED', 'RUNNING')").Scan(ctx)
		if err != nil {
			return job.Job{}, false, err
		}

		if len(rows) > 0 {
			return rows[0].job(), false, nil
		}
	}

	return job.Job{}, false, fault.New(fault.Conflict, "jobs of this kind and key end too fast")
}

// insertJob is the statement that keeps a job unless one of its kind and key is under way.
//
// The turn makes the queue fair: it is one behind the owner's last job under way, but not before the one that is next in the queue. So owners take turns, each with
// his oldest job, and who comes late is not behind all that others have waiting, nor makes up for the time when he wanted nothing.
func (s *Jobs) insertJob(tx bun.IDB, spec job.Spec) *bun.InsertQuery {
	now := clock(tx, s.now)

	greatest := bun.Safe("max") // of two values
	if tx.Dialect().Name() == dialect.PG {
		greatest = "greatest"
	}

	row := newJobRow(spec)

	return tx.NewInsert().Model(row).
		Value("turn", `?(
			coalesce((SELECT turn + 1 FROM job WHERE kind = ? AND owner = ? AND status IN ('QUEUED', 'RUNNING') ORDER BY turn DESC LIMIT 1), 0),
			coalesce(
				(SELECT turn FROM job WHERE kind = ? AND status = 'QUEUED' AND run_after_us <= ? ORDER BY turn, id LIMIT 1),
				(SELECT max(turn) FROM job WHERE kind = ? AND status = 'RUNNING'), 0))`,
			greatest, row.Kind, row.Owner, row.Kind, now, row.Kind).
		Value("run_after_us", "? + ?", now, spec.Delay.Microseconds()).
		Value("created_at_us", "?", now).
		On("CONFLICT (kind, key) WHERE key <> '' AND status IN ('QUEUED', 'RUNNING') DO NOTHING").
		Returning(jobColumns)
}

// wakeWorkers has the transaction tell workers, when it is committed, that there is something to claim.
func wakeWorkers(ctx context.Context) {
	if state, ok := ctx.Value(txKey{}).(*txState); ok {
		state.queued = true
	}
}

// Find implements job.Queue.
func (s *Jobs) Find(ctx context.Context, id string) (job.Job, error) {
	var rows []jobRow

	err := s.db.read(ctx, "job.find", func(ctx context.Context, q bun.IDB) (int, error) {
		rows = nil
		err := q.NewSelect().Model(&rows).ColumnExpr(jobColumns).Where("id = ?", id).Scan(ctx)

		return len(rows), err
	})
	if err != nil {
		return job.Job{}, err
	}

	if len(rows) == 0 {
		return job.Job{}, job.ErrUnknown
	}

	return rows[0].job(), nil
}

// Cancel implements job.Queue.
func (s *Jobs) Cancel(ctx context.Context, id string, events ...event.Event) (j job.Job, cancelled bool, err error) {
	err = s.db.inTx(ctx, "job.cancel", func(ctx context.Context, tx bun.Tx) error {
		var rows []jobRow

		err := tx.NewUpdate().Model((*jobRow)(nil)).Set("status = ?", job.Cancelled).Set("lease_until_us = NULL").Set("reason = ''").
			Set("ended_at_us = ?", clock(tx, s.now)).
			Where("id = ?", id).Where("status IN ('QUEUED', 'RUNNING')").Returning(jobColumns).Scan(ctx, &rows)
		if err != nil {
			return err
		}

		if cancelled = len(rows) > 0; cancelled {
			j = rows[0].job()

			return appendEvents(ctx, tx, events...)
		}

		if err = tx.NewSelect().Model(&rows).ColumnExpr(jobColumns).Where("id = ?", id).Scan(ctx); err != nil {
			return err
		}

		if len(rows) == 0 {
			return job.ErrUnknown
		}

		j = rows[0].job()

		return nil
	})

	return j, cancelled, err
}
