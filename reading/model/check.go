package model

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sidereal/reading"
)

// written is an answer as the prompt asks for it.
type written struct {
	Title      string `json:"title"`
	Paragraphs []struct {
		Sentences []struct {
			Text    string   `json:"text"`
			Because []string `json:"because"`
		} `json:"sentences"`
	} `json:"paragraphs"`
}

const (
	maxTitle    = 120 // characters
	maxSentence = 900 // characters
	maxProblems = 6   // that are told at once
)

// topics are those that no reading speaks of, in English. The words of the built-in engine's texts are chosen more strictly; a model is held to what is beyond doubt.
var topics = regexp.MustCompile(`(?i)\b(illness\w*|diseases?|sickness|diagnos\w+|medical|medicine|surgery|cancerous|tumou?rs?|suicid\w+|death|deaths|dying|dies|` +
	`lawsuits?|lawyers?|attorneys?|prison|bankrupt\w*|salary|salaries|debts?|investments?|investing|wealth|wealthy|pregnan\w+|childbirth|infertil\w+|` +
	`doomed|fated|destined|cursed|inevitable|inevitably)\b`)

// check reads an answer, and says in words for the model what is wrong with it; empty when nothing is.
func (t *task) check(a *answer) (section reading.Section, problem string) {
	switch {
	case a.refused():
		return section, "the model refused to write it"
	case a.finish == finishLength || len(a.text) > maxAnswerBytes:
		return section, fmt.Sprintf("it was too long and was cut off; about %d words are asked for", t.Words)
	}

	w, ok := parse(a.text)
	if !ok {
		return section, "it is not one JSON object of the form that was asked for"
	}

	section, problems := t.section(w)

	if text := textOf(&section); problems == nil && text != a.said {
		problems = append(problems, "it says something twice under the same name") // or the name in another case, which encoding/json takes and the scanner does not
	}

	if problems == nil {
		problems = t.faults(&section)
	}

	return section, strings.Join(problems[:min(len(problems), maxProblems)], "; ")
}

// parse reads the object in a text: models like to talk around it.
func parse(text string) (w written, ok bool) {
	from, to := strings.IndexByte(text, '{'), strings.LastIndexByte(text, '}')

	return w, from >= 0 && to > from && json.Unmarshal([]byte(text[from:to+1]), &w) == nil
}

// section turns an answer into a section, whose factors have their names again.
func (t *task) section(w written) (section reading.Section, problems []string) {
	section = reading.Section{Kind: t.kind, Title: oneLine(w.Title), Engine: reading.LanguageModel}
	names := t.factors()

	if n := utf8.RuneCountInString(section.Title); n == 0 || n > maxTitle {
		problems = append(problems, fmt.Sprintf("the title has %d characters, not 1 to %d", n, maxTitle))
	}

	if len(w.Paragraphs) == 0 {
		problems = append(problems, "there is no paragraph")
	}

	for _, p := range w.Paragraphs {
		var paragraph reading.Paragraph

		if len(p.Sentences) == 0 {
			problems = append(problems, "there is a paragraph without sentences")
		}

		for _, s := range p.Sentences {
			sentence := reading.Sentence{Text: oneLine(s.Text)}

			if n := utf8.RuneCountInString(sentence.Text); n == 0 || n > maxSentence {
				problems = append(problems, fmt.Sprintf("there is a sentence of %d characters, not 1 to %d", n, maxSentence))
			}

			if len(s.Because) == 0 {
				problems = append(problems, fmt.Sprintf("the sentence %q names no factor", start(sentence.Text)))
			}

			for _, id := range s.Because {
				name, known := names[id]
				if !known {
					problems = append(problems, fmt.Sprintf("there is no factor %q", start(id)))
				} else if !slices.Contains(sentence.Because, name) {
					sentence.Because = append(sentence.Because, name)
				}
			}

			paragraph.Sentences = append(paragraph.Sentences, sentence)
		}

		section.Paragraphs = append(section.Paragraphs, paragraph)
	}

	return section, problems
}

// faults are what is wrong with what a section says.
func (t *task) faults(section *reading.Section) []string {
	var problems []string

	text := textOf(section)

	const fewest, most = 3, 3 // a third to three times the words that are asked for

	if n := t.words(text); n < t.Words/fewest || n > t.Words*most {
		problems = append(problems, fmt.Sprintf("it has %d words, where about %d are asked for", n, t.Words))
	}

	if t.code != reading.English {
		return problems
	}

	claims := claimsOf(section.Title + "\n" + text)
	for _, c := range slices.Sorted(maps.Keys(claims)) {
		if !t.truth[c] {
			problems = append(problems, fmt.Sprintf("it says %q, which is not among the facts", claims[c]))
		}
	}

	if word := topics.FindString(section.Title + "\n" + text); word != "" {
		problems = append(problems, fmt.Sprintf("it speaks of %q, which no reading does", word))
	}

	return problems
}

// words counts the words of a text; in Japanese, which does not separate them, two characters count as one.
func (t *task) words(text string) int {
	if t.code == "ja" {
		return utf8.RuneCountInString(text) / 2
	}

	return len(strings.Fields(text))
}

// textOf is the text of a section as a listener hears it.
func textOf(section *reading.Section) string {
	paragraphs := make([]string, len(section.Paragraphs))

	for i, p := range section.Paragraphs {
		sentences := make([]string, len(p.Sentences))
		for k, s := range p.Sentences {
			sentences[k] = s.Text
		}

		paragraphs[i] = strings.Join(sentences, " ")
	}

	return strings.Join(paragraphs, "\n\n")
}

// oneLine is a text with its white space made single spaces.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// start is the first words of a text.
func start(text string) string {
	const most = 60

	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}

	return text
}
