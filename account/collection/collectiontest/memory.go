package collectiontest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"sidereal/account/collection"
	"sidereal/fault"
)

// Memory is a collection.Store in memory, for tests of what stands on one. Its zero value is empty.
type Memory struct {
	mu     sync.Mutex
	rows   []collection.Saved
	closed bool
}

var _ collection.Store = (*Memory)(nil)

// Close makes every later call fail.
func (m *Memory) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.closed = true
}

// enter locks the store; leave with the function that it returns.
func (m *Memory) enter(ctx context.Context) (leave func(), err error) {
	m.mu.Lock()

	if err = ctx.Err(); err == nil && m.closed {
		err = fault.New(fault.UpstreamUnavailable, "the store is closed")
	}

	return m.mu.Unlock, err
}

// find returns where a row is, -1 when nowhere.
func (m *Memory) find(owner string, is func(collection.Saved) bool) int {
	return slices.IndexFunc(m.rows, func(s collection.Saved) bool { return s.Owner == owner && is(s) })
}

func (m *Memory) byID(owner string, id collection.ID) int {
	return m.find(owner, func(s collection.Saved) bool { return s.ID == id })
}

// of returns the rows of an owner in the order of collections.
func (m *Memory) of(owner string) []collection.Saved {
	var rows []collection.Saved

	for _, s := range m.rows {
		if s.Owner == owner {
			rows = append(rows, s)
		}
	}

	slices.SortFunc(rows, func(a, b collection.Saved) int { return order(a.Mark(), b.Mark()) })

	return rows
}

// order compares places in the order of collections: newest first.
func order(a, b collection.Mark) int {
	if c := b.At.Compare(a.At); c != 0 {
		return c
	}

	return strings.Compare(string(b.ID), string(a.ID))
}

// Save implements collection.Store.
func (m *Memory) Save(ctx context.Context, s collection.Saved, keepNote bool, most int) (collection.Saved, bool, error) {
	leave, err := m.enter(ctx)
	defer leave()

	if err != nil {
		return collection.Saved{}, false, err
	}

	if at := m.find(s.Owner, func(r collection.Saved) bool { return r.Chart == s.Chart }); at >= 0 {
		m.rows[at].Label = s.Label
		if !keepNote {
			m.rows[at].Note = s.Note
		}

		return m.rows[at], m.rows[at].ID == s.ID, nil
	}

	if len(m.of(s.Owner)) >= most {
		return collection.Saved{}, false, collection.ErrFull
	}

	m.rows = append(m.rows, s)

	return s, true, nil
}

// Update implements collection.Store.
func (m *Memory) Update(ctx context.Context, owner string, id collection.ID, change collection.Change) (collection.Saved, bool, error) {
	leave, err := m.enter(ctx)
	defer leave()

	at := m.byID(owner, id)
	if err != nil || at < 0 {
		return collection.Saved{}, false, err
	}

	if change.Label != nil {
		m.rows[at].Label = *change.Label
	}

	if change.Note != nil {
		m.rows[at].Note = *change.Note
	}

	return m.rows[at], true, nil
}

// Delete implements collection.Store.
func (m *Memory) Delete(ctx context.Context, owner string, id collection.ID) (bool, error) {
	leave, err := m.enter(ctx)
	defer leave()

	at := m.byID(owner, id)
	if err != nil || at < 0 {
		return false, err
	}

	m.rows = slices.Delete(m.rows, at, at+1)

	return true, nil
}

// ByIDs implements collection.Store.
func (m *Memory) ByIDs(ctx context.Context, owner string, ids []collection.ID) (map[collection.ID]collection.Saved, error) {
	leave, err := m.enter(ctx)
	defer leave()

	found := make(map[collection.ID]collection.Saved)

	for _, id := range ids {
		if at := m.byID(owner, id); at >= 0 {
			found[id] = m.rows[at]
		}
	}

	return found, err
}

// Page implements collection.Store.
func (m *Memory) Page(ctx context.Context, q collection.Query) (collection.Page, error) {
	leave, err := m.enter(ctx)
	defer leave()

	if err != nil {
		return collection.Page{}, err
	}

	rows := slices.DeleteFunc(m.of(q.Owner), func(s collection.Saved) bool {
		return q.After != nil && order(s.Mark(), *q.After) <= 0 || q.Before != nil && order(s.Mark(), *q.Before) >= 0
	})

	cut := min(q.Limit, len(rows))
	page := collection.Page{Saved: rows[:cut], More: len(rows) > q.Limit}

	if q.FromEnd {
		page.Saved = rows[len(rows)-cut:]
	}

	return page, nil
}

// Count implements collection.Store.
func (m *Memory) Count(ctx context.Context, owner string) (int, error) {
	leave, err := m.enter(ctx)
	defer leave()

	return len(m.of(owner)), err
}
