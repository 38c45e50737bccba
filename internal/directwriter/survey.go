package main

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
)

// plain is what the schema has of objects and values that can be written directly.
type plain struct {
	Objects []plainObject
	Values  []value // each once
}

// plainObject is an object with its plain fields, in the schema's order.
type plainObject struct {
	*codegen.Object

	Fields []field
}

// field is a field that only computes; 0 is the number of __typename.
type field struct {
	*codegen.Field

	Number int
}

// Args returns the expressions of the arguments that the planned field holds.
func (f field) Args() string { return strings.ReplaceAll(f.CallArgs(), "fc.Args[", "field.args[") }

// IsObject says whether the field's values are objects.
func (f field) IsObject() bool { return f.TypeReference.Definition.Kind == ast.Object }

// value is a type of values with the form that it is written in.
type value struct {
	*config.TypeReference

	Form string
}

// survey finds what can be written directly. A field can when it is bound to a Go field or to a method without a context, has no directive that runs, and its values
// are scalars, enums and objects, or lists of them.
func survey(data *codegen.Data) plain {
	var s plain

	seen := make(map[string]bool)

	for _, o := range data.Objects {
		if o.Root || strings.HasPrefix(o.Name, "__") {
			continue
		}

		found := plainObject{Object: o}

		for _, f := range o.Fields {
			if bound := f.IsMethod() || f.IsVariable(); !bound || f.IsResolver || f.MethodHasContext || f.HasHaser || f.VOkFunc || f.HasDirectives() {
				continue
			}

			if values, ok := valuesOf(f.TypeReference); ok {
				found.Fields = append(found.Fields, field{Field: f, Number: len(found.Fields) + 1})

				for _, v := range values {
					if key := v.UniquenessKey(); !seen[key] {
						seen[key] = true
						s.Values = append(s.Values, v)
					}
				}
			}
		}

		s.Objects = append(s.Objects, found)
	}

	return s
}

// scalars are the marshalers of gqlgen and of this project whose values are written without them.
var scalars = map[string]string{
	"github.com/99designs/gqlgen/graphql.MarshalString":  "string",
	"github.com/99designs/gqlgen/graphql.MarshalID":      "string",
	"github.com/99designs/gqlgen/graphql.MarshalInt":     "int",
	"github.com/99designs/gqlgen/graphql.MarshalInt32":   "int",
	"github.com/99designs/gqlgen/graphql.MarshalBoolean": "bool",
	"sidereal/graph/scalar.MarshalFloat":                 "float",
	"sidereal/graph/scalar.MarshalDateTime":              "time",
}

// valuesOf returns a type and the types of its elements; false when one of them is none that can be written directly.
func valuesOf(ref *config.TypeReference) ([]value, bool) {
	if ref.IsSlice() {
		elements, ok := valuesOf(ref.Elem())

		return append([]value{{ref, "list"}}, elements...), ok
	}

	form := ""

	switch {
	case ref.IsPtrToSlice(), ref.IsPtrToIntf(), ref.IsPtrToPtr(), ref.IsMap(), ref.IsRoot:
		return nil, false
	case ref.Definition.Kind == ast.Object:
		form = "object"
	case ref.IsMarshaler && !ref.IsContext:
		form = "marshaler"
	case ref.Marshaler == nil:
		return nil, false
	case ref.HasEnumValues():
		form = "enum"
	case scalars[ref.Marshaler.FullName()] != "":
		form = scalars[ref.Marshaler.FullName()]
	case !ref.IsContext:
		form = "marshal"
	}

	return []value{{ref, form}}, form != ""
}

// Plain returns the expression of a value as its marshaler takes it, as gqlgen forms it.
func (v value) Plain() string {
	switch {
	case v.IsTargetNilable() && !v.IsNilable():
		return "&v"
	case !v.IsTargetNilable() && v.IsNilable():
		return "*v"
	default:
		return "v"
	}
}

// OfObjects says whether the value is a list whose elements are objects.
func (v value) OfObjects() bool {
	return v.Form == "list" && !v.Elem().IsSlice() && v.Definition.Kind == ast.Object
}
