package graph

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// plainness tells whether the answer to an event follows from the event alone: then it is the same for all who may have the event.
type plainness struct {
	schema *ast.Schema
	plain  map[string]map[string]directField // the fields that only compute, by the names of types
}

// shared are fields that load, but the same for all who may have the event: what a reading says is for whoever has the hash of its chart.
var shared = map[string]bool{
	"ReadingStarted.reading": true, "ReadingSectionStarted.reading": true, "ReadingText.reading": true, "ReadingSectionReady.reading": true,
	"ReadingSectionReady.section": true, "ReadingProgress.reading": true, "ReadingCompleted.reading": true, "ReadingFailed.reading": true,
	"ReadingCancelled.reading": true, "Reading.sections": true, "Reading.words": true,
}

func newPlainness(schema *ast.Schema) plainness {
	p := plainness{schema: schema, plain: make(map[string]map[string]directField, len(directObjects))}

	for _, object := range directObjects {
		p.plain[object.implementors[0]] = object.fields
	}

	return p
}

// of tells whether all fields below the root of an operation only compute, or are shared.
func (p plainness) of(operation *graphql.OperationContext) bool {
	set := operation.Operation.SelectionSet

	return p.set(set, 0) && !slices.ContainsFunc(operation.Doc.Fragments, func(f *ast.FragmentDefinition) bool {
		depth := 1
		if f.TypeCondition == p.schema.Subscription.Name {
			depth = 0
		}

		return !p.set(f.SelectionSet, depth)
	})
}

// set looks at a selection set; depth 0 is the root. What is spread are fragments of the document, which are looked at by themselves.
func (p plainness) set(set ast.SelectionSet, depth int) bool {
	return !slices.ContainsFunc(set, func(selection ast.Selection) bool {
		switch s := selection.(type) {
		case *ast.Field:
			return depth > 0 && !p.field(s) || !p.set(s.SelectionSet, depth+1)
		case *ast.InlineFragment:
			return !p.set(s.SelectionSet, depth)
		default:
			return false
		}
	})
}

// field tells whether a field only computes, or is shared, in each of the objects that it may be a field of.
func (p plainness) field(field *ast.Field) bool {
	if field.Name == "__typename" {
		return true
	}

	for _, object := range p.schema.GetPossibleTypes(field.ObjectDefinition) {
		if _, plain := p.plain[object.Name][field.Name]; !plain && !shared[object.Name+"."+field.Name] {
			return false
		}
	}

	return true
}
