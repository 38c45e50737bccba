package chart

import (
	"context"
	"time"

	"sidereal/event"
)

// Record is a chart as it is stored: its identity and the birth it follows from. Everything else is computed from the birth.
type Record struct {
	Hash         Hash
	Birth        Birth
	CalculatedAt time.Time // UTC, microseconds; when the chart was first calculated
}

// Store keeps records. Implementations are safe for concurrent use and return faults (package fault) with the code INTERNAL, TIMEOUT or
// UPSTREAM_UNAVAILABLE when the storage fails, or the context's own error when the caller gave up.
type Store interface {
	// Save stores r unless its hash is there already, and returns what is stored: r and true, or the earlier record and false. The events are kept if r is stored,
	// both or neither.
	Save(ctx context.Context, r Record, events ...event.Event) (stored Record, created bool, err error)
	// ByHashes returns the records of those hashes that are stored, in one statement; unknown hashes are left out.
	ByHashes(ctx context.Context, hashes []Hash) (map[Hash]Record, error)
	// Page returns one page of the records that the query selects.
	Page(ctx context.Context, q Query) (Page, error)
	// Count returns how many records the filter selects.
	Count(ctx context.Context, f Filter) (int, error)
}

// Filter selects records; its zero value selects all.
type Filter struct {
	BornFrom   *time.Time // instant of birth at or after
	BornBefore *time.Time // instant of birth before
	TimeKnown  *bool
}

// OrderKey is what records are ordered by.
type OrderKey uint8

// The order keys.
const (
	ByCalculatedAt OrderKey = iota
	ByInstant
)

// Order is a total order of records: by the key, and by the hash among equals.
type Order struct {
	Key        OrderKey
	Descending bool
}

// Mark is a record's place in an order. It stays valid when records are added and when its own record is gone.
type Mark struct {
	At   time.Time // the value of the order's key
	Hash Hash
}

// Mark returns the record's place in an order by key.
func (r Record) Mark(key OrderKey) Mark {
	if key == ByInstant {
		return Mark{At: r.Birth.Instant, Hash: r.Hash}
	}

	return Mark{At: r.CalculatedAt, Hash: r.Hash}
}

// Query asks for one page of records.
type Query struct {
	Filter        Filter
	Order         Order
	After, Before *Mark // exclusive bounds in the order; nil is open
	Limit         int   // at least 1
	FromEnd       bool  // take the last Limit records between the bounds rather than the first
}

// Page is a part of the ordered records, always in the query's order.
type Page struct {
	Records []Record
	More    bool // there are further records between the bounds, beyond the end that the page does not touch
}
