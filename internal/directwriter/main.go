// Command directwriter is the first step of go generate: it lets gqlgen write the executor, and beside it writers of plain objects (graph/direct.generated.go),
// which the executor asks first.
//
//	go run ./internal/directwriter      (in graph/, where gqlgen finds its configuration above)
//
// gqlgen makes of every field of every object a context, some closures and a marshaler. That pays where a field waits, may be refused, or is wrapped. Most fields
// of this API only compute: for them the program writes a function for each object, which appends the fields of a compiled selection (graph/direct.go) to a
// slice of bytes. See docs/adr/021.
package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "directwriter:", err)
		os.Exit(1)
	}
}

func run() error {
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return err
	}

	w := &writers{}
	if err = api.Generate(cfg, api.AddPlugin(w)); err != nil {
		return err
	}

	path := filepath.Join(w.folder, "schema.generated.go")

	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}

	hooked, err := w.hook(string(text))
	if err != nil {
		return err
	}

	return os.WriteFile(path, []byte(hooked), 0o600)
}

//go:embed direct.gotpl
var template string

// writers is the plugin of gqlgen that writes the writers.
type writers struct {
	folder string
	names  map[string]bool // of the objects that have a writer
	lists  map[string]bool // the lists that have a writer, by gqlgen's key of their type
}

// Name implements plugin.Plugin.
func (w *writers) Name() string { return "directwriter" }

var errFieldDirective = errors.New("a directive of fields in documents does something at run time, which the writers would pass over")

// GenerateCode implements plugin.CodeGenerator.
func (w *writers) GenerateCode(data *codegen.Data) error {
	for _, directive := range data.AllDirectives.LocationDirectives("FIELD") {
		if !directive.SkipRuntime {
			return errFieldDirective
		}
	}

	s := survey(data)
	w.folder, w.names, w.lists = data.Config.Exec.Dir(), make(map[string]bool), make(map[string]bool)

	for _, o := range s.Objects {
		w.names[o.Name] = true
	}

	for _, v := range s.Values {
		if v.Form == "list" && w.names[v.Definition.Name] {
			w.lists[v.UniquenessKey()] = true
		}
	}

	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Template:        template,
		Filename:        filepath.Join(w.folder, "direct.generated.go"),
		Data:            s,
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

var (
	object = regexp.MustCompile(`(?m)^func \(ec \*executionContext\) _([A-Za-z]+)\(ctx context\.Context, sel ast\.SelectionSet, obj [^\n]*\n`)
	list   = regexp.MustCompile(`(?m)^func \(ec \*executionContext\) marshal([NO]([A-Za-z]+)2[^(\n]+)\(ctx context\.Context, sel ast\.SelectionSet, v [^\n]*\n`)
)

const ask = "\tif written := ec.direct(ctx, sel, direct%s, func(w *directWriter, p *plan) bool {\n\t\treturn w.%s\n\t}); written != nil {\n" +
	"\t\treturn written\n\t}\n\n"

var errForm = errors.New("the executor has another form than expected: not every object with a writer was found in it")

// hook makes the executor's functions for objects and lists of them ask the writers first.
func (w *writers) hook(text string) (string, error) {
	hooked := 0

	text = object.ReplaceAllStringFunc(text, func(head string) string {
		name := object.FindStringSubmatch(head)[1]
		if !w.names[name] {
			return head
		}

		hooked++

		return head + fmt.Sprintf(ask, name, "object"+name+"(p, obj)")
	})

	if hooked != len(w.names) {
		return "", errForm
	}

	return list.ReplaceAllStringFunc(text, func(head string) string {
		found := list.FindStringSubmatch(head)
		if !w.lists[found[1]] {
			return head
		}

		return head + fmt.Sprintf(ask, found[2], "write"+found[1]+"(p, v)")
	}), nil
}
