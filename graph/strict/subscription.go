package strict

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// checkSubscriptions is the rule that a subscription has one root field, and none of introspection. Fields of one name in the response are one. What @skip and
// @include leave out does not count, and at the root they have no variables: how many fields there are must be plain before there are values.
func checkSubscriptions(events *validator.Events, addError validator.AddErrFunc) {
	events.OnOperation(func(walker *validator.Walker, operation *ast.OperationDefinition) {
		if operation.Operation == ast.Subscription && walker.Schema.Subscription != nil {
			r := rootFields{addError: addError, seen: make(map[string]bool)}
			r.check(operation.SelectionSet)
		}
	})
}

// rootFields checks the root of a subscription.
type rootFields struct {
	addError validator.AddErrFunc
	seen     map[string]bool // fragments
	first    string          // the name of the first field in the response
}

func (r *rootFields) check(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if r.counts(s.Directives) {
				r.field(s)
			}
		case *ast.InlineFragment:
			if r.counts(s.Directives) {
				r.check(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if r.counts(s.Directives) && s.Definition != nil && !r.seen[s.Name] {
				r.seen[s.Name] = true
				r.check(s.Definition.SelectionSet)
			}
		}
	}
}

func (r *rootFields) field(field *ast.Field) {
	switch {
	case strings.HasPrefix(field.Name, "__"):
		r.addError(at(field.Position, nil, "a subscription selects no introspection field at its root"))
	case r.first == "":
		r.first = field.Alias
	case r.first != field.Alias:
		r.addError(at(field.Position, nil, "a subscription selects one field at its root"))
	}
}

// counts tells whether a selection with these directives is part of the operation.
func (r *rootFields) counts(directives ast.DirectiveList) bool {
	for _, d := range []struct{ name, leavesOut string }{{"skip", "true"}, {"include", "false"}} {
		directive := directives.ForName(d.name)
		if directive == nil {
			continue
		}

		condition := directive.Arguments.ForName("if")
		if condition == nil {
			continue
		}

		if condition.Value.Kind == ast.Variable {
			r.addError(at(directive.Position, nil, "@%s has no variable at the root of a subscription", d.name))
		} else if condition.Value.Raw == d.leavesOut {
			return false
		}
	}

	return true
}
