package db

import (
	"time"

	"github.com/uptrace/bun"

	"sidereal/account"
)

// accountRow is a row of the table account.
type accountRow struct {
	bun.BaseModel `bun:"table:account"`

	ID            string `bun:"id,pk"`
	Email         string `bun:"email"`
	Name          string `bun:"name"`
	Role          string `bun:"role"`
	PasswordHash  string `bun:"password_hash"`
	CreatedMicros int64  `bun:"created_at_us"`
}

// accountColumns are the columns of an account.Account; the hash of the password is read by Credentials only.
var accountColumns = []string{"id", "email", "name", "role", "created_at_us"}

func newAccountRow(c account.Credentials) *accountRow {
	return &accountRow{
		ID: c.ID, Email: c.Email, Name: c.Name, Role: string(c.Role), PasswordHash: c.PasswordHash, CreatedMicros: c.CreatedAt.UnixMicro(),
	}
}

func (r *accountRow) account() account.Account {
	return account.Account{ID: r.ID, Email: r.Email, Name: r.Name, Role: account.Role(r.Role), CreatedAt: fromMicros(r.CreatedMicros)}
}

// sessionRow is a row of the table account_session.
type sessionRow struct {
	bun.BaseModel `bun:"table:account_session"`

	ID            string `bun:"id,pk"`
	AccountID     string `bun:"account_id"`
	CreatedMicros int64  `bun:"created_at_us"`
	UsedMicros    int64  `bun:"used_at_us"`
	ExpiresMicros int64  `bun:"expires_at_us"`
	EndsMicros    int64  `bun:"ends_at_us"`
	Address       string `bun:"address"`
}

var sessionColumns = []string{"id", "account_id", "created_at_us", "used_at_us", "expires_at_us", "ends_at_us", "address"}

func newSessionRow(s account.Session) *sessionRow {
	return &sessionRow{
		ID: s.ID, AccountID: s.AccountID, CreatedMicros: s.CreatedAt.UnixMicro(), UsedMicros: s.UsedAt.UnixMicro(),
		ExpiresMicros: s.ExpiresAt.UnixMicro(), EndsMicros: s.EndsAt.UnixMicro(), Address: s.Address,
	}
}

func (r *sessionRow) session() account.Session {
	return account.Session{
		ID: r.ID, AccountID: r.AccountID, CreatedAt: fromMicros(r.CreatedMicros), UsedAt: fromMicros(r.UsedMicros),
		ExpiresAt: fromMicros(r.ExpiresMicros), EndsAt: fromMicros(r.EndsMicros), Address: r.Address,
	}
}

// refreshRow is a row of the table account_refresh.
type refreshRow struct {
	bun.BaseModel `bun:"table:account_refresh"`

	Hash       string `bun:"hash,pk"`
	SessionID  string `bun:"session_id"`
	UsedMicros *int64 `bun:"used_at_us"`
	Successor  string `bun:"successor"`
	Sealed     string `bun:"sealed"`
}

// keyRow is a row of the table account_key.
type keyRow struct {
	bun.BaseModel `bun:"table:account_key"`

	ID            string `bun:"id,pk"`
	AccountID     string `bun:"account_id"`
	Hash          string `bun:"hash"`
	Prefix        string `bun:"prefix"`
	Name          string `bun:"name"`
	Scopes        int32  `bun:"scopes"`
	CreatedMicros int64  `bun:"created_at_us"`
	ExpiresMicros *int64 `bun:"expires_at_us"`
	UsedMicros    *int64 `bun:"used_at_us"`
}

var keyColumns = []string{"id", "account_id", "prefix", "name", "scopes", "created_at_us", "expires_at_us", "used_at_us"}

func newKeyRow(k account.Key, hash string) *keyRow {
	return &keyRow{
		ID: k.ID, AccountID: k.AccountID, Hash: hash, Prefix: k.Prefix, Name: k.Name, Scopes: int32(k.Scopes), CreatedMicros: k.CreatedAt.UnixMicro(),
		ExpiresMicros: orNull(k.ExpiresAt), UsedMicros: orNull(k.UsedAt),
	}
}

func (r *keyRow) key() account.Key {
	k := account.Key{
		ID: r.ID, AccountID: r.AccountID, Prefix: r.Prefix, Name: r.Name, Scopes: account.Scopes(r.Scopes), CreatedAt: fromMicros(r.CreatedMicros),
	}

	if r.ExpiresMicros != nil {
		k.ExpiresAt = fromMicros(*r.ExpiresMicros)
	}

	if r.UsedMicros != nil {
		k.UsedAt = fromMicros(*r.UsedMicros)
	}

	return k
}

// attemptRow is a row of the table account_attempt.
type attemptRow struct {
	bun.BaseModel `bun:"table:account_attempt"`

	Key           string `bun:"key,pk"`
	Count         int32  `bun:"count"`
	LastMicros    int64  `bun:"last_at_us"`
	BlockedMicros int64  `bun:"blocked_until_us"`
}

func fromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// orNull returns the microseconds of a time, NULL for the zero time.
func orNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}

	return new(t.UnixMicro())
}
