package gqlerr

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/fault"
)

// inputField returns the path of the input field whose coercion failed, from the argument on, whichever way the argument came: coercion of variables has
// the path variable.NAME…; coercion of literal arguments has the response path of the field, then the argument's.
func inputField(ctx context.Context, path ast.Path, f fault.Error) (string, bool) {
	if f.Field != "" || f.Code != fault.ValidationFailed || len(path) == 0 {
		return "", false
	}

	if path[0] == ast.PathName("variable") {
		return FieldPath(argumentPath(ctx, path[1:])), len(path) > 1
	}

	at := len(responsePath(ctx, path))

	return FieldPath(path[at:]), at < len(path)
}

// responsePath returns the part of a path that lies in the response: down to the field that the error belongs to.
func responsePath(ctx context.Context, path ast.Path) ast.Path {
	if len(path) == 0 || path[0] == ast.PathName("variable") || !graphql.HasOperationContext(ctx) {
		return nil
	}

	op := graphql.GetOperationContext(ctx).Operation
	if op == nil {
		return nil
	}

	selections := op.SelectionSet

	for i, element := range path {
		name, ok := element.(ast.PathName)
		if !ok {
			continue // an index into a list
		}

		field := selected(selections, string(name))
		if field == nil {
			return path[:i]
		}

		selections = field.SelectionSet
	}

	return path
}

// selected returns the field with that response name, fragments included.
func selected(set ast.SelectionSet, alias string) *ast.Field {
	for _, selection := range set {
		var inner ast.SelectionSet

		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias == alias {
				return s
			}
		case *ast.InlineFragment:
			inner = s.SelectionSet
		case *ast.FragmentSpread:
			inner = s.Definition.SelectionSet
		}

		if field := selected(inner, alias); field != nil {
			return field
		}
	}

	return nil
}

// argumentPath returns the path of a variable's value as part of the argument that the variable is used in first. One that is used nowhere keeps its name.
func argumentPath(ctx context.Context, path ast.Path) ast.Path {
	name, ok := path[0].(ast.PathName)
	if !ok || !graphql.HasOperationContext(ctx) || graphql.GetOperationContext(ctx).Operation == nil {
		return path
	}

	if use := useOf(string(name), graphql.GetOperationContext(ctx).Operation.SelectionSet); use != nil {
		return append(use, path[1:]...)
	}

	return path
}

// useOf returns where a selection first uses a variable: the argument's name, then the fields and indices within its value.
func useOf(variable string, set ast.SelectionSet) ast.Path {
	for _, selection := range set {
		var inner ast.SelectionSet

		switch s := selection.(type) {
		case *ast.Field:
			for _, argument := range s.Arguments {
				if use := useIn(variable, argument.Value); use != nil {
					return append(ast.Path{ast.PathName(argument.Name)}, use...)
				}
			}

			inner = s.SelectionSet
		case *ast.InlineFragment:
			inner = s.SelectionSet
		case *ast.FragmentSpread:
			inner = s.Definition.SelectionSet
		}

		if use := useOf(variable, inner); use != nil {
			return use
		}
	}

	return nil
}

// useIn returns where a value uses a variable: nil when nowhere, empty when it is the variable.
func useIn(variable string, value *ast.Value) ast.Path {
	if value.Kind == ast.Variable && value.Raw == variable {
		return ast.Path{}
	}

	for i, child := range value.Children {
		if use := useIn(variable, child.Value); use != nil {
			if value.Kind == ast.ListValue {
				return append(ast.Path{ast.PathIndex(i)}, use...)
			}

			return append(ast.Path{ast.PathName(child.Name)}, use...)
		}
	}

	return nil
}

// FieldPath writes a path as a client would: input.orbs[2].limit.
func FieldPath(path ast.Path) string {
	var b strings.Builder

	for _, element := range path {
		switch e := element.(type) {
		case ast.PathIndex:
			fmt.Fprintf(&b, "[%d]", int(e))
		case ast.PathName:
			if b.Len() > 0 {
				b.WriteByte('.')
			}

			b.WriteString(string(e))
		}
	}

	return b.String()
}
