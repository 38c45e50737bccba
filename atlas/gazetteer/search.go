package gazetteer

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sidereal/fault"
)

const (
	maxQueryRunes = 200
	maxQueryWords = 10 // more are not looked at; the longest names have nine
	maxLimit      = 50
)

// Search returns the places that a query may mean, the likeliest first, at most limit (1 to 50; outside that the nearest of both). The query is a
// name in any script and spelling that the data have, finished or not, with or without accents and with some typos; a state, a country or both may
// follow it, by name or usual abbreviation, with a comma or without: "springfield il", "Cambridge, UK".
//
// The order is by the kind of match (the whole first name, another name, the beginning, a part, a typo) and the number of people together: a kind is
// worth as much as some powers of ten of people, so that "roma" finds the capital of Italy before Roma in Texas. Names followed by a region that they lie in
// come first.
//
// A query that is empty, longer than 200 characters, not valid UTF-8 or that holds control characters is a VALIDATION_FAILED fault of the field "search".
func (g *Gazetteer) Search(query string, limit int) ([]Match, error) {
	if err := CheckQuery(query); err != nil {
		return nil, err
	}

	limit = min(max(limit, 1), maxLimit)
	found := g.rank(newQuestion(query), limit)
	matches := make([]Match, len(found))

	for i, f := range found {
		place, others := g.place(f.number)
		matches[i] = Match{Place: place, MatchedName: bestName(append([]string{place.Name}, others...), f.words, query)}
	}

	return matches, nil
}

// CheckQuery refuses what is no name of a place, with a VALIDATION_FAILED fault of the field "search".
func CheckQuery(query string) error {
	const field = "search"

	switch {
	case !utf8.ValidString(query):
		return fault.Invalid(field, "is not valid UTF-8")
	case strings.TrimSpace(query) == "":
		return fault.Invalid(field, "is empty: give the name of a place")
	case utf8.RuneCountInString(query) > maxQueryRunes:
		return fault.Invalid(field, "has more than %d characters", maxQueryRunes)
	case strings.ContainsFunc(query, unicode.IsControl):
		return fault.Invalid(field, "holds control characters")
	}

	return nil
}

// question is a query taken apart.
type question struct {
	words []string
	name  int // how many words at least belong to the name: those before the first comma; 0 when there is none
}

func newQuestion(query string) question {
	parts := strings.FieldsFunc(query, func(r rune) bool { return strings.ContainsRune(",;、，(", r) })

	var q question

	for i, part := range parts {
		q.words = append(q.words, Words(part)...)
		if i == 0 && len(parts) > 1 {
			q.name = len(q.words)
		}
	}

	q.words = q.words[:min(len(q.words), maxQueryWords)]
	q.name = min(q.name, len(q.words))

	return q
}

// find is a place that a question may mean.
type find struct {
	number, score int
	words         []string // those of the question that are the name
}

// reading is one way to take a question apart into name and regions.
type reading struct {
	words   []string
	partial bool   // the last word may be unfinished
	within  []span // nil for anywhere
}

// rank returns the likeliest places.
func (g *Gazetteer) rank(q question, limit int) []find {
	s := g.sheets.Get().(*sheet) //nolint:forcetypeassert // New makes nothing else
	defer g.sheets.Put(s)

	readings := g.readings(q)
	best := &shortlist{limit: limit}

	isSure := false

	for _, r := range readings {
		g.collect(s, best, r, wholeWords)

		// Several words that are names together are hardly misspelt.
		isSure = isSure || len(r.words) > 1 && len(best.finds) > 0

		if r.partial {
			g.collect(s, best, r, unfinished)
		}
	}

	if !isSure && !best.isSure() {
		for _, r := range readings {
			g.collect(s, best, r, misspelt)
		}
	}

	return best.finds
}

// readings returns the ways to take a question: all of it a name; the beginning a name and the rest a region; with a comma also the first part alone,
// for regions that the data do not know.
func (g *Gazetteer) readings(q question) []reading {
	if len(q.words) == 0 {
		return nil
	}

	list := []reading{{words: q.words, partial: true}}

	for i := len(q.words) - 1; i >= max(1, q.name); i-- {
		if within := g.regions.named(q.words[i:], true); len(within) > 0 {
			list = append(list, reading{words: q.words[:i], within: within})
		}
	}

	if q.name > 0 && q.name < len(q.words) && len(list) == 1 {
		list = append(list, reading{words: q.words[:q.name]})
	}

	return list
}

// shortlist keeps the best finds in order.
type shortlist struct {
	limit int
	finds []find
}

// least is the score that a find has to exceed.
func (l *shortlist) least() int {
	if len(l.finds) < l.limit {
		return -1 << 30
	}

	return l.finds[len(l.finds)-1].score
}

func (l *shortlist) add(f find) {
	if f.score <= l.least() {
		return
	}

	if at := slices.IndexFunc(l.finds, func(known find) bool { return known.number == f.number }); at >= 0 {
		if l.finds[at].score >= f.score {
			return
		}

		l.finds = slices.Delete(l.finds, at, at+1)
	}

	at, _ := slices.BinarySearchFunc(l.finds, f, func(a, b find) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.number, b.number))
	})
	l.finds = slices.Insert(l.finds, at, f)
	l.finds = l.finds[:min(len(l.finds), l.limit)]
}

// isSure says that looking for typos would find nothing better: the best has the whole of the name and is no hamlet.
func (l *shortlist) isSure() bool {
	return len(l.finds) > 0 && l.finds[0].score >= worthWholeName+3*decade
}
