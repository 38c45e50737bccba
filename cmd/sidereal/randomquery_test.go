package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// randomQuery writes documents that the schema allows: with aliases, fragments, fields that come twice, conditions, and arguments of which some are refused.
type randomQuery struct {
	*rand.Rand

	schema    *ast.Schema
	texts     map[string][]string // what arguments of a scalar's type may be
	except    []string            // Type.field, or just field
	fragments []string
	variables map[string]any
}

// loadSchema returns the schema of the API.
func loadSchema(t testing.TB) *ast.Schema {
	t.Helper()

	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}

	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}

	return schema
}

// document returns a query with a selection of a field of Query.
func (q *randomQuery) document(root string, of string) (text string, variables map[string]any) {
	q.fragments, q.variables = nil, map[string]any{"yes": q.IntN(2) == 0, "zodiac": q.value(q.schema.Types["Zodiac"])}
	selection := q.selection(q.schema.Types[of], 4)

	return "query Random($yes: Boolean!, $zodiac: Zodiac! = LAHIRI) { used: __typename @include(if: $yes) " +
		"none: node(id: \"\") @skip(if: true) { ... on Chart { positions(zodiac: $zodiac) { body } } } " +
		root + selection + "}\n" + strings.Join(q.fragments, "\n"), q.variables
}

func (q *randomQuery) selection(of *ast.Definition, depth int) string {
	var b strings.Builder

	b.WriteString(" { ")

	if q.IntN(3) == 0 {
		b.WriteString(q.alias("__typename") + q.condition() + " ")
	}

	some := 0

	for _, field := range of.Fields {
		if q.IntN(3) > 0 && some > 0 || !q.wanted(of, field, depth) {
			continue
		}

		b.WriteString(q.wrapped(of, q.field(field, depth)) + " ")

		some++
	}

	if some == 0 {
		b.WriteString("__typename ")
	}

	b.WriteString("} ")

	return b.String()
}

func (q *randomQuery) wanted(of *ast.Definition, field *ast.FieldDefinition, depth int) bool {
	if strings.HasPrefix(field.Name, "__") || depth == 0 && q.schema.Types[field.Type.Name()].IsCompositeType() {
		return false
	}

	for _, name := range q.except {
		if name == field.Name || name == of.Name+"."+field.Name {
			return false
		}
	}

	return true
}

// field writes a field, with each of its arguments or not. An alias is that of the arguments, so that fields which merge have the same.
func (q *randomQuery) field(field *ast.FieldDefinition, depth int) string {
	arguments := ""

	for _, a := range field.Arguments {
		if needed := a.Type.NonNull && a.DefaultValue == nil; needed || q.IntN(4) == 0 {
			arguments += a.Name + ": " + q.argument(a.Type) + " "
		}
	}

	text := field.Name
	if arguments != "" {
		text = fmt.Sprintf("a%x: %s(%s)", hashed(field.Name+arguments), field.Name, arguments)
	} else if q.IntN(5) == 0 {
		text = q.alias(field.Name)
	}

	text += q.condition()

	if inner := q.schema.Types[field.Type.Name()]; inner.IsCompositeType() {
		once := text + q.selection(inner, depth-1)
		if q.IntN(6) == 0 { // and once more, with another selection
			once += text + q.selection(inner, depth-1)
		}

		return once
	}

	return text
}

func hashed(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}

	return h
}

func (q *randomQuery) alias(name string) string {
	return "the_" + strings.TrimLeft(name, "_") + ": " + name
}

// wrapped puts a field into a fragment, now and then.
func (q *randomQuery) wrapped(of *ast.Definition, field string) string {
	switch q.IntN(12) {
	case 0:
		return "... on " + of.Name + q.condition() + " { " + field + "}"
	case 1:
		return "... " + q.condition() + " { " + field + "}"
	case 2:
		name := fmt.Sprintf("F%d", len(q.fragments))
		q.fragments = append(q.fragments, "fragment "+name+" on "+of.Name+" { "+field+"}")

		return "..." + name + q.condition()
	default:
		return field
	}
}

func (q *randomQuery) condition() string {
	return []string{" @skip(if: $yes)", " @include(if: $yes)", " @skip(if: false)", " @include(if: false)", "", "", "", "", "", "", "", ""}[q.IntN(12)]
}

func (q *randomQuery) argument(of *ast.Type) string {
	if of.Elem != nil {
		elements := make([]string, q.IntN(4))
		if q.IntN(20) == 0 {
			elements = make([]string, 25)
		}

		for i := range elements {
			elements[i] = q.argument(of.Elem)
		}

		return "[" + strings.Join(elements, ", ") + "]"
	}

	if !of.NonNull && q.IntN(8) == 0 {
		return "null"
	}

	definition := q.schema.Types[of.Name()]
	if definition.Name == "Zodiac" && of.NonNull && q.IntN(2) == 0 {
		return "$zodiac"
	}

	if definition.Kind != ast.InputObject {
		return q.value(definition)
	}

	fields := ""

	for _, f := range definition.Fields {
		if f.Type.NonNull || q.IntN(3) == 0 {
			fields += f.Name + ": " + q.argument(f.Type) + " "
		}
	}

	return "{" + fields + "}"
}

func (q *randomQuery) value(of *ast.Definition) string {
	if of.Kind == ast.Enum {
		return of.EnumValues[q.IntN(len(of.EnumValues))].Name
	}

	return q.texts[of.Name][q.IntN(len(q.texts[of.Name]))]
}
