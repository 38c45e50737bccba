package limit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"
)

// directives are those of the real schema, in short.
const directives = `
directive @cost(weight: String!) on FIELD_DEFINITION | OBJECT
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], maxSize: Int) on FIELD_DEFINITION
directive @timeRange(from: String!, to: String!, maxYears: Int!, weightPerYear: String!, itemsPerYear: Int!) on FIELD_DEFINITION
`

const library = directives + `
scalar Time
type Query {
  book(id: ID): Book @cost(weight: "10")
  books(first: Int = 5, last: Int): [Book!]! @cost(weight: "2") @listSize(assumedSize: 7, slicingArguments: ["first", "last"], maxSize: 50)
  byId(ids: [ID!]!): [Book]! @listSize(slicingArguments: ["ids"])
  shelf(first: Int, last: Int): Shelf @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], maxSize: 100)
  loans(from: Time!, to: Time!, first: Int): [Loan!]! @listSize(assumedSize: 1000, slicingArguments: ["first"], maxSize: 1000)
    @timeRange(from: "from", to: "to", maxYears: 10, weightPerYear: "100", itemsPerYear: 12)
  thing: Thing
  things: [Thing!]!
}
union Thing = Book | Loan
type Shelf { nodes: [Book!]! edges: [Edge!]! total: Int! @cost(weight: "30") }
type Edge @cost(weight: "0.5") { node: Book! }
type Book { title: String! words: [String!]! authors: [Author!]! @listSize(assumedSize: 3) cover: String @cost(weight: "40") }
type Author @cost(weight: "0.25") { name: String! books: [Book!]! }
type Loan @cost(weight: "2") { at: Time! book: Book! }
`

