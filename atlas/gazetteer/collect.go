package gazetteer

import "slices"

// manner is how strictly words are compared.
type manner int

const (
	wholeWords manner = iota // all words as they are
	unfinished               // the last word may go on
	misspelt                 // words may have typos, and the last may go on
)

// decade is what ten times the people are worth in a score.
const decade = 32

// What kinds of match are worth, in 1/32 decades of people. They were weighed on testdata/searches.tsv.
const (
	worthWholeName  = 7 * decade / 2 // the question is the first name
	worthWholeOther = 5 * decade / 2 // another name of the place
	worthPart       = 3 * decade / 4 // words of the first name
	worthPartOther  = 0
	worthRegion     = 2 * decade // it lies in the region that follows

	costUnfinished = 3 * decade / 2
	costMisspelt   = 3 * decade
)

// sheet is scratch paper for one search: for every place the roles that all words so far have in its names.
type sheet struct {
	marks, next []uint8
	touched     []int32 // places that have marks, in the order of finding; overflown when there are too many to list
	overflown   bool
}

const maxTouched = 8192

// mark notes that the present word has a role in a place's names.
func (s *sheet) mark(number int, r role) {
	if s.marks[number] == 0 && !s.overflown {
		if s.touched = append(s.touched, int32(number)); len(s.touched) > maxTouched {
			s.overflown = true
		}
	}

	s.marks[number] |= 1 << r
}

// markNext notes the same of the word after, for places that have all words before it.
func (s *sheet) markNext(number int, r role) {
	if s.marks[number] != 0 {
		s.next[number] |= 1 << r
	}
}

func (s *sheet) clear() {
	if s.overflown {
		clear(s.marks)
	} else {
		for _, number := range s.touched {
			s.marks[number] = 0
		}
	}

	s.touched, s.overflown = s.touched[:0], false
}

// narrow keeps of the marks those that next has as well. Roles of names of other lengths fall together when no name has all the words.
// It returns how many places are left.
func (s *sheet) narrow() (left int) {
	s.each(func(number int, mark uint8) {
		s.marks[number] = both(mark, s.next[number])
		s.next[number] = 0

		if s.marks[number] != 0 {
			left++
		}
	})

	return left
}

func both(a, b uint8) uint8 {
	const first, other = 1<<otherNames - 1, 0xff &^ (1<<otherNames - 1)

	switch {
	case a == 0 || b == 0:
		return 0
	case a&b != 0:
		return a & b
	case a&first != 0 && b&first != 0:
		return 1 << (longestNames - 1)
	}

	return 1 << (roles - 1)
}

// each visits the places with marks.
func (s *sheet) each(visit func(number int, mark uint8)) {
	if !s.overflown {
		for _, number := range s.touched {
			if mark := s.marks[number]; mark != 0 {
				visit(int(number), mark)
			}
		}

		return
	}

	for number, mark := range s.marks {
		if mark != 0 {
			visit(number, mark)
		}
	}
}

// collect adds the places that a reading means, taken in a manner, to the shortlist.
func (g *Gazetteer) collect(s *sheet, best *shortlist, r reading, m manner) {
	defer s.clear()

	for i, word := range r.words {
		isLast := r.partial && i == len(r.words)-1

		if i == 0 {
			g.lookUp(word, isLast, m, func(postings []byte) { eachPosting(postings, s.mark) })

			continue
		}

		if slices.Contains(r.words[:i], word) && !isLast {
			continue
		}

		g.lookUp(word, isLast, m, func(postings []byte) { eachPosting(postings, s.markNext) })

		if s.narrow() == 0 {
			return
		}
	}

	worth := worths(len(r.words), m, r.within != nil)

	s.each(func(number int, mark uint8) {
		score := worth[mark] + int(g.ranks[number])
		if score > best.least() && isWithin(r.within, number) {
			best.add(find{number: number, score: score, words: r.words})
		}
	})
}

// lookUp calls visit with the postings of a word, taken in a manner.
func (g *Gazetteer) lookUp(word string, isLast bool, m manner, visit func(postings []byte)) {
	switch {
	case m == misspelt:
		g.terms.similar(word, isLast, visit)
	case m == unfinished && isLast:
		g.terms.longer(word, visit)
	default:
		g.terms.exact(word, visit)
	}
}

func isWithin(spans []span, number int) bool {
	if spans == nil {
		return true
	}

	for _, s := range spans {
		if s.has(number) {
			return true
		}
	}

	return false
}

// worths returns what each set of roles is worth when all words of a question of that many have them.
func worths(words int, m manner, inRegion bool) (table [256]int) {
	base := 0
	if inRegion {
		base += worthRegion
	}

	switch m {
	case wholeWords:
	case unfinished:
		base -= costUnfinished
	case misspelt:
		base -= costMisspelt
	}

	for mark := range table {
		switch set := uint8(mark); {
		case set&(1<<roleOf(false, words)) != 0:
			table[mark] = base + worthWholeName
		case set&(1<<roleOf(true, words)) != 0:
			table[mark] = base + worthWholeOther
		case set&(1<<otherNames-1) != 0:
			table[mark] = base + worthPart
		default:
			table[mark] = base + worthPartOther
		}
	}

	return table
}
