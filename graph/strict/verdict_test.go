package strict_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sidereal/graph"
	"sidereal/graph/scalar"
	"sidereal/graph/strict"
	"sidereal/internal/nodetest"
)

const schemaFile = "../../schema.graphqls"

// request is what is put to both implementations.
type request struct {
	Document      string         `json:"document"`
	Variables     map[string]any `json:"variables,omitempty"`
	OperationName string         `json:"operationName,omitempty"`
	Topic         string         `json:"topic,omitempty"`
}

// verdict is what an implementation makes of a request: the stage that refuses it, or "ok" and its values.
type verdict struct {
	Stage     string         `json:"stage"`
	Errors    []string       `json:"errors"`
	Variables map[string]any `json:"variables"`
	Arguments [][2]any       `json:"arguments"` // of each field: its name in the response, and its arguments by name
}

// known are the topics on which the two do not agree, with our verdict and the reason.
var known = map[string]struct{ stage, reason string }{
	"definitions of types":      {"syntax", "a request has no definitions of types, so the parser does not read them; graphql-js reads and then refuses them"},
	"a Float beyond 64 bits":    {"validation", "graphql-js makes it infinite, which no JSON can answer"},
	"documents nested too deep": {"syntax", "the parser bounds the depth"},
	"@defer":                    {"ok", "graphql-js 16 has no incremental delivery"},
	"a nullable variable in a oneOf literal": {
		"validation", "specification, section 5.8.5; graphql-js 16.15 looks for a OneOf type behind the variable but not behind its exclamation mark",
	},
}

// reference returns the verdicts of graphql-js.
func reference(t *testing.T, requests []request) []verdict {
	t.Helper()

	var input bytes.Buffer

	encoder := json.NewEncoder(&input)
	for _, r := range requests {
		if err := encoder.Encode(r); err != nil {
			t.Fatal(err)
		}
	}

	nodetest.Install(t, "graphqljs")

	output := nodetest.Run(t, "graphqljs", &input, "verdicts.mjs", "../"+schemaFile)
	verdicts := make([]verdict, 0, len(requests))

	for line := range bytes.Lines(output) {
		var v verdict
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}

		verdicts = append(verdicts, v)
	}

	if len(verdicts) != len(requests) {
		t.Fatalf("want %d verdicts, got %d", len(requests), len(verdicts))
	}

	return verdicts
}

// newExecutor returns an executor as the server has it, without resolvers.
func newExecutor(config strict.Config) *executor.Executor {
	schema := graph.NewExecutableSchema(graph.Config{})
	config.Scalars = scalar.Checks()
	checker := strict.New(schema.Schema(), config)

	e := executor.New(schema)
	e.SetQueryCache(checker)
	e.Use(checker)

	return e
}

// judge returns our verdict.
func judge(t *testing.T, e *executor.Executor, r request) (v verdict) {
	t.Helper()

	ctx := graphql.StartOperationTrace(t.Context())
	params := &graphql.RawParams{Query: r.Document, OperationName: r.OperationName, Variables: asSent(t, r.Variables)}

	operation, errs := e.CreateOperationContext(ctx, params)
	if len(errs) == 1 {
		if all, ok := errors.AsType[gqlerror.List](errs[0]); ok {
			errs = all
		}
	}

	for _, err := range errs {
		v.Errors = append(v.Errors, err.Message)
	}

	switch {
	case len(errs) == 0:
		v.Stage = "ok"
		v.Variables = operation.Variables
		v.Arguments = append([][2]any{}, argumentsOf(t, operation)...)
	case errs[0].Rule != "":
		v.Stage = "validation"
	case operation.Doc == nil:
		v.Stage = "syntax"
	case operation.Operation == nil:
		v.Stage = "operation"
	default:
		v.Stage = "variables"
	}

	return v
}

// asSent returns variables as they come out of a body: numbers as they are written.
func asSent(t *testing.T, variables map[string]any) (sent map[string]any) {
	t.Helper()

	decode(t, variables, &sent)

	return sent
}

func decode(t *testing.T, from, into any) {
	t.Helper()

	text, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}

	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()

	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

// argumentsOf returns the arguments of an operation's fields as verdicts.mjs does.
func argumentsOf(t *testing.T, operation *graphql.OperationContext) (found [][2]any) {
	t.Helper()

	entered := make(map[string]bool)

	var visit func(set ast.SelectionSet)

	visit = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				if leftOut(t, s.Directives, operation.Variables) {
					continue
				}

				written := make(map[string]any)

				for _, argument := range s.Arguments {
					if _, given := operation.Variables[argument.Value.Raw]; argument.Value.Kind == ast.Variable && !given {
						continue
					}

					value, err := argument.Value.Value(operation.Variables)
					if err != nil {
						t.Errorf("%s: %v", argument.Name, err)
					}

					written[argument.Name] = listed(value)
				}

				found = append(found, [2]any{s.Alias, written})

				visit(s.SelectionSet)
			case *ast.InlineFragment:
				if !leftOut(t, s.Directives, operation.Variables) {
					visit(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if !leftOut(t, s.Directives, operation.Variables) && !entered[s.Name] {
					entered[s.Name] = true

					visit(s.Definition.SelectionSet)
				}
			}
		}
	}
	visit(operation.Operation.SelectionSet)

	return found
}

