package people

import "context"

// Store keeps people. Implementations are safe for concurrent use, on several nodes too, and return faults (package fault) with the code INTERNAL,
// TIMEOUT or UPSTREAM_UNAVAILABLE when the storage fails, or the context's own error when the caller gave up.
type Store interface {
	// Save stores a batch, all of it or nothing: new people, and those that supersede what is stored under their key. The keys of a batch are
	// all different.
	Save(ctx context.Context, batch Batch) (Saved, error)
	// ByKeys returns the people with those keys; unknown keys are left out.
	ByKeys(ctx context.Context, keys []Key) (map[Key]Person, error)
	// Page returns one page of the people that the query selects.
	Page(ctx context.Context, q Query) (Page, error)
	// State says what the store holds.
	State(ctx context.Context) (State, error)
}

// Batch is people to store together.
type Batch struct {
	People []Person
	// List is the version of the shipped list that is complete once the batch is stored; empty for any other batch.
	List string
}

// Saved counts what became of a batch.
type Saved struct{ Created, Changed, Unchanged int }

// State is what a store holds.
type State struct {
	Revision int64  // grows with every batch that changed a person
	List     string // version of the shipped list that is in; empty when none is
}

// Query asks for one page of people, in the order of their folded names, and of their keys among equals.
type Query struct {
	Words []string // folded; each is the beginning of a word of the name. None selects everybody
	After *Mark    // exclusive; nil is the start
	Limit int      // at least 1
}

// Mark is a person's place in the order. It stays valid when people are added, and when the person is gone.
type Mark struct {
	Name string // folded
	Key  Key
}

// Mark returns the person's place in the order.
func (p Person) Mark() Mark { return Mark{Name: Fold(p.Name), Key: p.Key()} }

// Page is a part of the ordered people.
type Page struct {
	People []Person
	More   bool // there are further ones behind
}
