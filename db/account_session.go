package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"sidereal/account"
	"sidereal/event"
)

func insertSession(ctx context.Context, tx bun.Tx, o account.Opening) error {
	if _, err := tx.NewInsert().Model(newSessionRow(o.Session)).Exec(ctx); err != nil {
		return err
	}

	_, err := tx.NewInsert().Model(&refreshRow{Hash: o.TokenHash, SessionID: o.ID}).Exec(ctx)

	return err
}

// Open implements account.Store.
func (s *Accounts) Open(ctx context.Context, o account.Opening, verified, rehash string, events ...event.Event) error {
	if rehash == "" {
		rehash = verified
	}

	return s.inTx(ctx, "account.open_session", func(ctx context.Context, tx bun.Tx) error {
		// It also locks the row, so that a password that is being changed is changed before or after, and the change ends this session.
		n, err := affected(tx.NewUpdate().Model((*accountRow)(nil)).Set("password_hash = ?", rehash).
			Where("id = ?", o.AccountID).Where("password_hash = ?", verified).Exec(ctx))
		if err != nil {
			return err
		}

		if n == 0 {
			return unlessRepeated(ctx, tx, (*sessionRow)(nil), o.ID, account.ErrChanged)
		}

		if done, err := exists(ctx, tx, (*sessionRow)(nil), o.ID); done || err != nil {
			return err
		}

		if err = insertSession(ctx, tx, o); err != nil {
			return err
		}

		kept := tx.NewSelect().Model((*sessionRow)(nil)).Column("id").Where("account_id = ?", o.AccountID).
			Order("used_at_us DESC", "id DESC").Limit(account.MaxSessions)
		if _, err = tx.NewDelete().Model((*sessionRow)(nil)).Where("account_id = ?", o.AccountID).Where("id NOT IN (?)", kept).Exec(ctx); err != nil {
			return err
		}

		return appendEvents(ctx, tx, events...)
	})
}

// Rotate implements account.Store.
func (s *Accounts) Rotate(ctx context.Context, r account.Rotation) (done account.Rotated, err error) {
	err = s.db.inTx(ctx, "account.rotate", func(ctx context.Context, tx bun.Tx) error {
		done = account.Rotated{}

		token, err := refreshToken(ctx, tx, r.TokenHash)
		if token == nil {
			return err
		}

		// Whatever is done with a session or its tokens locks the session first: calls with one token, or with several of a family, take turns.
		n, err := affected(tx.NewUpdate().Model((*sessionRow)(nil)).Set("used_at_us = used_at_us").
			Where("id = ?", token.SessionID).Where("expires_at_us > ?", r.Now.UnixMicro()).Exec(ctx))
		if n == 0 {
			return err
		}

		if token, err = refreshToken(ctx, tx, r.TokenHash); token == nil {
			return err
		}

		done, err = rotate(ctx, tx, r, token)

		return err
	})

	return done, err
}

// rotate does what a rotation is to do with a token whose session is locked and good.
func rotate(ctx context.Context, tx bun.Tx, r account.Rotation, token *refreshRow) (account.Rotated, error) {
	done := account.Rotated{Outcome: account.Renewed}

	if token.UsedMicros != nil && token.Successor != r.SuccessorHash {
		successor, err := refreshToken(ctx, tx, token.Successor)
		if err != nil {
			return done, err
		}

		// Of two at once, the one that comes second may have read its clock first.
		late := r.Grace == 0 || !r.Now.Before(fromMicros(*token.UsedMicros).Add(r.Grace))
		if successor == nil || successor.UsedMicros != nil || late {
			_, err = tx.NewDelete().Model((*sessionRow)(nil)).Where("id = ?", token.SessionID).Exec(ctx)

			return account.Rotated{Outcome: account.Replayed, Session: account.Session{ID: token.SessionID}}, err
		}

		done.Outcome, done.Sealed = account.Reissued, token.Sealed
	}

	session := new(sessionRow)
	if err := tx.NewSelect().Model(session).Column(sessionColumns...).Where("id = ?", token.SessionID).Scan(ctx); err != nil {
		return done, err
	}

	owner := new(accountRow)
	if err := tx.NewSelect().Model(owner).Column(accountColumns...).Where("id = ?", session.AccountID).Scan(ctx); err != nil {
		return done, err
	}

	done.Session, done.Account = session.session(), owner.account()

	if token.UsedMicros != nil {
		return done, nil
	}

	done.Session = done.Session.Slid(r.Now, r.TTL)

	return done, spend(ctx, tx, r, done.Session)
}

