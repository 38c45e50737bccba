package gazetteer

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters are those that have no decomposition in Unicode but that people type as others.
var letters = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ħ': "h", 'ŧ': "t", 'ŋ': "ng", 'ə': "a", 'ɓ': "b", 'ɗ': "d",
	'ƴ': "y", 'ĸ': "k", 'ς': "σ",
}

// Words folds a name to the words it is compared by: lower case, without accents, apostrophes dropped, everything else that is no letter, mark or
// digit taken for a space. "Sant'Ángelo-in-Łódź" gives santangelo, in, lodz.
func Words(text string) []string {
	var b strings.Builder

	for _, r := range norm.NFKD.String(text) {
		r = unicode.ToLower(r)

		switch {
		case isAccent(r) || isApostrophe(r):
		case letters[r] != "":
			b.WriteString(letters[r])
		case unicode.In(r, unicode.L, unicode.M, unicode.Nd):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}

	return strings.Fields(norm.NFC.String(b.String()))
}

// isAccent tells marks that may be left out when typing; those of Indic and Thai scripts are vowels, and the voicing marks of kana make other letters.
func isAccent(r rune) bool {
	return unicode.Is(unicode.Mn, r) && unicode.In(r, unicode.Inherited, unicode.Arabic, unicode.Hebrew) && r != 0x3099 && r != 0x309a
}

func isApostrophe(r rune) bool { return strings.ContainsRune("'’‘ʼʻʹʿʾ`´", r) || r == 0x02b9 }

// abbreviations are words that names are written with in two ways.
var abbreviations = map[string]string{
	"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft",
}

// spellings returns the ways in which a name may be typed, each as its words: apostrophes joined or split, St for Saint and back, and with umlauts
// set, ü as ue.
func spellings(name string, umlauts bool) [][]string {
	found := [][]string{Words(name)}
	add := func(words []string) {
		if len(words) > 0 && !slices.ContainsFunc(found, func(known []string) bool { return slices.Equal(known, words) }) {
			found = append(found, words)
		}
	}

	if strings.ContainsFunc(name, isApostrophe) {
		add(Words(strings.Map(func(r rune) rune {
			if isApostrophe(r) {
				return ' '
			}

			return r
		}, name)))
	}

	if umlauts && strings.ContainsFunc(name, func(r rune) bool { return r > 'z' }) {
		add(Words(umlaut.Replace(norm.NFC.String(name))))
	}

	for _, words := range slices.Clone(found) {
		changed := slices.Clone(words)

		for i, word := range words {
			if other := abbreviations[word]; other != "" {
				changed[i] = other
			}
		}

		add(changed)
	}

	return found
}

var umlaut = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue")
