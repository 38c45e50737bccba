package peopletest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"sidereal/fault"
	"sidereal/people"
)

// Memory is a people.Store in memory, for tests of what stands on one. Its zero value is empty.
type Memory struct {
	mu     sync.Mutex
	people map[people.Key]people.Person
	state  people.State
	closed bool
	batch  int

	// FailAt makes the n-th batch fail, from 1; 0 for none.
	FailAt int
	// Reads counts the calls of Page.
	Reads int
}

var _ people.Store = (*Memory)(nil)

// Close makes every later call fail.
func (m *Memory) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.closed = true
}

func (m *Memory) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}

	if m.closed {
		return fault.New(fault.UpstreamUnavailable, "the store is closed")
	}

	return nil
}

// Save implements people.Store.
func (m *Memory) Save(ctx context.Context, batch people.Batch) (saved people.Saved, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()

	if err := m.enter(ctx); err != nil {
		return saved, err
	}

	if m.batch++; m.batch == m.FailAt {
		return saved, fault.New(fault.Internal, "batch %d was to fail", m.batch)
	}

	if m.people == nil {
		m.people = make(map[people.Key]people.Person)
	}

	for _, p := range batch.People {
		stored, known := m.people[p.Key()]

		switch {
		case !known:
			saved.Created++
		case p.Supersedes(stored):
			saved.Changed++
		default:
			saved.Unchanged++

			continue
		}

		m.people[p.Key()] = p
	}

	if saved.Created+saved.Changed > 0 {
		m.state.Revision++
	}

	if batch.List != "" {
		m.state.List = batch.List
	}

	return saved, nil
}

// ByKeys implements people.Store.
func (m *Memory) ByKeys(ctx context.Context, keys []people.Key) (map[people.Key]people.Person, error) {
	m.mu.Lock()
	defer m.mu.Unlock()

	found := make(map[people.Key]people.Person)

	for _, key := range keys {
		if p, ok := m.people[key]; ok {
			found[key] = p
		}
	}

	return found, m.enter(ctx)
}

// Page implements people.Store.
func (m *Memory) Page(ctx context.Context, q people.Query) (people.Page, error) {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.Reads++

	if err := m.enter(ctx); err != nil {
		return people.Page{}, err
	}

	chosen := slices.DeleteFunc(slices.Collect(maps.Values(m.people)), func(p people.Person) bool {
		return !hasWords(people.Fold(p.Name), q.Words) || q.After != nil && compare(p.Mark(), *q.After) <= 0
	})
	slices.SortFunc(chosen, func(a, b people.Person) int { return compare(a.Mark(), b.Mark()) })

	return people.Page{People: chosen[:min(len(chosen), q.Limit)], More: len(chosen) > q.Limit}, nil
}

func compare(a, b people.Mark) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
}

// State implements people.Store.
func (m *Memory) State(ctx context.Context) (people.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()

	return m.state, m.enter(ctx)
}
