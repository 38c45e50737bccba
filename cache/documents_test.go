package cache_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"sidereal/cache"
	"sidereal/internal/redistest"
)

func newDocuments(t testing.TB, cfg cache.DocumentsConfig) *cache.Documents {
	t.Helper()

	cfg.Log = slog.New(slog.DiscardHandler)

	d, err := cache.NewDocuments(cfg)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})

	return d
}

func hashed(text string) (hash, same string) {
	sum := sha256.Sum256([]byte(text))

	return hex.EncodeToString(sum[:]), text
}

// kept counts the documents 0 to n-1 that are there.
func kept(t testing.TB, d *cache.Documents, n int, text func(i int) string) (count, bytes int) {
	t.Helper()

	for i := range n {
		hash, want := hashed(text(i))

		if got, ok := d.Get(t.Context(), hash); ok {
			count, bytes = count+1, bytes+len(got)

			if got != want {
				t.Errorf("want %q, got %q", want, got)
			}
		}
	}

	return count, bytes
}

func TestDocumentsAreBoundedByNumberAndSize(t *testing.T) {
	const many = 1000

	short := func(i int) string { return fmt.Sprintf("{ f%d }", i) }
	long := func(i int) string { return short(i) + strings.Repeat(" ", 1000) }

	for name, test := range map[string]struct {
		cfg      cache.DocumentsConfig
		text     func(i int) string
		maxCount int
	}{
		"short ones, by number": {cache.DocumentsConfig{MaxDocuments: 50, MaxBytes: 1 << 20}, short, 50},
		"long ones, by size":    {cache.DocumentsConfig{MaxDocuments: many, MaxBytes: 20_000}, long, 20},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDocuments(t, test.cfg)

			for i := range many {
				hash, text := hashed(test.text(i))
				d.Set(t.Context(), hash, text)
			}

			d.CleanUp()

			if count, bytes := kept(t, d, many, test.text); count == 0 || count > test.maxCount || bytes > test.cfg.MaxBytes {
				t.Errorf("want 1 to %d documents of at most %d bytes, got %d of %d", test.maxCount, test.cfg.MaxBytes, count, bytes)
			}
		})
	}

	d := newDocuments(t, cache.DocumentsConfig{MaxDocuments: 10, MaxBytes: 10})
	hash, text := hashed("{ aDocumentBeyondAllSize }")

	if d.Set(t.Context(), hash, text); d.Has(hash) {
		t.Error("a document that is larger than the store is kept")
	}

	if _, err := cache.NewDocuments(cache.DocumentsConfig{MaxDocuments: 0, MaxBytes: 1}); err == nil {
		t.Error("a store without room is opened")
	}
}

func TestDocumentsAreSharedThroughRedis(t *testing.T) {
	server := redistest.Start(t)
	cfg := cache.DocumentsConfig{MaxDocuments: 10, MaxBytes: 1000, RedisURL: server.URL()}
	one, other := newDocuments(t, cfg), newDocuments(t, cfg)
	hash, text := hashed("{ __typename }")

	if _, ok := other.Get(t.Context(), hash); ok {
		t.Fatal("a document is there before it was sent")
	}

	one.Set(t.Context(), hash, text)

	if got, ok := other.Get(t.Context(), hash); !ok || got != text {
		t.Errorf("want %q of the other process, got %q, %t", text, got, ok)
	}

	// What somebody else put into Redis is not what the hash stands for.
	options, err := redis.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}

	client := redis.NewClient(options)
	defer client.Close()

	if err := client.Set(t.Context(), "sidereal:document:1:"+hash, "{ another }", 0).Err(); err != nil {
		t.Fatal(err)
	}

	if got, ok := newDocuments(t, cfg).Get(t.Context(), hash); ok {
		t.Errorf("a text with another hash is believed: %q", got)
	}
}
