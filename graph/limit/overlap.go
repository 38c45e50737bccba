package limit

import "github.com/vektah/gqlparser/v2/ast"

// maxPairs bounds the pairs of fields with one response name in one place, which validation compares one by one, at somewhat less than a microsecond each. 300
// fields of one name in one place are allowed.
const maxPairs = 50_000

// pairs counts the pairs of fields that validation will compare: those that fall into one place of the answer, with one response name.
type pairs struct {
	fragments map[string]*ast.FragmentDefinition
	count     int
}

// of counts the pairs of fields that come from some selection sets of one object, and of those below them. It stops when there are too many.
func (p *pairs) of(sets []ast.SelectionSet) {
	places := make(map[string][]ast.SelectionSet)

	for _, set := range sets {
		p.collect(set, places, make(map[string]bool))
	}

	for _, fields := range places {
		p.count += len(fields) * (len(fields) - 1) / 2

		if p.count > maxPairs {
			return
		}

		p.of(fields)
	}
}

// collect gathers the selection sets of an object's fields by their response names. A fragment counts once in a set, however often it is spread there.
func (p *pairs) collect(set ast.SelectionSet, places map[string][]ast.SelectionSet, seen map[string]bool) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			places[s.Alias] = append(places[s.Alias], s.SelectionSet)
		case *ast.InlineFragment:
			p.collect(s.SelectionSet, places, seen)
		case *ast.FragmentSpread:
			if definition := p.fragments[s.Name]; definition != nil && !seen[s.Name] {
				seen[s.Name] = true
				p.collect(definition.SelectionSet, places, seen)
			}
		}
	}
}
