package document

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// deferDirective is the directive that lets a part of an answer come later.
const deferDirective = "defer"

// insideSuffix marks the copy of a fragment for use within a deferred one. No document can hold such a name.
const insideSuffix = "@"

// Settle decides on every @defer of an operation. Those stay that are in force, are not within another, and belong to an operation whose client takes its
// answer in parts. All others are taken out, and what they stand on comes with what it lies in: an executor that finds them would withhold it. The document
// itself is shared and stays as it is.
func Settle(operation *graphql.OperationContext, inParts bool) {
	s := &settler{
		fragments: operation.Doc.Fragments, variables: operation.Variables, made: make(map[string]*ast.FragmentDefinition),
		allowed: inParts && operation.Operation.Operation != ast.Subscription,
	}

	settled, doc := *operation.Operation, *operation.Doc
	settled.SelectionSet = s.settle(settled.SelectionSet, false)

	doc.Fragments = nil
	for _, fragment := range s.made {
		doc.Fragments = append(doc.Fragments, fragment)
	}

	operation.Operation, operation.Doc = &settled, &doc
}

type settler struct {
	fragments ast.FragmentDefinitionList
	variables map[string]any
	allowed   bool
	made      map[string]*ast.FragmentDefinition // by their new names
}

// settle returns a copy of a selection set; inside tells whether it lies in a fragment that is deferred.
func (s *settler) settle(set ast.SelectionSet, inside bool) ast.SelectionSet {
	settled := make(ast.SelectionSet, len(set))

	for i, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			field := *selection
			field.SelectionSet = s.settle(field.SelectionSet, inside)
			settled[i] = &field
		case *ast.InlineFragment:
			fragment := *selection

			var within bool

			fragment.Directives, within = s.directives(fragment.Directives, inside)
			fragment.SelectionSet = s.settle(fragment.SelectionSet, within)
			settled[i] = &fragment
		case *ast.FragmentSpread:
			spread := *selection

			var within bool

			spread.Directives, within = s.directives(spread.Directives, inside)
			spread.Definition = s.fragment(spread.Name, within)
			spread.Name = spread.Definition.Name
			settled[i] = &spread
		}
	}

	return settled
}

// fragment returns the copy of a named fragment for its place. Each is made once, however often it is spread.
func (s *settler) fragment(name string, inside bool) *ast.FragmentDefinition {
	copied := name
	if inside {
		copied += insideSuffix
	}

	if made, ok := s.made[copied]; ok {
		return made
	}

	fragment := *s.fragments.ForName(name)
	fragment.Name = copied
	fragment.SelectionSet = s.settle(fragment.SelectionSet, inside)
	s.made[copied] = &fragment

	return &fragment
}

// directives returns the directives of a fragment with @defer only where it stays, and whether the fragment lies in a deferred one.
func (s *settler) directives(list ast.DirectiveList, inside bool) (ast.DirectiveList, bool) {
	directive := list.ForName(deferDirective)
	if directive == nil {
		return list, inside
	}

	if s.allowed && !inside && s.inForce(directive) {
		return list, true
	}

	return slices.DeleteFunc(slices.Clone(list), func(d *ast.Directive) bool { return d.Name == deferDirective }), inside
}

func (s *settler) inForce(directive *ast.Directive) bool {
	condition := directive.Arguments.ForName("if")
	if condition == nil {
		return true
	}

	value, err := condition.Value.Value(s.variables)
	on, _ := value.(bool)

	return err == nil && on
}
