package model

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
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
	section *template.Template
	mend    *template.Template
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

	p := &prompts{system: texts[0], version: version + "-" + hex.EncodeToString(sum.Sum(nil)[:4])}

	var err error
	if p.section, err = template.New("section").Parse(texts[1]); err != nil {
		return nil, err
	}

	if p.mend, err = template.New("repair").Parse(texts[2]); err != nil {
		return nil, err
	}

	return p, json.Unmarshal([]byte(texts[3]), &p.schema)
}

// messages are what a section is asked for with.
func (p *prompts) messages(t *task) ([]message, error) {
	var text strings.Builder
	if err := p.section.Execute(&text, t); err != nil {
		return nil, err
	}

	return []message{{system, p.system}, {user, text.String()}}, nil
}

// repair is a conversation that goes on behind an answer with a complaint about it.
func (p *prompts) repair(messages []message, answer, problem string) ([]message, error) {
	var text strings.Builder
	if err := p.mend.Execute(&text, problem); err != nil {
		return nil, err
	}

	if answer != "" {
		messages = append(messages, message{assistant, answer})
	}

	return append(messages, message{user, text.String()}), nil
}
