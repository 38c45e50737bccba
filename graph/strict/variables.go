package strict

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/fault"
)

// variables coerces the variables of a request (specification, section 6.1.2, CoerceVariableValues). The path of an error starts with the element variable.
func (c *Checker) variables(doc *document, given map[string]any) (map[string]any, *gqlerror.Error) {
	coerced := make(map[string]any, len(doc.operation.VariableDefinitions))

	for _, variable := range doc.operation.VariableDefinitions {
		at := &trail{name: variable.Variable}
		value, ok := given[variable.Variable]

		switch {
		case !ok && variable.DefaultValue != nil:
			coerced[variable.Variable] = c.literal(variable.DefaultValue, variable.Type)
		case !ok && variable.Type.NonNull:
			return nil, gqlerror.ErrorPathf(at.path(), "variable $%s of type %s must be given", variable.Variable, variable.Type)
		case ok:
			v, err := c.value(value, variable.Type, at)
			if err != nil {
				return nil, err
			}

			coerced[variable.Variable] = v
		}
	}

	return coerced, doc.checkNull(coerced)
}

// value coerces a value of a variable to a type of input.
func (c *Checker) value(value any, typ *ast.Type, at *trail) (any, *gqlerror.Error) {
	if value == nil {
		if typ.NonNull {
			return nil, gqlerror.ErrorPathf(at.path(), "null given where %s is expected", typ)
		}

		return nil, nil
	}

	if typ.Elem != nil {
		return c.list(value, typ, at)
	}

	definition := c.schema.Types[typ.NamedType]

	switch definition.Kind { //nolint:exhaustive // the others are of output
	case ast.InputObject:
		return c.object(value, definition, at)
	case ast.Enum:
		name, ok := value.(string)
		if !ok {
			return nil, gqlerror.ErrorPathf(at.path(), "a value of the enum %s is given as a string, not %s", definition.Name, kind(value))
		}

		if definition.EnumValues.ForName(name) == nil {
			return nil, gqlerror.ErrorPathf(at.path(), "%.80q is no value of the enum %s%s", name, definition.Name, c.suggestion(name, enumNames(definition)))
		}

		return name, nil
	default:
		v, reason := c.scalar(value, typ.NamedType)
		if reason != "" {
			return nil, gqlerror.ErrorPathf(at.path(), "%s", reason)
		}

		return v, nil
	}
}

func (c *Checker) list(value any, typ *ast.Type, at *trail) (any, *gqlerror.Error) {
	elements, ok := value.([]any)
	if !ok { // a single value stands for a list of one
		v, err := c.value(value, typ.Elem, at)
		if err != nil {
			return nil, err
		}

		return []any{v}, nil
	}

	list := make([]any, len(elements))

	for i, element := range elements {
		v, err := c.value(element, typ.Elem, &trail{outer: at, index: i, element: true})
		if err != nil {
			return nil, err
		}

		list[i] = v
	}

	return list, nil
}

func (c *Checker) object(value any, definition *ast.Definition, at *trail) (any, *gqlerror.Error) {
	fields, ok := value.(map[string]any)
	if !ok {
		return nil, gqlerror.ErrorPathf(at.path(), "%s is an input object, not %s", definition.Name, kind(value))
	}

	object := make(map[string]any, len(definition.Fields))

	for _, field := range definition.Fields {
		inner := &trail{outer: at, name: field.Name}
		value, given := fields[field.Name]

		switch {
		case !given && field.DefaultValue != nil:
			object[field.Name] = c.literal(field.DefaultValue, field.Type)
		case !given && field.Type.NonNull:
			return nil, gqlerror.ErrorPathf(inner.path(), "%s must have the field %q of type %s", definition.Name, field.Name, field.Type)
		case given:
			v, err := c.value(value, field.Type, inner)
			if err != nil {
				return nil, err
			}

			object[field.Name] = v
		}
	}

	return object, c.checkKeys(fields, definition, at)
}

