package strict_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/graph"
)

const generated = 3000

// tokens are what mutations move about; what lies between stays with the token before.
var tokens = regexp.MustCompile(`(?s)("""(?:\\"""|.)*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|[_A-Za-z][_0-9A-Za-z]*|-?[0-9][0-9.eE+-]*|[^\s,])[\s,]*`)

// spares are tokens that get into documents by mutation.
var spares = []string{
	"null ", "1 ", "2.5 ", "3000000000 ", `"x" `, `"""x""" `, "true ", "[", "]", "{", "}", "(", ")", "! ", "$v ", "@skip(if: true) ", "@include(if: $v) ",
	"id ", "__typename ", "... ", "on ", "Chart ", "= ", ": ", "SUN ", "fragment ", "query ", "subscription ", "[1] ", "{search: \"x\"} ", "-", "01 ", "a: ",
}

// oddValues are what variables are given by mutation.
var oddValues = []any{nil, true, 1, -1, 2.5, 3e9, "", "x", "SUN", []any{}, []any{nil}, []any{"x", 1}, map[string]any{}, map[string]any{"search": "x"}, "1990-01-15"}

func TestGeneratedVerdictsAreThoseOfGraphQLJS(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 4))
	sources := readmeRequests(t)
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()

	for range generated / 10 {
		g := generator{schema: schema, random: random}
		sources = append(sources, g.request())
	}

	requests := append([]request{}, sources...)
	for len(requests) < generated {
		requests = append(requests, mutated(random, sources[random.IntN(len(sources))]))
	}

	stages := compare(t, requests)
	t.Log(len(requests), "requests:", stages)

	for stage, least := range map[string]int{"ok": generated / 10, "syntax": generated / 10, "validation": generated / 10, "variables": generated / 50} {
		if stages[stage] < least {
			t.Errorf("only %d requests end at the stage %s: the test has lost its point", stages[stage], stage)
		}
	}
}

// readmeRequests returns the documents of the README.
func readmeRequests(t *testing.T) (requests []request) {
	t.Helper()

	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}

	for _, block := range regexp.MustCompile("(?s)```graphql\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		requests = append(requests, request{Document: block[1]})
	}

	if len(requests) < 3 {
		t.Fatalf("the README has %d documents", len(requests))
	}

	return requests
}

// mutated returns a request with one to three tokens or values of variables changed.
func mutated(random *rand.Rand, from request) request {
	parts := tokens.FindAllString(from.Document, -1)

	variables := maps.Clone(from.Variables)
	if variables == nil {
		variables = make(map[string]any)
	}

	for range 1 + random.IntN(2) {
		at := random.IntN(len(parts))

		switch random.IntN(12) {
		case 0:
			if len(parts) > 1 {
				parts = slices.Delete(parts, at, at+1)
			}
		case 1:
			parts[at] = spares[random.IntN(len(spares))]
		case 2:
			parts[at] += spares[random.IntN(len(spares))]
		case 3, 4, 5, 6:
			parts[at] = alike(random, parts, parts[at])
		default:
			odd(random, variables)
		}
	}

	return request{Document: strings.Join(parts, ""), Variables: variables, OperationName: from.OperationName, Topic: "a mutation"}
}

// alike returns a token of the kind of another: a word for a word, a mark for a mark, a value for a value.
func alike(random *rand.Rand, parts []string, token string) string {
	kinds := []*regexp.Regexp{regexp.MustCompile(`^[_A-Za-z]`), regexp.MustCompile(`^["0-9-]`), regexp.MustCompile(`.`)}
	kind := func(token string) int {
		return slices.IndexFunc(kinds, func(r *regexp.Regexp) bool { return r.MatchString(token) })
	}

	for {
		if other := parts[random.IntN(len(parts))]; kind(other) == kind(token) {
			return other
		}
	}
}

// odd changes a value somewhere within an object.
func odd(random *rand.Rand, object map[string]any) {
	names := sortedNames(object)
	if len(names) == 0 {
		object["v"] = oddValues[random.IntN(len(oddValues))]

		return
	}

	name := names[random.IntN(len(names))]

	switch inner, ok := object[name].(map[string]any); {
	case ok && random.IntN(3) > 0:
		copied := maps.Clone(inner)
		odd(random, copied)
		object[name] = copied
	case random.IntN(4) == 0:
		delete(object, name)
	default:
		object[name] = oddValues[random.IntN(len(oddValues))]
	}
}

// generator writes requests that fit a schema, save that names and hashes are of nothing.
type generator struct {
	schema    *ast.Schema
	random    *rand.Rand
	variables []string // their definitions
	values    map[string]any
}

