package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// everyField returns the mutation calculateChart that asks for every field of the schema, each with the default values of its arguments. Fields that need an
// argument are left out, and so is what would lead round in a circle.
func everyField(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%w (run it from the root of the module)", err)
	}

	schema, err := gqlparser.LoadSchema(&ast.Source{Name: path, Input: string(text)})
	if err != nil {
		return "", err
	}

	selection := selections(schema, schema.Types["CalculateChartPayload"], nil)

	return "mutation($birth: BirthInput!) { calculateChart(input: $birth) " + selection + " }", nil
}

func selections(schema *ast.Schema, of *ast.Definition, above []string) string {
	var b strings.Builder

	b.WriteString("{ ")

	for _, field := range of.Fields {
		inner := schema.Types[field.Type.Name()]
		needs := slices.ContainsFunc(field.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })

		if needs || strings.HasPrefix(field.Name, "__") || slices.Contains(above, inner.Name) {
			continue
		}

		b.WriteString(field.Name + " ")

		if inner.IsCompositeType() {
			b.WriteString(selections(schema, inner, append(slices.Clone(above), of.Name, inner.Name)))
		}
	}

	b.WriteString("} ")

	return b.String()
}
