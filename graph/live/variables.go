package live

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// variablesOf returns the names of the variables that a document's operation and fragments use, sorted.
func variablesOf(doc *ast.QueryDocument) []string {
	var u used

	for _, operation := range doc.Operations {
		u.inDirectives(operation.Directives)
		u.inSet(operation.SelectionSet)
	}

	for _, fragment := range doc.Fragments {
		u.inDirectives(fragment.Directives)
		u.inSet(fragment.SelectionSet)
	}

	slices.Sort(u.names)

	return slices.Compact(u.names)
}

// used collects the names of variables.
type used struct{ names []string }

func (u *used) inSet(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			u.inArguments(s.Arguments)
			u.inDirectives(s.Directives)
			u.inSet(s.SelectionSet)
		case *ast.InlineFragment:
			u.inDirectives(s.Directives)
			u.inSet(s.SelectionSet)
		case *ast.FragmentSpread: // its selections are those of a fragment of the document
			u.inDirectives(s.Directives)
		}
	}
}

func (u *used) inDirectives(directives ast.DirectiveList) {
	for _, directive := range directives {
		u.inArguments(directive.Arguments)
	}
}

func (u *used) inArguments(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		u.inValue(argument.Value)
	}
}

func (u *used) inValue(value *ast.Value) {
	if value == nil {
		return
	}

	if value.Kind == ast.Variable {
		u.names = append(u.names, value.Raw)
	}

	for _, child := range value.Children {
		u.inValue(child.Value)
	}
}
