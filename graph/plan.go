package graph

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// directType is an object with a generated writer.
type directType int

// directObject is what is known of such an object.
type directObject struct {
	implementors []string // its name, and those of its interfaces and unions
	fields       map[string]directField
}

// directField is a field that only computes.
type directField struct {
	number    int  // in the writer's switch; 0 is __typename
	composite bool // its values are objects, of this type:
	of        directType
	args      func(ec *executionContext, ctx context.Context, raw map[string]any) (map[string]any, error)
}

// plan is a selection of an object, compiled: fragments, conditions and aliases are resolved, arguments are coerced. It is read by many at once.
type plan struct {
	fields []plannedField
	sel    ast.SelectionSet // that it was made from
	field  *ast.Field       // whose values it is of; nil where the writing begins
}

// plannedField is a field of a plan.
type plannedField struct {
	key    string // "alias": with the comma before it
	number int
	args   map[string]any
	of     *plan // of the field's values, nil for scalars and enums
}

// maxPlannedFields bounds what a plan holds, and what all of a document that are kept do.
const maxPlannedFields = 4000

// compiler makes a plan.
type compiler struct {
	ec     *executionContext
	fields int // so far
}

// plan returns the plan of a selection; nil when it holds what is not plain, or too much.
func (c *compiler) plan(ctx context.Context, sel ast.SelectionSet, of directType) *plan {
	collected := graphql.CollectFields(c.ec.OperationContext, sel, directObjects[of].implementors)
	p := &plan{fields: make([]plannedField, len(collected)), sel: sel}

	if c.fields += len(collected); c.fields > maxPlannedFields {
		return nil
	}

	for i, field := range collected {
		known, plain := directObjects[of].fields[field.Name]
		if !plain && field.Name != "__typename" || len(field.Deferrables) > 0 {
			return nil
		}

		planned := plannedField{key: key(i == 0, field.Alias), number: known.number}

		if known.args != nil {
			var err error
			if planned.args, err = known.args(c.ec, ctx, field.ArgumentMap(c.ec.Variables)); err != nil {
				return nil
			}
		}

		if known.composite {
			if planned.of = c.plan(ctx, field.Selections, known.of); planned.of == nil {
				return nil
			}

			planned.of.field = field.Field
		}

		p.fields[i] = planned
	}

	return p
}

// planKey leads to the plans of a selection. The selections of an operation that begin alike are told apart by their plans' sel.
type planKey struct {
	of    directType
	first ast.Selection
	count int
}

// planSet holds plans of one document.
type planSet struct {
	document *ast.QueryDocument

	mu    sync.RWMutex
	known map[planKey][]*plan
	size  int
}

func newPlanSet(document *ast.QueryDocument) *planSet {
	return &planSet{document: document, known: make(map[planKey][]*plan)}
}

func (s *planSet) find(key planKey, sel ast.SelectionSet) *plan {
	s.mu.RLock()
	defer s.mu.RUnlock()

	for _, p := range s.known[key] {
		if slices.Equal(p.sel, sel) {
			return p
		}
	}

	return nil
}

func (s *planSet) add(key planKey, p *plan, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.size+size <= maxPlannedFields {
		s.known[key] = append(s.known[key], p)
		s.size += size
	}
}

// plans are those of an operation under way. Plans that the variables say nothing to are the document's, and serve its other operations.
type plans struct {
	shared *planSet
	own    *planSet
	failed atomic.Bool // writing by a plan did, so the executor does the rest

	rooms *sync.Pool // of *[]byte
	mu    sync.Mutex
	lent  []*[]byte // to what was written
}

// plan returns the plan of a selection, nil when it is not plain.
func (s *plans) plan(ctx context.Context, ec *executionContext, sel ast.SelectionSet, of directType) *plan {
	if len(sel) == 0 {
		return nil
	}

	key := planKey{of, sel[0], len(sel)}
	if p := s.shared.find(key, sel); p != nil {
		return p
	}

	if p := s.own.find(key, sel); p != nil {
		return p
	}

	c := compiler{ec: ec}

	p := c.plan(ctx, sel, of)
	if p == nil {
		return nil
	}

	into := s.shared
	if (&uses{fragments: ec.Doc.Fragments}).anyIn(sel) {
		into = s.own
	}

	into.add(key, p, c.fields)

	return p
}
