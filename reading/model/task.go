package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sidereal/fault"
	"sidereal/reading"
)

// task is one section to be written, as the prompt tells it.
type task struct {
	Title     string // of the section, in English
	Task      string // what it is about
	Language  string // in English
	Words     int    // about so many
	Zodiac    string
	Houses    string   // the house system; empty when the time of birth is unknown
	Date      string   // of the sky of transits; empty in other sections
	Positions []string // of the bodies and angles
	Balance   []string // what prevails
	Other     []string // where the bodies of the other chart stand; empty in other sections than SYNASTRY
	Own       []factor // what the section is about
	Rest      []factor // what else the chart says
	Before    []string // sections

	kind  reading.SectionKind
	code  string // of the language
	truth truth  // what may be claimed
}

// factor is one that sentences can stand on.
type factor struct {
	ID   string // f1, f2, …
	Name string
	Used bool // in a section before
}

// tasks say what the sections are about.
var tasks = [reading.SectionKindCount]string{
	reading.Overview:  "who this is as a whole, by what the chart says most often and most strongly.",
	reading.Planets:   "the bodies where they stand, what each wants and how it goes about it.",
	reading.Houses:    "the fields of life, by the houses that are occupied or ruled.",
	reading.Aspects:   "how the bodies work together, where they help each other and where they pull apart.",
	reading.Patterns:  "the figures that several bodies form, and how they work as a whole.",
	reading.Transits:  "how the sky of the date meets the chart: an invitation for the time, not a forecast of events.",
	reading.Synastry:  "what happens between this person and another one, by the contacts of the two charts; call them \"the other\".",
	reading.Synthesis: "what it comes to, taken together, and what to make of it; nothing new, but the threads that run through all.",
}

const (
	maxRest  = 60 // other factors: more say little, and cost tokens
	restPair = 24 // of them, where the section is about another sky or chart
)

// newTask gathers what a section is to be written from.
func newTask(a *reading.Assignment) (*task, error) {
	code := a.Language
	if code == "" {
		code = reading.English
	}

	language, known := reading.LanguageName(code)
	if !known {
		return nil, fault.Invalid("language", "there is no such language")
	}

	t := &task{
		Title: a.Kind.Title(), Task: tasks[a.Kind], Language: language, Words: wanted(&a.Source), Zodiac: a.Options.Zodiac.String(), kind: a.Kind, code: code,
	}

	if a.Kind == reading.Transits {
		t.Date = a.Options.TransitsAt.UTC().Format("January 2, 2006")
	}

	if err := t.gather(a); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}

	t.number(a)

	return t, nil
}

// frame says how the houses are reckoned, and which day a sky is that of.
func (t *task) frame() string {
	frame := "The time of birth is unknown: no houses, no angles."
	if t.Houses != "" {
		frame = "Houses: " + t.Houses + "."
	}

	if t.Date != "" {
		frame += " The sky is that of " + t.Date + "."
	}

	return frame
}

// wanted is how many words a section shall have: about as many as the built-in engine needs for it, by the same detail.
func wanted(source *reading.Section) int {
	const least, step = 60, 10

	n := 0

	for _, p := range source.Paragraphs {
		for _, s := range p.Sentences {
			n += len(strings.Fields(s.Text))
		}
	}

	return max((n+step/2)/step*step, least)
}

// number gives the factors their ids: those of the section itself first, in the order in which the built-in engine would tell them, then the chart's.
func (t *task) number(a *reading.Assignment) {
	told := make(map[string]bool)

	for i := range a.Before {
		names := namesOf(&a.Before[i])
		for _, name := range names {
			told[name] = true
		}

		t.Before = append(t.Before, fmt.Sprintf("%s: %s", a.Before[i].Title, strings.Join(names[:min(len(names), maxRest)], "; ")))
	}

	next := 0
	numbered := func(name string) factor {
		next++

		return factor{ID: "f" + strconv.Itoa(next), Name: name, Used: told[name]}
	}

	own := namesOf(&a.Source)
	for _, name := range own {
		t.Own = append(t.Own, numbered(name))
	}

	most := maxRest
	if a.Kind == reading.Transits || a.Kind == reading.Synastry {
		most = restPair
	}

	for _, f := range a.Plan.Factors() {
		if len(t.Rest) < most && !slices.Contains(own, f.Name) {
			t.Rest = append(t.Rest, numbered(f.Name))
		}
	}

	for _, f := range t.Own {
		t.truth.add(f.Name)
	}
}

// factors returns the names of the factors by their ids.
func (t *task) factors() map[string]string {
	names := make(map[string]string, len(t.Own)+len(t.Rest))
	for _, f := range slices.Concat(t.Own, t.Rest) {
		names[f.ID] = f.Name
	}

	return names
}

// namesOf returns the factors that a section stands on, each once.
func namesOf(s *reading.Section) []string {
	var names []string

	seen := make(map[string]bool)

	for _, p := range s.Paragraphs {
		for _, sentence := range p.Sentences {
			for _, name := range sentence.Because {
				if !seen[name] {
					seen[name] = true

					names = append(names, name)
				}
			}
		}
	}

	return names
}
