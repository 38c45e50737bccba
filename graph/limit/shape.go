package limit

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"sidereal/fault"
)

// shape is how large a selection set is once its fragments are spread out.
type shape struct {
	fields        int // all of them
	aliases       int // of these, how many have another response name
	roots         int // of these, how many belong to the selection set itself
	depth         int // levels of fields
	introspection int // the same within __schema and __type
}

// enough is more than any limit; a fragment bomb's fields would overflow an int.
const enough = 1 << 40

// Parse parses a document, and refuses one whose shape is beyond the limits. That comes before it is validated, since validation takes longer than in proportion to
// its size.
func (g *Guard) Parse(text string) (*ast.QueryDocument, *gqlerror.Error) {
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, g.config.MaxTokens)

	switch {
	case err != nil && strings.HasSuffix(err.Error(), "exceeded token limit of "+strconv.Itoa(g.config.MaxTokens)):
		return nil, gqlerror.Wrap(fault.New(fault.ComplexityLimit, "the document has more than %d tokens", g.config.MaxTokens).
			WithDetail("limit", g.config.MaxTokens))
	case err != nil:
		return nil, gqlerror.WrapIfUnwrapped(err)
	}

	if err := g.config.checkDocument(document); err != nil {
		return nil, err
	}

	return document, nil
}

// checkDocument returns what is wrong with a document. Fragments that spread themselves, or are not spread at all, are refused here, too: validation would read them
// before it finds out.
func (c Config) checkDocument(document *ast.QueryDocument) *gqlerror.Error {
	if n := len(document.Fragments); c.MaxFragments > 0 && n > c.MaxFragments {
		return gqlerror.Wrap(beyond(fault.ComplexityLimit, int64(c.MaxFragments), int64(n), "the document has %d fragments, at most %d are allowed"))
	}

	m := newMeasure(document.Fragments)
	fields := 0

	for _, operation := range document.Operations {
		s := m.of(operation.SelectionSet)
		fields = min(fields+s.fields, enough)
		s.fields = fields

		if m.circle != nil {
			return gqlerror.ErrorPosf(m.circle.Position, "Cannot spread fragment %q within itself.", m.circle.Name)
		}

		if f := c.check(s); f != nil {
			return gqlerror.Wrap(f)
		}
	}

	for _, fragment := range document.Fragments {
		if _, ok := m.known[fragment.Name]; !ok {
			return gqlerror.ErrorPosf(fragment.Position, "Fragment %q is never used.", fragment.Name)
		}
	}

	return c.checkPairs(document, m.fragments)
}

// checkPairs comes last: within the other limits, there is not much to look through.
func (c Config) checkPairs(document *ast.QueryDocument, fragments map[string]*ast.FragmentDefinition) *gqlerror.Error {
	if c.MaxFields == 0 {
		return nil
	}

	p := pairs{fragments: fragments}

	for _, operation := range document.Operations {
		p.of([]ast.SelectionSet{operation.SelectionSet})
	}

	if p.count > maxPairs {
		return gqlerror.Wrap(beyond(fault.ComplexityLimit, maxPairs, int64(p.count), "the document repeats fields in %d pairs or more, at most %d are allowed"))
	}

	return nil
}

// check returns the fault of the first limit that a shape exceeds.
func (c Config) check(s shape) *fault.Error {
	for _, l := range []struct {
		code          fault.Code
		limit, actual int
		format        string
	}{
		{fault.DepthLimit, c.MaxDepth, s.depth, "the operation is %d levels deep, at most %d are allowed"},
		{fault.DepthLimit, maxIntrospectionDepth, s.introspection, "the introspection is %d levels deep, at most %d are allowed"},
		{fault.ComplexityLimit, c.MaxRootFields, s.roots, "the operation has %d root fields, at most %d are allowed"},
		{fault.ComplexityLimit, c.MaxAliases, s.aliases, "the operation has %d aliases, at most %d are allowed"},
		{fault.ComplexityLimit, c.MaxFields, s.fields, "the document has %d fields with its fragments spread out, at most %d are allowed"},
	} {
		if l.limit > 0 && l.actual > l.limit {
			return beyond(l.code, int64(l.limit), int64(l.actual), l.format)
		}
	}

	return nil
}

// measure finds the shapes of selection sets. Each fragment is measured once, however often it is spread.
type measure struct {
	fragments map[string]*ast.FragmentDefinition
	known     map[string]shape
	open      map[string]bool     // being measured
	circle    *ast.FragmentSpread // of a fragment within itself; nil for none
}

func newMeasure(fragments ast.FragmentDefinitionList) *measure {
	m := &measure{fragments: make(map[string]*ast.FragmentDefinition), known: make(map[string]shape), open: make(map[string]bool)}
	for _, f := range fragments {
		m.fragments[f.Name] = f
	}

	return m
}

func (m *measure) of(set ast.SelectionSet) (s shape) {
	for _, selection := range set {
		switch v := selection.(type) {
		case *ast.Field:
			s.field(v, m.of(v.SelectionSet))
		case *ast.InlineFragment:
			s.join(m.of(v.SelectionSet))
		case *ast.FragmentSpread:
			s.join(m.fragment(v))
		}
	}

	return s
}

// fragment returns the shape of a fragment that is spread. One that does not exist has none, which validation will say.
func (m *measure) fragment(spread *ast.FragmentSpread) shape {
	if s, ok := m.known[spread.Name]; ok {
		return s
	}

	definition := m.fragments[spread.Name]
	if definition == nil {
		return shape{}
	}

	if m.open[spread.Name] {
		m.circle = spread

		return shape{}
	}

	m.open[spread.Name] = true
	s := m.of(definition.SelectionSet)
	m.known[spread.Name] = s

	return s
}

func (s *shape) field(f *ast.Field, below shape) {
	s.roots = min(s.roots+1, enough)
	s.fields = min(s.fields+1+below.fields, enough)
	s.aliases = min(s.aliases+below.aliases, enough)

	if f.Alias != f.Name {
		s.aliases++
	}

	if f.Name == "__schema" || f.Name == "__type" {
		s.depth = max(s.depth, 1)
		s.introspection = max(s.introspection, 1+below.depth)

		return
	}

	s.depth = max(s.depth, 1+below.depth)
	s.introspection = max(s.introspection, below.introspection)
}

func (s *shape) join(other shape) {
	s.roots = min(s.roots+other.roots, enough)
	s.fields = min(s.fields+other.fields, enough)
	s.aliases = min(s.aliases+other.aliases, enough)
	s.depth = max(s.depth, other.depth)
	s.introspection = max(s.introspection, other.introspection)
}