func TestCostsOfDocuments(t *testing.T) {
	const year = `from: "2020-01-01T00:00:00Z", to: "2021-01-01T00:00:00Z"`

	for name, test := range map[string]struct {
		document  string
		variables map[string]any
		want      float64
	}{
		"nothing is free":                           {`{ __typename }`, nil, 1},
		"a field and its object":                    {`{ book { title words } }`, nil, 1 + 10 + 1},
		"a field with a weight of its own":          {`{ book { cover } }`, nil, 1 + 10 + 1 + 40},
		"a list of a known length":                  {`{ book { authors { name } } }`, nil, 12 + 3*.25},
		"a list of which nothing is known":          {`{ book { authors { books { title } } } }`, nil, 12 + 3*(.25+10*1)},
		"the default of an argument":                {`{ books { title } }`, nil, 1 + 2 + 5},
		"a slice by a literal":                      {`{ books(first: 9) { title } }`, nil, 1 + 2 + 9},
		"a slice of nothing":                        {`{ books(first: 0) { title } }`, nil, 1 + 2},
		"null is not a slice":                       {`{ books(first: null) { title } }`, nil, 1 + 2 + 7},
		"null, and the other argument":              {`{ books(first: null, last: 3) { title } }`, nil, 1 + 2 + 3},
		"beyond the largest slice":                  {`{ books(first: 2147483647) { title } }`, nil, 1 + 2 + 50},
		"a negative slice":                          {`{ books(first: -1) { title } }`, nil, 1 + 2 + 50},
		"a slice by a variable":                     {`query($n: Int) { books(first: $n) { title } }`, map[string]any{"n": int64(30)}, 1 + 2 + 30},
		"a slice by a number as it was written":     {`query($n: Int) { books(first: $n) { title } }`, map[string]any{"n": json.Number("30")}, 1 + 2 + 30},
		"a variable that is not given":              {`query($n: Int) { books(first: $n) { title } }`, nil, 1 + 2 + 5},
		"a variable with a default":                 {`query($n: Int = 4) { books(first: $n) { title } }`, nil, 1 + 2 + 4},
		"a list that is as long as an argument":     {`{ byId(ids: ["a", "b", "c"]) { title } }`, nil, 1 + 3},
		"a list that is as long as a variable":      {`query($i: [ID!]!) { byId(ids: $i) { title } }`, map[string]any{"i": []any{"a", "b"}}, 1 + 2},
		"an item in the place of a list":            {`{ byId(ids: "a") { title } }`, nil, 1 + 1},
		"a number in the place of a list":           {`{ byId(ids: 12) { title } }`, nil, 1 + 1},
		"a connection by its default":               {`{ shelf { nodes { title } } }`, nil, 1 + 1 + 20},
		"a connection by its edges":                 {`{ shelf(last: 10) { edges { node { title } } } }`, nil, 1 + 1 + 10*(.5+1)},
		"both ways into a connection":               {`{ shelf(first: 10) { edges { node { title } } nodes { title } total } }`, nil, 2 + 10*1.5 + 10 + 30},
		"a year":                                    {`{ loans(` + year + `) { at } }`, nil, 1 + 100.21 + 13*2},
		"a year, sliced":                            {`{ loans(` + year + `, first: 5) { at } }`, nil, 1 + 100.21 + 5*2},
		"a range that is too long":                  {`{ loans(from: "1900-01-01T00:00:00Z", to: "2020-01-01T00:00:00Z") { at } }`, nil, 1 + 1000 + 120*2},
		"a range that cannot be read":               {`{ loans(from: "yesterday", to: "today") { at } }`, nil, 1 + 1000 + 120*2},
		"a range that ends before it begins":        {`{ loans(to: "1900-01-01T00:00:00Z", from: "2020-01-01T00:00:00Z") { at } }`, nil, 1},
		"a union by its heaviest member":            {`{ thing { __typename } }`, nil, 1 + 2},
		"members of a union add up":                 {`{ thing { ... on Book { cover } ... on Loan { book { title } } } }`, nil, 1 + 2 + 40 + 1},
		"aliases are paid for one by one":           {`{ a: book { title } b: book { title } }`, nil, 1 + 11 + 11},
		"fields of one name are paid for once":      {`{ book { title } book { words cover } }`, nil, 1 + 11 + 40},
		"fragments merge as well":                   {`{ book { ...F ...F cover } } fragment F on Book { cover authors { name } }`, nil, 1 + 11 + 40 + .75},
		"what is skipped costs nothing":             {`{ book { cover @skip(if: true) authors @include(if: false) { name } } }`, nil, 12},
		"what a variable skips":                     {`query($s: Boolean!) { book { cover @skip(if: $s) } }`, map[string]any{"s": true}, 12},
		"what a variable does not skip":             {`query($s: Boolean!) { book { cover @skip(if: $s) } }`, map[string]any{"s": false}, 52},
		"skipped at one place, included at another": {`query($s: Boolean!) { book { cover @skip(if: $s) ...F } } fragment F on Book { cover }`, map[string]any{"s": true}, 52},
		"a fragment twice, once included": {
			`query($s: Boolean!) { book { ...F @skip(if: $s) ...F @include(if: $s) } } fragment F on Book { cover }`, map[string]any{"s": true}, 52,
		},
		"nothing of a skipped fragment": {`query($s: Boolean!) { book { ... @skip(if: $s) { cover } } }`, map[string]any{"s": true}, 12},
		"it stops growing":              {grow(40), nil, maxPrice / hundred},
	} {
		t.Run(name, func(t *testing.T) {
			want := int64(test.want*hundred + .5)
			if got := planOf(t, schemaOf(t, library), test.document).costOf(test.variables).total; got != want {
				t.Errorf("want %d hundredths, got %d", want, got)
			}
		})
	}
}

// grow is a document with that many lists of ten within each other.
func grow(levels int) string {
	return `{ books { ` + strings.Repeat("authors { books { ", levels) + "title" + strings.Repeat(" } }", levels) + ` } }`
}

