package limit

import (
	"context"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
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

// MutateOperationParameters implements graphql.OperationParameterMutator: it refuses documents whose shape is beyond the limits. That comes before they are
// validated, since validation takes longer than in proportion to their size. Documents that do not parse are left to the executor.
func (g *Guard) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if _, ok := g.known.Get(ctx, params.Query); ok {
		return nil
	}

	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, g.config.MaxTokens)

	switch {
	case err != nil && strings.HasSuffix(err.Error(), "exceeded token limit of "+strconv.Itoa(g.config.MaxTokens)):
		return gqlerror.Wrap(fault.New(fault.ComplexityLimit, "the document has more than %d tokens", g.config.MaxTokens).
			WithDetail("limit", g.config.MaxTokens))
	case err != nil:
		return nil
	}

	m := measure{fragments: document.Fragments, known: make(map[string]shape)}

	for _, operation := range document.Operations {
		if f := g.config.check(m.of(operation.SelectionSet)); f != nil {
			return gqlerror.Wrap(f)
		}
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
		{fault.ComplexityLimit, c.MaxFields, s.fields, "the operation has %d fields with its fragments spread out, at most %d are allowed"},
	} {
		if l.limit > 0 && l.actual > l.limit {
			return beyond(l.code, int64(l.limit), int64(l.actual), l.format)
		}
	}

	return nil
}

// measure finds the shapes of selection sets. Each fragment is measured once, however often it is spread.
type measure struct {
	fragments ast.FragmentDefinitionList
	known     map[string]shape
}

func (m *measure) of(set ast.SelectionSet) (s shape) {
	for _, selection := range set {
		switch v := selection.(type) {
		case *ast.Field:
			s.field(v, m.of(v.SelectionSet))
		case *ast.InlineFragment:
			s.join(m.of(v.SelectionSet))
		case *ast.FragmentSpread:
			s.join(m.fragment(v.Name))
		}
	}

	return s
}

// fragment returns the shape of a fragment. Unknown ones, and circles, have none: the document is not valid, which validation will say.
func (m *measure) fragment(name string) shape {
	if s, ok := m.known[name]; ok {
		return s
	}

	m.known[name] = shape{}

	if definition := m.fragments.ForName(name); definition != nil {
		m.known[name] = m.of(definition.SelectionSet)
	}

	return m.known[name]
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
