package gazetteer

import (
	"bytes"
	"sort"
)

const (
	minTypoRunes    = 4 // shorter words are taken as they are
	minTwoTypoRunes = 8
	carefulRunes    = 4   // people get the beginning right: at most one typo in it, and none more when it is in the first letter
	maxSimilar      = 400 // words that are looked up for one
)

// typos returns how many typos a word may have.
func typos(runes int) int {
	switch {
	case runes < minTypoRunes:
		return 0
	case runes < minTwoTypoRunes:
		return 1
	}

	return 2
}

// similar calls visit with the postings of the words that differ from one by few typos (a letter too many, too few, another, or two exchanged: the
// restricted distance of Damerau and Levenshtein), and, where the word may be unfinished, of those that begin with such a word. Only words of the
// same alphabet are looked at.
func (d *dictionary) similar(word string, partial bool, visit func(postings []byte)) {
	runes := []rune(word)
	limit := typos(len(runes))

	if limit == 0 {
		d.exact(word, visit)

		if partial {
			d.longer(word, visit)
		}

		return
	}

	w := d.walker()
	low, high := alphabetOf(runes[0])
	w.seek(low)

	t := newTable(runes, limit, partial)
	known := verdict{runes: never}

	for visited := 0; visited < maxSimilar; {
		if h, ok := w.peek(); ok && h.shared >= known.runes {
			if known.fits {
				visit(h.postings)

				visited++
			}

			w.pass(h)

			continue
		}

		shared, ok := w.next()
		if !ok || string(w.word) >= high {
			return
		}

		if shared < known.runes {
			known = t.advance(w, shared)
		} else if !known.fits {
			w.skip(known.runes)
		}

		if known.fits {
			visit(w.postings)

			visited++
		}

		if known.runes == never {
			known.fits = false
		}
	}
}

// verdict says whether all words fit that share so many runes with the one that it was made on.
type verdict struct {
	runes int
	fits  bool
}

const never = 1 << 30 // runes: the verdict is on one word only

// alphabetOf returns the range of words that begin with a letter of r's alphabet.
func alphabetOf(r rune) (low, high string) {
	switch {
	case r < 0x80:
		return "0", "\x80"
	case r >= 0x370 && r < 0x600: // Greek, Cyrillic, Armenian, Hebrew: by blocks of 256
		return string(r &^ 0xff), string(r | 0xff)
	}

	return string(r), string(r + 1) // an alphabet of many: the first letter has to be right
}

// skip jumps to the last block of which the first word begins with the first runes of the present word, if that lies ahead.
func (w *walker) skip(runes int) {
	prefix := w.word[:w.ends[runes-1]]
	next := w.block + 1
	begins := func(ahead int) bool { return bytes.HasPrefix(w.d.first(next+ahead), prefix) }

	if next < len(w.d.blocks) && begins(0) {
		w.jump(next + sort.Search(len(w.d.blocks)-next, func(i int) bool { return !begins(i) }) - 1)
	}
}

// table is the distances between all beginnings of the sought word and of the present one, a row for each rune of the present.
type table struct {
	word    []rune
	limit   int
	partial bool
	rows    [][]int8
	runes   []rune // of the present word
	depth   int    // how many rows are right for it
}

const tooLong = 60 // runes, from which on no word is similar to another

func newTable(word []rune, limit int, partial bool) *table {
	t := &table{word: word[:min(len(word), tooLong)], limit: limit, partial: partial, runes: make([]rune, len(word)+limit+2)}
	t.rows = make([][]int8, len(t.runes))

	cells := make([]int8, len(t.rows)*(len(t.word)+1))
	for i := range t.rows {
		t.rows[i], cells = cells[:len(t.word)+1], cells[len(t.word)+1:]
	}

	for j := range t.rows[0] {
		t.rows[0][j] = int8(j)
	}

	return t
}

// advance computes the rows of the walker's word behind the shared ones, and the verdict.
func (t *table) advance(w *walker, shared int) verdict {
	at, shared := 0, min(shared, t.depth)
	if shared > 0 {
		at = w.ends[shared-1]
	}

	depth := shared
	defer func() { t.depth = depth }()

	for _, r := range string(w.word[at:]) {
		depth++
		if depth >= len(t.rows) {
			depth--

			return verdict{depth + 1, false}
		}

		t.runes[depth] = r
		least := t.row(depth)

		switch {
		case t.partial && depth >= minTypoRunes && int(t.rows[depth][len(t.word)]) <= 1:
			return verdict{depth, true}
		case least > t.allowed() || depth <= carefulRunes && least > 1:
			return verdict{depth, false}
		}
	}

	return verdict{never, int(t.rows[depth][len(t.word)]) <= t.allowed()}
}

// allowed returns the typos that the present word may have: one when it is in the first letter.
func (t *table) allowed() int {
	if t.runes[1] != t.word[0] {
		return min(t.limit, 1)
	}

	return t.limit
}

// row computes one row and returns its least distance.
func (t *table) row(depth int) int {
	above, row := t.rows[depth-1], t.rows[depth]
	row[0] = int8(depth)
	least := row[0]

	for j := 1; j < len(row); j++ {
		cost := int8(1)
		if t.word[j-1] == t.runes[depth] {
			cost = 0
		}

		cell := min(above[j]+1, row[j-1]+1, above[j-1]+cost)
		if depth > 1 && j > 1 && t.word[j-1] == t.runes[depth-1] && t.word[j-2] == t.runes[depth] {
			cell = min(cell, t.rows[depth-2][j-2]+1)
		}

		row[j] = cell
		least = min(least, cell)
	}

	return int(least)
}
