package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sidereal/web"
)

func get(t *testing.T, method, path string, header http.Header) *http.Response {
	t.Helper()

	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Header = header
	w := httptest.NewRecorder()
	web.Playground(web.PlaygroundConfig{GraphQLPath: `/api"><script>`, Title: "A & B"}).ServeHTTP(w, r)

	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()

	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}

	return string(raw)
}

func TestThePagesCarryTheirConfiguration(t *testing.T) {
	for path, title := range map[string]string{
		"/playground": "<title>A &amp; B</title>", "/playground/": "<title>A &amp; B</title>",
		"/playground/live": "<title>Live events · A &amp; B</title>", "/playground/live/": "<title>Live events · A &amp; B</title>",
	} {
		r := get(t, http.MethodGet, path, nil)
		text := body(t, r)

		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %d, %s", path, r.StatusCode, r.Header.Get("Content-Type"))
		}

		for _, want := range []string{`content="/api&#34;&gt;&lt;script&gt;"`, title, `src="/playground/assets/`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: want %s in\n%s", path, want, text)
			}
		}

		if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self';") {
			t.Errorf("%s: policy %q", path, policy)
		}

		if want, got := "no-referrer", r.Header.Get("Referrer-Policy"); want != got {
			t.Errorf("%s: referrer policy: want %q, got %q", path, want, got)
		}
	}
}

// outside finds what a browser would load from elsewhere: links in the page, imports and addresses in style sheets, imports in scripts.
var outside = regexp.MustCompile(`(?:src|href)="(?:https?:)?//|url\(\s*['"]?(?:https?:)?//|@import\s+['"]?(?:https?:)?//|(?:from|import)\s*\(?\s*["'](?:https?:)?//`)

func TestEveryFileIsServedAndLoadsNothingFromOutside(t *testing.T) {
	root := filepath.FromSlash("playground/dist")
	types := map[string]string{
		".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
		".svg": "image/svg+xml", ".ttf": "font/ttf", ".txt": "text/plain; charset=utf-8",
	}
	files := 0

	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}

		files++
		served := filepath.ToSlash(strings.TrimSuffix(strings.TrimPrefix(name, root), ".gz"))

		plain := get(t, http.MethodGet, "/playground"+served, nil)
		text := body(t, plain)

		if want, got := types[filepath.Ext(served)], plain.Header.Get("Content-Type"); plain.StatusCode != http.StatusOK || want != got {
			t.Errorf("%s: %d, type: want %q, got %q", served, plain.StatusCode, want, got)
		}

		if found := outside.FindString(text); found != "" && filepath.Ext(served) != ".txt" {
			t.Errorf("%s loads from outside: %s", served, found)
		}

		zipped := get(t, http.MethodGet, "/playground"+served, http.Header{"Accept-Encoding": {"br, gzip"}})
		if zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Header.Get("ETag") == plain.Header.Get("ETag") {
			t.Errorf("%s: headers of the gzip form: %v", served, zipped.Header)
		}

		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			return err
		}

		if inflated, err := io.ReadAll(z); err != nil || !bytes.Equal(inflated, []byte(text)) {
			t.Errorf("%s: the gzip form differs: %v", served, err)
		}

		return nil
	})
	if err != nil || files < 10 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestCachesAskAgainForThePageOnly(t *testing.T) {
	first := get(t, http.MethodGet, "/playground", nil)
	if want, got := "no-cache", first.Header.Get("Cache-Control"); want != got {
		t.Errorf("the page: want %q, got %q", want, got)
	}

	again := get(t, http.MethodGet, "/playground", http.Header{"If-None-Match": {`"else", W/` + first.Header.Get("ETag")}})
	if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
		t.Errorf("unchanged: want 304, got %d", again.StatusCode)
	}

	changed := get(t, http.MethodGet, "/playground", http.Header{"If-None-Match": {`"else"`}})
	if changed.StatusCode != http.StatusOK {
		t.Errorf("changed: want 200, got %d", changed.StatusCode)
	}

	script := regexp.MustCompile(`/playground/assets/index-[^"]+\.js`).FindString(body(t, first))
	if got := get(t, http.MethodGet, script, nil).Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("%s: got %q", script, got)
	}
}

func TestOtherRequestsAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		method, path string
		want         int
	}{
		"a head has no body":       {http.MethodHead, "/playground", http.StatusOK},
		"nothing is posted":        {http.MethodPost, "/playground", http.StatusMethodNotAllowed},
		"there is no such file":    {http.MethodGet, "/playground/assets/none.js", http.StatusNotFound},
		"the gzip form is inside":  {http.MethodGet, "/playground/index.html.gz", http.StatusNotFound},
		"no way leads out of it":   {http.MethodGet, "/playground/../web.go", http.StatusNotFound},
		"nor is that of a page":    {http.MethodGet, "/playground/live/index", http.StatusNotFound},
		"folders are not listed":   {http.MethodGet, "/playground/assets/", http.StatusNotFound},
		"it is not at other paths": {http.MethodGet, "/index.html/", http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			r := get(t, test.method, test.path, nil)
			if r.StatusCode != test.want {
				t.Errorf("want %d, got %d", test.want, r.StatusCode)
			}

			if test.method == http.MethodHead && (body(t, r) != "" || r.Header.Get("Content-Length") == "0") {
				t.Errorf("a body, or no length: %v", r.Header)
			}
		})
	}
}

func TestGzipIsSentOnlyToWhoTakesIt(t *testing.T) {
	for header, want := range map[string]string{
		"gzip": "gzip", "GZIP;q=0.5": "gzip", "br, *": "gzip", "": "", "br": "", "gzip;q=0": "", "gzip; q=0.0, *": "", "*;q=0": "",
	} {
		if got := get(t, http.MethodHead, "/playground", http.Header{"Accept-Encoding": {header}}).Header.Get("Content-Encoding"); want != got {
			t.Errorf("%q: want %q, got %q", header, want, got)
		}
	}
}

func TestTheDocumentsOfThePlaygroundAreValid(t *testing.T) {
	source, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}

	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(source)})
	if err != nil {
		t.Fatal(err)
	}

	documents, err := filepath.Glob("playground/src/documents/*.graphql")
	if err != nil || len(documents) < 3 {
		t.Fatalf("want 3 documents or more, got %v, %v", documents, err)
	}

	for _, name := range documents {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}

		if _, errs := gqlparser.LoadQueryWithRules(schema, string(text), nil); errs != nil {
			t.Errorf("%s: %v", name, errs)
		}
	}
}
