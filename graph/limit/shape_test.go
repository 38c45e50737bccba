package limit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"

	"sidereal/fault"
)

func TestShapesOfDocuments(t *testing.T) {
	for name, test := range map[string]struct {
		document string
		want     shape
	}{
		"one field":                  {`{ a }`, shape{fields: 1, roots: 1, depth: 1}},
		"fields in fields":           {`{ a { b { c } } d }`, shape{fields: 4, roots: 2, depth: 3}},
		"aliases at any depth":       {`{ x: a { y: b } }`, shape{fields: 2, roots: 1, depth: 2, aliases: 2}},
		"an alias that is the name":  {`{ a: a }`, shape{fields: 1, roots: 1, depth: 1}},
		"inline fragments add none":  {`{ ... { a { ... on B { c } } } }`, shape{fields: 2, roots: 1, depth: 2}},
		"fragments are spread out":   {`{ a { ...F } b { ...F } } fragment F on T { x: c d }`, shape{fields: 6, roots: 2, depth: 2, aliases: 2}},
		"fragments at the root":      {`{ ...F ...F } fragment F on Query { a b }`, shape{fields: 4, roots: 4, depth: 1}},
		"fragments in fragments":     {`{ ...F } fragment F on Query { a { ...G } } fragment G on T { b }`, shape{fields: 2, roots: 1, depth: 2}},
		"unknown fragments are none": {`{ a ...F }`, shape{fields: 1, roots: 1, depth: 1}},
		"circles end":                {`{ ...F } fragment F on Query { a { ...G } } fragment G on T { b { ...F } }`, shape{fields: 2, roots: 1, depth: 2}},
		"introspection is apart": {
			`{ __schema { types { fields { name } } } a { b } }`, shape{fields: 6, roots: 2, depth: 2, introspection: 4},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shapeOf(t, test.document); got != test.want {
				t.Errorf("want %+v, got %+v", test.want, got)
			}
		})
	}
}

// small are limits that documents can be written for.
var small = Config{MaxTokens: 400, MaxDepth: 4, MaxAliases: 3, MaxRootFields: 5, MaxFields: 20, MaxFragments: 40}

func TestDocumentsBeyondTheLimits(t *testing.T) {
	for name, test := range map[string]struct {
		document      string
		code          fault.Code
		limit, actual int64
	}{
		"at the limit of depth":    {document: nested(4)},
		"too deep":                 {nested(5), fault.DepthLimit, 4, 5},
		"too deep by a fragment":   {`{ a { b { ...F } } } fragment F on T { c { d { e } } }`, fault.DepthLimit, 4, 5},
		"too deep in another one":  {`query A { a } query B ` + nested(5), fault.DepthLimit, 4, 5},
		"introspection of tools":   {document: `{ __schema { ` + strings.Repeat("ofType { ", 18) + "name" + strings.Repeat(" }", 18) + ` } }`},
		"introspection too deep":   {`{ __schema { ` + strings.Repeat("ofType { ", 19) + "name" + strings.Repeat(" }", 19) + ` } }`, fault.DepthLimit, 20, 21},
		"at the limit of aliases":  {document: `{ x: a y: a z: a }`},
		"too many aliases":         {`{ x: a y: a { z: a u: a } }`, fault.ComplexityLimit, 3, 4},
		"aliases in fragments":     {`{ a { ...F } b { ...F } } fragment F on T { x: c y: d }`, fault.ComplexityLimit, 3, 4},
		"at the limit of roots":    {document: `{ a b c d e }`},
		"too many root fields":     {`{ a b c d e f }`, fault.ComplexityLimit, 5, 6},
		"too many fields":          {`{ a { ` + strings.Repeat("b ", 20) + `} }`, fault.ComplexityLimit, 20, 21},
		"a bomb of fragments":      {bomb(20, 2), fault.ComplexityLimit, 20, 1<<20 + 1},
		"a bomb beyond an integer": {bomb(30, 5), fault.ComplexityLimit, 20, enough},
		"too many in two":          {`query A { a {` + strings.Repeat("b ", 9) + `} } query B { a {` + strings.Repeat("b ", 10) + `} }`, fault.ComplexityLimit, 20, 21},
		"too many fragments":       {bomb(40, 1), fault.ComplexityLimit, 40, 41},
	} {
		t.Run(name, func(t *testing.T) {
			config := small
			if strings.Contains(name, "beyond an integer") {
				config.MaxTokens = 0
			}

			got := refusal(t, config, test.document)

			switch {
			case test.code == "" && got != nil:
				t.Fatalf("want it let through, got %v", got)
			case test.code == "":
				return
			case got == nil || got.Code != test.code || got.Details["limit"] != test.limit || got.Details["actual"] != test.actual:
				t.Errorf("want %s with the limit %d and %d, got %+v", test.code, test.limit, test.actual, got)
			}
		})
	}
}

func TestDocumentsOfTooManyTokens(t *testing.T) {
	got := refusal(t, Config{MaxTokens: 10}, `{ a b c d e f g h i j k l m n }`)
	if got == nil || got.Code != fault.ComplexityLimit || got.Details["limit"] != 10 {
		t.Errorf("want COMPLEXITY_LIMIT of 10 tokens, got %v", got)
	}

	if got := refusal(t, Config{MaxTokens: 10}, `{ a b c }`); got != nil {
		t.Errorf("want few tokens let through, got %v", got)
	}
}

