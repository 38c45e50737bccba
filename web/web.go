// Package web holds the pages that the program carries: the playground, GraphiQL with everything that it needs, and under its roof a page of live events.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// dist is what Vite built from the folder playground, each file as gzip.
//
//go:embed playground/dist
var dist embed.FS

const (
	root   = "playground/dist"
	prefix = "/playground/"
	page   = "index.html"
	live   = "live/index.html"
)

// contentSecurityPolicy lets the page load and reach nothing but its own host. Monaco writes style elements, and its fonts and cursors are data addresses
// inside the style sheet.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// PlaygroundConfig says what the pages talk to.
type PlaygroundConfig struct {
	GraphQLPath string // on the same host, over HTTP and WebSocket
	Title       string
}

// Playground answers /playground and everything below it. It panics when the program was built without its pages, which is a mistake of the build.
func Playground(cfg PlaygroundConfig) http.Handler {
	files := make(map[string]file)

	err := fs.WalkDir(dist, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}

		compressed, err := dist.ReadFile(name)
		if err != nil {
			return err
		}

		served := strings.TrimSuffix(strings.TrimPrefix(name, root+"/"), ".gz")
		if served == page || served == live {
			compressed = configured(compressed, cfg)
		}

		files[served] = newFile(served, compressed)

		return nil
	})
	if err != nil {
		panic(err)
	}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[named(r.URL.Path)]

		switch {
		case !ok:
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		default:
			f.serve(w, r)
		}
	})
}

// named returns which file a path means.
func named(urlPath string) string {
	switch strings.TrimSuffix(urlPath, "/") + "/" {
	case prefix:
		return page
	case prefix + "live/":
		return live
	default:
		return strings.TrimPrefix(urlPath, prefix)
	}
}

// configured writes the configuration into a page.
func configured(compressed []byte, cfg PlaygroundConfig) []byte {
	text := string(inflate(compressed))

	for old, replacement := range map[string]string{
		`name="graphql-path" content="/graphql"`: `name="graphql-path" content="` + html.EscapeString(cfg.GraphQLPath) + `"`,
		"Sidereal</title>":                       html.EscapeString(cfg.Title) + "</title>",
	} {
		if !strings.Contains(text, old) {
			panic(fmt.Sprintf("web: a page has no %s", old))
		}

		text = strings.Replace(text, old, replacement, 1)
	}

	var b bytes.Buffer

	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text) // a buffer takes everything
	_ = w.Close()

	return b.Bytes()
}

// inflate undoes gzip. What it is given is part of the program, so it panics when that is damaged.
func inflate(compressed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic(err)
	}

	raw, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}

	return raw
}

// file is a file as it is served.
type file struct {
	gzipped     []byte
	contentType string
	etag        string // of the gzip form; the plain one has its own
	immutable   bool   // the name changes with the content
	page        bool
}

func newFile(name string, gzipped []byte) file {
	contentType := map[string]string{".ttf": "font/ttf", ".js": "text/javascript; charset=utf-8"}[path.Ext(name)] // not every system knows them
	if contentType == "" {
		contentType = mime.TypeByExtension(path.Ext(name))
	}

	sum := sha256.Sum256(gzipped)

	return file{
		gzipped:     gzipped,
		contentType: contentType,
		etag:        base64.RawURLEncoding.EncodeToString(sum[:12]),
		immutable:   strings.HasPrefix(name, "assets/"),
		page:        name == page || name == live,
	}
}
