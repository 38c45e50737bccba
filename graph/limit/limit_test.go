package limit

import (
	"os"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"sidereal/internal/everyfield"
)

const schemaPath = "../../schema.graphqls"

// theSchema is the schema that the API has.
func theSchema(t testing.TB) *ast.Schema {
	t.Helper()

	text, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}

	return schemaOf(t, string(text))
}

func schemaOf(t testing.TB, text string) *ast.Schema {
	t.Helper()

	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: text})
	if err != nil {
		t.Fatal(err)
	}

	return schema
}

// planOf returns the plan of the first operation of a document.
func planOf(t testing.TB, schema *ast.Schema, document string) *plan {
	t.Helper()

	prices, err := newPrices(schema)
	if err != nil {
		t.Fatal(err)
	}

	parsed, errs := gqlparser.LoadQueryWithRules(schema, document, nil)
	if errs != nil {
		t.Fatal(errs)
	}

	return newPlan(prices, parsed.Operations[0])
}

// everything asks for every field of a new chart.
func everything(t testing.TB, except ...string) string {
	t.Helper()

	fields, err := everyfield.Selection(schemaPath, "CalculateChartPayload", except...)
	if err != nil {
		t.Fatal(err)
	}

	return "mutation($birth: BirthInput!) { calculateChart(input: $birth) " + fields + "}"
}

// shapeOf returns the shape of the first operation of a document.
func shapeOf(t testing.TB, document string) shape {
	t.Helper()

	parsed, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		t.Fatal(err)
	}

	return newMeasure(parsed.Fragments).of(parsed.Operations[0].SelectionSet)
}

// refuses returns why a guard does not take a document; nil when it does.
func refuses(g *Guard, document string) *gqlerror.Error {
	_, err := g.Parse(document)

	return err
}
