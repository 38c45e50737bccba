package gazetteer

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// wordsOf returns all words of a dictionary in order.
func wordsOf(d *dictionary) []string {
	var words []string

	for w := d.walker(); ; {
		if _, ok := w.next(); !ok {
			return words
		}

		words = append(words, string(w.word))
	}
}

// someDictionary draws a dictionary of words of few letters, so that they have much in common, and counts the places that bear each.
func someDictionary(t *rapid.T) (d *dictionary, places map[string]int) {
	words := rapid.SliceOfNDistinct(rapid.StringMatching(`[abc]{1,9}|[бвг]{1,7}|[aé東]{1,4}`), 1, 120, rapid.ID[string]).Draw(t, "words")
	places = make(map[string]int)

	for _, word := range words {
		places[Words(word)[0]]++
	}

	return dictionaryOf(words...), places
}

// dictionaryOf is a dictionary of the names of places.
func dictionaryOf(names ...string) *dictionary {
	entries := make([]Entry, len(names))
	for i, name := range names {
		entries[i] = Entry{Place: Place{ID: i + 1, Name: name}}
	}

	w := &writer{}
	w.dictionary(entries)

	r := &reader{rest: w.data}
	d := &dictionary{blocks: r.sums()}
	d.data = r.bytes(r.count())

	if r.damaged {
		panic("the dictionary cannot be read")
	}

	return d
}

func visited(look func(visit func(postings []byte))) int {
	n := 0
	look(func(postings []byte) { eachPosting(postings, func(int, role) { n++ }) })

	return n
}

func TestDictionaryFindsWhatASearchThroughAllWordsFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, names := someDictionary(t)

		words := wordsOf(d)
		if len(names) != len(words) || !slices.IsSorted(words) {
			t.Fatalf("want %v in order, got %q", names, words)
		}

		query := rapid.StringMatching(`[abc]{1,9}|[бвг]{1,7}|[ae東]{1,4}`).Draw(t, "query")
		partial := rapid.Bool().Draw(t, "partial")
		longer, similar := 0, 0

		for word, places := range names {
			if strings.HasPrefix(word, query) && word != query {
				longer += places
			}

			if bruteSimilar(word, query, partial) {
				similar += places
			}
		}

		if got := visited(func(visit func([]byte)) { d.exact(query, visit) }); got != names[query] {
			t.Errorf("exact: want %d, got %d", names[query], got)
		}

		if got := visited(func(visit func([]byte)) { d.longer(query, visit) }); got != longer {
			t.Errorf("longer: want %d, got %d", longer, got)
		}

		if got := visited(func(visit func([]byte)) { d.similar(query, partial, visit) }); got != similar {
			t.Errorf("similar to %q: want %d, got %d of %q", query, similar, got, words)
		}
	})
}

// What a word does not share with the one before it may begin like the query all the same: "ba" is not the beginning of "bba".
func TestLongerWordsBeginWithTheQuery(t *testing.T) {
	d := dictionaryOf("ba", "bba", "bab")

	if got := visited(func(visit func([]byte)) { d.longer("ba", visit) }); got != 1 {
		t.Errorf("want bab alone, got %d words", got)
	}
}

// bruteSimilar is the rule of similar, word by word: the whole word within its typos, of which at most one spoils the beginning and none comes after one in the first letter, or an unfinished one
// with one typo.
func bruteSimilar(word, query string, partial bool) bool {
	w, q := []rune(word), []rune(query)

	limit := typos(len(q))
	if limit == 0 {
		return word == query || partial && strings.HasPrefix(word, query)
	}

	if low, high := alphabetOf(q[0]); word < low || word >= high {
		return false
	}

	if w[0] != q[0] {
		limit = 1
	}

	for n := 1; n <= len(w); n++ {
		least := 100
		for m := range len(q) + 1 {
			least = min(least, distance(w[:n], q[:m]))
		}

		if partial && n >= minTypoRunes && distance(w[:n], q) <= 1 {
			return true
		}

		if least > limit || n <= carefulRunes && least > 1 {
			return false
		}
	}

	return distance(w, q) <= limit
}

// distance is the restricted distance of Damerau and Levenshtein, by its definition.
func distance(a, b []rune) int {
	switch {
	case len(a) == 0:
		return len(b)
	case len(b) == 0:
		return len(a)
	}

	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}

	for j := range d[0] {
		d[0][j] = j
	}

	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := d[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}

			d[i][j] = min(change, d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}

	return d[len(a)][len(b)]
}

func TestDictionaryOfTheDataIsInOrder(t *testing.T) {
	g := open(t)
	words := wordsOf(&g.terms)

	if len(words) < 300_000 || !slices.IsSorted(words) {
		t.Fatalf("%d words, in order: %t", len(words), slices.IsSorted(words))
	}

	for i := 0; i < len(words); i += 997 {
		if n := visited(func(visit func([]byte)) { g.terms.exact(words[i], visit) }); n == 0 {
			t.Errorf("%q is not found", words[i])
		}
	}
}
