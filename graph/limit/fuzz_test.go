package limit

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Whatever is sent: what is within the limits of shape and valid has a price, of at least one point, and finding it takes no time.
func FuzzCost(f *testing.F) {
	for _, document := range []string{
		`{ __typename }`, everything(f), introspection.Query, bomb(12, 2), nested(15),
		`query($n: Int, $s: Boolean!) { charts(first: $n) { nodes { id ...F @skip(if: $s) } edges { node { ...F } } } } fragment F on Chart { id hash wheel }`,
		`{ node(id: "x") { id ... on Chart { transitEvents(from: "2020-01-01T00:00:00Z", to: "9999-01-01T00:00:00Z") { at } } ... on Place { name } } }`,
		`subscription { operationsSnapshots { at } }`,
	} {
		f.Add(document, int64(7), true)
	}

	schema := theSchema(f)

	prices, err := newPrices(schema)
	if err != nil {
		f.Fatal(err)
	}

	guard := New(Config{MaxTokens: 10_000, MaxDepth: 15, MaxAliases: 50, MaxRootFields: 20, MaxFields: 5000}, nil)

	f.Fuzz(func(t *testing.T, document string, number int64, truth bool) {
		if refuses(guard, document) != nil {
			return
		}

		parsed, errs := gqlparser.LoadQueryWithRules(schema, document, nil)
		if errs != nil {
			return
		}

		for _, operation := range parsed.Operations {
			variables := make(map[string]any)
			for i, v := range operation.VariableDefinitions {
				variables[v.Variable] = []any{number, truth, nil, "text", []any{number}}[(i+int(uint64(number)%5))%5]
			}

			checkCost(t, newPlan(prices, operation), variables)
		}
	})
}

func checkCost(t *testing.T, p *plan, variables map[string]any) {
	t.Helper()

	c := p.costOf(variables)
	if points(c.total) < 1 || c.total > maxPrice || c.fixed < hundred || c.fixed > c.total {
		t.Errorf("the cost is %d hundredths, %d of them fixed", c.total, c.fixed)
	}

	for _, each := range c.each {
		if each < 0 || each > maxPrice {
			t.Errorf("an element costs %d hundredths", each)
		}
	}
}

// Random documents of the schema, with fragments within fragments: more in a document never costs less.
func TestMoreNeverCostsLess(t *testing.T) {
	schema := theSchema(t)
	random := rand.New(rand.NewPCG(4, 2))

	prices, err := newPrices(schema)
	if err != nil {
		t.Fatal(err)
	}

	for range 300 {
		w := writer{schema: schema, random: random}
		selection := w.selection(schema.Query, 5)
		part, whole := `{ `+selection+`}`, `{ `+selection+w.selection(schema.Query, 5)+`}`

		costs := make([]int64, 0, 2)

		for _, document := range []string{part, whole} {
			parsed, errs := gqlparser.LoadQueryWithRules(schema, document+w.used(document), nil)
			if errs != nil {
				t.Fatalf("%s: %v", document, errs)
			}

			p := newPlan(prices, parsed.Operations[0])
			checkCost(t, p, nil)

			costs = append(costs, p.costOf(nil).total)
		}

		if costs[1] < costs[0] {
			t.Errorf("%d hundredths, but %d with more:\n%s", costs[0], costs[1], whole)
		}
	}
}

// writer writes random selections. Every field has a response name of its own, so that they always merge.
type writer struct {
	schema    *ast.Schema
	random    *rand.Rand
	names     int
	fragments []string // the texts; each spreads only those before it
}

func (w *writer) name() string {
	w.names++

	return "n" + strings.Repeat("x", w.names%7) + string(rune('a'+w.names%26)) + strings.Repeat("y", w.names/26)
}

func (w *writer) selection(of *ast.Definition, levels int) string {
	var b strings.Builder

	b.WriteString("__typename ")

	for _, field := range of.Fields {
		needs := false
		for _, a := range field.Arguments {
			needs = needs || a.Type.NonNull && a.DefaultValue == nil
		}

		result := w.schema.Types[field.Type.Name()]
		if needs || strings.HasPrefix(field.Name, "__") || result.IsCompositeType() && levels == 0 || w.random.IntN(3) > 0 {
			continue
		}

		b.WriteString(w.name() + ": " + field.Name + " ")

		if !result.IsCompositeType() {
			continue
		}

		inner := "{ " + w.selection(result, levels-1) + "} "

		if w.random.IntN(4) == 0 {
			w.fragments = append(w.fragments, "fragment "+w.name()+" on "+result.Name+" "+inner)
			inner = "{ ..." + strings.Fields(w.fragments[len(w.fragments)-1])[1] + " } "
		}

		b.WriteString(inner)
	}

	return b.String()
}

// used returns the fragments that a document spreads, directly or not.
func (w *writer) used(document string) string {
	var b strings.Builder

	for _, text := range slices.Backward(w.fragments) {
		if name := strings.Fields(text)[1]; strings.Contains(document+b.String(), "..."+name+" ") {
			b.WriteString(text)
		}
	}

	return b.String()
}
