package strict

import (
	"iter"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// place is where a value stands.
type place struct {
	typ        *ast.Type
	hasDefault bool     // what stands in when there is no value
	oneOf      bool     // it is the one field of an input object
	path       ast.Path // from the argument on
}

// takes tells whether a variable may be used in a place (specification, section 5.8.5, AreTypesCompatible).
func (p place) takes(variable *ast.VariableDefinition) bool {
	if p.typ.NonNull && !variable.Type.NonNull {
		if !p.hasDefault && (variable.DefaultValue == nil || variable.DefaultValue.Kind == ast.NullValue) {
			return false
		}

		nullable := *p.typ
		nullable.NonNull = false

		return isSubtype(variable.Type, &nullable)
	}

	return isSubtype(variable.Type, p.typ)
}

// isSubtype tells whether all values of a type of input are values of another.
func isSubtype(of, typ *ast.Type) bool {
	switch {
	case typ.NonNull && !of.NonNull:
		return false
	case typ.Elem != nil && of.Elem != nil:
		return isSubtype(of.Elem, typ.Elem)
	default:
		return typ.Elem == nil && of.Elem == nil && typ.NamedType == of.NamedType
	}
}

// variablesOf returns the variables within a value, with their places.
func variablesOf(schema *ast.Schema, value *ast.Value, p place) iter.Seq2[*ast.Value, place] {
	return func(yield func(*ast.Value, place) bool) { eachVariable(schema, value, p, yield) }
}

func eachVariable(schema *ast.Schema, value *ast.Value, p place, yield func(*ast.Value, place) bool) bool {
	switch value.Kind { //nolint:exhaustive // the others hold no values
	case ast.Variable:
		return yield(value, p)
	case ast.ListValue:
		element := p.typ.Elem
		if element == nil {
			return true // not of its place's type, which is an error of its own
		}

		for i, child := range value.Children {
			if !eachVariable(schema, child.Value, place{typ: element, path: within(p.path, ast.PathIndex(i))}, yield) {
				return false
			}
		}
	case ast.ObjectValue:
		definition := schema.Types[p.typ.Name()]

		for _, child := range value.Children {
			field := definition.Fields.ForName(child.Name)
			if field == nil {
				continue
			}

			inner := place{
				typ: field.Type, hasDefault: field.DefaultValue != nil, oneOf: isOneOf(definition), path: within(p.path, ast.PathName(child.Name)),
			}
			if !eachVariable(schema, child.Value, inner, yield) {
				return false
			}
		}
	}

	return true
}

func isOneOf(definition *ast.Definition) bool { return definition.Directives.ForName("oneOf") != nil }

// within returns the path of what lies in a value.
func within(path ast.Path, element ast.PathElement) ast.Path {
	return append(slices.Clip(path), element)
}
