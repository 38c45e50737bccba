package db

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sidereal/account"
)

// CreateKey implements account.Store.
func (s *Accounts) CreateKey(ctx context.Context, k account.Key, hash string) error {
	return s.inTx(ctx, "account.create_key", func(ctx context.Context, tx bun.Tx) error {
		// It locks the owner, so that keys are counted one after the other.
		n, err := affected(tx.NewUpdate().Model((*accountRow)(nil)).Set("role = role").Where("id = ?", k.AccountID).Exec(ctx))
		if err != nil {
			return err
		}

		if n == 0 {
			return account.ErrUnknown
		}

		count, err := tx.NewSelect().Model((*keyRow)(nil)).Where("account_id = ?", k.AccountID).Where("id <> ?", k.ID).Count(ctx)
		if err != nil {
			return err
		}

		if count >= account.MaxKeys {
			return account.ErrTooMany
		}

		_, err = tx.NewInsert().Model(newKeyRow(k, hash)).On("CONFLICT (id) DO NOTHING").Exec(ctx)

		return err
	})
}

// KeyByHash implements account.Store.
func (s *Accounts) KeyByHash(ctx context.Context, hash string) (account.Key, account.Account, error) {
	var (
		keys   []keyRow
		owners []accountRow
	)

	err := s.db.read(ctx, "account.key_by_hash", func(ctx context.Context, q bun.IDB) (int, error) {
		keys, owners = nil, nil

		if err := q.NewSelect().Model(&keys).Column(keyColumns...).Where("hash = ?", hash).Scan(ctx); err != nil || len(keys) == 0 {
			return 0, err
		}

		err := q.NewSelect().Model(&owners).Column(accountColumns...).Where("id = ?", keys[0].AccountID).Scan(ctx)

		return len(owners), err
	})
	if err != nil {
		return account.Key{}, account.Account{}, err
	}

	if len(owners) == 0 {
		return account.Key{}, account.Account{}, account.ErrUnknown
	}

	return keys[0].key(), owners[0].account(), nil
}

// RevokeKey implements account.Store.
func (s *Accounts) RevokeKey(ctx context.Context, accountID, keyID string) (account.Key, error) {
	var rows []keyRow

	err := s.db.write(ctx, "account.revoke_key", func(ctx context.Context, q bun.IDB) (int, error) {
		rows = nil

		err := q.NewDelete().Model((*keyRow)(nil)).Where("id = ?", keyID).Where("account_id = ?", accountID).
			Returning(strings.Join(keyColumns, ", ")).Scan(ctx, &rows)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}

		return len(rows), err
	})
	if err != nil {
		return account.Key{}, err
	}

	if len(rows) == 0 {
		return account.Key{}, account.ErrUnknown
	}

	return rows[0].key(), nil
}

// UseKey implements account.Store.
func (s *Accounts) UseKey(ctx context.Context, keyID string, at time.Time) error {
	return s.db.write(ctx, "account.use_key", func(ctx context.Context, q bun.IDB) (int, error) {
		return affected(q.NewUpdate().Model((*keyRow)(nil)).Set("used_at_us = ?", at.UnixMicro()).Where("id = ?", keyID).
			Where("used_at_us IS NULL OR used_at_us < ?", at.UnixMicro()).Exec(ctx))
	})
}

// KeysOf implements account.Store.
func (s *Accounts) KeysOf(ctx context.Context, accountIDs []string) (map[string][]account.Key, error) {
	found := make(map[string][]account.Key, len(accountIDs))
	if len(accountIDs) == 0 {
		return found, nil
	}

	err := s.db.read(ctx, "account.keys_of", func(ctx context.Context, q bun.IDB) (int, error) {
		clear(found)

		var rows []keyRow

		err := q.NewSelect().Model(&rows).Column(keyColumns...).Where("account_id IN (?)", bun.List(accountIDs)).Order("id DESC").Scan(ctx)
		for i := range rows {
			found[rows[i].AccountID] = append(found[rows[i].AccountID], rows[i].key())
		}

		return len(rows), err
	})

	return found, err
}

