package collection

import (
	"context"
	"errors"
)

// ErrFull says that a collection holds as many charts as it may.
var ErrFull = errors.New("the collection is full")

// Reader reads collections. What is not the owner's is left out as if it did not exist. Implementations are safe for concurrent use and return faults
// (package fault) with the code INTERNAL, TIMEOUT or UPSTREAM_UNAVAILABLE when the storage fails, or the context's own error when the caller gave up.
type Reader interface {
	// ByIDs returns those of the owner's charts that have one of the ids, in one statement.
	ByIDs(ctx context.Context, owner string, ids []ID) (map[ID]Saved, error)
	// Page returns one page of the owner's charts in the order of collections.
	Page(ctx context.Context, q Query) (Page, error)
	// Count returns how many charts the owner has.
	Count(ctx context.Context, owner string) (int, error)
}

// Writer changes collections, on the terms of Reader.
type Writer interface {
	// Save puts s into its owner's collection and returns what is stored: s and true. When the chart is there already, its label is replaced, and its note
	// unless keepNote; its id and time stay, and the answer is that and false. ErrFull says that the chart would be one more than most: also of many calls
	// at once, no more succeed than there is room for. The chart itself has to be stored.
	Save(ctx context.Context, s Saved, keepNote bool, most int) (stored Saved, created bool, err error)
	// Update changes the owner's chart with that id in one statement and returns what is stored; false when there is none.
	Update(ctx context.Context, owner string, id ID, change Change) (stored Saved, found bool, err error)
	// Delete removes the owner's chart with that id in one statement; false when there is none.
	Delete(ctx context.Context, owner string, id ID) (found bool, err error)
}

// Store keeps collections.
type Store interface {
	Reader
	Writer
}

// Query asks for one page of a collection.
type Query struct {
	Owner         string
	After, Before *Mark // exclusive bounds in the order; nil is open
	Limit         int   // at least 1
	FromEnd       bool  // take the last Limit charts between the bounds rather than the first
}

// Page is a part of a collection, always in its order.
type Page struct {
	Saved []Saved
	More  bool // there are further charts between the bounds, beyond the end that the page does not touch
}
