package strict

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// nullableUse is a use of a variable that may be null where null must not be: one with a default, or where a default stands in when it is not given. An
// explicit null has no default.
type nullableUse struct {
	variable   string
	place      place
	conditions []condition // under which the use counts
}

// condition is the variable of an @include, or of a @skip.
type condition struct {
	variable string
	want     bool
}

// nullableUses returns such uses of an operation.
func (c *Checker) nullableUses(operation *ast.OperationDefinition) []nullableUse {
	n := nullables{Checker: c, operation: operation, seen: make(map[string]bool)}

	for _, variable := range operation.VariableDefinitions {
		if !variable.Type.NonNull {
			n.directives(operation.Directives, nil)
			n.selections(operation.SelectionSet, nil)

			break
		}
	}

	return n.uses
}

type nullables struct {
	*Checker

	operation *ast.OperationDefinition
	seen      map[string]bool // fragments that were entered
	uses      []nullableUse
}

func (n *nullables) selections(set ast.SelectionSet, conditions []condition) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if inner, ok := n.directives(s.Directives, conditions); ok {
				n.arguments(s.Definition.Arguments, s.Arguments, inner)
				n.selections(s.SelectionSet, inner)
			}
		case *ast.InlineFragment:
			if inner, ok := n.directives(s.Directives, conditions); ok {
				n.selections(s.SelectionSet, inner)
			}
		case *ast.FragmentSpread:
			if _, ok := n.directives(s.Directives, conditions); ok && !n.seen[s.Name] {
				n.seen[s.Name] = true
				n.selections(s.Definition.SelectionSet, nil) // once, so under no condition: of several spreads one may have none
			}
		}
	}
}

// directives notes the uses in directives, and returns the conditions that they add; false when what they belong to is always left out.
func (n *nullables) directives(directives ast.DirectiveList, conditions []condition) ([]condition, bool) {
	for _, directive := range directives {
		n.arguments(directive.Definition.Arguments, directive.Arguments, conditions)
	}

	for name, want := range map[string]bool{"include": true, "skip": false} {
		directive := directives.ForName(name)
		if directive == nil {
			continue
		}

		if value := directive.Arguments.ForName("if").Value; value.Kind == ast.Variable {
			conditions = append(slices.Clip(conditions), condition{value.Raw, want})
		} else if (value.Raw == "true") != want {
			return nil, false
		}
	}

	return conditions, true
}

func (n *nullables) arguments(definitions ast.ArgumentDefinitionList, arguments ast.ArgumentList, conditions []condition) {
	for _, argument := range arguments {
		definition := definitions.ForName(argument.Name)
		outer := place{typ: definition.Type, hasDefault: definition.DefaultValue != nil, path: ast.Path{ast.PathName(argument.Name)}}

		for value, place := range variablesOf(n.schema, argument.Value, outer) {
			if place.typ.NonNull && !n.operation.VariableDefinitions.ForName(value.Raw).Type.NonNull {
				n.uses = append(n.uses, nullableUse{value.Raw, place, conditions})
			}
		}
	}
}

// checkNull refuses a null that a variable brings where there must be none.
func (d *document) checkNull(variables map[string]any) *gqlerror.Error {
	for _, use := range d.nullable {
		if value, given := variables[use.variable]; given && value == nil && use.counts(variables) {
			return gqlerror.ErrorPathf(ast.Path{ast.PathName("variable"), ast.PathName(use.variable)}, "null given where %s is expected", use.place.typ)
		}
	}

	return nil
}

func (u nullableUse) counts(variables map[string]any) bool {
	for _, c := range u.conditions {
		if variables[c.variable] != c.want {
			return false
		}
	}

	return true
}
