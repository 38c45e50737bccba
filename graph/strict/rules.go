package strict

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"sidereal/fault"
	"sidereal/graph/gqlerr"
)

// The rules that are replaced, and those that tell names of the schema in their errors unless they are replaced.
const (
	valuesOfCorrectType        = "ValuesOfCorrectType"
	variablesInAllowedPosition = "VariablesInAllowedPosition"
	singleFieldSubscriptions   = "SingleFieldSubscriptions"
)

// rules returns the validator's rules with ours in their places.
func (c *Checker) rules() *rules.Rules {
	set := rules.NewDefaultRules()
	set.ReplaceRule(valuesOfCorrectType, c.checkValues)
	set.ReplaceRule(variablesInAllowedPosition, checkPositions)
	set.ReplaceRule(singleFieldSubscriptions, checkSubscriptions)

	if c.config.Forbid != nil {
		c.config.Forbid(set)
	}

	if c.config.Suggestions {
		return set
	}

	for _, silent := range []core.Rule{
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions, rules.ScalarLeafsRuleWithoutSuggestions,
	} {
		set.RemoveRule(strings.TrimSuffix(silent.Name, "WithoutSuggestions"))
		set.AddRule(silent.Name, silent.RuleFunc)
	}

	return set
}

// at places an error in the document and names the input field at fault.
func at(position *ast.Position, field ast.Path, format string, args ...any) core.ErrorOption {
	return func(err *gqlerror.Error) {
		reason := fault.Invalid(gqlerr.FieldPath(field), format, args...)
		err.Message, err.Err = reason.Message, reason

		core.At(position)(err)
	}
}

// checkValues is the rule that literals are of the types of their places.
func (c *Checker) checkValues(events *validator.Events, addError validator.AddErrFunc) {
	seen := make(map[*ast.Value]bool) // a fragment is walked for every operation that uses it

	check := func(definitions ast.ArgumentDefinitionList, arguments ast.ArgumentList) {
		for _, argument := range arguments {
			if definition := definitions.ForName(argument.Name); definition != nil && !seen[argument.Value] {
				seen[argument.Value] = true

				l := literals{c, addError}
				l.check(argument.Value, definition.Type, ast.Path{ast.PathName(argument.Name)})
			}
		}
	}

	events.OnField(func(_ *validator.Walker, field *ast.Field) {
		if field.Definition != nil {
			check(field.Definition.Arguments, field.Arguments)
		}
	})
	events.OnDirective(func(_ *validator.Walker, directive *ast.Directive) {
		if directive.Definition != nil {
			check(directive.Definition.Arguments, directive.Arguments)
		}
	})
	events.OnVariable(func(_ *validator.Walker, variable *ast.VariableDefinition) {
		if variable.DefaultValue != nil && variable.Definition != nil && variable.Definition.IsInputType() {
			l := literals{c, addError}
			l.check(variable.DefaultValue, variable.Type, ast.Path{ast.PathName(variable.Variable)})
		}
	})
}

// checkPositions is the rule that variables are of types that fit where they are used.
func checkPositions(events *validator.Events, addError validator.AddErrFunc) {
	check := func(walker *validator.Walker, definitions ast.ArgumentDefinitionList, arguments ast.ArgumentList) {
		if walker.CurrentOperation == nil {
			return
		}

		for _, argument := range arguments {
			definition := definitions.ForName(argument.Name)
			if definition == nil {
				continue
			}

			place := place{typ: definition.Type, hasDefault: definition.DefaultValue != nil, path: ast.Path{ast.PathName(argument.Name)}}
			for value, place := range variablesOf(walker.Schema, argument.Value, place) {
				variable := walker.CurrentOperation.VariableDefinitions.ForName(value.Raw)
				if variable == nil || walker.Schema.Types[variable.Type.Name()] == nil {
					continue
				}

				if !place.takes(variable) {
					addError(at(value.Position, place.path, "variable $%s of type %s is used where %s is expected", value.Raw, variable.Type, place.typ))
				} else if place.oneOf && !variable.Type.NonNull {
					addError(at(value.Position, place.path, "variable $%s of type %s must be non-null, for it is the one field of a OneOf input object",
						value.Raw, variable.Type))
				}
			}
		}
	}

	events.OnField(func(walker *validator.Walker, field *ast.Field) {
		if field.Definition != nil {
			check(walker, field.Definition.Arguments, field.Arguments)
		}
	})
	events.OnDirective(func(walker *validator.Walker, directive *ast.Directive) {
		if directive.Definition != nil {
			check(walker, directive.Definition.Arguments, directive.Arguments)
		}
	})
}
