// Package everyfield makes the GraphQL selection of everything that the schema has, for benchmarks and golden files.
package everyfield

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Selection returns the selection set of a type with every field of the schema in a file, each with the default values of its arguments. Fields that need an
// argument are left out, and so are pages of what others made of it (Chart.readings), what would lead round in a circle, and what is in except, by name (calculatedAt) or
// with its type (Chart.wheel).
func Selection(path, typeName string, except ...string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}

	schema, err := gqlparser.LoadSchema(&ast.Source{Name: path, Input: string(text)})
	if err != nil {
		return "", err
	}

	of, ok := schema.Types[typeName]
	if !ok {
		return "", fmt.Errorf("%s has no type %s", path, typeName)
	}

	w := writer{schema: schema, except: except}
	w.selection(of, nil)

	return w.String(), nil
}

type writer struct {
	strings.Builder

	schema *ast.Schema
	except []string
}

func (w *writer) selection(of *ast.Definition, above []string) {
	w.WriteString("{ ")

	if of.IsAbstractType() {
		w.WriteString("__typename ")
	}

	for _, field := range of.Fields {
		if !w.wanted(of, field, above) {
			continue
		}

		w.WriteString(field.Name + " ")

		if inner := w.schema.Types[field.Type.Name()]; inner.IsCompositeType() {
			w.selection(inner, append(slices.Clone(above), of.Name, inner.Name))
		}
	}

	w.WriteString("} ")
}

func (w *writer) wanted(of *ast.Definition, field *ast.FieldDefinition, above []string) bool {
	needs := slices.ContainsFunc(field.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })

	page := strings.HasSuffix(field.Type.Name(), "Connection")

	return !needs && !page && !strings.HasPrefix(field.Name, "__") && !slices.Contains(above, field.Type.Name()) &&
		!slices.Contains(w.except, field.Name) && !slices.Contains(w.except, of.Name+"."+field.Name)
}
