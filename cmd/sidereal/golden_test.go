package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sidereal/internal/everyfield"
)

// goldenBirth is a row of testdata/golden/births.json: a well-known birth with a source.
type goldenBirth struct {
	File, Source string
	Birth        map[string]any
}

// volatile are the fields whose values are not those of the birth alone: the clock's, the program's, those of the list of people, and pictures, which have
// golden files of their own.
var volatile = []string{"calculatedAt", "engine", "citation", "transits", "lunarReturn", "famousMatches", "wheel", "transitWheel", "created"}

// Every field of twenty well-known births is what it was: a change of a golden file has to be meant.
func TestGoldenCharts(t *testing.T) {
	text, err := os.ReadFile("testdata/golden/births.json")
	if err != nil {
		t.Fatal(err)
	}

	var births []goldenBirth
	if err := json.Unmarshal(text, &births); err != nil {
		t.Fatal(err)
	}

	if len(births) < 20 {
		t.Errorf("want 20 births, got %d", len(births))
	}

	fields, err := everyfield.Selection("../../schema.graphqls", "CalculateChartPayload", volatile...)
	if err != nil {
		t.Fatal(err)
	}

	s := start(t, embedded(t))

	for _, b := range births {
		t.Run(b.File, func(t *testing.T) {
			var answer any

			s.post(t, "mutation($birth: BirthInput!) { calculateChart(input: $birth) "+fields+"}", map[string]any{"birth": b.Birth}).into(t, &answer)

			got := golden(t, answer)
			path := filepath.Join("testdata", "golden", b.File+".json")

			if *update {
				if err := os.WriteFile(path, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}

			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}

			if line, a, b := firstDifference(string(want), string(got)); line > 0 {
				t.Errorf("%s:%d: want %s, got %s (go test ./cmd/sidereal -run Golden -update)", path, line, a, b)
			}
		})
	}
}

// golden writes an answer with its numbers rounded, so that other processors, which may round a last bit otherwise, write the same.
func golden(t *testing.T, answer any) []byte {
	t.Helper()

	var b bytes.Buffer

	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")

	if err := encoder.Encode(rounded(answer)); err != nil {
		t.Fatal(err)
	}

	return b.Bytes()
}

func rounded(v any) any {
	switch v := v.(type) {
	case float64:
		return math.Round(v*1e6)/1e6 + 0 // + 0 turns -0 into 0
	case []any:
		for i := range v {
			v[i] = rounded(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = rounded(v[key])
		}
	}

	return v
}

// firstDifference returns the number of the first line that differs, and both; 0 when none does.
func firstDifference(want, got string) (line int, a, b string) {
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")

	for i := range max(len(wants), len(gots)) {
		at := func(lines []string) string {
			if i < len(lines) {
				return strings.TrimSpace(lines[i])
			}

			return "the end"
		}

		if at(wants) != at(gots) {
			return i + 1, at(wants), at(gots)
		}
	}

	return 0, "", ""
}
