package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Whatever is wrong with an input, and whichever way it came, the error names the field, and nothing was run.
func TestWrongInputNamesItsField(t *testing.T) {
	s := start(t, embedded(t))

	const (
		variable = `mutation($input: BirthInput!) { calculateChart(input: $input) { created } }`
		noHash   = "0000000000000000000000000000000000000000000000000000000000000000"
	)

	birth := func(more map[string]any) map[string]any {
		input := map[string]any{"date": "1990-01-15", "place": map[string]any{"search": "x"}}
		maps.Copy(input, more)

		return map[string]any{"input": input}
	}

	for name, test := range map[string]struct {
		document  string
		variables map[string]any
		field     string
	}{
		"an enum's value in a variable": {variable, birth(map[string]any{"calendar": "MAYAN"}), "input.calendar"},
		"an enum's value as it is":      {`{ chart(hash: "` + noHash + `") { positions(bodies: [SUN, VULCAN]) { sign } } }`, nil, "bodies[1]"},
		"a date in a variable":          {variable, birth(map[string]any{"date": "1990-02-30"}), "input.date"},
		"a date as it is":               {`mutation { calculateChart(input: {date: "1990-02-30", place: {search: "x"}}) { created } }`, nil, "input.date"},
		"null in place of a default":    {variable, birth(map[string]any{"calendar": nil}), "input.calendar"},
		"null by a variable's default": {
			`query($n: Int = 5) { geocode(search: "x", first: $n) { name } }`, map[string]any{"n": nil}, "first",
		},
		"a number for a string":      {`query($s: String!) { places(search: $s) { id } }`, map[string]any{"s": 5}, "search"},
		"a string for a number":      {`query($n: Int) { places(search: "x", first: $n) { id } }`, map[string]any{"n": "2"}, "first"},
		"a fraction for an integer":  {`query($n: Int) { places(search: "x", first: $n) { id } }`, map[string]any{"n": 2.5}, "first"},
		"a number beyond 32 bits":    {`query($n: Int) { charts(first: $n) { totalCount } }`, map[string]any{"n": 3e9}, "first"},
		"the same as it is":          {`{ charts(first: 3000000000) { totalCount } }`, nil, "first"},
		"two fields of one":          {variable, birth(map[string]any{"place": map[string]any{"search": "x", "coordinates": nil}}), "input.place"},
		"a field that does not fit":  {variable, birth(map[string]any{"sex": "F"}), "input.sex"},
		"a variable that is missing": {variable, nil, "input"},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := json.Marshal(map[string]any{"query": test.document, "variables": test.variables})
			if err != nil {
				t.Fatal(err)
			}

			a := s.send(t, http.MethodPost, "/graphql", string(body), "Content-Type", "application/json", "Accept", "application/graphql-response+json")
			a.wantError(t, "VALIDATION_FAILED", test.field)

			if a.Status != http.StatusBadRequest || a.Data != nil {
				t.Errorf("status %d, data %s", a.Status, a.Data)
			}
		})
	}
}

// Whichever way a document comes, its mistakes are told one by one, up to a hundred.
func TestManyMistakesAreToldOneByOneUpToAHundred(t *testing.T) {
	s := start(t, embedded(t))

	for mistakes, want := range map[int]int{2: 2, 900: 101} {
		var fields strings.Builder
		for i := range mistakes {
			fmt.Fprintf(&fields, " wrong%d", i)
		}

		document := "{ viewer {" + fields.String() + " } }"
		answers := map[string]answer{"alone": s.post(t, document, nil)}

		socket := s.open(t)
		begin(t, socket, "x", document)

		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		var overSocket answer
		if err := json.Unmarshal(m.Payload, &overSocket.Errors); err != nil {
			t.Fatalf("%s: %v", m.Payload, err)
		}

		answers["over a WebSocket"] = overSocket

		for way, a := range answers {
			if len(a.Errors) != want || slices.ContainsFunc(a.Errors, func(e answerError) bool { return e.Extensions["code"] != "VALIDATION_FAILED" }) {
				t.Errorf("%d mistakes, %s: want %d errors, got %d: %.300v", mistakes, way, want, len(a.Errors), a.Errors)
			}
		}
	}
}
