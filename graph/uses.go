package graph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// uses looks for variables in selections.
type uses struct {
	fragments ast.FragmentDefinitionList
	seen      []string // fragments
}

// anyIn says whether a variable has a say in a selection.
func (u *uses) anyIn(sel ast.SelectionSet) bool {
	return slices.ContainsFunc(sel, func(s ast.Selection) bool {
		switch s := s.(type) {
		case *ast.Field:
			return argumentsUse(s.Arguments) || directivesUse(s.Directives) || u.anyIn(s.SelectionSet)
		case *ast.InlineFragment:
			return directivesUse(s.Directives) || u.anyIn(s.SelectionSet)
		case *ast.FragmentSpread:
			return directivesUse(s.Directives) || u.inFragment(s.Name)
		default:
			return true
		}
	})
}

func (u *uses) inFragment(name string) bool {
	if slices.Contains(u.seen, name) {
		return false
	}

	u.seen = append(u.seen, name)
	fragment := u.fragments.ForName(name)

	return fragment == nil || u.anyIn(fragment.SelectionSet)
}

func directivesUse(directives ast.DirectiveList) bool {
	return slices.ContainsFunc(directives, func(d *ast.Directive) bool { return argumentsUse(d.Arguments) })
}

func argumentsUse(arguments ast.ArgumentList) bool {
	return slices.ContainsFunc(arguments, func(a *ast.Argument) bool { return valueUses(a.Value) })
}

func valueUses(v *ast.Value) bool {
	return v != nil && (v.Kind == ast.Variable || slices.ContainsFunc(v.Children, func(c *ast.ChildValue) bool { return valueUses(c.Value) }))
}
