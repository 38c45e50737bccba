package strict

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
)

// checkSyntax finds what the parser lets through that the grammar does not have.
func checkSyntax(doc *ast.QueryDocument) *gqlerror.Error {
	if len(doc.Operations) == 0 && len(doc.Fragments) == 0 {
		return gqlerror.ErrorLocf("", 1, 1, "the document is empty")
	}

	for _, fragment := range doc.Fragments {
		if len(fragment.VariableDefinition) > 0 {
			return gqlerror.ErrorPosf(fragment.Position, "a fragment has no variables of its own")
		}
	}

	for _, operation := range doc.Operations {
		for _, variable := range operation.VariableDefinitions {
			for _, directive := range variable.Directives {
				for _, argument := range directive.Arguments {
					if use := variableIn(argument.Value); use != nil {
						return gqlerror.ErrorPosf(use.Position, "unexpected variable $%s in a constant value", use.Raw)
					}
				}
			}
		}
	}

	return nil
}

// variableIn returns the first variable within a value, nil when there is none.
func variableIn(value *ast.Value) *ast.Value {
	if value.Kind == ast.Variable {
		return value
	}

	for _, child := range value.Children {
		if use := variableIn(child.Value); use != nil {
			return use
		}
	}

	return nil
}

// setBlockStrings gives the block strings of a document their values, by where they start.
func (c *Checker) setBlockStrings(doc *ast.QueryDocument, values map[int]string) {
	var events validator.Events

	events.OnValue(func(_ *validator.Walker, value *ast.Value) {
		if value.Kind == ast.BlockValue {
			value.Raw = values[value.Position.Start]
		}
	})

	validator.Walk(c.schema, doc, &events)
}
