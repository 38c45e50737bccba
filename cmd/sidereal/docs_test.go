package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
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

// The README's first query gets the README's answer.
func TestTheFirstQueryOfTheReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}

	block := func(language string, n int) string {
		parts := strings.Split(string(text), "```"+language+"\n")
		if len(parts) <= n {
			t.Fatalf("the README has no block %d of %s", n, language)
		}

		inner, _, _ := strings.Cut(parts[n], "```")

		return inner
	}

	var variables map[string]any
	if err := json.Unmarshal([]byte(block("json", 1)), &variables); err != nil {
		t.Fatal(err)
	}

	var want, got any
	if err := json.Unmarshal([]byte(block("json", 2)), &want); err != nil {
		t.Fatal(err)
	}

	a := start(t, embedded(t)).post(t, block("graphql", 1), variables)
	if err := json.Unmarshal([]byte(`{"data":`+string(a.Data)+`}`), &got); err != nil {
		t.Fatalf("%v: %+v", err, a)
	}

	if !reflect.DeepEqual(got, want) {
		t.Errorf("want %v\n got %v", want, got)
	}
}
