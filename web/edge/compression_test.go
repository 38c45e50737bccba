package edge

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// plain undoes a coding.
func plain(t testing.TB, coding string, body io.Reader) io.Reader {
	t.Helper()

	switch coding {
	case "gzip":
		r, err := gzip.NewReader(body)
		if err != nil {
			t.Fatal(err)
		}

		return r
	case "br":
		return brotli.NewReader(body)
	case "zstd":
		r, err := zstd.NewReader(body, zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderConcurrency(1)) // browsers' window (RFC 9659)
		if err != nil {
			t.Fatal(err)
		}

		return r
	case "":
		return body
	}

	t.Fatalf("the coding %q was never asked for", coding)

	return nil
}

func compression(t testing.TB) *Compression {
	t.Helper()

	c, err := NewCompression("zstd", "br", "gzip")
	if err != nil {
		t.Fatal(err)
	}

	return c
}

// ask sends a request to a compressed handler over a connection, and returns the answer with its plain body.
func ask(t testing.TB, method, accepted string, handler http.HandlerFunc) (*http.Response, []byte) {
	t.Helper()

	s := httptest.NewServer(compression(t).Handler(handler))
	defer s.Close()

	r, err := http.NewRequestWithContext(t.Context(), method, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}

	r.Header.Set("Accept-Encoding", accepted) // also when it is empty: the client must not ask by itself

	response, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}

	defer response.Body.Close()

	if method == http.MethodHead {
		return response, nil
	}

	body, err := io.ReadAll(plain(t, response.Header.Get("Content-Encoding"), response.Body))
	if err != nil {
		t.Fatal(err)
	}

	return response, body
}

// jsonOf answers with n bytes of JSON.
func jsonOf(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(bytes.Repeat([]byte("x"), n))
	}
}

func TestTheClientChoosesTheCoding(t *testing.T) {
	for accepted, want := range map[string]string{
		"":                                "",
		"gzip":                            "gzip",
		"GZip":                            "gzip",
		"x-gzip":                          "gzip",
		"br":                              "br",
		"zstd":                            "zstd",
		"gzip, deflate, br, zstd":         "zstd",
		"gzip, deflate, br":               "br",
		"gzip;q=1.0, br;q=0.5, zstd;q=0":  "gzip",
		"br;q=0.9, gzip;q=0.8, *;q=0.1":   "br",
		"*":                               "zstd",
		"*;q=0":                           "",
		"gzip;q=0":                        "",
		"deflate, compress":               "",
		"identity":                        "",
		"identity;q=1, gzip;q=0.5":        "",
		"identity;q=0.5, gzip;q=1":        "gzip",
		"zstd;q=0, *":                     "br",
		"gzip;q=nonsense":                 "",
		"gzip;level=9":                    "",
		"gzip;q=NaN":                      "",
		"gzip ; q=0.3":                    "gzip",
		"br;q=2":                          "",
		strings.Repeat(",", 5) + "gzip,,": "gzip",
	} {
		response, body := ask(t, http.MethodGet, accepted, jsonOf(5000))
		if got := response.Header.Get("Content-Encoding"); got != want || len(body) != 5000 {
			t.Errorf("%q: want %q, got %q with %d bytes", accepted, want, got, len(body))
		}

		if response.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: caches are not told: %v", accepted, response.Header)
		}
	}
}

func TestWhatIsCompressed(t *testing.T) {
	large := strings.Repeat("text and ", 1000)
	answer := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Add(header[i], header[i+1])
			}

			w.WriteHeader(status)

			if body != "" {
				_, _ = io.Copy(w, iotest.OneByteReader(strings.NewReader(body)))
			}
		}
	}

	const contentType, html = "Content-Type", "text/html; charset=utf-8"

	for name, test := range map[string]struct {
		method  string
		handler http.HandlerFunc
		coding  string
		vary    string
	}{
		"a page":                        {"GET", answer(200, large, contentType, html), "gzip", "Accept-Encoding"},
		"an error":                      {"GET", answer(500, large, contentType, html), "gzip", "Accept-Encoding"},
		"beside another reason to vary": {"GET", answer(200, large, contentType, html, "Vary", "Origin"), "gzip", "Origin, Accept-Encoding"},
		"1024 bytes":                    {"GET", answer(200, large[:1024], contentType, html), "gzip", "Accept-Encoding"},
		"1023 bytes":                    {"GET", answer(200, large[:1023], contentType, html), "", "Accept-Encoding"},
		"with a length":                 {"GET", answer(200, large, contentType, html, "Content-Length", strconv.Itoa(len(large))), "gzip", "Accept-Encoding"},
		"a picture":                     {"GET", answer(200, large, contentType, "image/png"), "", ""},
		"a vector picture":              {"GET", answer(200, large, contentType, "image/svg+xml"), "gzip", "Accept-Encoding"},
		"what must stay as it is":       {"GET", answer(200, large, contentType, html, "Cache-Control", "no-store, no-transform"), "", ""},
		"a part":                        {"GET", answer(206, large, contentType, html, "Content-Range", "bytes 0-8999/9000"), "", ""},
		"what chose its own form":       {"GET", answer(200, large, contentType, html, "Vary", "Accept-Encoding"), "", "Accept-Encoding"},
		"nothing":                       {"GET", answer(204, ""), "", ""},
		"nothing new":                   {"GET", answer(304, ""), "", "Accept-Encoding"},
		"the head of a page":            {"HEAD", answer(200, "", contentType, html, "Content-Length", strconv.Itoa(len(large))), "gzip", "Accept-Encoding"},
		"the head of a small page":      {"HEAD", answer(200, "", contentType, html, "Content-Length", "12"), "", "Accept-Encoding"},
		"a handler that does not say 200": {"GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(contentType, html)
			_, _ = io.WriteString(w, large)
		}, "gzip", "Accept-Encoding"},
		"a handler that does nothing": {"GET", func(http.ResponseWriter, *http.Request) {}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			response, body := ask(t, test.method, "gzip", test.handler)
			if coding, vary := response.Header.Get("Content-Encoding"), strings.Join(response.Header.Values("Vary"), ", "); coding != test.coding || vary != test.vary {
				t.Errorf("want %q %q, got %q %q", test.coding, test.vary, coding, vary)
			}

			if !strings.HasPrefix(large, string(body)) {
				t.Errorf("the body came back as %.40q", body)
			}

			if test.coding != "" && response.ContentLength > int64(len(large))/2 {
				t.Errorf("the length is that of the plain form: %d", response.ContentLength)
			}
		})
	}
}

