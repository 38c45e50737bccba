package model

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads an answer, in JSON, while it comes in, and finds the texts of its sentences: the strings at paragraphs, any, sentences, any, text. What stands before the
// first brace is left out, as models talk. It says no word about whether the JSON is sound: that is for the check of the whole.
type scanner struct {
	open  []container // from the outside in
	ended bool        // the outermost was closed

	mode    mode
	isKey   bool // of the string that is read: a name
	wanted  bool // or a sentence's text
	partial []byte
	hex     rune // of an escape by number
	digits  int
	high    rune // the first half of a surrogate pair, whose second may follow; 0 for none

	out       strings.Builder
	taken     int  // of out
	paragraph int  // how many have begun
	told      int  // the paragraph that out ends in
	begun     bool // the sentence has something in out
	gap       bool // white space came since
}

// container is an object or an array that is open.
type container struct {
	object  bool
	naming  bool // the next string is a name
	name    []rune
	reading string // the name of the value at hand
}

// mode is where in its grammar a scanner is.
type mode uint8

const (
	between  mode = iota // outside of strings
	inString             // in one
	escaped              // behind a backslash
	numbered             // behind \u
)

// maxName is more than any name that is looked for has.
const maxName = 32

// write takes the next part of the answer, cut anywhere, and returns the piece of the text that it brings: sentences have a space between them, paragraphs an empty
// line; white space within a sentence counts as one space.
func (s *scanner) write(part string) string {
	for i := range len(part) {
		s.take(part[i])
	}

	piece := s.out.String()[s.taken:]
	s.taken = s.out.Len()

	return piece
}

// text is all that was found.
func (s *scanner) text() string { return s.out.String() }

func (s *scanner) take(b byte) {
	switch s.mode {
	case between:
		s.structure(b)
	case inString:
		s.plain(b)
	case escaped:
		s.escape(b)
	case numbered:
		s.digit(b)
	}
}

func (s *scanner) structure(b byte) {
	if s.ended || len(s.open) == 0 && b != '{' {
		return
	}

	switch b {
	case '{', '[':
		if b == '{' && s.within("paragraphs") {
			s.paragraph++
		}

		s.open = append(s.open, container{object: b == '{', naming: b == '{'})
	case '}', ']':
		s.open = s.open[:len(s.open)-1]
		s.ended = len(s.open) == 0
	case ',':
		s.top().naming = s.top().object
	case ':':
		s.top().naming = false
	case '"':
		s.mode = inString
		s.isKey = s.top().naming
		s.wanted = !s.isKey && s.top().object && s.within("paragraphs", "sentences", "text")
		s.begun, s.gap = false, false
		s.top().name = s.top().name[:0]
	}
}

func (s *scanner) top() *container { return &s.open[len(s.open)-1] }

// within tells whether the value at hand is the one by these names, with arrays of objects between them.
func (s *scanner) within(names ...string) bool {
	array := len(s.open) > 0 && !s.top().object // then the value is an item of the last name's

	want := 2*len(names) - 1
	if array {
		want++
	}

	if len(s.open) != want {
		return false
	}

	for i := range s.open {
		if s.open[i].object != (i%2 == 0) || i%2 == 0 && s.open[i].reading != names[i/2] {
			return false
		}
	}

	return true
}

func (s *scanner) plain(b byte) {
	switch {
	case b == '"':
		s.flush()

		if s.isKey {
			s.top().reading = string(s.top().name)
		}

		s.mode = between
	case b == '\\':
		s.flushBytes()

		s.mode = escaped
	case b < utf8.RuneSelf:
		s.flush()
		s.put(rune(b))
	default:
		s.flushHigh()

		s.partial = append(s.partial, b)
		for len(s.partial) > 0 && utf8.FullRune(s.partial) {
			s.decode()
		}
	}
}

// decode puts the first rune of the bytes at hand.
func (s *scanner) decode() {
	r, size := utf8.DecodeRune(s.partial)
	s.partial = slices.Delete(s.partial, 0, size)
	s.put(r)
}

// flush ends what is unfinished: it was no rune.
func (s *scanner) flush() {
	s.flushHigh()
	s.flushBytes()
}

func (s *scanner) flushBytes() {
	for len(s.partial) > 0 {
		s.decode()
	}
}

func (s *scanner) flushHigh() {
	if s.high != 0 {
		s.high = 0
		s.put(unicode.ReplacementChar)
	}
}

// escapes are what letters mean behind a backslash; others stand for themselves.
var escapes = map[byte]rune{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f'}

func (s *scanner) escape(b byte) {
	if b == 'u' {
		s.mode, s.hex, s.digits = numbered, 0, 0

		return
	}

	s.flushHigh()

	s.mode = inString

	if r, special := escapes[b]; special {
		s.put(r)
	} else {
		s.put(rune(b))
	}
}

func (s *scanner) digit(b byte) {
	const hexadecimal = "0123456789abcdef"

	s.hex = s.hex<<4 | rune(max(strings.IndexByte(hexadecimal, b|0x20), 0))
	if s.digits++; s.digits < 4 {
		return
	}

	s.mode = inString

	if s.high != 0 {
		if pair := utf16.DecodeRune(s.high, s.hex); pair != unicode.ReplacementChar {
			s.high = 0
			s.put(pair)

			return
		}

		s.flushHigh()
	}

	const firstLow = 0xdc00

	switch {
	case utf16.IsSurrogate(s.hex) && s.hex < firstLow:
		s.high = s.hex
	case utf16.IsSurrogate(s.hex):
		s.put(unicode.ReplacementChar)
	default:
		s.put(s.hex)
	}
}

// put adds a rune to the string at hand.
func (s *scanner) put(r rune) {
	switch {
	case s.isKey:
		if name := &s.top().name; len(*name) < maxName {
			*name = append(*name, r)
		}
	case !s.wanted:
	case unicode.IsSpace(r):
		s.gap = s.begun
	default:
		switch {
		case s.gap:
			s.out.WriteByte(' ')
		case s.begun || s.out.Len() == 0:
		case s.told != s.paragraph:
			s.out.WriteString("\n\n")
		default:
			s.out.WriteByte(' ')
		}

		s.begun, s.gap, s.told = true, false, s.paragraph
		s.out.WriteRune(r)
	}
}
