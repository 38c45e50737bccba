package document_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/fault"
	"sidereal/graph/document"
)

// sent is a store that forgets nothing.
type sent map[string]string

func (s sent) Get(_ context.Context, hash string) (text string, ok bool) {
	text, ok = s[hash]

	return text, ok
}

func (s sent) Set(_ context.Context, hash, text string) { s[hash] = text }

const schemaText = `type Query { a: Int b: Query c(x: Int): Int }`

func readManifest(t testing.TB, text string) (*document.Manifest, error) {
	t.Helper()

	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: schemaText})
	if err != nil {
		t.Fatal(err)
	}

	return document.ReadManifest([]byte(text), func(text string) error {
		if _, errs := gqlparser.LoadQueryWithRules(schema, text, nil); errs != nil {
			return errs
		}

		return nil
	})
}

// persisted is the extension of Apollo's protocol.
func persisted(version, hash string) map[string]any {
	return map[string]any{"persistedQuery": map[string]any{"version": json.Number(version), "sha256Hash": hash}}
}

func TestDocumentsAreFound(t *testing.T) {
	const trusted, known, fresh = "{ a }", "{ b { a } }", "{ c }"

	manifest, err := readManifest(t, `{"first": "`+trusted+`"}`)
	if err != nil {
		t.Fatal(err)
	}

	var (
		open   = document.Library{Sent: sent{document.Hash(known): known}, Trusted: manifest}
		closed = document.Library{Sent: sent{document.Hash(known): known}, Trusted: manifest, TrustedOnly: true}
		bare   = document.Library{}
		text   = func(s string) *string { return &s }
	)

	for name, test := range map[string]struct {
		library   document.Library
		ask       document.Ask
		want      string
		persisted bool
		code      fault.Code
	}{
		"a text":                         {bare, document.Ask{Text: text(fresh)}, fresh, false, ""},
		"nothing":                        {bare, document.Ask{}, "", false, fault.ValidationFailed},
		"a hash that is known":           {open, document.Ask{Extensions: persisted("1", document.Hash(known))}, known, true, ""},
		"a hash in capitals":             {open, document.Ask{Extensions: persisted("1", strings.ToUpper(document.Hash(known)))}, known, true, ""},
		"a hash beside an empty text":    {open, document.Ask{Text: text(""), Extensions: persisted("1", document.Hash(known))}, known, true, ""},
		"a hash that is not known":       {open, document.Ask{Extensions: persisted("1", document.Hash(fresh))}, "", false, fault.PersistedQueryNotFound},
		"what is no hash":                {open, document.Ask{Extensions: persisted("1", "x")}, "", false, fault.PersistedQueryNotFound},
		"a text with its hash":           {open, document.Ask{Text: text(fresh), Extensions: persisted("1", document.Hash(fresh))}, fresh, true, ""},
		"a text with another hash":       {open, document.Ask{Text: text(fresh), Extensions: persisted("1", document.Hash(known))}, "", false, fault.ValidationFailed},
		"another version":                {open, document.Ask{Extensions: persisted("2", document.Hash(known))}, "", false, fault.ValidationFailed},
		"no version":                     {open, document.Ask{Extensions: map[string]any{"persistedQuery": map[string]any{"sha256Hash": "x"}}}, "", false, fault.ValidationFailed},
		"an extension of a string":       {open, document.Ask{Text: text(fresh), Extensions: map[string]any{"persistedQuery": "x"}}, "", false, fault.ValidationFailed},
		"an extension of null":           {open, document.Ask{Text: text(fresh), Extensions: map[string]any{"persistedQuery": nil}}, fresh, false, ""},
		"a hash where they are off":      {bare, document.Ask{Extensions: persisted("1", document.Hash(known))}, "", false, fault.PersistedQueryNotSupported},
		"a text and hash, they are off":  {bare, document.Ask{Text: text(fresh), Extensions: persisted("1", document.Hash(fresh))}, fresh, false, ""},
		"an id":                          {open, document.Ask{ID: "first"}, trusted, true, ""},
		"an id that is a hash":           {open, document.Ask{ID: "sha256:" + document.Hash(trusted)}, trusted, true, ""},
		"an id as a hash":                {open, document.Ask{Extensions: persisted("1", "first")}, trusted, true, ""},
		"an id that is not known":        {open, document.Ask{ID: "second"}, "", false, fault.NotFound},
		"an id without a list":           {bare, document.Ask{ID: "first"}, "", false, fault.NotFound},
		"an id and a text":               {open, document.Ask{ID: "first", Text: text(trusted)}, "", false, fault.ValidationFailed},
		"an id and a hash":               {open, document.Ask{ID: "first", Extensions: persisted("1", "first")}, "", false, fault.ValidationFailed},
		"only trusted: an id":            {closed, document.Ask{ID: "first"}, trusted, true, ""},
		"only trusted: another id":       {closed, document.Ask{ID: "second"}, "", false, fault.Forbidden},
		"only trusted: its text":         {closed, document.Ask{Text: text(trusted)}, trusted, false, ""},
		"only trusted: text and hash":    {closed, document.Ask{Text: text(trusted), Extensions: persisted("1", document.Hash(trusted))}, trusted, true, ""},
		"only trusted: another text":     {closed, document.Ask{Text: text(fresh)}, "", false, fault.Forbidden},
		"only trusted: a hash once sent": {closed, document.Ask{Extensions: persisted("1", document.Hash(known))}, "", false, fault.Forbidden},
		"only trusted: text to be kept":  {closed, document.Ask{Text: text(fresh), Extensions: persisted("1", document.Hash(fresh))}, "", false, fault.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := test.library.Find(t.Context(), test.ask)
			if test.code != "" {
				if fault.CodeOf(err) != test.code {
					t.Errorf("want %s, got %v, %+v", test.code, err, found)
				}

				return
			}

			if err != nil || found.Text != test.want || found.Persisted != test.persisted {
				t.Errorf("want %q (persisted: %t), got %+v, %v", test.want, test.persisted, found, err)
			}
		})
	}
}

