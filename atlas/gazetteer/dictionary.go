package gazetteer

import (
	"bytes"
	"encoding/binary"
	"sort"
	"unicode/utf8"
)

// dictionary holds all words of all names in order, each with the places it names. Words are front-coded in blocks of termsPerBlock: the number of
// runes shared with the word before (a byte; 0 for the first of a block), the length of the rest (a byte), the rest, the length of the postings (a
// varint), the postings. A posting is the distance to the place before, times 8, plus the role, as a varint.
type dictionary struct {
	data   []byte
	blocks []uint32 // where each block starts
}

const (
	termsPerBlock = 16
	maxWordBytes  = 120
)

// role says in what name of the place a word occurs: in its first name (0 to 3) or another (4 to 7), of one word, two, three, or more.
type role uint8

const (
	roles        = 8
	otherNames   = 4 // the first role of other names
	longestNames = 4 // words, from which on lengths are not told apart
)

func roleOf(other bool, words int) role {
	r := role(min(words, longestNames) - 1)
	if other {
		r += otherNames
	}

	return r
}

// walker goes through the dictionary word by word.
type walker struct {
	d        *dictionary
	at       int    // where the next word starts in d.data
	block    int    // the block that the next word is in
	word     []byte // the present word
	ends     []int  // where each rune of it ends
	postings []byte // of the present word
}

func (d *dictionary) walker() *walker {
	return &walker{d: d, word: make([]byte, 0, 64), ends: make([]int, 0, 64)}
}

// header is the entry of a word as it stands in the dictionary.
type header struct {
	shared         int // runes
	rest, postings []byte
	past           int // where the next entry starts
}

// peek returns the entry of the next word, and false at the end.
func (w *walker) peek() (header, bool) {
	data, at := w.d.data, w.at
	if at >= len(data) {
		return header{}, false
	}

	shared, past := int(data[at]), at+2+int(data[at+1])
	length, size := uvarint(data[past:])
	postings := past + size

	return header{shared, data[at+2 : past], data[postings : postings+length], postings + length}, true
}

// pass moves on behind an entry without reading its word: right as long as the next word that is read shares less with it than the present word does.
func (w *walker) pass(h header) {
	w.at = h.past
	if next := w.block + 1; next < len(w.d.blocks) && w.at >= int(w.d.blocks[next]) {
		w.block = next
	}
}

// next moves on to the next word and returns the number of runes that it shares with the present one.
func (w *walker) next() (shared int, ok bool) {
	h, ok := w.peek()
	if !ok {
		return 0, false
	}

	if h.shared == 0 {
		h = w.unshare(h)
	}

	w.read(h)

	return h.shared, true
}

// unshare finds what the first word of a block shares with the present word.
func (w *walker) unshare(h header) header {
	common := 0
	for common < min(len(w.word), len(h.rest)) && w.word[common] == h.rest[common] {
		common++
	}

	for h.shared < len(w.ends) && w.ends[h.shared] <= common {
		h.shared++
	}

	if h.shared > 0 {
		h.rest = h.rest[w.ends[h.shared-1]:]
	}

	return h
}

func (w *walker) read(h header) {
	w.ends = w.ends[:min(h.shared, len(w.ends))]
	w.word = w.word[:w.length()]

	for i, b := range h.rest {
		if b&0xc0 != 0x80 && i > 0 {
			w.ends = append(w.ends, len(w.word)+i)
		}
	}

	if w.word = append(w.word, h.rest...); len(h.rest) > 0 {
		w.ends = append(w.ends, len(w.word))
	}

	w.postings = h.postings
	w.pass(h)
}

func (w *walker) length() int {
	if len(w.ends) == 0 {
		return 0
	}

	return w.ends[len(w.ends)-1]
}

// seek moves the walker so that the next word is the first that is not less than text.
func (w *walker) seek(text string) {
	w.jump(w.d.blockBefore(text))

	for w.at < len(w.d.data) {
		at, block := w.at, w.block

		if w.next(); string(w.word) >= text {
			w.at, w.block = at, block // to be read again: the runes it shares with the word before it shares with itself as well

			return
		}
	}
}

// jump moves the walker to the start of a block.
func (w *walker) jump(block int) {
	if block < len(w.d.blocks) {
		w.at, w.block = int(w.d.blocks[block]), block
	}
}

// blockBefore returns the last block whose first word is less than text, 0 when there is none.
func (d *dictionary) blockBefore(text string) int {
	return max(0, sort.Search(len(d.blocks), func(i int) bool { return string(d.first(i)) >= text })-1)
}

// first returns the first word of a block.
func (d *dictionary) first(block int) []byte {
	at := int(d.blocks[block])

	return d.data[at+2 : at+2+int(d.data[at+1])]
}

// exact calls visit with the postings of a word.
func (d *dictionary) exact(word string, visit func(postings []byte)) {
	w := d.walker()
	w.seek(word)

	if _, ok := w.next(); ok && string(w.word) == word {
		visit(w.postings)
	}
}

// longer calls visit with the postings of every word that begins with prefix and is longer.
func (d *dictionary) longer(prefix string, visit func(postings []byte)) {
	w := d.walker()
	w.seek(prefix)

	if _, ok := w.next(); !ok || !bytes.HasPrefix(w.word, []byte(prefix)) {
		return
	}

	if len(w.word) > len(prefix) {
		visit(w.postings)
	}

	for runes := utf8.RuneCountInString(prefix); ; {
		h, ok := w.peek()
		if !ok || h.shared < runes && (h.shared > 0 || !bytes.HasPrefix(h.rest, []byte(prefix))) { // the first word of a block is whole
			return
		}

		visit(h.postings)
		w.pass(h)
	}
}

// eachPosting calls visit with the place and the role of every posting.
func eachPosting(postings []byte, visit func(number int, r role)) {
	number, value, shift := 0, 0, 0

	for _, b := range postings {
		if value |= int(b&0x7f) << shift; b >= 0x80 {
			shift += 7

			continue
		}

		number += value / roles
		visit(number, role(value%roles))

		value, shift = 0, 0
	}
}

func uvarint(b []byte) (value, size int) {
	if len(b) > 0 && b[0] < 0x80 {
		return int(b[0]), 1
	}

	v, n := binary.Uvarint(b)

	return int(v), n
}