// listed is a value with empty lists that are not nil, which would be null in JSON.
func listed(value any) any {
	switch v := value.(type) {
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = listed(element)
		}

		return list
	case map[string]any:
		for name, field := range v {
			v[name] = listed(field)
		}
	}

	return value
}

func leftOut(t *testing.T, directives ast.DirectiveList, variables map[string]any) bool {
	t.Helper()

	for name, want := range map[string]bool{"skip": true, "include": false} {
		if d := directives.ForName(name); d != nil && d.ArgumentMap(variables)["if"] == want {
			return true
		}
	}

	return false
}

// compare puts requests to both and reports where they do not agree.
func compare(t *testing.T, requests []request) map[string]int {
	t.Helper()

	stages := make(map[string]int)
	e := newExecutor(strict.Config{})

	for i, want := range reference(t, requests) {
		r := requests[i]
		got := judge(t, e, r)
		stages[got.Stage]++

		if exception, ok := known[r.Topic]; ok {
			if got.Stage != exception.stage || want.Stage == exception.stage {
				t.Errorf("%s: a known disagreement, but want %s and got %s, where graphql-js says %s\n%s", r.Topic, exception.stage, got.Stage, want.Stage, shown(r))
			}

			continue
		}

		if got.Stage != want.Stage {
			t.Errorf("%s: graphql-js: %s %q, ours: %s %q\n%s", r.Topic, want.Stage, want.Errors, got.Stage, got.Errors, shown(r))
		} else if difference := differ(t, want, got); difference != "" {
			t.Errorf("%s: %s\n%s", r.Topic, difference, shown(r))
		}
	}

	return stages
}

// differ tells how the values of two verdicts differ, if they do.
func differ(t *testing.T, want, got verdict) string {
	t.Helper()

	if len(want.Arguments) != len(got.Arguments) {
		return fmt.Sprintf("graphql-js has %d fields, ours %d", len(want.Arguments), len(got.Arguments))
	}

	if want.Stage != "ok" {
		return ""
	}

	for i, pair := range [][2]any{{want.Variables, got.Variables}, {want.Arguments, got.Arguments}} {
		var w, g any

		decode(t, pair[0], &w)
		decode(t, pair[1], &g)

		if w, g := plain(w), plain(g); !reflect.DeepEqual(w, g) {
			return fmt.Sprintf("%s: graphql-js has %v, ours %v", []string{"variables", "arguments"}[i], w, g)
		}
	}

	return ""
}

// plain makes values comparable: numbers by value, and as strings, for an ID in a document may be either.
func plain(value any) any {
	switch v := value.(type) {
	case json.Number:
		f, _ := v.Float64()

		return fmt.Sprint(f + 0) // JavaScript writes -0 as 0
	case string:
		var n json.Number
		if json.Unmarshal([]byte(v), &n) == nil && n != "" {
			return plain(n)
		}

		return v
	case []any:
		list := make([]any, len(v))
		for i, element := range v {
			list[i] = plain(element)
		}

		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, field := range v {
			object[name] = plain(field)
		}

		return object
	default:
		return v
	}
}

func shown(r request) string {
	variables, _ := json.Marshal(r.Variables)

	return fmt.Sprintf("%s\nvariables %s, operation %q", r.Document, variables, r.OperationName)
}

func TestVerdictsAreThoseOfGraphQLJS(t *testing.T) {
	requests := readRequests(t, "testdata/requests.jsonl")
	if len(requests) < 300 {
		t.Fatalf("only %d requests", len(requests))
	}

	topics := make(map[string]bool)
	for _, r := range requests {
		topics[r.Topic] = true
	}

	for topic := range known {
		if !topics[topic] {
			t.Errorf("no request shows the disagreement on %s", topic)
		}
	}

	t.Log(len(requests), "requests:", compare(t, requests))
}

func readRequests(t *testing.T, file string) (requests []request) {
	t.Helper()

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}

	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)

	for lines.Scan() {
		var r request

		d := json.NewDecoder(strings.NewReader(lines.Text()))
		d.UseNumber()

		if err := d.Decode(&r); err != nil {
			t.Fatalf("%v in %s", err, lines.Text())
		}

		requests = append(requests, r)
	}

	return requests
}