// Fields that are repeated are within the limits, up to a point: 316 in one place are 49 770 pairs.
func TestRepeatedFields(t *testing.T) {
	config := Config{MaxFields: 5000}

	for document, want := range map[string]int64{
		"{ a { " + strings.Repeat("b ", 316) + "} }":                                                                0,
		"{ a { " + strings.Repeat("b ", 317) + "} }":                                                                50_086,
		"{ a { " + strings.Repeat("b { c } ", 223) + "} }":                                                          0,
		"{ a { " + strings.Repeat("b { c } ", 225) + "} }":                                                          50_400,
		"{ " + strings.Repeat("a { b } ", 150) + strings.Repeat("a { ...F ...F } ", 75) + "} fragment F on T { b }": 50_400,
		"{ a { " + strings.Repeat("b ", 316) + "} c { " + strings.Repeat("b ", 316) + "} }":                         99_540,
		"query A { a { " + strings.Repeat("b ", 316) + "} } query B { a { " + strings.Repeat("b ", 316) + "} }":     99_540,
	} {
		got := refusal(t, config, document)

		switch {
		case want == 0 && got != nil, want != 0 && (got == nil || got.Code != fault.ComplexityLimit || got.Details["actual"] != want):
			t.Errorf("want %d pairs, got %v of %.60s", want, got, document)
		}
	}
}

func TestFragmentsThatLeadNowhere(t *testing.T) {
	for document, want := range map[string]string{
		"{ a }\nfragment F on T { b }": `input:2:1: Fragment "F" is never used.`,
		"{ ...F }\nfragment F on Query { a { ...G } }\nfragment G on T { b { ...F } }": `input:3:26: Cannot spread fragment "F" within itself.`,
		"{ ...F } fragment F on Query { ...F }":                                        `input:1:35: Cannot spread fragment "F" within itself.`,
	} {
		err := refuses(New(small, nil), document)
		if err == nil || err.Error() != want {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

func TestNoLimitsLetEverythingThrough(t *testing.T) {
	if got := refusal(t, Config{}, nested(100)); got != nil {
		t.Errorf("want it let through, got %v", got)
	}
}

// A bomb of as many tokens as are allowed is defused in no time, since each fragment is measured once.
func TestBombsAreDefusedFast(t *testing.T) {
	for name, document := range map[string]string{
		"nested twice":     bomb(900, 2),
		"nested ten times": bomb(300, 10),
		"aliases":          "{ " + aliases(3000) + "}",
		"fields":           "{ " + strings.Repeat("__typename ", 9000) + "}",
		"one field":        "{ a { " + strings.Repeat("b ", 4990) + "} }",
		"one object":       "{ a { " + strings.Repeat("b { c } ", 2400) + "} }",
		"one by fragments": chained(180, 20),
		"unused":           "{ a } fragment F on T { " + strings.Repeat("b ", 4990) + "}",
		"a circle":         "{ a { ...F } } fragment F on T { b { ...F } " + strings.Repeat("b ", 4000) + "}",
		"many operations":  strings.Repeat("query A { ...F } ", 1500) + "fragment F on Query { a { " + strings.Repeat("b ", 300) + "} }",
	} {
		t.Run(name, func(t *testing.T) {
			config := Config{MaxTokens: 10_000, MaxFields: 5000, MaxAliases: 50, MaxFragments: 1000}
			if refuses(New(config, nil), document) == nil {
				t.Error("want it refused")
			}
		})
	}
}

func TestUsualIntrospectionPasses(t *testing.T) {
	if got := refusal(t, Config{MaxTokens: 10_000, MaxDepth: 3, MaxAliases: 1, MaxRootFields: 1, MaxFields: 300}, introspection.Query); got != nil {
		t.Errorf("want it let through, got %v", got)
	}
}

// What is no document is no matter of limits: the parser says where it ends to be one.
func TestWhatIsNoDocumentIsTheParsersMatter(t *testing.T) {
	err := refuses(New(small, nil), `{ a `)
	if _, ok := fault.As(err); ok || err == nil || !strings.Contains(err.Error(), "1:5") {
		t.Errorf("want an error of the parser at 1:5, got %v", err)
	}
}

// refusal returns the fault that a guard has for a document, nil when it is let through.
func refusal(t testing.TB, config Config, document string) *fault.Error {
	t.Helper()

	err := refuses(New(config, nil), document)
	if err == nil {
		return nil
	}

	f, ok := fault.As(err)
	if !ok {
		t.Fatalf("want a fault, got %v", err)
	}

	return f
}

// nested is a document with fields that many levels deep.
func nested(levels int) string {
	return strings.Repeat("{ a ", levels) + strings.Repeat("} ", levels)
}

// bomb is a document of fragments that spread the next one several times each.
func bomb(levels, times int) string {
	var b strings.Builder

	b.WriteString("{ a { ...F0 } }")

	for i := range levels {
		fmt.Fprintf(&b, " fragment F%d on T {%s }", i, strings.Repeat(fmt.Sprintf(" ...F%d", i+1), times))
	}

	fmt.Fprintf(&b, " fragment F%d on T { x }", levels)

	return b.String()
}

// chained is a document of fragments that have one field several times each, and spread the next.
func chained(levels, times int) string {
	var b strings.Builder

	b.WriteString("{ a { ...F0 } }")

	for i := range levels {
		fmt.Fprintf(&b, " fragment F%d on T { %s ...F%d }", i, strings.Repeat("b ", times), i+1)
	}

	fmt.Fprintf(&b, " fragment F%d on T { b }", levels)

	return b.String()
}

func aliases(n int) string {
	var b strings.Builder

	for i := range n {
		fmt.Fprintf(&b, "a%d: b ", i)
	}

	return b.String()
}
