package strict

import (
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// scanner reads the tokens of a document as the specification has them, for what the parser's own lexer gets wrong: a number with a name right behind it,
// surrogates that are no pair, block strings, control characters, and a string that stands for the word on.
type scanner struct {
	text      string
	at        int
	spread    bool // the last token was "..."
	edits     []edit
	blocks    []block
	unclosed  bool // a string never ends, which the parser says
	badReason string
}

// edit is a change of the text that lets the parser's lexer read it.
type edit struct {
	from, to int
	text     string
}

// block is a block string: where it starts, in bytes of the text, and its value.
type block struct {
	at    int
	value string
}

const byteOrderMark = "\ufeff"

// scan checks the tokens of a document. It returns the text to parse, which differs only where the lexer would misread the original, and the values of the
// block strings by where they start in that text, in characters.
func scan(text string) (string, map[int]string, *gqlerror.Error) {
	s := scanner{text: text}
	if !utf8.ValidString(text) {
		return "", nil, gqlerror.Errorf("the document is not UTF-8")
	}

	for s.at < len(text) && !s.unclosed {
		if s.token(); s.badReason != "" {
			return "", nil, s.error()
		}
	}

	return s.edited(), s.blockValues(), nil
}

// token reads one token, or what lies between tokens.
func (s *scanner) token() {
	switch c := s.text[s.at]; {
	case strings.IndexByte(" \t\n\r,", c) >= 0:
		s.at++

		return
	case strings.HasPrefix(s.text[s.at:], byteOrderMark):
		s.at += len(byteOrderMark)

		return
	case c == '#':
		s.comment()

		return
	case strings.HasPrefix(s.text[s.at:], "..."):
		s.at += len("...")
		s.spread = true

		return
	case c == '"' && s.spread:
		s.badReason = "expected a name, found a string"
	case strings.HasPrefix(s.text[s.at:], `"""`):
		s.block()
	case c == '"':
		s.string()
	case isDigit(c), c == '-':
		s.number()
	case isNameStart(c):
		for s.at < len(s.text) && (isNameStart(s.text[s.at]) || isDigit(s.text[s.at])) {
			s.at++
		}
	default: // a punctuator, or what the parser refuses
		s.at++
	}

	s.spread = false
}

// comment skips to the end of the line. The lexer would stop at control characters.
func (s *scanner) comment() {
	for ; s.at < len(s.text) && s.text[s.at] != '\n' && s.text[s.at] != '\r'; s.at++ {
		if isControl(s.text[s.at]) {
			s.edits = append(s.edits, edit{s.at, s.at + 1, " "})
		}
	}
}

// number reads digits, which the parser checks, and looks at what follows.
func (s *scanner) number() {
	s.skip("-")
	s.digits()

	if s.skip(".") {
		s.digits()
	}

	if s.skip("eE") {
		s.skip("+-")
		s.digits()
	}

	if s.at < len(s.text) && (s.text[s.at] == '.' || isNameStart(s.text[s.at])) {
		s.badReason = "invalid number, expected a digit but found " + string(s.text[s.at])
	}
}

func (s *scanner) digits() {
	for s.at < len(s.text) && isDigit(s.text[s.at]) {
		s.at++
	}
}

// skip reads a character if it is one of these.
func (s *scanner) skip(these string) bool {
	if s.at < len(s.text) && strings.IndexByte(these, s.text[s.at]) >= 0 {
		s.at++

		return true
	}

	return false
}

// string reads a string in one line.
func (s *scanner) string() {
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++

			return
		case c == '\n', c == '\r':
			s.unclosed = true

			return
		case c == '\\':
			if s.escape(); s.badReason != "" {
				return
			}
		case isControl(c):
			s.edits = append(s.edits, edit{s.at, s.at + 1, `\u00` + string(hexDigits[c>>4]) + string(hexDigits[c&15])})
		}
	}

	s.unclosed = true
}

const hexDigits = "0123456789abcdef"

