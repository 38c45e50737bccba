// Command plainlists is the second step of go generate: in the executor that gqlgen wrote it lets lists of plain objects be written one after the other.
//
//	go run ./internal/plainlists SCHEMA FILE
//
// gqlgen starts a goroutine for every element of every list. That pays where an element waits for something: a database, a loader's batch. Most objects of this
// API are plain: all their fields, and those of all objects below them, only compute. For lists of these the program replaces the call of
// graphql.MarshalSliceConcurrently by marshalList (graph/list.go), which does the same without goroutines, and for others by marshalWaitingList, which does it with
// them; both count the elements for the cost of the operation.
package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "plainlists:", err)
		os.Exit(1)
	}
}

func run(schemaPath, path string) error {
	sdl, err := os.ReadFile(schemaPath)
	if err != nil {
		return err
	}

	schema, err := gqlparser.LoadSchema(&ast.Source{Name: schemaPath, Input: string(sdl)})
	if err != nil {
		return err
	}

	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}

	waiting, err := waitingTypes(string(text))
	if err != nil {
		return err
	}

	p := plain{schema: schema, waiting: waiting, known: make(map[string]bool)}

	return os.WriteFile(path, []byte(rewrite(string(text), p.is)), 0o600)
}

var (
	object = regexp.MustCompile(`(?m)^func \(ec \*executionContext\) _([A-Za-z]+)\(ctx context\.Context, sel ast\.SelectionSet`)
	list   = regexp.MustCompile(`(?m)^func \(ec \*executionContext\) marshal[NO]([A-Za-z]+)2ᚕ`)
)

const (
	concurrent = "graphql.MarshalSliceConcurrently(ctx, len(v), 0, false, "
	sequential = "marshalList(ctx, len(v), "
	inParallel = "marshalWaitingList(ctx, len(v), "
)

var errForm = errors.New("the executor has another form than expected: no object has a field that waits")

// waitingTypes returns the objects with a field that gqlgen resolves in a goroutine.
func waitingTypes(text string) (map[string]bool, error) {
	waiting := make(map[string]bool)

	for name, body := range functions(text, object) {
		if strings.Contains(body, "Concurrently(") { // ResolveConcurrently and its kin
			waiting[name] = true
		}
	}

	if !waiting["Query"] {
		return nil, errForm
	}

	return waiting, nil
}

// functions yields the functions whose head matches, by the name in it.
func functions(text string, head *regexp.Regexp) func(yield func(name, body string) bool) {
	return func(yield func(name, body string) bool) {
		for _, at := range head.FindAllStringSubmatchIndex(text, -1) {
			end := strings.Index(text[at[0]:], "\n}\n")
			if !yield(text[at[2]:at[3]], text[at[0]:at[0]+end]) {
				return
			}
		}
	}
}

// plain tells which objects only compute.
type plain struct {
	schema  *ast.Schema
	waiting map[string]bool
	known   map[string]bool
}

func (p plain) is(name string) bool {
	if answer, ok := p.known[name]; ok {
		return answer
	}

	p.known[name] = true // while it is looked at: a circle of plain objects is plain

	of := p.schema.Types[name]
	answer := of != nil && !of.IsAbstractType() && !p.waiting[name]

	if answer && of.Kind == ast.Object {
		for _, field := range of.Fields {
			if inner := p.schema.Types[field.Type.Name()]; inner.IsCompositeType() && !p.is(inner.Name) {
				answer = false

				break
			}
		}
	}

	p.known[name] = answer

	return answer
}

// rewrite replaces the call in the functions that marshal lists.
func rewrite(text string, isPlain func(name string) bool) string {
	var b strings.Builder

	from := 0

	for _, at := range list.FindAllStringSubmatchIndex(text, -1) {
		end := at[0] + strings.Index(text[at[0]:], "\n}\n")
		body := text[at[0]:end]

		if isPlain(text[at[2]:at[3]]) {
			body = strings.Replace(body, concurrent, sequential, 1)
		} else {
			body = strings.Replace(body, concurrent, inParallel, 1)
		}

		b.WriteString(text[from:at[0]])
		b.WriteString(body)

		from = end
	}

	b.WriteString(text[from:])

	return b.String()
}
