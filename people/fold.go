package people

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// unmarked are letters that Unicode does not take apart into a base letter and a mark.
var unmarked = strings.NewReplacer("ł", "l", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ß", "ss", "æ", "ae", "œ", "oe", "ı", "i", "ħ", "h")

// Fold returns the text as names are compared: lower case, without marks, words of letters and digits with one space between. Apostrophes and
// full stops vanish (O'Keeffe is okeeffe, J.R.R. is jrr); everything else divides words.
func Fold(text string) string {
	var b strings.Builder

	gap := false

	for _, r := range unmarked.Replace(strings.ToLower(norm.NFKD.String(text))) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == 'ʼ', r == '.':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}

			b.WriteRune(r)

			gap = false
		default:
			gap = true
		}
	}

	return b.String()
}
