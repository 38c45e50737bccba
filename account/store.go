package account

import (
	"context"
	"errors"
	"time"

	"sidereal/event"
)

// What a store may say beside faults; the service decides what callers hear of it.
var (
	ErrUnknown   = errors.New("account: there is none")
	ErrTaken     = errors.New("account: the e-mail address is taken")
	ErrChanged   = errors.New("account: the password was changed meanwhile")
	ErrLastAdmin = errors.New("account: this is the last administrator")
	ErrTooMany   = errors.New("account: there are as many as there may be")
)

// Store keeps accounts and what belongs to them. Every call is one transaction: it happens whole, or not at all. Implementations are safe for concurrent use, on
// several nodes too, and return faults (package fault) with the code INTERNAL, TIMEOUT or UPSTREAM_UNAVAILABLE when the storage fails, or the context's own error
// when the caller gave up.
type Store interface {
	Registry
	Sessions
	Keys
	Lists
	Attempts
}

// Registry keeps accounts and their passwords.
type Registry interface {
	// Create adds an account, with its first session unless that is nil, and tells of it. ErrTaken when its address has an account.
	Create(ctx context.Context, a Credentials, first *Opening, events ...event.Event) error
	// Credentials returns the account with that address or, where it has no @, that id. ErrUnknown when there is none.
	Credentials(ctx context.Context, emailOrID string) (Credentials, error)
	// ReplacePassword changes the hash of an account's password and ends all its sessions but one. ErrChanged when its hash is no longer the former one.
	ReplacePassword(ctx context.Context, accountID, former, hash, keepSession string) error
	// SetRole changes the role of an account. ErrUnknown when there is none; ErrLastAdmin when no administrator would be left.
	SetRole(ctx context.Context, accountID string, role Role) (Account, error)
}

// Sessions keeps sessions and the hashes of their refresh tokens.
type Sessions interface {
	// Open adds a session to an account whose password's hash is still the one that was verified, replaces that by rehash unless it is empty, ends the account's
	// oldest sessions beyond MaxSessions, and tells of it. ErrChanged when the hash is another one.
	Open(ctx context.Context, o Opening, verified, rehash string, events ...event.Event) error
	// Rotate spends a refresh token and puts its successor in its place; see Rotation.
	Rotate(ctx context.Context, r Rotation) (Rotated, error)
	// End ends a session of an account, or all of them when sessionID is empty, and returns how many.
	End(ctx context.Context, accountID, sessionID string) (int, error)
	// SessionOwner returns the account that a session which has neither ended nor expired belongs to. ErrUnknown when there is none.
	SessionOwner(ctx context.Context, sessionID string, now time.Time) (Account, error)
}

// Keys keeps API keys.
type Keys interface {
	// CreateKey adds a key. ErrTooMany when its owner has MaxKeys.
	CreateKey(ctx context.Context, k Key, hash string) error
	// KeyByHash returns the key with that hash of its secret and the account that it belongs to. ErrUnknown when there is none.
	KeyByHash(ctx context.Context, hash string) (Key, Account, error)
	// RevokeKey removes a key of an account and returns it. ErrUnknown when the account has none with that id.
	RevokeKey(ctx context.Context, accountID, keyID string) (Key, error)
	// UseKey notes that a key was used, unless something later is noted.
	UseKey(ctx context.Context, keyID string, at time.Time) error
}

// Lists reads what belongs to many accounts at once.
type Lists interface {
	// AccountsByIDs returns the accounts with those ids; unknown ones are left out.
	AccountsByIDs(ctx context.Context, ids []string) (map[string]Account, error)
	// AccountPage returns one page of the accounts that the query selects, newest first.
	AccountPage(ctx context.Context, q Query) (Page, error)
	// SessionsOf returns the sessions of accounts that have neither ended nor expired, newest first.
	SessionsOf(ctx context.Context, accountIDs []string, now time.Time) (map[string][]Session, error)
	// KeysOf returns the keys of accounts, newest first.
	KeysOf(ctx context.Context, accountIDs []string) (map[string][]Key, error)
}

// Attempts keeps tallies of attempts, and forgets.
type Attempts interface {
	// Tally hands the tallies with those keys to change, zero where there is none, and keeps them as change leaves them, if it returns true. Calls that share a key
	// take turns. A tally with the count 0 is as none.
	Tally(ctx context.Context, keys []string, change func([]Tally) bool) error
	// Sweep removes what is of no use any more.
	Sweep(ctx context.Context, c Cutoffs) error
}

// Cutoffs say what is of no use any more.
type Cutoffs struct {
	Now           time.Time // sessions that have expired by then
	SpentBefore   time.Time // refresh tokens spent before
	TalliesBefore time.Time // tallies whose last attempt came before
}

// Query asks for one page of accounts, the newest first.
type Query struct {
	Search string // a part of the address, in lower case; empty for all
	After  string // the id that the page starts behind; empty for the start
	Limit  int    // at least 1
}

// Page is a part of the ordered accounts.
type Page struct {
	Accounts []Account
	More     bool // there are further ones behind
}
