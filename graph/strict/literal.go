package strict

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// literals checks values that are written in a document.
type literals struct {
	*Checker

	addError validator.AddErrFunc
}

// check reports what is wrong with a value for a type. Variables within it are the business of another rule.
func (l literals) check(value *ast.Value, typ *ast.Type, path ast.Path) {
	if value.Kind == ast.Variable {
		return
	}

	if value.Kind == ast.NullValue {
		if typ.NonNull {
			l.addError(at(value.Position, path, "null given where %s is expected", typ))
		}

		return
	}

	if typ.Elem != nil {
		l.list(value, typ, path)

		return
	}

	definition := l.schema.Types[typ.NamedType]

	switch {
	case definition == nil:
	case definition.Kind == ast.InputObject && value.Kind == ast.ObjectValue:
		l.object(value, definition, path)
	case definition.Kind == ast.InputObject:
		l.addError(at(value.Position, path, "%s is an input object, not %s", typ.NamedType, value))
	case definition.Kind == ast.Enum:
		l.enum(value, definition, path)
	default:
		if reason := l.scalar(value, typ.NamedType); reason != "" {
			l.addError(at(value.Position, path, "%s", reason))
		}
	}
}

// list checks the elements of a list, or the single value that stands for a list of one.
func (l literals) list(value *ast.Value, typ *ast.Type, path ast.Path) {
	if value.Kind != ast.ListValue {
		l.check(value, typ.Elem, path)

		return
	}

	for i, child := range value.Children {
		l.check(child.Value, typ.Elem, within(path, ast.PathIndex(i)))
	}
}

func (l literals) object(value *ast.Value, definition *ast.Definition, path ast.Path) {
	for _, child := range value.Children {
		if field := definition.Fields.ForName(child.Name); field != nil {
			l.check(child.Value, field.Type, within(path, ast.PathName(child.Name)))
		} else {
			l.addError(at(child.Position, within(path, ast.PathName(child.Name)), "%s has no field %q%s", definition.Name, child.Name,
				l.suggestion(child.Name, fieldNames(definition))))
		}
	}

	for _, field := range definition.Fields {
		if field.Type.NonNull && field.DefaultValue == nil && value.Children.ForName(field.Name) == nil {
			l.addError(at(value.Position, within(path, ast.PathName(field.Name)), "%s must have the field %q of type %s", definition.Name, field.Name, field.Type))
		}
	}

	if !isOneOf(definition) {
		return
	}

	if len(value.Children) != 1 {
		l.addError(at(value.Position, path, "%s must have exactly one field, not %d", definition.Name, len(value.Children)))
	} else if child := value.Children[0]; child.Value.Kind == ast.NullValue {
		l.addError(at(child.Value.Position, within(path, ast.PathName(child.Name)), "the one field of %s must not be null", definition.Name))
	}
}

func (l literals) enum(value *ast.Value, definition *ast.Definition, path ast.Path) {
	if value.Kind == ast.EnumValue && definition.EnumValues.ForName(value.Raw) != nil {
		return
	}

	suggestion := ""
	if value.Kind == ast.EnumValue || value.Kind == ast.StringValue {
		suggestion = l.suggestion(value.Raw, enumNames(definition))
	}

	l.addError(at(value.Position, path, "%s is no value of the enum %s%s", value, definition.Name, suggestion))
}

// scalar returns what is wrong with a value for a scalar, empty when nothing is.
func (l literals) scalar(value *ast.Value, scalar string) string {
	isInt, isText := value.Kind == ast.IntValue, value.Kind == ast.StringValue || value.Kind == ast.BlockValue

	switch scalar {
	case "Int", "Float":
		return literalNumber(value, scalar)
	case "String":
		if !isText {
			return "String is a string, not " + value.String()
		}
	case "Boolean":
		if value.Kind != ast.BooleanValue {
			return "Boolean is true or false, not " + value.String()
		}
	case "ID":
		if !isInt && !isText {
			return "ID is a string or an integer, not " + value.String()
		}
	default:
		return l.ownScalar(value, scalar)
	}

	return ""
}

// literalNumber is scalar for numbers.
func literalNumber(value *ast.Value, scalar string) string {
	var err error

	switch {
	case scalar == "Int" && value.Kind != ast.IntValue:
		return "Int is an integer, not " + value.String()
	case scalar == "Int":
		_, err = strconv.ParseInt(value.Raw, 10, 32)
	case value.Kind != ast.IntValue && value.Kind != ast.FloatValue:
		return "Float is a number, not " + value.String()
	default:
		_, err = strconv.ParseFloat(value.Raw, 64) // an error, too, when it is infinite
	}

	if err != nil {
		return scalar + " has too few bits for " + value.String()
	}

	return ""
}

// ownScalar is scalar for the schema's own scalars.
func (l literals) ownScalar(value *ast.Value, scalar string) string {
	plain, err := value.Value(nil)
	if err != nil { // a number beyond 64 bits
		return value.String() + " is too large"
	}

	if value.Kind == ast.EnumValue {
		return scalar + " is no enum: " + value.String()
	}

	if check := l.config.Scalars[scalar]; check != nil {
		return reasonOf(check(plain))
	}

	return ""
}

// suggestion returns what may have been meant by a name, as the end of a sentence.
func (c *Checker) suggestion(name string, options []string) string {
	if !c.config.Suggestions {
		return ""
	}

	near := core.SuggestionList(name, options)
	if len(near) == 0 {
		return ""
	}

	return "; did you mean " + strings.TrimSuffix(core.QuotedOrList(near...), ".") + "?"
}

func fieldNames(definition *ast.Definition) []string {
	names := make([]string, len(definition.Fields))
	for i, field := range definition.Fields {
		names[i] = field.Name
	}

	return names
}

func enumNames(definition *ast.Definition) []string {
	names := make([]string, len(definition.EnumValues))
	for i, value := range definition.EnumValues {
		names[i] = value.Name
	}

	return names
}
