package sidereal_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/internal/nodetest"
)

// compareSchemas returns what changes.mjs says of a schema that follows the released one, and whether it passes.
func compareSchemas(t *testing.T, released, current string, more ...string) (string, bool) {
	t.Helper()

	const project = "graph/strict/graphqljs"

	nodetest.Install(t, project)

	command := []string{project + "/changes.mjs"}

	folder := t.TempDir()
	for _, f := range []struct{ name, text string }{{"released", released}, {"current", current}} {
		file := filepath.Join(folder, f.name)
		command = append(command, file)

		if err := os.WriteFile(file, []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	output, err := exec.CommandContext(t.Context(), "node", append(command, more...)...).CombinedOutput()

	return string(output), err == nil
}

func TestChangesThatBreakClientsAreFound(t *testing.T) {
	schema, err := os.ReadFile("schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}

	for name, test := range map[string]struct {
		was, is string
		want    string // in what is said; empty when it passes
	}{
		"nothing":               {"", "", ""},
		"a field is gone":       {"  \"The chart's identity.\"\n  hash: ChartHash!\n", "", "Chart.hash was removed"},
		"a field may be null":   {"  calculatedAt: DateTime!\n", "  calculatedAt: DateTime\n", "Chart.calculatedAt changed type"},
		"a field never is null": {"  sunAltitude: Float\n", "  sunAltitude: Float!\n", ""},
		"an enum value is gone": {"  \"Largest or newest first.\"\n  DESC\n", "", "DESC was removed"},
		"an argument is needed": {"places(\n", "places(\n    country: String!\n", "country"},
		"an argument is new":    {"places(\n", "places(\n    country: String\n", ""},
		"another default":       {"size: Int! = 800", "size: Int! = 600", "defaultValue"},
		"another description":   {"A page of charts.", "Charts.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(string(schema), test.was, test.is, 1)
			if test.was != "" && changed == string(schema) {
				t.Fatalf("the schema has no %q", test.was)
			}

			// The order of values has a default of its own that names DESC.
			changed = strings.ReplaceAll(changed, "OrderDirection! = DESC", "OrderDirection! = ASC")
			released := strings.ReplaceAll(string(schema), "OrderDirection! = DESC", "OrderDirection! = ASC")

			said, passed := compareSchemas(t, released, changed)
			if passed != (test.want == "") || !strings.Contains(said, test.want) {
				t.Errorf("want %q, got %v %s", test.want, passed, said)
			}
		})
	}
}

func TestBreakingChangesAreAcceptedWithANote(t *testing.T) {
	const released, current = "type Query { a: Int b: Int }", "type Query { a: Int }"

	changes := filepath.Join(t.TempDir(), "CHANGES.md")
	if err := os.WriteFile(changes, []byte("# Changes\n\n## The first\n\nNothing.\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	if said, passed := compareSchemas(t, released, current, "--accept", " ", changes); passed || !strings.Contains(said, "note is needed") {
		t.Errorf("without a note: %v %s", passed, said)
	}

	if said, passed := compareSchemas(t, released, current, "--accept", "b is gone", changes); !passed {
		t.Fatal(said)
	}

	const want = "# Changes\n\n## b is gone\n\n- Query.b was removed.\n\n## The first\n\nNothing.\n"
	if got, err := os.ReadFile(changes); err != nil || string(got) != want {
		t.Errorf("want %q, got %q, %v", want, got, err)
	}
}

// The linter has no rule for this: a mutation takes one argument, input, and answers with a payload, to which fields can be added. The input is required where something has
// to be said. Where all of its fields may be left out it may be left out itself, so that `mutation { signOut { endedSessions } }` is enough.
func TestMutationsTakeAnInputAndAnswerWithAPayload(t *testing.T) {
	text, err := os.ReadFile("schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}

	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}

	if len(schema.Mutation.Fields) == 0 {
		t.Fatal("no mutations")
	}

	for _, mutation := range schema.Mutation.Fields {
		if a := mutation.Arguments; len(a) != 1 || a[0].Name != "input" || !strings.HasSuffix(a[0].Type.Name(), "Input") || a[0].Type.Elem != nil {
			t.Errorf("%s does not take one argument, input: …Input", mutation.Name)
		} else if input := schema.Types[a[0].Type.Name()]; a[0].Type.NonNull != slices.ContainsFunc(input.Fields, isRequired) {
			t.Errorf("%s takes %s, of which it has to match whether a field is required", mutation.Name, a[0].Type)
		}

		if answer := mutation.Type; !answer.NonNull || !strings.HasSuffix(answer.Name(), "Payload") || schema.Types[answer.Name()].Kind != ast.Object {
			t.Errorf("%s answers with %s, no payload", mutation.Name, answer)
		}
	}
}

// isRequired tells whether a field of an input object may not be left out.
func isRequired(f *ast.FieldDefinition) bool { return f.Type.NonNull && f.DefaultValue == nil }
