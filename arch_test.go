package sidereal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rows is the house: an import may only go to a lower row. Rooms of one row do not import each other, save where kin says so. A name stands for its
// folder and everything below that has no row of its own.
var rows = map[string]int{
	"fault": 0, "event": 0, "ephemeris": 0, "ephemeris/motion": 0, "atlas": 0, "resilience": 0,
	"chart": 1, "chart/explain": 1, "chart/forecast": 1, "chart/pair": 1, "chart/transit": 1, "chart/wheel": 1,
	"account": 1, "account/password": 1, "atlas/gazetteer": 1, "job": 1, "chart/numerology": 1,
	"account/collection": 2, "account/presence": 2, "atlas/geocoder": 2, "event/hub": 2, "event/relay": 2, "people": 2,
	"reading": 2, "reading/library": 2, "reading/compose": 2, "reading/model": 2,
	"db": 3, "cache": 3, "account/token": 3, "atlas/places": 3, "telemetry": 3, "event/natsbroker": 3,
	"graph":     4,
	"resolvers": 5, "web": 5, "web/edge": 5,
	"cmd": 6,
}

// kin are the rooms that may be imported from their own row: parts of one whole.
var kin = []string{
	"graph", "graph/document", "graph/gqlerr", "graph/limit", "graph/live", "graph/loader", "graph/model", "graph/relay", "graph/scalar", "graph/strict",
	"graph/transport", "reading/compose", "reading/library",
}

// offProduct are rooms that the product does not build: tools, benchmarks, and kits that only tests may import.
var offProduct = []string{
	"internal", "bench", "ephemeris/fit", "account/accounttest", "account/collection/collectiontest", "chart/charttest", "atlas/gazetteer/build",
	"people/peopletest", "event/eventtest", "job/jobtest", "reading/readingtest",
}

// fences say which rooms may import a package from outside.
var fences = map[string][]string{
	"github.com/uptrace/bun":               {"db", "cmd"},
	"github.com/99designs/gqlgen":          {"graph", "resolvers", "web", "cmd"},
	"github.com/vektah/gqlparser":          {"graph", "resolvers", "web", "cmd"},
	"github.com/eko/gocache":               {"cache"},
	"github.com/maypok86/otter":            {"cache"},
	"github.com/redis/go-redis":            {"cache"},
	"github.com/avast/retry-go":            {"resilience"},
	"github.com/mercari/go-circuitbreaker": {"resilience"},
	"github.com/graph-gophers/dataloader":  {"graph/loader"},
	"github.com/nats-io":                   {"event/natsbroker", "cmd"},
	"github.com/golang-jwt/jwt":            {"account/token"},
	"github.com/rs/cors":                   {"web/edge"},
	"github.com/andybalholm/brotli":        {"web/edge"},
	"github.com/goccy/go-yaml":             {"reading/library"},
	"github.com/openai/openai-go":          {"reading/model"},
	"golang.org/x/crypto":                  {"account/password"},
	"golang.org/x/term":                    {"cmd"},
}

// maxFolders is how many folders the top may have.
const maxFolders = 20

func TestImportsRunDownTheHouse(t *testing.T) {
	for _, file := range productFiles(t) {
		room := filepath.ToSlash(filepath.Dir(file))
		from, known := rowOf(room)

		if !known {
			t.Errorf("%s: the room has no row in arch_test.go", room)

			continue
		}

		for _, imported := range importsOf(t, file) {
			to, ours := strings.CutPrefix(imported, "sidereal/")

			if !ours {
				checkFence(t, file, room, imported)

				continue
			}

			switch row, ok := rowOf(to); {
			case isBelow(to, offProduct):
				t.Errorf("%s imports %s, which the product does not build", file, to)
			case !ok:
				t.Errorf("%s imports %s, which has no row in arch_test.go", file, to)
			case row > from, row == from && !areKin(room, to):
				t.Errorf("%s (row %d) imports %s (row %d): arrows run down", file, from, to, row)
			}
		}
	}
}

// areKin tells whether two rooms of one row may import each other.
func areKin(room, to string) bool {
	return slices.Contains(kin, to) && slices.Contains(kin, room) || isBelow(room, []string{to})
}

func checkFence(t *testing.T, file, room, imported string) {
	t.Helper()

	for fenced, allowed := range fences {
		if isBelow(imported, []string{fenced}) && !isBelow(room, allowed) {
			t.Errorf("%s imports %s, which belongs to %s only", file, imported, strings.Join(allowed, " and "))
		}
	}
}

func TestTopHasRoomToBreathe(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}

	var folders []string

	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "data" {
			folders = append(folders, e.Name())
		}
	}

	if len(folders) > maxFolders {
		t.Errorf("%d folders at the top, at most %d: %v", len(folders), maxFolders, folders)
	}
}

func TestOwnFilesStayShort(t *testing.T) {
	const maxLines = 500

	for _, file := range productFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}

		if lines := strings.Count(string(text), "\n"); lines > maxLines && !strings.Contains(string(text[:min(len(text), 200)]), "DO NOT EDIT") {
			t.Errorf("%s has %d lines, at most %d: one idea each", file, lines, maxLines)
		}
	}
}

// productFiles returns the Go files that the product is built from.
func productFiles(t *testing.T) []string {
	t.Helper()

	var files []string

	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		if d.IsDir() {
			name := d.Name()
			if path != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || isBelow(filepath.ToSlash(path), offProduct)) {
				return filepath.SkipDir
			}

			return nil
		}

		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && strings.Contains(path, string(filepath.Separator)) {
			files = append(files, path)
		}

		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	if len(files) < 30 {
		t.Fatalf("only %d files were found", len(files))
	}

	return files
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()

	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}

	paths := make([]string, len(parsed.Imports))

	for i, spec := range parsed.Imports {
		if paths[i], err = strconv.Unquote(spec.Path.Value); err != nil {
			t.Fatal(err)
		}
	}

	return paths
}

// rowOf returns the row of a room: its own or that of the nearest folder above.
func rowOf(room string) (int, bool) {
	for {
		if row, ok := rows[room]; ok {
			return row, true
		}

		up := strings.LastIndexByte(room, '/')
		if up < 0 {
			return 0, false
		}

		room = room[:up]
	}
}

func isBelow(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return path == f || strings.HasPrefix(path, f+"/") })
}
