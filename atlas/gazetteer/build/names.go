package main

import (
	"slices"
	"strings"
	"unicode"

	"sidereal/atlas/gazetteer"
)

const (
	cityPeople  = 100_000 // from which on names in all scripts and codes of airports are kept
	maxNameSize = 80
)

// otherNames keeps what a person may type. It drops what folds to the same words as another name (of those the one with most accents stays, as it is
// the right spelling), machine transliterations, and for all but cities codes of airports and scripts that the country does not write.
func (c *cleaner) otherNames(r row) []string {
	machine := machineNames(r)
	seen := map[string]int{key(r.name): -1}

	var names []string

	for _, name := range r.alternates {
		name = strings.Join(strings.Fields(name), " ")
		at, known := seen[key(name)]

		c.count("other names read", 1)

		switch why := unwanted(name, r, machine); {
		case key(name) == "" || len(name) > maxNameSize || strings.Contains(name, "http"):
			c.count("other names dropped: no names", 1)
		case known && r.population >= cityPeople && !isTransliteration(name) && !slices.Contains(names, name) && name != r.name:
			names = append(names, name)

			c.count("other names kept: another spelling of the same words, city", 1)
		case known:
			if at >= 0 && foreignLetters(name) > foreignLetters(names[at]) {
				names[at] = name
			}

			c.count("other names dropped: the same words as another", 1)
		case why != "":
			c.count("other names dropped: "+why, 1)
		default:
			seen[key(name)] = len(names)
			names = append(names, name)

			c.count("other names kept", 1)
		}
	}

	return names
}

// unwanted says why a name is not worth its place, empty when it is.
func unwanted(name string, r row, machine map[string]bool) string {
	switch {
	case machine[name] || isTransliteration(name):
		return "machine transliterations"
	case r.population >= cityPeople:
		return ""
	case isCode(name):
		return "codes of small places"
	case isForeign(name, r.country):
		return "foreign script, no city"
	}

	return ""
}

func key(name string) string { return strings.Join(gazetteer.Words(name), " ") }

func foreignLetters(name string) int {
	n := 0

	for _, r := range name {
		if r > unicode.MaxASCII && unicode.In(r, unicode.L, unicode.M) {
			n++
		}
	}

	return n
}

// machineNames returns the Latin spellings that GeoNames' program made of a place's Cyrillic names, where the country itself does not write Cyrillic. For
// cities only those with an apostrophe are sure to be no one's own: "Pari" is.
func machineNames(r row) map[string]bool {
	if slices.Contains(scripts[r.country], unicode.Cyrillic) {
		return nil
	}

	made := make(map[string]bool)

	for _, name := range r.alternates {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			if latin := fromCyrillic.Replace(name); r.population < cityPeople || strings.Contains(latin, "'") {
				made[latin] = true
			}
		}
	}

	return made
}

// fromCyrillic writes Cyrillic as GeoNames' program does.
var fromCyrillic = cyrillicReplacer()

func cyrillicReplacer() *strings.Replacer {
	pairs := make([]string, 0, 150)

	for pair := range strings.FieldsSeq("а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=j к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=c ч=ch ш=sh щ=shch ъ=\" ы=y " +
		"ь=' э=eh ю=ju я=ja і=i ї=i є=ie ґ=g ў=u ј=j љ=lj њ=nj ћ=c ђ=dj џ=dz") {
		from, to, _ := strings.Cut(pair, "=")
		pairs = append(pairs, from, to, strings.ToUpper(from), strings.ToUpper(to[:1])+to[1:])
	}

	return strings.NewReplacer(pairs...)
}

// isTransliteration tells the names that GeoNames' program makes of other scripts: it writes them in lower case.
func isTransliteration(name string) bool {
	return strings.ToLower(name) == name && strings.ContainsFunc(name, isLatin) && foreignLetters(name) == 0
}

func isCode(name string) bool {
	return len(name) <= 4 && strings.ToUpper(name) == name && strings.ContainsFunc(name, isLatin)
}

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) }

// isForeign tells a name in a script that the country does not write.
func isForeign(name, country string) bool {
	for _, r := range name {
		if !unicode.IsLetter(r) || isLatin(r) {
			continue
		}

		return !slices.ContainsFunc(scripts[country], func(s *unicode.RangeTable) bool { return unicode.Is(s, r) })
	}

	return false
}
