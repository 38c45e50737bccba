package edge

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	// minCompressed is the size from which on an answer is compressed: a packet holds about 1400 bytes, and fewer cannot arrive sooner.
	minCompressed = 1 << 10

	// Levels, by BenchmarkLevels on a chart of 27 kB (docs/operations.md). Whatever the level, what is left fits the 14 kB that a server may send before it has
	// heard from the client, so time counts for more than the last bytes.
	gzipLevel   = 5
	brotliLevel = 3
	zstdLevel   = zstd.SpeedDefault
	zstdWindow  = 1 << 18 // answers are smaller; a decoder has to keep as much
)

// Compression compresses answers with what their clients take. It keeps encoders for the next answer, and is made once.
type Compression struct{ codings []coding }

// coding is a content coding with encoders that are not in use.
type coding struct {
	name string
	pool *sync.Pool
}

// encoder is what the codings' packages have in common. Flush sends everything that was written so far on its way.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(w io.Writer)
}

// NewCompression returns the compression with the codings that are named, the preferred one first: zstd, br and gzip.
func NewCompression(names ...string) (*Compression, error) {
	c := new(Compression)

	for _, name := range names {
		var fresh func() any

		switch name {
		case "zstd":
			fresh = func() any {
				e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstdLevel), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(zstdWindow),
					zstd.WithLowerEncoderMem(true))
				if err != nil {
					panic(err) // only for options that do not go together
				}

				return e
			}
		case "br":
			fresh = func() any { return brotli.NewWriterLevel(nil, brotliLevel) }
		case "gzip":
			fresh = func() any {
				e, err := gzip.NewWriterLevel(nil, gzipLevel)
				if err != nil {
					panic(err) // only for a level that there is not
				}

				return e
			}
		default:
			return nil, fmt.Errorf("%q is no coding: there are zstd, br and gzip", name)
		}

		c.codings = append(c.codings, coding{name, &sync.Pool{New: fresh}})
	}

	return c, nil
}

// Handler compresses the answers of a handler. An answer is left as it is when it has a Content-Encoding or a Vary: Accept-Encoding of its own, is not text, is
// small, or forbids it with Cache-Control: no-transform. An answer whose handler flushes it is a stream: it is compressed from the first byte on, and each
// flush reaches the client.
//
// Tags (ETag) become weak, whatever form the answer takes: they stand for its meaning and not its bytes (RFC 9110, section 8.8.3.3), and If-None-Match, which
// compares weakly, finds the same tag in each form.
func (c *Compression) Handler(next http.Handler) http.Handler {
	if len(c.codings) == 0 {
		return next
	}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			next.ServeHTTP(w, r)

			return
		}

		compressor := &compressor{ResponseWriter: w, head: r.Method == http.MethodHead}

		if chosen := negotiate(strings.Join(r.Header.Values("Accept-Encoding"), ","), c.codings); chosen >= 0 {
			compressor.coding = &c.codings[chosen]
		}

		next.ServeHTTP(compressor, r)
		compressor.finish() // not deferred: what a panic leaves half done is not sent
	})
}