func TestTagsAreWeakInEveryForm(t *testing.T) {
	tagged := func(tag string, status, size int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", tag)

			if status == http.StatusNotModified {
				w.WriteHeader(status)
			} else {
				jsonOf(size)(w, r)
			}
		}
	}

	for name, handler := range map[string]http.HandlerFunc{
		"large": tagged(`"a"`, 200, 5000), "small": tagged(`"a"`, 200, 10), "unchanged": tagged(`"a"`, 304, 0), "weak already": tagged(`W/"a"`, 200, 5000),
	} {
		for _, accepted := range []string{"", "gzip", "br"} {
			if response, _ := ask(t, http.MethodGet, accepted, handler); response.Header.Get("ETag") != `W/"a"` {
				t.Errorf("%s as %q: %v", name, accepted, response.Header)
			}
		}
	}
}

// Each part of a stream reaches the client while the handler is still at work on the next.
func TestStreamsFlowThroughTheCompression(t *testing.T) {
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		t.Run(coding, func(t *testing.T) {
			read := make(chan struct{})
			s := httptest.NewServer(compression(t).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", `multipart/mixed; boundary="-"`)

				for range 3 {
					_, _ = io.WriteString(w, "part\n")

					if err := http.NewResponseController(w).Flush(); err != nil {
						t.Error(err)
					}

					select {
					case <-read:
					case <-r.Context().Done():
						return
					}
				}
			})))
			defer s.Close()

			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()

			r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
			r.Header.Set("Accept-Encoding", coding)

			response, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}

			defer response.Body.Close()

			if got := response.Header.Get("Content-Encoding"); got != coding {
				t.Errorf("want %q, got %q", coding, got)
			}

			body, part := plain(t, coding, response.Body), make([]byte, len("part\n"))
			for range 3 {
				if _, err := io.ReadFull(body, part); err != nil || string(part) != "part\n" {
					t.Fatalf("got %q, %v", part, err)
				}

				read <- struct{}{}
			}

			if rest, err := io.ReadAll(body); err != nil || len(rest) > 0 {
				t.Errorf("want the end, got %q, %v", rest, err)
			}
		})
	}
}

// Encoders are used again: what one answer left behind must not show in the next, and each client must get its own.
func TestEncodersAreUsedAgain(t *testing.T) {
	handler := compression(t).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")

		if r.URL.Query().Has("panic") {
			_, _ = io.WriteString(w, strings.Repeat("half of a secret ", 500))

			panic(http.ErrAbortHandler)
		}

		_, _ = io.WriteString(w, strings.Repeat(r.URL.Query().Get("text"), 1000))
	}))

	var clients sync.WaitGroup

	for i := range 8 {
		clients.Go(func() {
			for turn := range 50 {
				coding := []string{"gzip", "br", "zstd"}[turn%3]
				text := strconv.Itoa(i) + "/" + strconv.Itoa(turn) + ","

				if turn%10 == 9 {
					func() {
						defer func() { _ = recover() }()

						r := httptest.NewRequest(http.MethodGet, "/?panic", nil)
						r.Header.Set("Accept-Encoding", coding)
						handler.ServeHTTP(httptest.NewRecorder(), r)
					}()
				}

				r := httptest.NewRequest(http.MethodGet, "/?text="+text, nil)
				r.Header.Set("Accept-Encoding", coding)

				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)

				body, err := io.ReadAll(plain(t, w.Header().Get("Content-Encoding"), w.Body))
				if err != nil || string(body) != strings.Repeat(text, 1000) {
					t.Errorf("%s %s: %v, %.60q", coding, text, err, body)
				}
			}
		})
	}

	clients.Wait()
}

// A connection that breaks is told to the handler, and nothing panics.
func TestTheClientMayLeave(t *testing.T) {
	gone := errors.New("gone")

	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		w := &broken{ResponseRecorder: httptest.NewRecorder(), err: gone}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", coding)

		var told error

		compression(t).Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")

			_, _ = io.WriteString(w, "data: 1\n\n")
			told = http.NewResponseController(w).Flush()
		})).ServeHTTP(w, r)

		if !errors.Is(told, gone) {
			t.Errorf("%q: want the flush to fail, got %v", coding, told)
		}
	}
}

type broken struct {
	*httptest.ResponseRecorder

	err error
}

func (b *broken) Write([]byte) (int, error) { return 0, b.err }

func BenchmarkCompression(b *testing.B) {
	answer := sampleAnswer(b)

	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		b.Run("coding="+coding, func(b *testing.B) {
			handler := compression(b).Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write(answer)
			}))

			r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			r.Header.Set("Accept-Encoding", coding)
			b.ReportAllocs()

			for b.Loop() {
				handler.ServeHTTP(&discard{header: make(http.Header)}, r)
			}
		})
	}
}

// discard is a client that takes everything.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}