func TestOnlyWhatCameWithItsHashIsKept(t *testing.T) {
	store := sent{}
	library := document.Library{Sent: store}
	text := "{ a }"

	for _, ask := range []document.Ask{{Text: &text}, {Text: &text, Extensions: persisted("1", document.Hash(text))}} {
		if len(store) > 0 {
			t.Errorf("kept too early: %v", store)
		}

		found, err := library.Find(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}

		if len(store) > 0 {
			t.Errorf("kept before it proved to be a document: %v", store)
		}

		library.Learn(t.Context(), found)
	}

	if store[document.Hash(text)] != text {
		t.Errorf("not kept: %v", store)
	}
}

func TestManifests(t *testing.T) {
	const apollo = `{"format": "apollo-persisted-query-manifest", "version": `

	for name, test := range map[string]struct {
		text  string
		count int
		words []string // of the error
	}{
		"an object":                 {`{"one": "{ a }", "two": "query Q($x: Int) { c(x: $x) }"}`, 2, nil},
		"an empty object":           {`{}`, 0, nil},
		"Apollo's":                  {apollo + `1, "operations": [{"id": "one", "name": "A", "type": "query", "body": "query A { a }"}]}`, 1, nil},
		"Apollo's of the future":    {apollo + `2, "operations": []}`, 0, []string{"version 2"}},
		"no JSON":                   {`{"one": "{ a }"`, 0, []string{"neither an object of strings nor"}},
		"a list":                    {`["{ a }"]`, 0, []string{"neither an object of strings nor"}},
		"a number":                  {`{"one": 1}`, 0, []string{"neither an object of strings nor"}},
		"two objects":               {`{"one": "{ a }"} {"two": "{ a }"}`, 0, []string{"neither an object of strings nor"}},
		"nothing":                   {``, 0, []string{"neither an object of strings nor"}},
		"an id that comes twice":    {`{"one": "{ a }", "one": "{ b { a } }"}`, 0, []string{`the id "one"`}},
		"two that are wrong":        {`{"one": "{", "two": "{ a }", "three": "{ d }"}`, 0, []string{`the document "one"`, `the document "three"`, `Cannot query field "d"`}},
		"fragments only":            {`{"one": "fragment F on Query { a }"}`, 0, []string{"is never used"}},
		"Apollo's, without an id":   {apollo + `1, "operations": [{"body": "{ a }"}]}`, 0, []string{`the id ""`}},
		"Apollo's, with bad bodies": {apollo + `1, "operations": [{"id": "x", "body": "nonsense"}]}`, 0, []string{`the document "x"`}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := readManifest(t, test.text)
			if len(test.words) == 0 && (err != nil || m.Len() != test.count) {
				t.Errorf("want %d documents, got %d, %v", test.count, m.Len(), err)
			}

			for _, word := range test.words {
				if err == nil || !strings.Contains(err.Error(), word) {
					t.Errorf("want an error that says %s, got %v", word, err)
				}
			}
		})
	}
}
