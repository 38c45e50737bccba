package db

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"sidereal/event"
	"sidereal/job"
)

// Claim implements job.Leases. Jobs whose commit nobody knows of, because the connection died under it, wait for their lease to lapse.
func (s *Jobs) Claim(ctx context.Context, r job.Request) (jobs []job.Job, err error) {
	err = s.db.inTx(ctx, "job.claim", func(ctx context.Context, tx bun.Tx) error {
		jobs = nil

		lapsed := tx.NewSelect().Where("status = 'RUNNING'").Where("lease_until_us <= ?", clock(tx, s.now)).Order("lease_until_us")
		queued := tx.NewSelect().Where("status = 'QUEUED'").Where("run_after_us <= ?", clock(tx, s.now)).Order("turn", "id")

		for _, of := range []*bun.SelectQuery{lapsed, queued} {
			if len(jobs) == r.Limit {
				break
			}

			rows, err := s.claim(ctx, tx, of, r, r.Limit-len(jobs))
			if err != nil {
				return err
			}

			for i := range rows {
				jobs = append(jobs, rows[i].job())
			}
		}

		return nil
	})
	if err != nil {
		return nil, err
	}

	return jobs, nil
}

// claim takes the first of some jobs. Those that another worker is just taking are passed over, where the database has more than one writer.
func (s *Jobs) claim(ctx context.Context, tx bun.Tx, of *bun.SelectQuery, r job.Request, limit int) (rows []jobRow, err error) {
	of = of.Model((*jobRow)(nil)).Column("id").Where("kind = ?", r.Kind).Limit(int64(limit))
	if s.db.isPostgres() {
		of = of.For("UPDATE SKIP LOCKED")
	}

	now := clock(tx, s.now)

	// A common table expression is computed once; PostgreSQL may compute a subquery again for each row, and so take more than the limit.
	err = tx.NewUpdate().With("picked", of).Model((*jobRow)(nil)).
		Set("status = ?", job.Running).Set("claim = claim + 1").Set("attempt = attempt + 1").Set("worker = ?", r.Worker).
		Set("lease_until_us = ? + ?", now, r.Length.Microseconds()).Set("started_at_us = coalesce(started_at_us, ?)", now).
		Where("id IN (SELECT id FROM picked)").Returning(jobColumns).Scan(ctx, &rows)

	slices.SortFunc(rows, func(a, b jobRow) int { return cmp.Or(cmp.Compare(a.Turn, b.Turn), cmp.Compare(a.ID, b.ID)) })

	return rows, err
}

// Beat implements job.Leases.
func (s *Jobs) Beat(ctx context.Context, worker string, jobs []string, length time.Duration) (held []job.Lease, err error) {
	if len(jobs) == 0 {
		return nil, nil
	}

	err = s.db.write(ctx, "job.beat", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []jobRow

		err := q.NewUpdate().Model((*jobRow)(nil)).Set("lease_until_us = ? + ?", clock(q, s.now), length.Microseconds()).
			Where("id IN (?)", bun.List(jobs)).Where("worker = ?", worker).Where("status = 'RUNNING'").Returning("id, claim").Scan(ctx, &rows)

		held = make([]job.Lease, len(rows))
		for i, r := range rows {
			held[i] = job.Lease{JobID: r.ID, Claim: r.Claim}
		}

		return len(rows), err
	})
	if err != nil {
		return nil, err
	}

	return held, nil
}

// Write implements job.Leases.
func (s *Jobs) Write(ctx context.Context, lease job.Lease, change job.Change, events ...event.Event) error {
	return s.db.inTx(ctx, "job.write", func(ctx context.Context, tx bun.Tx) error { return s.writeJob(ctx, tx, lease, change, events...) })
}

// writeJob writes a change under a lease within the transaction of what a worker has made. It belongs in front of the other statements: it locks the job, so that nothing
// is written for a worker that has lost it.
func (s *Jobs) writeJob(ctx context.Context, tx bun.IDB, lease job.Lease, change job.Change, events ...event.Event) error {
	now := clock(tx, s.now)
	update := tx.NewUpdate().Model((*jobRow)(nil)).Set("status = ?", change.Status).
		Where("id = ?", lease.JobID).Where("claim = ?", lease.Claim).Where("status = 'RUNNING'")

	if change.Progress != nil {
		update.Set("progress = ?", string(change.Progress))
	}

	if change.Uncount {
		update.Set("attempt = attempt - 1")
	}

	switch change.Status {
	case job.Running:
	case job.Queued:
		update.Set("lease_until_us = NULL").Set("worker = ''").Set("reason = ?", change.Reason).Set("run_after_us = ? + ?", now, change.Delay.Microseconds())

		wakeWorkers(ctx)
	case job.Completed, job.Failed, job.Cancelled:
		update.Set("lease_until_us = NULL").Set("reason = ?", change.Reason).Set("ended_at_us = ?", now)

		if change.Result != nil {
			update.Set("result = ?", string(change.Result))
		}
	}

	n, err := affected(update.Exec(ctx))
	if err != nil {
		return err
	}

	if n == 0 {
		return job.ErrLost
	}

	if change.Also != nil {
		if err = change.Also(ctx); err != nil {
			return err
		}
	}

	return appendEvents(ctx, tx, events...)
}
