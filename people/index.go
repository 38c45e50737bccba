package people

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sidereal/atlas"
	"sidereal/chart"
)

// indexPage is how many people are read at once while the index is built.
const indexPage = 1000

// index is the signatures of all people that have one, in memory: 96 bytes each and 48 for the key.
type index struct {
	revision   int64
	keys       []Key
	signatures []signature

	recent *chart.Recent[search, []found] // results: the index never changes
}

// search is what somebody looked for in an index.
type search struct {
	wanted signature
	first  int
}

// recentSearches is how many results an index keeps, of some kB.
const recentSearches = 64

// current returns the index of what the store holds now, building it when the store has changed. While one caller builds, the others go on with
// the older index; only where there is none yet do they wait.
func (s *Service) current(ctx context.Context) (*index, error) {
	state, err := s.store.State(ctx)
	if err != nil {
		return nil, err
	}

	known := s.index.Load()
	if known != nil && (known.revision == state.Revision || !s.building.TryLock()) {
		return known, nil
	}

	if known == nil {
		s.building.Lock()
	}
	defer s.building.Unlock()

	if latest := s.index.Load(); latest != nil && latest.revision >= state.Revision { // somebody else built it meanwhile
		return latest, nil
	}

	built, err := s.buildIndex(ctx, state.Revision)
	if err != nil {
		return nil, err
	}

	s.index.Store(built)

	return built, nil
}

func (s *Service) buildIndex(ctx context.Context, revision int64) (*index, error) {
	built := &index{revision: revision, recent: chart.NewRecent[search, []found](recentSearches)}

	for q := (Query{Limit: indexPage}); ; {
		page, err := s.store.Page(ctx, q)
		if err != nil {
			return nil, err
		}

		for _, p := range page.People {
			if sign, ok := s.signature(p); ok {
				built.keys = append(built.keys, p.Key())
				built.signatures = append(built.signatures, sign)
			}
		}

		if !page.More {
			return built, nil
		}

		mark := page.People[len(page.People)-1].Mark()
		q.After = &mark
	}
}

// signature returns the signature of a person; false when the day of birth is not known, or the birth cannot be cast.
func (s *Service) signature(p Person) (signature, bool) {
	if p.YearOnly {
		return signature{}, false
	}

	if !p.Place.Located {
		sign, err := signatureOfDate(s.caster, p.Date.At(atlas.Noon))

		return s.table.seal(sign), err == nil
	}

	c, err := s.Chart(p)
	if err != nil || c == nil {
		return signature{}, false
	}

	return s.table.seal(signatureOf(c)), true
}

// found is one of the best while searching.
type found struct {
	score float64
	at    int // in the index
}

// best returns the first most alike, the best first; by key where scores are equal. It looks at every signature: the answer is exact. What was looked for
// lately is not looked for again.
func (x *index) best(t *information, wanted *signature, first int) []found {
	key := search{*wanted, first}

	known, ok := x.recent.Get(key)
	if !ok {
		known = x.compare(t, wanted, first)
		x.recent.Add(key, known)
	}

	return known
}

func (x *index) compare(t *information, wanted *signature, first int) []found {
	order := func(a, b found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(x.keys[a.at], x.keys[b.at]))
	}

	top := make([]found, 0, first+1)

	for i := range x.signatures {
		candidate := found{t.score(wanted, &x.signatures[i]), i}
		if len(top) == first && order(candidate, top[first-1]) > 0 {
			continue
		}

		at, _ := slices.BinarySearchFunc(top, candidate, order)
		top = slices.Insert(top, at, candidate)[:min(len(top)+1, first)]
	}

	return top
}

// Warm builds the index of signatures, so that the first match does not have to.
func (s *Service) Warm(ctx context.Context) error {
	if _, err := s.current(ctx); err != nil {
		return fmt.Errorf("people: warm: %w", err)
	}

	return nil
}