// escape reads an escape sequence up to its last character. The parser checks its form; what is checked here is that surrogates come in pairs.
func (s *scanner) escape() {
	unit, ok := unitAt(s.text[s.at:])

	switch {
	case !ok:
		s.at++ // the escaped character, or the u of \u{1F600}
	case unit>>10 == 0xD800>>10:
		if low, ok := unitAt(s.text[s.at+unitSize:]); !ok || low>>10 != 0xDC00>>10 {
			s.badReason = "invalid Unicode escape sequence: a surrogate alone"

			return
		}

		s.at += 2*unitSize - 1
	case unit>>10 == 0xDC00>>10:
		s.badReason = "invalid Unicode escape sequence: a surrogate alone"
	default:
		s.at += unitSize - 1
	}
}

const unitSize = len(`\u0000`)

// unitAt returns the UTF-16 code unit that the text begins with an escape of.
func unitAt(text string) (unit int, ok bool) {
	if len(text) < unitSize || text[:2] != `\u` {
		return 0, false
	}

	for i := 2; i < unitSize; i++ {
		digit := strings.IndexByte(hexDigits, text[i]|0x20)
		if digit < 0 || text[i] < '0' {
			return 0, false
		}

		unit = unit<<4 | digit
	}

	return unit, true
}

// block reads a block string.
func (s *scanner) block() {
	const quotes = `"""`

	start := s.at
	s.at += len(quotes)
	content := s.at

	for s.at < len(s.text) {
		rest := s.text[s.at:]

		switch {
		case strings.HasPrefix(rest, quotes):
			s.blocks = append(s.blocks, block{start, blockValue(strings.ReplaceAll(s.text[content:s.at], `\"""`, quotes))})
			s.at += len(quotes)

			if s.at < len(s.text) && s.text[s.at] == '"' { // the lexer would take the last three of the quotes
				s.edits = append(s.edits, edit{s.at, s.at, " "})
			}

			return
		case strings.HasPrefix(rest, `\"""`):
			s.at += len(`\"""`)
		default:
			if c := s.text[s.at]; isControl(c) && c != '\n' && c != '\r' {
				s.edits = append(s.edits, edit{s.at, s.at + 1, " "})
			}

			s.at++
		}
	}

	s.unclosed = true
}

// blockValue returns the value of a block string (specification, section 2.9.4, BlockStringValue): without the indentation that all lines but the first
// share, and without blank lines at the start and the end.
func blockValue(raw string) string {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(raw), "\n")
	common, first, last := -1, -1, -1

	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		if indent == len(line) {
			continue
		}

		if last = i; first < 0 {
			first = i
		}

		if i > 0 && (common < 0 || indent < common) {
			common = indent
		}
	}

	if first < 0 {
		return ""
	}

	for i := 1; i < len(lines) && common > 0; i++ {
		lines[i] = lines[i][min(common, len(lines[i])):]
	}

	return strings.Join(lines[first:last+1], "\n")
}

// edited returns the text with the edits done.
func (s *scanner) edited() string {
	if len(s.edits) == 0 {
		return s.text
	}

	var b strings.Builder

	from := 0
	for _, e := range s.edits {
		b.WriteString(s.text[from:e.from])
		b.WriteString(e.text)

		from = e.to
	}

	b.WriteString(s.text[from:])

	return b.String()
}

// blockValues returns the block strings by where they start in the edited text, in characters.
func (s *scanner) blockValues() map[int]string {
	if len(s.blocks) == 0 {
		return nil
	}

	values := make(map[int]string, len(s.blocks))
	edits := s.edits
	at, characters := 0, 0

	for _, b := range s.blocks {
		characters += utf8.RuneCountInString(s.text[at:b.at])
		at = b.at

		for len(edits) > 0 && edits[0].from <= b.at {
			characters += len(edits[0].text) - (edits[0].to - edits[0].from)
			edits = edits[1:]
		}

		values[characters] = b.value
	}

	return values
}

// error returns a syntax error at the place that was reached.
func (s *scanner) error() *gqlerror.Error {
	before := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s.text[:s.at])
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])

	return gqlerror.ErrorLocf("", line, column, "%s", s.badReason)
}

func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func isNameStart(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
func isControl(c byte) bool   { return c < ' ' && c != '\t' }
