package people

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"sidereal/chart"
)

// Match is a person whose chart is like another one.
type Match struct {
	Person Person
	// Score is what the two charts share, in weighted bits: a factor counts the more, the less likely two births so far apart share it.
	Score float64
	// Likeness is the score as a share of the most that it can be, 0 to 1; 1 only for equal charts.
	Likeness float64
	// Percentile is how many of a hundred random pairs of births, known as well as these two, are less alike.
	Percentile float64
	// Reasons say in words what the two share, what counts most first.
	Reasons []string
}

// Match returns the people whose charts are most alike to c, the best first, in an order that is the same every time. Every person's chart is
// compared; the measure is symmetric. First outside 1 to MaxFirst is a VALIDATION_FAILED fault of the field "first".
func (s *Service) Match(ctx context.Context, c *chart.Chart, first int) ([]Match, error) {
	all, err := s.MatchAll(ctx, []Wanted{{c, first}})
	if err != nil {
		return nil, err
	}

	return all[0], nil
}

// Wanted is a chart, and how many matches of it are asked for.
type Wanted struct {
	Chart *chart.Chart
	First int
}

// MatchAll is Match for several charts, at the cost of one for the store: two statements. The caller bounds how many.
func (s *Service) MatchAll(ctx context.Context, wanted []Wanted) ([][]Match, error) {
	for _, w := range wanted {
		if err := checkFirst(w.First); err != nil {
			return nil, err
		}
	}

	people, err := s.current(ctx)
	if err != nil {
		return nil, fmt.Errorf("people: match: %w", err)
	}

	signatures := make([]signature, len(wanted))
	best := make([][]found, len(wanted))
	keys := make(map[Key]bool)

	for i, w := range wanted {
		signatures[i] = s.table.seal(signatureOf(w.Chart))
		best[i] = people.best(s.table, &signatures[i], w.First)

		for _, b := range best[i] {
			keys[people.keys[b.at]] = true
		}
	}

	persons, err := s.store.ByKeys(ctx, slices.Collect(maps.Keys(keys)))
	if err != nil {
		return nil, fmt.Errorf("people: match: %w", err)
	}

	all := make([][]Match, len(wanted))

	for i := range wanted {
		all[i] = make([]Match, 0, len(best[i]))

		for _, b := range best[i] {
			if p, ok := persons[people.keys[b.at]]; ok {
				all[i] = append(all[i], s.table.match(p, &signatures[i], &people.signatures[b.at]))
			}
		}
	}

	return all, nil
}

func (t *information) match(p Person, a, b *signature) Match {
	m := Match{Person: p, Score: t.score(a, b), Reasons: t.reasons(a, b)}
	m.Percentile = t.percentile(a, b, m.Score)

	if most := min(a.self, b.self); most > 0 {
		m.Likeness = float64(float32(m.Score) / max(a.self, b.self)) // both as rounded, so that equal charts have 1
	}

	return m
}
