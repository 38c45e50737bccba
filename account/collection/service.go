package collection

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"sidereal/account"
	"sidereal/chart"
	"sidereal/fault"
)

// Charts says which charts were calculated.
type Charts interface {
	ByHashes(ctx context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Stored, error)
}

// Service keeps the collections of viewers. It is safe for concurrent use.
type Service struct {
	store  Store
	charts Charts
	now    func() time.Time
}

// NewService returns a service that keeps collections of the charts of charts in store and takes the time from now.
func NewService(store Store, charts Charts, now func() time.Time) *Service {
	return &Service{store: store, charts: charts, now: now}
}

// owner returns whose collection a request is about: the viewer's own.
func owner(ctx context.Context, scope account.Scopes) (string, error) {
	if err := account.Require(ctx, account.Need{Scope: scope}); err != nil {
		return "", err
	}

	v, _ := account.ViewerFrom(ctx)

	return v.Subject, nil
}

// Save puts a chart into the viewer's collection; created is false when it was there already, and then its label is replaced, and its note unless that is
// nil. A hash of no chart is a NOT_FOUND fault of "chartHash", a full collection is CONFLICT.
func (s *Service) Save(ctx context.Context, hash chart.Hash, label string, note *string) (saved Saved, created bool, err error) {
	mine, err := owner(ctx, account.ScopeWrite)
	if err != nil {
		return Saved{}, false, err
	}

	change, err := Change{Label: &label, Note: note}.checked()
	if err != nil {
		return Saved{}, false, err
	}

	known, err := s.charts.ByHashes(ctx, []chart.Hash{hash})
	if err != nil {
		return Saved{}, false, fmt.Errorf("collection: save: %w", err)
	}

	if _, ok := known[hash]; !ok {
		missing := fault.New(fault.NotFound, "the chart was never calculated").WithResource("Chart", string(hash))

		return Saved{}, false, missing.Within("chartHash")
	}

	saved = Saved{ID: ID(rand.Text()), Owner: mine, Chart: hash, Label: *change.Label, SavedAt: s.now().UTC().Truncate(time.Microsecond)}
	if note != nil {
		saved.Note = *note
	}

	saved, created, err = s.store.Save(ctx, saved, note == nil, MaxSaved)

	switch {
	case errors.Is(err, ErrFull):
		return Saved{}, false, fault.New(fault.Conflict, "the collection is full: it has %d charts", MaxSaved)
	case err != nil:
		return Saved{}, false, fmt.Errorf("collection: save: %w", err)
	}

	return saved, created, nil
}

// Update changes a chart in the viewer's collection; false when it is not there.
func (s *Service) Update(ctx context.Context, id ID, change Change) (saved Saved, found bool, err error) {
	mine, err := owner(ctx, account.ScopeWrite)
	if err != nil {
		return Saved{}, false, err
	}

	if change, err = change.checked(); err != nil {
		return Saved{}, false, err
	}

	saved, found, err = s.store.Update(ctx, mine, id, change)
	if err != nil {
		return Saved{}, false, fmt.Errorf("collection: update: %w", err)
	}

	return saved, found, nil
}

// Delete takes a chart out of the viewer's collection; false when it is not there.
func (s *Service) Delete(ctx context.Context, id ID) (found bool, err error) {
	mine, err := owner(ctx, account.ScopeWrite)
	if err != nil {
		return false, err
	}

	if found, err = s.store.Delete(ctx, mine, id); err != nil {
		return false, fmt.Errorf("collection: delete: %w", err)
	}

	return found, nil
}

// ByIDs returns those of the viewer's charts that have one of the ids. For whom nothing is visible, nobody and an API key that may not read, there is none.
func (s *Service) ByIDs(ctx context.Context, ids []ID) (map[ID]Saved, error) {
	mine, err := owner(ctx, account.ScopeRead)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // as documented
	}

	found, err := s.store.ByIDs(ctx, mine, ids)
	if err != nil {
		return nil, fmt.Errorf("collection: by ids: %w", err)
	}

	return found, nil
}

// Page returns one page of the viewer's collection; the query's owner is the viewer, whatever it says.
func (s *Service) Page(ctx context.Context, q Query) (page Page, err error) {
	if q.Owner, err = owner(ctx, account.ScopeRead); err != nil {
		return Page{}, err
	}

	if page, err = s.store.Page(ctx, q); err != nil {
		return Page{}, fmt.Errorf("collection: page: %w", err)
	}

	return page, nil
}

// Count returns how many charts are in the viewer's collection.
func (s *Service) Count(ctx context.Context) (int, error) {
	mine, err := owner(ctx, account.ScopeRead)
	if err != nil {
		return 0, err
	}

	n, err := s.store.Count(ctx, mine)
	if err != nil {
		return 0, fmt.Errorf("collection: count: %w", err)
	}

	return n, nil
}