// checkKeys finds fields that an input object does not have, and fields of a OneOf input object that are too many, too few, or null.
func (c *Checker) checkKeys(fields map[string]any, definition *ast.Definition, at *trail) *gqlerror.Error {
	for name := range fields {
		if definition.Fields.ForName(name) == nil {
			return gqlerror.ErrorPathf((&trail{outer: at, name: name}).path(), "%s has no field %.80q%s", definition.Name, name,
				c.suggestion(name, fieldNames(definition)))
		}
	}

	if !isOneOf(definition) {
		return nil
	}

	if len(fields) != 1 {
		return gqlerror.ErrorPathf(at.path(), "%s must have exactly one field, not %d", definition.Name, len(fields))
	}

	for name, value := range fields {
		if value == nil {
			return gqlerror.ErrorPathf((&trail{outer: at, name: name}).path(), "the one field of %s must not be null", definition.Name)
		}
	}

	return nil
}

// scalar coerces a value to a scalar, or returns what is wrong with it.
func (c *Checker) scalar(value any, scalar string) (any, string) {
	switch scalar {
	case "Int":
		f, ok := number(value)

		switch {
		case !ok, f != math.Trunc(f):
			return nil, "Int is an integer, not " + shown(value)
		case f < math.MinInt32, f > math.MaxInt32:
			return nil, "Int has 32 bits, too few for " + shown(value)
		default:
			return int64(f), ""
		}
	case "Float":
		if f, ok := number(value); ok {
			return f, ""
		}

		return nil, "Float is a number, not " + shown(value)
	case "String":
		if s, ok := value.(string); ok {
			return s, ""
		}

		return nil, "String is a string, not " + shown(value)
	case "Boolean":
		if b, ok := value.(bool); ok {
			return b, ""
		}

		return nil, "Boolean is true or false, not " + shown(value)
	case "ID":
		if id, ok := identity(value); ok {
			return id, ""
		}

		return nil, "ID is a string or an integer, not " + shown(value)
	default:
		if check := c.config.Scalars[scalar]; check != nil {
			return value, reasonOf(check(value))
		}

		return value, ""
	}
}

// trail is where a value lies: a step within what lies outside. A path is made of it for an error only.
type trail struct {
	outer   *trail // nil for a variable
	name    string
	index   int
	element bool // of a list, at the index
}

// path returns the path of a value, which starts with the element variable.
func (t *trail) path() ast.Path {
	switch {
	case t == nil:
		return ast.Path{ast.PathName("variable")}
	case t.element:
		return append(t.outer.path(), ast.PathIndex(t.index))
	default:
		return append(t.outer.path(), ast.PathName(t.name))
	}
}

// number returns a number of JSON, which is finite, as JavaScript would read it.
func number(value any) (float64, bool) {
	switch n := value.(type) {
	case json.Number:
		f, err := n.Float64()

		return f, err == nil
	case float64:
		return n, !math.IsInf(n, 0) && !math.IsNaN(n)
	case int64:
		return float64(n), true
	case int:
		return float64(n), true
	default:
		return 0, false
	}
}

// identity returns the ID that a string or an integer stands for.
func identity(value any) (string, bool) {
	if s, ok := value.(string); ok {
		return s, true
	}

	if n, ok := value.(json.Number); ok {
		if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
			return strconv.FormatInt(i, 10), true
		}
	}

	f, ok := number(value)
	if !ok || f != math.Trunc(f) {
		return "", false
	}

	return strconv.FormatFloat(f, 'f', -1, 64), true
}

// literal returns the value of a literal that is valid for a type and holds no variables, in the form of a coerced variable.
func (c *Checker) literal(value *ast.Value, typ *ast.Type) any {
	plain, err := value.Value(nil)
	if err != nil {
		return nil
	}

	coerced, failed := c.value(plain, typ, nil)
	if failed != nil {
		return plain
	}

	return coerced
}

// kind is how errors call a value of JSON.
func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	default:
		return "a number"
	}
}

// shown is a value of JSON as errors show it: a number itself, else its kind, for it may be a secret in the wrong place.
func shown(value any) string {
	if n, ok := value.(json.Number); ok && len(n) < 40 {
		return n.String()
	}

	return kind(value)
}

// reasonOf returns what may be shown of the error of a scalar.
func reasonOf(err error) string {
	if err == nil {
		return ""
	}

	if f, ok := fault.As(err); ok {
		return f.Message
	}

	return err.Error()
}
