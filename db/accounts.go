package db

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"sidereal/account"
	"sidereal/event"
)

// Accounts is the account.Store in the database.
type Accounts struct{ db *DB }

var _ account.Store = (*Accounts)(nil)

// NewAccounts returns the store of accounts in d.
func NewAccounts(d *DB) *Accounts { return &Accounts{d} }

// affected returns how many rows a statement changed.
func affected(result sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}

	n, err := result.RowsAffected()

	return int(n), err
}

// exists tells whether a table has a row with that id.
func exists(ctx context.Context, tx bun.Tx, model any, id string) (bool, error) {
	return tx.NewSelect().Model(model).Where("id = ?", id).Exists(ctx)
}

// Create implements account.Store.
func (s *Accounts) Create(ctx context.Context, a account.Credentials, first *account.Opening, events ...event.Event) error {
	return s.inTx(ctx, "account.create", func(ctx context.Context, tx bun.Tx) error {
		n, err := affected(tx.NewInsert().Model(newAccountRow(a)).On("CONFLICT DO NOTHING").Exec(ctx))
		if err != nil {
			return err
		}

		if n == 0 {
			return unlessRepeated(ctx, tx, (*accountRow)(nil), a.ID, account.ErrTaken)
		}

		if first != nil {
			if err = insertSession(ctx, tx, *first); err != nil {
				return err
			}
		}

		return appendEvents(ctx, tx, events...)
	})
}

// unlessRepeated returns err, or nil when the table has the row with that id: then an earlier try of the same transaction was kept, and only its answer was lost.
func unlessRepeated(ctx context.Context, tx bun.Tx, model any, id string, err error) error {
	done, failed := exists(ctx, tx, model, id)
	if failed != nil || done {
		return failed
	}

	return err
}

// inTx runs a transaction that answers with one of the room's own errors, which are no failures of the database.
func (s *Accounts) inTx(ctx context.Context, name string, action func(context.Context, bun.Tx) error) error {
	var answer error

	err := s.db.inTx(ctx, name, func(ctx context.Context, tx bun.Tx) error {
		answer = nil

		err := action(ctx, tx)
		if errors.Is(err, account.ErrUnknown) || errors.Is(err, account.ErrTaken) || errors.Is(err, account.ErrChanged) ||
			errors.Is(err, account.ErrLastAdmin) || errors.Is(err, account.ErrTooMany) {
			answer = err // they come before anything is changed, so there is nothing to roll back

			return nil
		}

		return err
	})
	if err != nil {
		return err
	}

	return answer
}

// Credentials implements account.Store.
func (s *Accounts) Credentials(ctx context.Context, emailOrID string) (account.Credentials, error) {
	column := bun.Ident("id")
	if strings.Contains(emailOrID, "@") {
		column = "email"
	}

	var rows []accountRow

	err := s.db.read(ctx, "account.credentials", func(ctx context.Context, q bun.IDB) (int, error) {
		rows = nil
		err := q.NewSelect().Model(&rows).Column(accountColumns...).Column("password_hash").Where("? = ?", column, emailOrID).Scan(ctx)

		return len(rows), err
	})
	if err != nil {
		return account.Credentials{}, err
	}

	if len(rows) == 0 {
		return account.Credentials{}, account.ErrUnknown
	}

	return account.Credentials{Account: rows[0].account(), PasswordHash: rows[0].PasswordHash}, nil
}

// ReplacePassword implements account.Store.
func (s *Accounts) ReplacePassword(ctx context.Context, accountID, former, hash, keepSession string) error {
	return s.inTx(ctx, "account.replace_password", func(ctx context.Context, tx bun.Tx) error {
		n, err := affected(tx.NewUpdate().Model((*accountRow)(nil)).Set("password_hash = ?", hash).
			Where("id = ?", accountID).Where("password_hash IN (?)", bun.List([]string{former, hash})).Exec(ctx))
		if err != nil {
			return err
		}

		if n == 0 {
			return account.ErrChanged
		}

		_, err = tx.NewDelete().Model((*sessionRow)(nil)).Where("account_id = ?", accountID).Where("id <> ?", keepSession).Exec(ctx)

		return err
	})
}

// SetRole implements account.Store.
func (s *Accounts) SetRole(ctx context.Context, accountID string, role account.Role) (changed account.Account, err error) {
	err = s.inTx(ctx, "account.set_role", func(ctx context.Context, tx bun.Tx) error {
		var admins []string

		query := tx.NewSelect().Model((*accountRow)(nil)).Column("id").Where("role = ?", string(account.Admin)).Order("id")
		if s.db.isPostgres() {
			query.For("UPDATE") // so that of two administrators who depose each other one stays
		}

		if err := query.Scan(ctx, &admins); err != nil {
			return err
		}

		if role != account.Admin && slices.Equal(admins, []string{accountID}) {
			return account.ErrLastAdmin
		}

		var rows []accountRow

		err := tx.NewUpdate().Model((*accountRow)(nil)).Set("role = ?", string(role)).Where("id = ?", accountID).
			Returning("id, email, name, role, created_at_us").Scan(ctx, &rows)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}

		if len(rows) == 0 {
			return account.ErrUnknown
		}

		changed = rows[0].account()

		return nil
	})

	return changed, err
}

// AccountsByIDs implements account.Store.
func (s *Accounts) AccountsByIDs(ctx context.Context, ids []string) (map[string]account.Account, error) {
	found := make(map[string]account.Account, len(ids))
	if len(ids) == 0 {
		return found, nil
	}

	err := s.db.read(ctx, "account.by_ids", func(ctx context.Context, q bun.IDB) (int, error) {
		var rows []accountRow

		err := q.NewSelect().Model(&rows).Column(accountColumns...).Where("id IN (?)", bun.List(ids)).Scan(ctx)
		for i := range rows {
			found[rows[i].ID] = rows[i].account()
		}

		return len(rows), err
	})

	return found, err
}

// AccountPage implements account.Store.
func (s *Accounts) AccountPage(ctx context.Context, q account.Query) (page account.Page, err error) {
	err = s.db.read(ctx, "account.page", func(ctx context.Context, db bun.IDB) (int, error) {
		var rows []accountRow

		query := db.NewSelect().Model(&rows).Column(accountColumns...).Order("id DESC").Limit(int64(q.Limit) + 1)

		if q.Search != "" {
			query.Where(`email LIKE ? ESCAPE '!'`, "%"+strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(q.Search)+"%")
		}

		if q.After != "" {
			query.Where("id < ?", q.After)
		}

		if err := query.Scan(ctx); err != nil {
			return 0, err
		}

		page = account.Page{More: len(rows) > q.Limit, Accounts: make([]account.Account, min(len(rows), q.Limit))}
		for i := range page.Accounts {
			page.Accounts[i] = rows[i].account()
		}

		return len(rows), nil
	})

	return page, err
}
