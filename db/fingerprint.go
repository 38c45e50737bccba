package db

import (
	"regexp"
	"strings"
)

// maxFingerprint is how many bytes of a statement are kept.
const maxFingerprint = 2000

// Fingerprint returns a statement without its literals: strings, numbers and blobs become ?, and a list of them (IN, VALUES) becomes a single (?), so
// that equal statements are equal whatever they ask for. Quoted names stay. Nothing of a literal is left, also when the statement is malformed.
func Fingerprint(query string) string {
	f := fingerprinter{in: query, out: make([]byte, 0, min(len(query), maxFingerprint))}

	for f.at < len(f.in) && len(f.out) < maxFingerprint {
		f.next()
	}

	text := signs.ReplaceAllString(string(f.out), "$1?")
	text = lists.ReplaceAllString(text, "?")

	return tuples.ReplaceAllString(text, "(?)")
}

var (
	signs  = regexp.MustCompile(`([(,=<>] ?)[-+]\?`)      // a sign before a literal belongs to it
	lists  = regexp.MustCompile(`\?(?: ?, ?\?)+`)         // ?, ?, ?
	tuples = regexp.MustCompile(`\(\?\)(?: ?, ?\(\?\))+`) // (?), (?)
)

type fingerprinter struct {
	in  string
	at  int
	out []byte
}

func (f *fingerprinter) next() {
	switch c := f.in[f.at]; {
	case c == '\'':
		f.at = f.afterString()
		f.out = append(f.out, '?')
	case c == '"' || c == '`': // a quoted name
		end := f.after(c)
		f.out = append(f.out, f.in[f.at:end]...)
		f.at = end
	case c == '$' && f.dollarTag() != "":
		tag := f.dollarTag()
		f.at = f.beyond(tag, f.at+len(tag))
		f.out = append(f.out, '?')
	case strings.HasPrefix(f.in[f.at:], "--"):
		f.at = f.beyond("\n", f.at)
	case strings.HasPrefix(f.in[f.at:], "/*"):
		f.at = f.beyond("*/", f.at)
	case isDigit(c) || c == '.' && f.at+1 < len(f.in) && isDigit(f.in[f.at+1]):
		f.at = f.afterNumber()
		f.out = append(f.out, '?')
	case isWord(c):
		f.word()
	case isSpace(c):
		f.at++
		f.space()
	default:
		f.out = append(f.out, c)
		f.at++
	}
}

// afterString returns the end of the string that begins here; ” stands for a quote within. E'…' strings, whose backslashes escape, are told by the
// letter before.
func (f *fingerprinter) afterString() int {
	escapes := f.at > 0 && (f.in[f.at-1] == 'E' || f.in[f.at-1] == 'e')

	for i := f.at + 1; i < len(f.in); i++ {
		switch {
		case escapes && f.in[i] == '\\':
			i++
		case f.in[i] == '\'' && i+1 < len(f.in) && f.in[i+1] == '\'':
			i++
		case f.in[i] == '\'':
			return i + 1
		}
	}

	return len(f.in)
}

// after returns the place behind the closing quote of the name that begins here.
func (f *fingerprinter) after(quote byte) int {
	if i := strings.IndexByte(f.in[f.at+1:], quote); i >= 0 {
		return f.at + i + 2
	}

	return len(f.in)
}

// beyond returns the place behind the next end at or after from.
func (f *fingerprinter) beyond(end string, from int) int {
	if i := strings.Index(f.in[min(from, len(f.in)):], end); i >= 0 {
		return from + i + len(end)
	}

	return len(f.in)
}

// dollarTag returns the opening tag of a dollar-quoted string, $$ or $name$; empty when none begins here.
func (f *fingerprinter) dollarTag() string {
	for i := f.at + 1; i < len(f.in); i++ {
		if c := f.in[i]; c == '$' {
			return f.in[f.at : i+1]
		} else if !isWord(c) {
			return ""
		}
	}

	return ""
}

// afterNumber returns the end of the number that begins here, hexadecimal digits and exponents included.
func (f *fingerprinter) afterNumber() int {
	i := f.at
	for i < len(f.in) {
		c := f.in[i]
		isSign := (c == '-' || c == '+') && i > f.at && (f.in[i-1] == 'e' || f.in[i-1] == 'E')

		if !isWord(c) && c != '.' && !isSign {
			break
		}

		i++
	}

	return i
}

// word copies a keyword or a bare name. The X, B and E before a quote belong to the literal.
func (f *fingerprinter) word() {
	end := f.at
	for end < len(f.in) && (isWord(f.in[end]) || isDigit(f.in[end])) {
		end++
	}

	if end == f.at+1 && end < len(f.in) && f.in[end] == '\'' {
		f.at = end

		return
	}

	word := f.in[f.at:end]
	if strings.EqualFold(word, "true") || strings.EqualFold(word, "false") {
		word = "?"
	}

	f.out = append(f.out, word...)
	f.at = end
}

// space writes one blank for any number of them.
func (f *fingerprinter) space() {
	if n := len(f.out); n > 0 && f.out[n-1] != ' ' {
		f.out = append(f.out, ' ')
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c >= 0x80
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