// The parts of a cost that depend on how long lists really are: what is not in lists, and what an element of each costs.
func TestCostsAreCountedAgainByRealLengths(t *testing.T) {
	p := planOf(t, schemaOf(t, library), `{ books(first: 50) { ...F } again: books { ...F } } fragment F on Book { cover authors { name books { title } } }`)
	c := p.costOf(nil)

	if c.fixed != (1+2+2)*hundred {
		t.Errorf("want 5 points without elements, got %d hundredths", c.fixed)
	}

	want := map[string]int64{"books": 41 * hundred, "authors": 25, "again": 41 * hundred}
	for field, list := range p.lists {
		if w, ok := want[field.Alias]; ok && field.Name != "books" && c.each[list] != w {
			t.Errorf("%s: want %d hundredths an element, got %d", field.Alias, w, c.each[list])
		}
	}

	if len(p.lists) != 4 {
		t.Errorf("want the lists books, again, authors and its books, got %d", len(p.lists))
	}
}

// Prices of documents that people send. A point is about 10 µs; docs/performance.md has the times.
func TestCostsOfTheAPI(t *testing.T) {
	schema := theSchema(t)

	const (
		chart  = `chart(hash: "` + "0000000000000000000000000000000000000000000000000000000000000000" + `")`
		events = `transitEvents(from: "1950-01-01T00:00:00Z", to: "2050-01-01T00:00:00Z") { at body }`
	)

	for name, test := range map[string]struct {
		document    string
		least, most int64
	}{
		"{ __typename }":              {`{ __typename }`, 1, 1},
		"a new chart with everything": {everything(t), 700, 1200},
		"a page of 50 charts":         {`{ charts(first: 50) { nodes { positions { body } aspects { kind } } } }`, 2000, 4000},
		"a search for a place":        {`{ places(search: "Rome") { name } }`, 100, 120},
		"the introspection of tools":  {introspection.Query, 500, 2000},
		"a hundred years of a chart":  {`{ ` + chart + ` { ` + events + ` } }`, 50_000, 51_000},
		"a year of a chart": {
			`{ ` + chart + ` { transitEvents(from: "2025-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z") { at } } }`, 900, 1100,
		},
		"a hundred years of a page":         {`{ charts { nodes { ` + events + ` } } }`, 1_000_000, 1_100_000},
		"everybody compared with each of 9": {`{ charts(first: 9) { nodes { famousMatches { score } } } }`, 1800, 2000},
	} {
		t.Run(name, func(t *testing.T) {
			if got := points(planOf(t, schema, test.document).costOf(nil).total); got < test.least || got > test.most {
				t.Errorf("want %d to %d points, got %d", test.least, test.most, got)
			}
		})
	}
}

// A directive that names nothing, or no number, is found when the server is built.
func TestBadPricesAreRefused(t *testing.T) {
	for name, field := range map[string]string{
		"no number":         `@cost(weight: "much")`,
		"below nothing":     `@cost(weight: "-1")`,
		"not finite":        `@cost(weight: "NaN")`,
		"no such argument":  `@listSize(slicingArguments: ["first"])`,
		"no such field":     `@listSize(sizedFields: ["nodes"])`,
		"no such range":     `@timeRange(from: "a", to: "b", maxYears: 1, weightPerYear: "1", itemsPerYear: 1)`,
		"no number of year": `@timeRange(from: "x", to: "x", maxYears: 1, weightPerYear: "", itemsPerYear: 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			schema := schemaOf(t, directives+fmt.Sprintf("type Query { things(x: Int): [Thing!]! %s } type Thing { a: Int }", field))
			if _, err := newPrices(schema); !errors.Is(err, errPrice) || !strings.Contains(fmt.Sprint(err), "Query.things") {
				t.Errorf("want an error that names the field, got %v", err)
			}
		})
	}
}

func BenchmarkCost(b *testing.B) {
	document := everything(b)
	p := planOf(b, theSchema(b), document)
	fields := shapeOf(b, document).fields

	b.ReportAllocs()

	for b.Loop() {
		p.costOf(nil)
	}

	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*fields), "ns/field")
}
