package gazetteer

import (
	"runtime"
	"strings"
	"testing"
)

// queries are a mix of what is typed, the dearest kinds among them.
var queries = []struct{ name, query string }{
	{"one letter", "a"},
	{"two letters", "sa"},
	{"three letters", "san"},
	{"a name", "paris"},
	{"two words, unfinished", "sao pau"},
	{"common words", "saint de la"},
	{"common words, unfinished", "san a"},
	{"a region behind", "springfield il"},
	{"a region behind a comma", "Cambridge, UK"},
	{"another script", "Москва"},
	{"Chinese", "東京"},
	{"a typo", "barcelna"},
	{"two typos", "phildelhpia"},
	{"two words with typos", "los angelse"},
	{"three words with typos", "santigo del estro argentna"},
	{"a long word with typos", "thiruvananthapurram"},
	{"no hit", "zzzzqqq"},
	{"no hit, two typos allowed", "abcdefghijkl"},
	{"junk of 200 letters", strings.Repeat("xqzjkwvb", 25)},
	{"junk of 200 letters in words", strings.Repeat("santa ", 33)},
	{"single letters", strings.Repeat("a b ", 50)},
}

func open(tb testing.TB) *Gazetteer {
	tb.Helper()

	g, err := Open()
	if err != nil {
		tb.Fatal(err)
	}

	return g
}

func BenchmarkSearch(b *testing.B) {
	g := open(b)

	for _, q := range queries {
		b.Run(strings.ReplaceAll(q.name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()

			for b.Loop() {
				if _, err := g.Search(q.query, 10); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()

	for b.Loop() {
		open(b)
	}

	before := heap()
	g := open(b)
	b.ReportMetric(heap()-before, "heap-B")
	runtime.KeepAlive(g)
}

func heap() float64 {
	runtime.GC()

	var m runtime.MemStats

	runtime.ReadMemStats(&m)

	return float64(m.HeapAlloc)
}

func BenchmarkNearest(b *testing.B) {
	g := open(b)

	for b.Loop() {
		g.Nearest(47.1, 9.5)
	}
}

func BenchmarkZone(b *testing.B) {
	g := open(b)

	for b.Loop() {
		g.Zone(47.1, 9.5)
	}
}

func BenchmarkByID(b *testing.B) {
	g := open(b)
	g.ByID(0) // makes the order

	for b.Loop() {
		if _, found := g.ByID(3448439); !found {
			b.Fatal("São Paulo is missing")
		}
	}
}
