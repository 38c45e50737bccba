package numerology

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// cluster is a letter with the marks on it that decide how Greek vowels are read.
type cluster struct {
	letter            rune // lower case; 0 between two words
	accent, diaeresis bool
}

const (
	acute     = '\u0301'
	diaeresis = '\u0308'
)

// romanise returns the letters of a name as capitals A to Z; false when there is no romanisation for one of them.
//
// Compatibility forms (full width, ligatures) are taken apart and marks dropped (Unicode NFKD): Ö is O. Letters that do not come apart follow latin;
// Greek follows ELOT 743 (ISO 843:1997, type 2) and Cyrillic ICAO Doc 9303-3, section 6, table B, both as in passports.
func romanise(name string) (letters string, ok bool) {
	word := clusters(name)

	var b strings.Builder

	for i := 0; i < len(word); i++ {
		c := word[i]

		if c.letter == 0 {
			continue
		}

		if 'a' <= c.letter && c.letter <= 'z' {
			b.WriteRune(c.letter)

			continue
		}

		if pair := greekPair(word, i); pair != "" {
			b.WriteString(pair)

			i++

			continue
		}

		text, ok := romanisations[c.letter]
		if !ok {
			return "", false
		}

		b.WriteString(text)
	}

	return strings.ToUpper(b.String()), true
}

// clusters takes a name apart. It begins and ends with the end of a word.
func clusters(name string) []cluster {
	all := make([]cluster, 1, len(name)+2)

	for _, r := range name {
		switch {
		case unicode.Is(unicode.Cf, r) || isApostrophe(r): // joiners and marks of direction are not seen
		case unicode.IsLetter(r) || unicode.IsMark(r):
			all = appendParts(all, r)
		case all[len(all)-1].letter != 0:
			all = append(all, cluster{})
		}
	}

	return append(all, cluster{})
}

// isApostrophe says whether a letter by Unicode's reckoning is a modifier such as the okina of Hawaiʻi.
func isApostrophe(r rune) bool { return r >= 0x02B0 && r <= 0x02FF }

// appendParts takes a letter or mark apart.
func appendParts(all []cluster, r rune) []cluster {
	if r < unicode.MaxASCII {
		return append(all, cluster{letter: unicode.ToLower(r)})
	}

	for _, part := range norm.NFKD.String(string(r)) {
		last := &all[len(all)-1]

		switch {
		case part == acute:
			last.accent = true
		case part == diaeresis:
			last.diaeresis = true
		case unicode.IsLetter(part) && !isApostrophe(part):
			all = append(all, cluster{letter: unicode.ToLower(part)})
		case unicode.Is(unicode.Mc, part) || unicode.IsMark(part) && last.letter != 0 && !hasCase(last.letter):
			all = append(all, cluster{letter: part}) // a vowel sign of an Indian script, say, is no mere mark
		}
	}

	return all
}

// hasCase says whether a letter belongs to a script with capitals, such as the three that are romanised.
func hasCase(r rune) bool { return unicode.IsLower(r) || unicode.ToUpper(r) != r }

// greekPair returns what two Greek letters are together, or nothing when they are read one by one.
func greekPair(word []cluster, i int) string {
	first, second := word[i], word[i+1]

	switch string([]rune{first.letter, second.letter}) {
	case "αυ", "ευ", "ηυ", "ου":
		if first.accent || second.diaeresis {
			return ""
		}

		return romanisations[first.letter] + upsilon(first.letter, word[i+2].letter)
	case "γγ":
		return "ng"
	case "γξ":
		return "nx"
	case "γχ":
		return "nch"
	case "μπ":
		if word[i-1].letter == 0 || word[i+2].letter == 0 {
			return "b"
		}

		return "mp"
	}

	return ""
}

// upsilon returns what υ is behind a vowel: u in ου, f before a voiceless consonant and at the end of a word, else v.
func upsilon(before, after rune) string {
	switch {
	case before == 'ο':
		return "u"
	case after == 0 || strings.ContainsRune("θκξπσςτφχψ", after):
		return "f"
	}

	return "v"
}
