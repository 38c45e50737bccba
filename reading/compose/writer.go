package compose

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"sidereal/chart"
	"sidereal/reading"
	"sidereal/reading/library"
)

// writer writes one reading. It knows what has been said.
type writer struct {
	*Plan

	used  map[library.ID]bool         // texts
	order map[string][]library.Phrase // the phrases of a group in the order in which this chart takes them
	turns map[string]int              // how many of a group were taken

	paragraphs []reading.Paragraph // of the section at hand
	budget     int                 // words that the section at hand may have
	words      int                 // that it has
	carry      int                 // words that the sections so far fell short of, or went over
}

func newWriter(r *Plan) *writer {
	return &writer{Plan: r, used: map[library.ID]bool{}, order: map[string][]library.Phrase{}, turns: map[string]int{}}
}

// budgets are the words of the sections by detail.
var budgets = [reading.DetailCount][reading.SectionKindCount]int{
	reading.Brief: {
		reading.Overview: 140, reading.Planets: 160, reading.Houses: 50, reading.Aspects: 70, reading.Patterns: 30, reading.Synthesis: 85,
		reading.Transits: 120, reading.Synastry: 120,
	},
	reading.Standard: {
		reading.Overview: 370, reading.Planets: 540, reading.Houses: 340, reading.Aspects: 410, reading.Patterns: 110, reading.Synthesis: 230,
		reading.Transits: 400, reading.Synastry: 400,
	},
	reading.Comprehensive: {
		reading.Overview: 640, reading.Planets: 1150, reading.Houses: 1650, reading.Aspects: 1080, reading.Patterns: 170, reading.Synthesis: 410,
		reading.Transits: 1000, reading.Synastry: 1000,
	},
}

// section writes one section.
func (w *writer) section(ctx context.Context, kind reading.SectionKind) (reading.Section, error) {
	if err := ctx.Err(); err != nil {
		return reading.Section{}, err
	}

	w.paragraphs, w.words = nil, 0
	w.budget = budgets[w.options.Detail][kind]
	natal := kind != reading.Transits && kind != reading.Synastry

	if natal {
		w.budget += w.carry
	}

	if kind == reading.Aspects && w.lacksPatterns() {
		w.budget += budgets[w.options.Detail][reading.Patterns]
	}

	if err := w.write(ctx, kind); err != nil {
		return reading.Section{}, err
	}

	if natal {
		w.carry = w.budget - w.words
	}

	giveReasons(w.paragraphs)

	return reading.Section{Kind: kind, Title: kind.Title(), Paragraphs: w.paragraphs}, nil
}

// lacksPatterns says whether the section on patterns was wanted and the chart has none, so that its words go to the aspects.
func (w *writer) lacksPatterns() bool {
	wanted := w.options.Sections == nil || slices.Contains(w.options.Sections, reading.Patterns)

	return wanted && !slices.Contains(w.sections, reading.Patterns)
}

func (w *writer) write(ctx context.Context, kind reading.SectionKind) error {
	switch kind {
	case reading.Overview:
		w.overview()
	case reading.Planets:
		w.planets()
	case reading.Houses:
		w.houses()
	case reading.Aspects:
		w.aspects()
	case reading.Patterns:
		w.patterns()
	case reading.Transits:
		return w.transits(ctx)
	case reading.Synastry:
		return w.synastry()
	case reading.Synthesis:
		w.synthesis()
	}

	return nil
}

// room says whether the section may have another paragraph: it has none, or half of a usual one is left.
func (w *writer) room() bool {
	const halfParagraph = 30

	return len(w.paragraphs) == 0 || w.budget-w.words >= halfParagraph
}

// add adds a paragraph to the section; nothing when there are no sentences.
func (w *writer) add(sentences ...reading.Sentence) {
	if len(sentences) == 0 {
		return
	}

	for _, s := range sentences {
		w.words += len(strings.Fields(s.Text))
	}

	w.paragraphs = append(w.paragraphs, reading.Paragraph{Sentences: sentences})
}

