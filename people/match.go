package people

import (
	"context"
	"fmt"

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
	if err := checkFirst(first); err != nil {
		return nil, err
	}

	people, err := s.current(ctx)
	if err != nil {
		return nil, fmt.Errorf("people: match: %w", err)
	}

	wanted := s.table.seal(signatureOf(c))
	best := people.best(s.table, &wanted, first)

	keys := make([]Key, len(best))
	for i, b := range best {
		keys[i] = people.keys[b.at]
	}

	persons, err := s.store.ByKeys(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("people: match: %w", err)
	}

	matches := make([]Match, 0, len(best))

	for i, b := range best {
		if p, ok := persons[keys[i]]; ok {
			matches = append(matches, s.table.match(p, &wanted, &people.signatures[b.at]))
		}
	}

	return matches, nil
}

func (t *information) match(p Person, a, b *signature) Match {
	m := Match{Person: p, Score: t.score(a, b), Reasons: t.reasons(a, b)}
	m.Percentile = t.percentile(a, b, m.Score)

	if most := min(a.self, b.self); most > 0 {
		m.Likeness = m.Score / float64(max(a.self, b.self))
	}

	return m
}
