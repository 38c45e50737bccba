// Package library holds the texts that the built-in engine composes readings from: fragments of 30 to 60 words about one factor each, and phrases that
// name a factor and lead to its fragment. They live in YAML files beside this one, for editors who write no Go; README.md is for them.
package library

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed *.yaml */*.yaml
var files embed.FS

// ID names what a fragment is about: "sun-in-aries".
type ID string

// Fragment is a text about one factor.
type Fragment struct {
	ID      ID     // with the number of its wording behind a dot where there are several: "cusp-aries.2"
	Version int    // of the file that it stands in
	File    string // within the library: "planets-in-signs/sun.yaml"
	Text    string

	// Sentences are the text's own, in their order.
	Sentences []string
}

// Phrase is a sentence, or the end of one, with names in braces that are filled in.
type Phrase struct {
	Text string
	// Follows says that it refers to something before it and cannot be the first of its group.
	Follows bool
}

// Library is all texts. It is safe for concurrent use; nobody may change what it returns.
type Library struct {
	fragments map[ID][]Fragment // the wordings of each, in the order of their numbers
	phrases   map[string][]Phrase
	words     map[string]string
	version   string
}

// Load returns the texts that the program was built with. A file that cannot be read, an id given twice, an id that a chart can need and that is missing
// or one that nothing asks for is an error.
func Load() (*Library, error) {
	l, err := load(files)
	if err != nil {
		return nil, fmt.Errorf("library: %w", err)
	}

	if err := l.complete(); err != nil {
		return nil, fmt.Errorf("library: %w", err)
	}

	return l, nil
}

// file is what a YAML file holds.
type file struct {
	Version   int                 `yaml:"version"`
	Fragments []entry             `yaml:"fragments"`
	Words     map[string]string   `yaml:"words"`
	Phrases   map[string][]string `yaml:"phrases"`
}

type entry struct {
	ID   ID     `yaml:"id"`
	Text string `yaml:"text"`
}

func load(from fs.FS) (*Library, error) {
	l := &Library{fragments: map[ID][]Fragment{}, phrases: map[string][]Phrase{}, words: map[string]string{}}
	digest := sha256.New()

	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}

		text, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}

		_, _ = fmt.Fprintf(digest, "%s %d\n%s", name, len(text), text) // a hash never fails

		var f file
		if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}

		if err := l.add(name, &f); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}

		return nil
	})
	if err != nil {
		return nil, err
	}

	l.version = hex.EncodeToString(digest.Sum(nil))[:12]

	return l, nil
}

func (l *Library) add(name string, f *file) error {
	if f.Version < 1 {
		return errors.New("a version of at least 1 is missing")
	}

	for _, e := range f.Fragments {
		base, number := e.ID.wording()
		if wordings := len(l.fragments[base]); number != wordings+1 {
			return fmt.Errorf("%s: wording %d where %d was expected", e.ID, number, wordings+1)
		}

		text := strings.TrimSpace(e.Text)
		l.fragments[base] = append(l.fragments[base], Fragment{ID: e.ID, Version: f.Version, File: name, Text: text, Sentences: sentences(text)})
	}

	for key, word := range f.Words {
		if _, twice := l.words[key]; twice {
			return fmt.Errorf("the word %s is given twice", key)
		}

		l.words[key] = word
	}

	for group, texts := range f.Phrases {
		if _, twice := l.phrases[group]; twice {
			return fmt.Errorf("the phrases %s are given twice", group)
		}

		for _, text := range texts {
			rest, follows := strings.CutPrefix(text, "...")
			l.phrases[group] = append(l.phrases[group], Phrase{Text: rest, Follows: follows})
		}
	}

	return nil
}

// wording splits an id into what it is about and the number of the wording, 1 where none is given.
func (id ID) wording() (base ID, number int) {
	before, digits, numbered := strings.Cut(string(id), ".")
	if !numbered {
		return id, 1
	}

	n, err := strconv.Atoi(digits)
	if err != nil {
		return id, 1
	}

	return ID(before), n
}

// sentences splits a text behind each full stop, question mark or exclamation mark that a space follows.
func sentences(text string) []string {
	var all []string

	for from, i := 0, 0; i < len(text); i++ {
		if !strings.ContainsRune(".?!", rune(text[i])) || i+1 < len(text) && text[i+1] != ' ' {
			continue
		}

		all = append(all, strings.TrimSpace(text[from:i+1]))
		from = i + 1
	}

	return all
}

// Wordings returns the texts about what the id names; none when there is no such id.
func (l *Library) Wordings(id ID) []Fragment { return l.fragments[id] }

// Phrases returns the phrases of a group.
func (l *Library) Phrases(group string) []Phrase { return l.phrases[group] }

// Groups returns the names of the groups of phrases, sorted.
func (l *Library) Groups() []string { return slices.Sorted(maps.Keys(l.phrases)) }

// Word returns a word or a group of words that phrases are filled with.
func (l *Library) Word(key string) string { return l.words[key] }

// Version names the state of all texts, by their own digest: 12 hexadecimal digits. A reading written from another version may read otherwise.
func (l *Library) Version() string { return l.version }
