package modeltest

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// manner is how a section is written.
type manner int

const (
	honest manner = iota
	lying
	inventing
)

var (
	factors = regexp.MustCompile(`(?m)^(f\d+): (.*?)(?: \(told before\))?$`)
	length  = regexp.MustCompile(`about (\d+) words`)
)

// remarks are what is said of factors, in turn. They hold what is hard in JSON.
var remarks = []string{
	` gives this part of the chart its first color, and it is one that you may well have noticed – in small things before large ones.`,
	` adds a "second voice", which asks for room of its own and repays it with a wider view of what you already know.`,
	` works more quietly than the rest: café talk rather than a speech, yet it is there whenever you choose between two good things.`,
	` is a reminder that both sides of a thing can be yours, and that neither has to win. 🌞`,
}

type sentence struct {
	Text    string   `json:"text"`
	Because []string `json:"because"`
}

type paragraph struct {
	Sentences []sentence `json:"sentences"`
}

// section writes a section of as many words as the prompt asks for, from the factors in it, as JSON.
func section(prompt string, how manner) string {
	found := factors.FindAllStringSubmatch(prompt, -1)
	wanted := 100

	if m := length.FindStringSubmatch(prompt); m != nil {
		wanted, _ = strconv.Atoi(m[1])
	}

	written := struct {
		Title      string      `json:"title"`
		Paragraphs []paragraph `json:"paragraphs"`
	}{Title: "What the chart says"}

	if len(found) == 0 {
		found = [][]string{{"", "f1", "nothing in particular"}}
	}

	const perParagraph = 3

	for i, words := 0, 0; words < wanted; i++ {
		f := found[i%len(found)]
		s := sentence{Text: "Here " + f[2] + remarks[i%len(remarks)], Because: []string{f[1]}}

		switch {
		case how == lying && i == 0:
			s.Text = "With Ceres in Aries and in Taurus, Pallas in Gemini and Pallas in Leo, you are unlike anybody, since no body stands twice."
		case how == inventing && i == 1:
			s.Because = append(s.Because, "f9999")
		}

		words += len(strings.Fields(s.Text))

		if i%perParagraph == 0 {
			written.Paragraphs = append(written.Paragraphs, paragraph{})
		}

		last := &written.Paragraphs[len(written.Paragraphs)-1]
		last.Sentences = append(last.Sentences, s)
	}

	text, err := json.Marshal(written)
	if err != nil {
		panic(err) // of strings: it cannot be
	}

	return string(text)
}
