package people

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/fault"
)

// Service finds famous people, by name and by likeness. It is safe for concurrent use.
type Service struct {
	store  Store
	caster *chart.Caster
	zones  *atlas.Zones
	places Locator
	table  *information

	index    atomic.Pointer[index]
	building sync.Mutex
}

// NewService returns a service that keeps people in store. Places locates the rows of imports that come without coordinates; nil locates none.
func NewService(store Store, caster *chart.Caster, zones *atlas.Zones, places Locator) *Service {
	return &Service{store: store, caster: caster, zones: zones, places: places, table: openInformation()}
}

const (
	// MaxFirst is how many people or matches may be asked for at once.
	MaxFirst = 100

	maxSearch = 200 // characters
	maxWords  = 10
)

// Search returns a page of the people whose names have, for every word of the text, a word that begins with it, whatever the marks and the case; all
// people for a text without words. They are ordered by name. A text that is too long, or a limit outside 1 to MaxFirst, is a VALIDATION_FAILED fault
// of the field "search" or "first".
func (s *Service) Search(ctx context.Context, text string, after *Mark, first int) (Page, error) {
	if err := checkFirst(first); err != nil {
		return Page{}, err
	}

	words := strings.Fields(Fold(text))
	if utf8.RuneCountInString(text) > maxSearch || len(words) > maxWords {
		return Page{}, fault.Invalid("search", "a search has at most %d words and %d characters", maxWords, maxSearch)
	}

	page, err := s.store.Page(ctx, Query{Words: words, After: after, Limit: first})
	if err != nil {
		return Page{}, fmt.Errorf("people: search: %w", err)
	}

	return page, nil
}

func checkFirst(first int) error {
	if first < 1 || first > MaxFirst {
		return fault.Invalid("first", "must be 1 to %d, not %d", MaxFirst, first)
	}

	return nil
}

// ByKeys returns the people with those keys; unknown keys are left out.
func (s *Service) ByKeys(ctx context.Context, keys []Key) (map[Key]Person, error) {
	found, err := s.store.ByKeys(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("people: by keys: %w", err)
	}

	return found, nil
}

// Chart casts the chart of a person; nil when the day or the place of birth is not known.
func (s *Service) Chart(p Person) (*chart.Chart, error) {
	birth, known, err := p.Birth(s.zones)
	if err != nil || !known {
		return nil, err
	}

	return s.caster.Cast(birth)
}

// Hash returns the identity of a person's chart, the one that calculating it gives; false when the day or the place of birth is not known.
func (s *Service) Hash(p Person) (chart.Hash, bool) {
	birth, known, err := p.Birth(s.zones)
	if err != nil || !known {
		return "", false
	}

	return birth.Hash(), true
}

// Import reads people from a CSV file: UTF-8, with a header that names the columns, at least name and birth_date (see data/README.md for all). Bad
// rows are reported by line and the others stored, batch by batch; who is there already is left alone unless the row is documented as well and says
// something else. A repeated import changes nothing. Progress, unless nil, is called after every batch.
//
// A row without a day of birth is kept without a chart; one whose place cannot be located, too, and is matched by its date. Births before 1800 are
// rejected: no chart can be cast for them.
//
// A file that is no such CSV is a VALIDATION_FAILED fault of the field "file". After any other error the report says what was stored before it.
func (s *Service) Import(ctx context.Context, r io.Reader, progress func(Report)) (Report, error) {
	return s.importer("", progress).run(ctx, r)
}

func (s *Service) importer(list string, progress func(Report)) *importer {
	return &importer{store: s.store, zones: s.zones, places: s.places, progress: progress, list: list, lines: make(map[Key]int)}
}
