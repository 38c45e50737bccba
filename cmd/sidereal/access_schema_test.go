package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func readSchema(t *testing.T) *ast.Schema {
	t.Helper()

	text, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}

	schema, gerr := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if gerr != nil {
		t.Fatal(gerr)
	}

	return schema
}

// entriesOf returns the entries of the table that a field has.
func entriesOf(field string) []access {
	var found []access

	for _, a := range accessTable {
		if a.field == field {
			found = append(found, a)
		}
	}

	return found
}

// isRoot says whether a type is one of the roots.
func isRoot(name string) bool { return name == "Query" || name == "Mutation" || name == "Subscription" }

// objects calls visit with every field of every object type.
func objects(schema *ast.Schema, visit func(of *ast.Definition, field *ast.FieldDefinition)) {
	for _, of := range schema.Types {
		if of.Kind != ast.Object || strings.HasPrefix(of.Name, "__") {
			continue
		}

		for _, field := range of.Fields {
			if !strings.HasPrefix(field.Name, "__") {
				visit(of, field)
			}
		}
	}
}

// holders returns the types that belong to somebody or hold what does.
func holders(schema *ast.Schema) []string {
	all := slices.Clone(owned)

	for before := 0; before != len(all); {
		before = len(all)

		objects(schema, func(of *ast.Definition, field *ast.FieldDefinition) {
			if !isRoot(of.Name) && slices.Contains(all, field.Type.Name()) && !slices.Contains(all, of.Name) {
				all = append(all, of.Name)
			}
		})
	}

	return all
}

// A new field makes its author say who may read it: on a root, on what belongs to somebody, or with a directive or a type of its own.
func TestEveryFieldHasAnEntryInTheTableOfAccess(t *testing.T) {
	schema := readSchema(t)
	belonging := holders(schema)
	used := make(map[string]bool)

	objects(schema, func(of *ast.Definition, field *ast.FieldDefinition) {
		name, all := of.Name+"."+field.Name, of.Name+".*"
		alone := isRoot(of.Name) || slices.Contains(belonging, of.Name) || field.Directives.ForName("auth") != nil

		switch {
		case len(entriesOf(name)) > 0:
			used[name] = true
		case alone:
			t.Errorf("%s has no entry of its own in accessTable", name)
		case len(entriesOf(all)) > 0:
			used[all] = true
		default:
			t.Errorf("neither %s nor %s has an entry in accessTable", name, all)
		}
	})

	for _, a := range accessTable {
		if !used[a.field] {
			t.Errorf("accessTable has an entry %s, which the schema does not need", a.field)
		}
	}
}

// Whatever has an id is asked for by it.
func TestEveryNodeIsInTheTableOfAccess(t *testing.T) {
	schema := readSchema(t)

	for _, node := range schema.PossibleTypes["Node"] {
		for _, field := range []string{"Query.node", "Query.nodes"} {
			if !slices.ContainsFunc(entriesOf(field), func(a access) bool {
				return a.of == node.Name && a.may.private == slices.Contains(owned, node.Name)
			}) {
				t.Errorf("%s has no entry of %s that says whose it is", field, node.Name)
			}
		}
	}
}

// No field leads to what only others may read: whoever may read the field may read what is below it.
func TestAFieldLeadsToNothingThatIsNotForItsReaders(t *testing.T) {
	schema := readSchema(t)

	for _, a := range accessTable {
		of, name, _ := strings.Cut(a.field, ".")
		if !isRoot(of) || a.below != "" || schema.Types[of].Fields.ForName(name) == nil {
			continue
		}

		below(schema, schema.Types[of].Fields.ForName(name).Type.Name(), make(map[string]bool), func(field string, inner policy) {
			if inner.private && !a.may.private || inner.onlyAdmins() && !a.may.onlyAdmins() {
				t.Errorf("%s is for %s, but leads to %s, which is for %s", a.field, a.may.name, field, inner.name)
			}
		})
	}
}

// below calls visit with the fields that can be read below a type, and who may. What an id may be of, the documents tell.
func below(schema *ast.Schema, name string, seen map[string]bool, visit func(field string, may policy)) {
	of := schema.Types[name]
	if of == nil || of.Kind != ast.Object || seen[name] {
		return
	}

	seen[name] = true

	for _, field := range of.Fields {
		entries := entriesOf(name + "." + field.Name)
		if len(entries) == 0 {
			entries = entriesOf(name + ".*")
		}

		for _, a := range entries {
			visit(name+"."+field.Name, a.may)
		}

		below(schema, field.Type.Name(), seen, visit)
	}
}

// A document of the table reads its field, and all fields of what belongs to somebody are read by some document, so that a leak is seen.
func TestDocumentsReadWhatTheyAreFor(t *testing.T) {
	schema := readSchema(t)
	read := make(map[string]bool)

	for _, a := range accessTable {
		of, name, _ := strings.Cut(a.field, ".")
		if isRoot(of) != (a.document != "") {
			t.Errorf("%s: root fields have a document, others have none", a.field)
		}

		if a.document == "" {
			continue
		}

		document, errs := gqlparser.LoadQueryWithRules(schema, a.document, nil)
		if errs != nil {
			t.Errorf("%s: %v", a.field, errs)

			continue
		}

		operation := document.Operations[0]
		if root, ok := operation.SelectionSet[0].(*ast.Field); !ok || len(operation.SelectionSet) != 1 || root.ObjectDefinition.Name != of || root.Name != name {
			t.Errorf("%s is not what its document reads", a.field)
		}

		note(operation.SelectionSet, read)
	}

	objects(schema, func(of *ast.Definition, field *ast.FieldDefinition) {
		if name := of.Name + "." + field.Name; slices.Contains(holders(schema), of.Name) && !read[name] {
			t.Errorf("%s belongs to somebody, and no document of accessTable reads it", name)
		}
	})
}

// note notes the fields that a selection reads.
func note(set ast.SelectionSet, read map[string]bool) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			read[s.ObjectDefinition.Name+"."+s.Name] = true
			note(s.SelectionSet, read)
		case *ast.InlineFragment:
			note(s.SelectionSet, read)
		}
	}
}