// text takes the text of an id, in the wording that this chart has; none when all wordings are used.
func (w *writer) text(id library.ID, because ...string) []reading.Sentence {
	wordings := w.composer.library.Wordings(id)
	first := int(w.hash(string(id)) % uint64(max(len(wordings), 1)))

	for i := range wordings {
		fragment := &wordings[(first+i)%len(wordings)]
		if w.used[fragment.ID] {
			continue
		}

		w.used[fragment.ID] = true

		sentences := make([]reading.Sentence, len(fragment.Sentences))
		for k, text := range fragment.Sentences {
			sentences[k] = reading.Sentence{Text: text, Because: because}
		}

		return sentences
	}

	return nil
}

// has says whether a text about the id is left.
func (w *writer) has(id library.ID) bool {
	return slices.ContainsFunc(w.composer.library.Wordings(id), func(f library.Fragment) bool { return !w.used[f.ID] })
}

// fill is what the braces of a phrase stand for. A name with a capital takes the value with a capital.
type fill map[string]string

// say takes the next phrase of a group as a sentence.
func (w *writer) say(group string, with fill, because ...string) reading.Sentence {
	return reading.Sentence{Text: w.phrase(group, with), Because: because}
}

// phrase takes the next phrase of a group. Each chart has an order of its own, and begins again only when all were taken.
func (w *writer) phrase(group string, with fill) string {
	order, known := w.order[group]
	if !known {
		order = w.shuffled(group)
		w.order[group] = order
	}

	turn := w.turns[group]
	w.turns[group]++

	return filled(order[turn%len(order)].Text, with)
}

// shuffled returns the phrases of a group in the chart's own order, one that can be first at its head.
func (w *writer) shuffled(group string) []library.Phrase {
	phrases := w.composer.library.Phrases(group)

	places := make([]int, len(phrases))
	for i := range places {
		places[i] = i
	}

	slices.SortFunc(places, func(a, b int) int {
		return cmp.Compare(w.hash(group+" "+strconv.Itoa(a)), w.hash(group+" "+strconv.Itoa(b)))
	})

	head := slices.IndexFunc(places, func(i int) bool { return !phrases[i].Follows })
	order := make([]library.Phrase, len(phrases))

	for i := range places {
		order[i] = phrases[places[(head+i)%len(places)]]
	}

	return order
}

// hash is a number of the chart and a text, the same everywhere and always (FNV-1a, with the finalizer of MurmurHash3 that spreads the last bytes).
func (w *writer) hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(w.chart.Hash))
	_, _ = h.Write([]byte(" " + text))
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33

	return x
}

// filled replaces the names in braces.
func filled(text string, with fill) string {
	var out strings.Builder

	for {
		before, rest, open := strings.Cut(text, "{")
		out.WriteString(before)

		if !open {
			return out.String()
		}

		name, after, _ := strings.Cut(rest, "}")

		if lower := strings.ToLower(name); lower != name {
			out.WriteString(upper(with[lower]))
		} else {
			out.WriteString(with[name])
		}

		text = after
	}
}

func (w *writer) word(kind, key string) string { return w.composer.library.Word(kind + "-" + key) }

func (w *writer) part(p chart.Point) string { return w.word("part", library.Slug(p)) }

func (w *writer) topic(house int) string { return w.word("topic", strconv.Itoa(house)) }

// close says how close a contact is, where that is worth a mention and certain.
func (w *writer) close(orb float64, certain bool) string {
	const nearlyExact, near = 0.2, 0.95 // from 0.95 on, the orb among the reasons is rounded to 1.0

	switch {
	case !certain || orb >= near:
		return ""
	case orb < nearlyExact:
		return w.phrase("close-exact", nil)
	}

	return w.phrase("close", nil)
}

// giveReasons gives sentences without a factor, which lead to the next, the factors of that.
func giveReasons(paragraphs []reading.Paragraph) {
	var next []string

	for _, p := range slices.Backward(paragraphs) {
		for k := range slices.Backward(p.Sentences) {
			s := &p.Sentences[k]
			if len(s.Because) == 0 {
				s.Because = next
			}

			next = s.Because
		}
	}
}