// Tally implements account.Store.
func (s *Accounts) Tally(ctx context.Context, keys []string, change func([]account.Tally) bool) error {
	unchanged := false

	err := s.db.inTx(ctx, "account.tally", func(ctx context.Context, tx bun.Tx) error {
		rows, err := s.lockAttempts(ctx, tx, keys)
		if err != nil {
			return err
		}

		tallies := make([]account.Tally, len(keys))

		for i, key := range keys {
			tallies[i] = account.Tally{Key: key}

			if row := rows[key]; row.Count > 0 {
				tallies[i] = account.Tally{Key: key, Count: int(row.Count), LastAt: fromMicros(row.LastMicros), BlockedUntil: fromMicros(row.BlockedMicros)}
			}
		}

		if unchanged = !change(tallies); unchanged {
			return errUnchanged
		}

		return keepAttempts(ctx, tx, tallies)
	})
	if unchanged && !errors.Is(err, context.Canceled) {
		return nil
	}

	return err
}

// errUnchanged rolls back the empty rows of tallies that are not to be kept.
var errUnchanged = errors.New("unchanged")

// lockAttempts returns the rows with those keys, which are made where there are none, and locks them in the order of the keys.
func (s *Accounts) lockAttempts(ctx context.Context, tx bun.Tx, keys []string) (map[string]attemptRow, error) {
	empty := make([]attemptRow, len(keys))
	for i, key := range slices.Sorted(slices.Values(keys)) {
		empty[i] = attemptRow{Key: key}
	}

	if _, err := tx.NewInsert().Model(&empty).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return nil, err
	}

	var rows []attemptRow

	query := tx.NewSelect().Model(&rows).Column("key", "count", "last_at_us", "blocked_until_us").Where("key IN (?)", bun.List(keys)).Order("key")
	if s.db.isPostgres() {
		query.For("UPDATE")
	}

	if err := query.Scan(ctx); err != nil {
		return nil, err
	}

	found := make(map[string]attemptRow, len(rows))
	for _, row := range rows {
		found[row.Key] = row
	}

	return found, nil
}

func keepAttempts(ctx context.Context, tx bun.Tx, tallies []account.Tally) error {
	rows := make([]attemptRow, len(tallies))

	for i, t := range tallies {
		rows[i] = attemptRow{Key: t.Key}
		if t.Count > 0 {
			rows[i] = attemptRow{Key: t.Key, Count: int32(t.Count), LastMicros: t.LastAt.UnixMicro(), BlockedMicros: t.BlockedUntil.UnixMicro()}
		}
	}

	_, err := tx.NewInsert().Model(&rows).On("CONFLICT (key) DO UPDATE").
		Set("count = EXCLUDED.count").Set("last_at_us = EXCLUDED.last_at_us").Set("blocked_until_us = EXCLUDED.blocked_until_us").Exec(ctx)

	return err
}

// Sweep implements account.Store.
func (s *Accounts) Sweep(ctx context.Context, c account.Cutoffs) error {
	for _, sweep := range []struct {
		name   string
		model  any
		column bun.Ident
		before time.Time
	}{
		{"account.sweep_sessions", (*sessionRow)(nil), "expires_at_us", c.Now},
		{"account.sweep_tokens", (*refreshRow)(nil), "used_at_us", c.SpentBefore},
		{"account.sweep_attempts", (*attemptRow)(nil), "last_at_us", c.TalliesBefore},
	} {
		err := s.db.write(ctx, sweep.name, func(ctx context.Context, q bun.IDB) (int, error) {
			return affected(q.NewDelete().Model(sweep.model).Where("? < ?", sweep.column, sweep.before.UnixMicro()).Exec(ctx))
		})
		if err != nil {
			return err
		}
	}

	return nil
}
