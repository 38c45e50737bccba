package gazetteer

import (
	"slices"
	"strings"
)

const (
	// maxDropped is how many leading parts of a text may be more precise than the data: a hospital and its street.
	maxDropped = 2
	// sameTownKm is how far apart places of one name may lie and still be one town.
	sameTownKm = 30
	// smallStateKm is how large a state may be for a town to stand for it: Berlin, not New York.
	smallStateKm = 60
	// manyCandidates bounds the places of one name that are compared.
	manyCandidates = 50
)

// By how much a place has to outweigh others of its name, in 1/32 decades of people: five times where the text names a region that it lies in, thirty
// times where it stands alone.
const (
	marginInRegion = 22
	marginAlone    = 47
)

// leastAlone is the weight from which on a place needs no region beside it: some 2 000 people. A village alone is often one whose namesake is not in the
// data any more, such as Elberfeld, since 1929 a part of Wuppertal, and not the one in Indiana.
const leastAlone = 106

// Locate returns the place that a text of a list means, such as "Kingston upon Hull, Humberside, England, UK", when there is little doubt. Other than
// Search it forgives no typos and completes nothing: the whole of a name has to be there. All regions that follow and that the data know have to agree, former
// states included; unknown ones are passed over as long as one is known. Up to two leading parts may be more precise than the data: a hospital in a
// town is located as the town. A country or a large state alone is no place, and of several places with one name none is taken unless it outweighs
// the others by far.
func (g *Gazetteer) Locate(text string) (Place, bool) {
	if CheckQuery(text) != nil {
		return Place{}, false
	}

	var parts [][]string

	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;()[]", r) }) {
		if words := Words(part); len(words) > 0 {
			parts = append(parts, words)
		}
	}

	for i := range min(len(parts), maxDropped+1) {
		within, known := g.agreed(parts[i+1:])
		if known && len(within) == 0 || i > 0 && !known {
			return Place{}, false
		}

		if number, ok := g.sure(parts[i], within, i > 0); ok {
			place, _ := g.place(number)

			return place, true
		}

		if g.isState(parts[i]) {
			return Place{}, false // the next part would be the state's country
		}
	}

	return Place{}, false
}

// agreed returns where all regions lie that the data know; known is false when they know none.
func (g *Gazetteer) agreed(parts [][]string) (within []span, known bool) {
	for _, words := range parts {
		found := g.former(words)
		if found == nil {
			found = g.regions.named(words, false)
		}

		switch {
		case len(found) == 0:
		case known:
			within = intersect(within, found)
		default:
			within, known = found, true
		}
	}

	return within, known
}

// former returns the present countries on the soil of a former one.
func (g *Gazetteer) former(words []string) []span {
	var found []span

	for code := range strings.FieldsSeq(formerCountries[strings.Join(words, " ")]) {
		found = append(found, g.country(code)...)
	}

	return found
}

// country returns where the places of a country stand.
func (g *Gazetteer) country(code string) []span {
	from := slices.IndexFunc(g.areas, func(a area) bool { return a.country == code })
	if from < 0 {
		return nil
	}

	whole := g.areas[from].span
	for _, a := range g.areas[from:] {
		if a.country == code {
			whole.end = a.end
		}
	}

	return []span{whole}
}

func (g *Gazetteer) isState(words []string) bool {
	return len(g.regions.named(words, false)) > 0 || formerCountries[strings.Join(words, " ")] != ""
}

// sure returns the place that has those words for a name and outweighs all others that have. Dropped says that something more precise came before.
func (g *Gazetteer) sure(words []string, within []span, dropped bool) (number int, ok bool) {
	if within == nil && g.isCountry(words) {
		return 0, false
	}

	if states := g.regions.named(words, false); len(states) > 0 && (dropped || within == nil) && !g.isSmall(intersect(states, orAll(within, len(g.ids)))) {
		return 0, false
	}

	found := g.exact(words, within)
	if len(found) == 0 {
		return 0, false
	}

	margin, first := marginInRegion, found[0]
	if within == nil {
		margin = marginAlone

		if g.ranks[first.number] < leastAlone {
			return 0, false
		}
	}

	for _, rival := range found[1:] {
		if first.score-rival.score < margin && g.apartKm(first.number, rival.number) > sameTownKm {
			return 0, false
		}
	}

	return first.number, g.isNamed(first.number, words)
}

// isNamed tells whether a place has a name of those words: roles tell names of many words apart by their first few only.
func (g *Gazetteer) isNamed(number int, words []string) bool {
	place, others := g.place(number)

	for _, name := range append(others, place.Name) {
		if slices.ContainsFunc(spellings(name, true), func(spelling []string) bool { return slices.Equal(spelling, words) }) {
			return true
		}
	}

	return false
}

func orAll(within []span, places int) []span {
	if within == nil {
		return []span{{0, places}}
	}

	return within
}

// isCountry tells whether words name a present or a former country, save those that are a town.
func (g *Gazetteer) isCountry(words []string) bool {
	if formerCountries[strings.Join(words, " ")] != "" {
		return true
	}

	for _, s := range g.regions.named(words, false) {
		code := g.areaOf(s.start).country
		if slices.Equal(g.country(code), []span{s}) && !g.isSmall([]span{s}) {
			return true
		}
	}

	return false
}

// isSmall tells whether every place of a region is near its first.
func (g *Gazetteer) isSmall(spans []span) bool {
	for _, s := range spans {
		for number := s.start; number < s.end; number++ {
			if g.apartKm(spans[0].start, number) > smallStateKm {
				return false
			}
		}
	}

	return true
}

func (g *Gazetteer) apartKm(a, b int) float64 {
	return DistanceKm(degrees(g.latitudes[a]), degrees(g.longitudes[a]), degrees(g.latitudes[b]), degrees(g.longitudes[b]))
}

// exact returns the places that have all of the words, and no others, for a name, the weightiest first.
func (g *Gazetteer) exact(words []string, within []span) []find {
	s := g.sheets.Get().(*sheet) //nolint:forcetypeassert // New makes nothing else
	defer g.sheets.Put(s)

	best := &shortlist{limit: manyCandidates}
	g.collect(s, best, reading{words: words[:min(len(words), maxQueryWords)], within: within}, wholeWords)

	least := worths(len(words), wholeWords, within != nil)[1<<roleOf(true, len(words))]

	return slices.DeleteFunc(best.finds, func(f find) bool { return f.score-int(g.ranks[f.number]) < least })
}
