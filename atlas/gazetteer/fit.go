package gazetteer

import (
	"slices"
	"strings"
)

// bestName returns the name that words fit best; of nearly equals the first, or else the one that is
// spelt like the query.
func bestName(names, words []string, query string) string {
	best, most := names[0], 0
	perfect := len(words)*perWord*perWord + 2
	query = strings.ToLower(query)

	begun := (len(words)*perBeginning - 1) * perWord // every word begins a word of the name

	for _, fit := range []func(name, word string) int{fitExactly, fitRoughly} {
		for i, name := range names {
			for _, spelling := range spellings(name, true) {
				if f := fitOf(spelling, words, fit) + 2*spelled(name, query) + usual(i); f > most {
					best, most = name, f
				}
			}

			if most >= perfect || i == 0 && most >= begun {
				return best
			}
		}

		if most >= begun {
			return best
		}
	}

	return best
}

// What a word of the question counts that is a word of the name, begins one, or is one with typos.
const (
	perWord      = 8
	perBeginning = 5
	perSimilar   = 3
)

// usual favours the first name.
func usual(i int) int {
	if i == 0 {
		return 3
	}

	return 0
}

func spelled(name, query string) int {
	if name = strings.ToLower(name); strings.HasPrefix(name, query) || strings.HasPrefix(query, name) {
		return 1
	}

	return 0
}

// fitOf tells how well a name fits words: perWord points for each that it has, less for those that it has nearly, and a bit less for each of its words
// that is too much.
func fitOf(name, words []string, fit func(name, word string) int) int {
	sum := 0

	for _, word := range words {
		most := 0
		for _, n := range name {
			most = max(most, fit(n, word))
		}

		sum += most
	}

	return sum*perWord - min(perWord-1, max(0, len(name)-len(words)))
}

func fitExactly(name, word string) int {
	switch {
	case name == word:
		return perWord
	case strings.HasPrefix(name, word):
		return perBeginning
	}

	return 0
}

func fitRoughly(name, word string) int {
	if f := fitExactly(name, word); f > 0 || !isSimilar(name, word) {
		return f
	}

	return perSimilar
}

// isSimilar tells whether two words differ by no more typos than a search forgives.
func isSimilar(name, word string) bool {
	runes := []rune(word)
	if limit := typos(len(runes)); limit > 0 && len(runes) < tooLong && slices.ContainsFunc(runes, func(r rune) bool { return strings.ContainsRune(name, r) }) {
		return newTable(runes, limit, true).advance(&walker{word: []byte(name)}, 0).fits
	}

	return false
}
