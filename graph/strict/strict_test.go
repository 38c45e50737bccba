package strict_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/graph"
	"sidereal/graph/strict"
)

// What the parser beneath misreads, without a need of Node.
func TestStringsAreReadAsTheSpecificationSays(t *testing.T) {
	e := newExecutor(strict.Config{})

	for literal, want := range map[string]string{
		`"""` + "\n    a\n      b\n  " + `"""`:   "a\n  b",
		`"""a` + "\n    b\n      c" + `"""`:      "a\nb\n  c",
		`"""` + "\r\n\t\tx\r\n\t\t\ty\r" + `"""`: "x\n\ty",
		`"""say \""" twice"""`:                   `say """ twice`,
		`"""\n is no escape"""`:                  `\n is no escape`,
		`"\uD83D\uDE00 \u{1F600}"`:               "😀 😀",
		"\"a\x01b\"":                             "a\x01b",
	} {
		got := judge(t, e, request{Document: "# é\n{ places(search: " + literal + ") { id } }"})
		if got.Stage != "ok" || got.Arguments[0][1].(map[string]any)["search"] != want {
			t.Errorf("%s: want %q, got %+v", literal, want, got)
		}
	}
}

func TestSuggestionsAreMadeOnlyWhereTheyAreAskedFor(t *testing.T) {
	for _, document := range []string{
		`{ chartz { totalCount } }`, `{ charts(frist: 1) { totalCount } }`, `{ charts(filter: {timeKnow: true}) { totalCount } }`,
		`{ charts(orderBy: {field: INSTNT}) { totalCount } }`, `fragment F on Chrt { id } { ...F }`,
	} {
		for _, asked := range []bool{true, false} {
			e := newExecutor(strict.Config{Suggestions: asked})
			e.SetDisableSuggestion(!asked)

			got := judge(t, e, request{Document: document})
			if said := strings.Contains(strings.ToLower(strings.Join(got.Errors, " ")), "did you mean"); got.Stage != "validation" || said != asked {
				t.Errorf("%s, suggestions %v: %+v", document, asked, got)
			}
		}
	}
}

func TestAllErrorsOfADocumentAreReported(t *testing.T) {
	got := judge(t, newExecutor(strict.Config{}), request{Document: `{ a b: charts(first: "1") { totalCount } ...F }`})
	if len(got.Errors) != 3 {
		t.Errorf("want 3 errors, got %q", got.Errors)
	}
}

func TestTheCheckOfADocumentIsGivenUpAfterAHundredErrors(t *testing.T) {
	const limit = 100

	e := newExecutor(strict.Config{Suggestions: true})

	for mistakes, want := range map[int]int{limit - 1: limit - 1, limit: limit, limit + 1: limit + 1, 5000: limit + 1} {
		got := judge(t, e, request{Document: "{" + strings.Repeat(" a", mistakes) + "}"})
		if got.Stage != "validation" || len(got.Errors) != want {
			t.Fatalf("%d mistakes: want %d errors, got %d, %s", mistakes, want, len(got.Errors), got.Stage)
		}

		for i, message := range got.Errors {
			if more := i == limit; more != strings.Contains(message, "error limit reached") {
				t.Errorf("%d mistakes: error %d is %q", mistakes, i, message)
			}
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"{ a }", `{ a(b: """c""") }`, `"\uD83D\uDE00"`, "# x\n{", "1.5e3", `"""a\"""`} {
		f.Add(seed)
	}

	e := newExecutor(strict.Config{})

	f.Fuzz(func(t *testing.T, document string) {
		if got := judge(t, e, request{Document: document}); got.Stage == "" {
			t.Error("no verdict")
		}
	})
}

const benchmarked = `mutation($input: BirthInput!) { calculateChart(input: $input) { created chart { id hash positions { body longitude sign } } } }`

// BenchmarkRequest compares what a request costs up to its execution with what it costs without this package, for a document that is known and for a new one.
func BenchmarkRequest(b *testing.B) {
	schema := graph.NewExecutableSchema(graph.Config{})
	plain := executor.New(schema)
	plain.SetQueryCache(lru.New[*ast.QueryDocument](1000))

	for name, e := range map[string]*executor.Executor{"strict": newExecutor(strict.Config{}), "plain": plain} {
		for _, fresh := range []bool{false, true} {
			b.Run(name+map[bool]string{false: "/known", true: "/new"}[fresh], func(b *testing.B) {
				b.ReportAllocs()

				ctx := graphql.StartOperationTrace(b.Context())
				comment := []byte("# 00000000\n")

				for b.Loop() {
					document := benchmarked
					if fresh {
						for i := len(comment) - 2; ; i-- {
							if comment[i]++; comment[i] <= '9' {
								break
							}

							comment[i] = '0'
						}

						document = string(comment) + benchmarked
					}

					input := map[string]any{
						"date": "1990-01-15", "time": "10:30", "place": map[string]any{"coordinates": map[string]any{"latitude": json.Number("40.7"), "longitude": json.Number("-74")}},
					}
					if _, errs := e.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: map[string]any{"input": input}}); errs != nil {
						b.Fatal(errs)
					}
				}
			})
		}
	}
}
