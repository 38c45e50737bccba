package model

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// version is the folder of the prompts that are sent. A new one gets a new folder.
const version = "v1"

//go:embed prompts
var files embed.FS

// role is who says a message.
type role uint8

const (
	system role = iota
	user
	assistant
)

// message is a part of a conversation with the model.
type message struct {
	role role
	text string
}

// prompts are what is sent, but for the facts.
type prompts struct {
	version string // with a sum of them all
	system  string
	section []string // its passages
	mend    string
	schema  map[string]any // of the answer
}

func loadPrompts() (*prompts, error) {
	var texts [4]string

	sum := sha256.New()

	for i, name := range [...]string{"system.md", "section.md", "repair.md", "answer.json"} {
		text, err := files.ReadFile("prompts/" + version + "/" + name)
		if err != nil {
			return nil, err
		}

		_, _ = fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
		texts[i] = strings.TrimSpace(string(text))
	}

	p := &prompts{
		version: version + "-" + hex.EncodeToString(sum.Sum(nil)[:4]), system: texts[0], section: strings.Split(texts[1], "\n---\n"), mend: texts[2],
	}

	return p, json.Unmarshal([]byte(texts[3]), &p.schema)
}

// messages are what a section is asked for with. The passages of section.md are divided by lines of three dashes; one that has nothing to tell is left out. (text/template would have the linker
// keep every method of the program, a third of its size.)
func (p *prompts) messages(t *task) []message {
	values := map[string]string{
		"title": t.Title, "task": t.Task, "language": t.Language, "words": strconv.Itoa(t.Words), "zodiac": t.Zodiac, "frame": t.frame(),
		"facts": list(t.Positions, t.Balance), "other": list(t.Other), "own": listed(t.Own), "rest": listed(t.Rest), "before": list(t.Before),
	}

	var passages []string

	for _, passage := range p.section {
		if text, whole := filled(passage, values); whole {
			passages = append(passages, strings.TrimSpace(text))
		}
	}

	return []message{{system, p.system}, {user, strings.Join(passages, "\n\n")}}
}

// repair is a conversation that goes on behind an answer with a complaint about it.
func (p *prompts) repair(messages []message, answer, problem string) []message {
	if answer != "" {
		messages = append(messages, message{assistant, answer})
	}

	text, _ := filled(p.mend, map[string]string{"problem": problem})

	return append(messages, message{user, text})
}

// filled returns a text with values for the names in its braces, in which braces mean nothing; whole is false when it needs a value that is empty.
func filled(text string, values map[string]string) (full string, whole bool) {
	pairs := make([]string, 0, 2*len(values))
	whole = true

	for name, value := range values {
		brace := "{" + name + "}"
		whole = whole && (value != "" || !strings.Contains(text, brace))
		pairs = append(pairs, brace, value)
	}

	return strings.NewReplacer(pairs...).Replace(text), whole
}

// list returns lines, each after a dash.
func list(groups ...[]string) string {
	var lines []string

	for _, group := range groups {
		for _, line := range group {
			lines = append(lines, "- "+line)
		}
	}

	return strings.Join(lines, "\n")
}

// listed returns factors, each with its id.
func listed(factors []factor) string {
	lines := make([]string, len(factors))

	for i, f := range factors {
		if lines[i] = f.ID + ": " + f.Name; f.Used {
			lines[i] += " (told before)"
		}
	}

	return strings.Join(lines, "\n")
}