func (g *generator) request() request {
	g.variables, g.values = nil, make(map[string]any)

	operation, root := "query", g.schema.Query
	if g.random.IntN(4) == 0 {
		operation, root = "mutation", g.schema.Mutation
	}

	body := g.selection(root, 3)

	definitions := ""
	if len(g.variables) > 0 {
		definitions = "(" + strings.Join(g.variables, ", ") + ")"
	}

	return request{Document: operation + definitions + " " + body, Variables: g.values, Topic: "a generated document"}
}

func (g *generator) selection(definition *ast.Definition, depth int) string {
	var fields []string

	for i := range 1 + g.random.IntN(4) {
		field := definition.Fields[g.random.IntN(len(definition.Fields))]
		if strings.HasPrefix(field.Name, "__") {
			continue
		}

		of := g.schema.Types[field.Type.Name()]
		if of.IsCompositeType() && depth == 0 {
			continue
		}

		text := fmt.Sprintf("f%d: %s%s", i, field.Name, g.arguments(field.Arguments))
		if of.IsCompositeType() {
			text += " " + g.selection(of, depth-1)
		}

		fields = append(fields, text)
	}

	return "{ __typename " + strings.Join(fields, " ") + " }"
}

func (g *generator) arguments(definitions ast.ArgumentDefinitionList) string {
	var arguments []string

	for _, d := range definitions {
		if !d.Type.NonNull && g.random.IntN(2) == 0 {
			continue
		}

		value := g.value(d.Type, 3)

		if g.random.IntN(2) == 0 {
			name := fmt.Sprintf("v%d", len(g.variables))
			g.variables = append(g.variables, "$"+name+": "+d.Type.String())
			g.values[name] = value
			arguments = append(arguments, d.Name+": $"+name)
		} else {
			arguments = append(arguments, d.Name+": "+g.literal(value, d.Type))
		}
	}

	if len(arguments) == 0 {
		return ""
	}

	return "(" + strings.Join(arguments, ", ") + ")"
}

// value returns a value of a type of input, as JSON has it.
func (g *generator) value(typ *ast.Type, depth int) any {
	if !typ.NonNull && g.random.IntN(5) == 0 {
		return nil
	}

	if typ.Elem != nil {
		if g.random.IntN(3) == 0 {
			nonNull := *typ.Elem
			nonNull.NonNull = true

			return g.value(&nonNull, depth)
		}

		list := make([]any, g.random.IntN(3))
		for i := range list {
			list[i] = g.value(typ.Elem, depth)
		}

		return list
	}

	definition := g.schema.Types[typ.NamedType]

	switch definition.Kind {
	case ast.Enum:
		return definition.EnumValues[g.random.IntN(len(definition.EnumValues))].Name
	case ast.InputObject:
		return g.object(definition, depth-1)
	default:
		return map[string]any{
			"Int": g.random.IntN(100), "Float": float64(g.random.IntN(1000)) / 8, "String": "line\n \"é\" 😀", "Boolean": g.random.IntN(2) == 0, "ID": "x1",
			"Date": "1990-01-15", "LocalTime": "10:30", "DateTime": "1990-01-15T15:30:00Z", "ChartHash": strings.Repeat("0", 64), "Cursor": "x",
		}[typ.NamedType]
	}
}

func (g *generator) object(definition *ast.Definition, depth int) map[string]any {
	object := make(map[string]any)

	if definition.Directives.ForName("oneOf") != nil {
		field := definition.Fields[g.random.IntN(len(definition.Fields))]
		typ := *field.Type
		typ.NonNull = true
		object[field.Name] = g.value(&typ, depth)

		return object
	}

	for _, field := range definition.Fields {
		if field.Type.NonNull && field.DefaultValue == nil || g.random.IntN(2) == 0 && depth > 0 {
			object[field.Name] = g.value(field.Type, depth)
		}
	}

	return object
}

// literal writes a value as a document does, strings now and then as blocks.
func (g *generator) literal(value any, typ *ast.Type) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case string:
		if g.schema.Types[typ.Name()].Kind == ast.Enum {
			return v
		}

		if g.random.IntN(3) == 0 {
			return `"""` + "\n    " + strings.ReplaceAll(v, "\n", "\n    ") + "\n  " + `"""`
		}

		return strings.NewReplacer("\n", `\n`).Replace(fmt.Sprintf(`"%s"`, strings.ReplaceAll(v, `"`, `\"`)))
	case []any:
		elements := make([]string, len(v))
		for i, element := range v {
			elements[i] = g.literal(element, typ.Elem)
		}

		return "[" + strings.Join(elements, " ") + "]"
	case map[string]any:
		definition := g.schema.Types[typ.Name()]
		fields := make([]string, 0, len(v))

		for _, name := range sortedNames(v) {
			fields = append(fields, name+": "+g.literal(v[name], definition.Fields.ForName(name).Type))
		}

		return "{" + strings.Join(fields, ", ") + "}"
	default:
		return fmt.Sprint(v)
	}
}

func sortedNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
