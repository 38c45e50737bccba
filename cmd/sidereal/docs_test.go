package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"sidereal/account"
)

var update = flag.Bool("update", false, "write the generated parts of the documentation anew")

// The table in docs/configuration.md is that of the settings.
func TestTheConfigurationIsDocumented(t *testing.T) {
	const path, begin, end = "../../docs/configuration.md", "<!-- settings -->\n", "<!-- /settings -->"

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	before, rest, ok := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)

	if !ok || !closed {
		t.Fatalf("%s has no %s", path, begin)
	}

	var table strings.Builder

	table.WriteString("| variable | default | meaning |\n|---|---|---|\n")

	for _, s := range settings {
		fallback := s.fallback
		if fallback != "" {
			fallback = "`" + fallback + "`"
		}

		fmt.Fprintf(&table, "| `%s%s` | %s | %s |\n", prefix, s.name, fallback, s.meaning)
	}

	want := before + begin + table.String() + end + after

	if *update {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != want {
		t.Errorf("%s is not up to date: go test ./cmd/sidereal -run Documented -update", path)
	}
}

// blocks returns the code blocks of a language in the README.
func blocks(t *testing.T, language string) []string {
	t.Helper()

	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}

	var found []string

	for _, part := range strings.Split(string(text), "```"+language+"\n")[1:] {
		inner, _, _ := strings.Cut(part, "```")
		found = append(found, inner)
	}

	return found
}

// The README's first query gets the README's answer, and its other documents get answers without errors.
func TestTheDocumentsOfTheReadme(t *testing.T) {
	documents, values := blocks(t, "graphql"), blocks(t, "json")
	if len(documents) < 6 || len(values) != 2 {
		t.Fatalf("the README has %d documents and %d values", len(documents), len(values))
	}

	var (
		variables map[string]any
		want, got any
	)

	if err := errors.Join(json.Unmarshal([]byte(values[0]), &variables), json.Unmarshal([]byte(values[1]), &want)); err != nil {
		t.Fatal(err)
	}

	s := start(t, embedded(t))

	a := s.post(t, documents[0], variables)
	if err := json.Unmarshal([]byte(`{"data":`+string(a.Data)+`}`), &got); err != nil {
		t.Fatalf("%v: %+v", err, a)
	}

	if !reflect.DeepEqual(got, want) {
		t.Errorf("want %v\n got %v", want, got)
	}

	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
	other := s.calculate(t, "1992-07-02", "18:05").CalculateChart.Chart.Hash

	// Whatever of them needs a viewer says so to everybody else.
	viewer := authorized(s.join(t, "ada@example.org").Auth.AccessToken)
	private := map[string]bool{"Save": true, "Mine": true, "Watch": true}

	for _, document := range documents[1:] {
		parsed, err := parser.ParseQuery(&ast.Source{Input: document})
		if err != nil {
			t.Fatalf("%s\n%v", document, err)
		}

		for _, operation := range parsed.Operations {
			switch {
			case operation.Name == "Follow":
				s.followed(t, document, hash)

				continue
			case operation.Operation == ast.Subscription:
				s.watch(t, document)
				delete(private, operation.Name)

				continue
			}

			request := body(t, "query", document, "operationName", operation.Name, "variables", map[string]any{"hash": hash, "other": other})

			a := s.send(t, http.MethodPost, "/graphql", request, "Content-Type", "application/json")
			if private[operation.Name] {
				a.wantError(t, "UNAUTHENTICATED", "")
				delete(private, operation.Name)

				a = s.send(t, http.MethodPost, "/graphql", request, append(viewer, "Content-Type", "application/json")...)
			}

			if len(a.Errors) > 0 {
				t.Errorf("%s\n%+v", document, a.Errors)
			}
		}
	}

	if len(private) > 0 {
		t.Errorf("the README lacks %v", private)
	}
}

// followed follows the latest reading of a chart by a document, to its end; curl does so as the README has it.
func (s *testServer) followed(t *testing.T, document, hash string) {
	t.Helper()

	asked, _ := s.ask(t, hash, nil, "includeTransits", true)
	l := s.listen(t, "", document, map[string]any{"hash": hash, "reading": asked.ID})
	l.socket.SetReadLimit(1 << 20)

	var types []string

	for h := l.next(t); !h.End; h = l.next(t) {
		if h.Code != "" {
			t.Fatalf("the subscription failed: %+v", h)
		}

		types = append(types, h.Typename)
	}

	if len(types) < 4 || types[0] != "ReadingStarted" || types[len(types)-1] != "ReadingCompleted" || !slices.Contains(types, "ReadingSectionReady") {
		t.Errorf("want a reading from its start to its end, got %v", types)
	}

	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}

	_, rest, _ := strings.Cut(string(text), "'Accept: text/event-stream' -d '")
	body, _, ok := strings.Cut(rest, "'\n")

	if !ok {
		t.Fatal("the README has no request by curl")
	}

	body = strings.NewReplacer("HASH", hash, "READING", asked.ID).Replace(body)

	_, stream := s.raw(t, http.DefaultClient, http.MethodPost, "/graphql", body, "Content-Type", "application/json", "Accept", "text/event-stream")
	if !strings.Contains(stream, `"title":"Overview"`) || !strings.Contains(stream, "ReadingCompleted") {
		t.Errorf("want a reading, got %.500s", stream)
	}
}

// watch subscribes to calculated charts by a document, refused to nobody in particular, and hears of one.
func (s *testServer) watch(t *testing.T, document string) {
	t.Helper()

	if refused := s.listen(t, "", document, nil).next(t); refused.Code != "UNAUTHENTICATED" {
		t.Errorf("want UNAUTHENTICATED, got %+v", refused)
	}

	watched := s.listen(t, bearer(t, account.Admin, time.Hour), document, map[string]any{"after": s.now(t)})
	hash := s.calculate(t, "1993-03-03", "03:03").CalculateChart.Chart.Hash

	heard := watched.next(t)
	if heard.ChartHash != hash {
		t.Fatalf("want the chart %s, got %+v", hash, heard)
	}

	again := s.calculate(t, "1994-04-04", "04:04").CalculateChart.Chart.Hash

	resumed := s.listen(t, bearer(t, account.Admin, time.Hour), document, map[string]any{"after": heard.Cursor})
	if got := resumed.next(t); got.ChartHash != again {
		t.Errorf("want the chart %s behind the first, got %+v", again, got)
	}
}

// now returns the cursor of this moment.
func (s *testServer) now(t *testing.T) string {
	t.Helper()

	return s.listen(t, bearer(t, account.Admin, time.Hour), "{ __typename }", nil).cursor
}