// spend puts the successor in the place of a token.
func spend(ctx context.Context, tx bun.Tx, r account.Rotation, slid account.Session) error {
	_, err := tx.NewUpdate().Model((*refreshRow)(nil)).Set("used_at_us = ?", r.Now.UnixMicro()).Set("successor = ?", r.SuccessorHash).Set("sealed = ?", r.Sealed).
		Where("hash = ?", r.TokenHash).Exec(ctx)
	if err != nil {
		return err
	}

	if _, err = tx.NewInsert().Model(&refreshRow{Hash: r.SuccessorHash, SessionID: slid.ID}).Exec(ctx); err != nil {
		return err
	}

	_, err = tx.NewUpdate().Model(newSessionRow(slid)).Column("used_at_us", "expires_at_us").WherePK().Exec(ctx)

	return err
}

// refreshToken returns a token, nil when there is none.
func refreshToken(ctx context.Context, tx bun.Tx, hash string) (*refreshRow, error) {
	row := new(refreshRow)

	err := tx.NewSelect().Model(row).Column("hash", "session_id", "used_at_us", "successor", "sealed").Where("hash = ?", hash).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // as documented
	}

	if err != nil {
		return nil, err
	}

	return row, nil
}

// End implements account.Store.
func (s *Accounts) End(ctx context.Context, accountID, sessionID string) (ended int, err error) {
	err = s.db.write(ctx, "account.end_sessions", func(ctx context.Context, q bun.IDB) (int, error) {
		query := q.NewDelete().Model((*sessionRow)(nil)).Where("account_id = ?", accountID)
		if sessionID != "" {
			query.Where("id = ?", sessionID)
		}

		var err error

		ended, err = affected(query.Exec(ctx))

		return ended, err
	})

	return ended, err
}

// SessionOwner implements account.Store.
func (s *Accounts) SessionOwner(ctx context.Context, sessionID string, now time.Time) (account.Account, error) {
	var rows []accountRow

	err := s.db.read(ctx, "account.session_owner", func(ctx context.Context, q bun.IDB) (int, error) {
		rows = nil
		owner := q.NewSelect().Model((*sessionRow)(nil)).Column("account_id").Where("id = ?", sessionID).Where("expires_at_us > ?", now.UnixMicro())
		err := q.NewSelect().Model(&rows).Column(accountColumns...).Where("id IN (?)", owner).Scan(ctx)

		return len(rows), err
	})
	if err != nil {
		return account.Account{}, err
	}

	if len(rows) == 0 {
		return account.Account{}, account.ErrUnknown
	}

	return rows[0].account(), nil
}

// SessionsOf implements account.Store.
func (s *Accounts) SessionsOf(ctx context.Context, accountIDs []string, now time.Time) (map[string][]account.Session, error) {
	found := make(map[string][]account.Session, len(accountIDs))
	if len(accountIDs) == 0 {
		return found, nil
	}

	err := s.db.read(ctx, "account.sessions_of", func(ctx context.Context, q bun.IDB) (int, error) {
		clear(found)

		var rows []sessionRow

		err := q.NewSelect().Model(&rows).Column(sessionColumns...).Where("account_id IN (?)", bun.List(accountIDs)).
			Where("expires_at_us > ?", now.UnixMicro()).Order("id DESC").Scan(ctx)
		for i := range rows {
			found[rows[i].AccountID] = append(found[rows[i].AccountID], rows[i].session())
		}

		return len(rows), err
	})

	return found, err
}
