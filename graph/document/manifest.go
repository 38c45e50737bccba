package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Manifest is a list of documents that are trusted. A nil Manifest is empty.
type Manifest struct {
	byID   map[string]string
	byHash map[string]string
}

const apolloFormat = "apollo-persisted-query-manifest"

var errManifest = errors.New("document: manifest")

// entry is one document of a manifest.
type entry struct{ id, text string }

// ReadManifest reads a manifest in one of the forms that clients' build steps write: an object {id: document}, as Relay's persisted_queries.json, or
// Apollo's {format: "apollo-persisted-query-manifest", version: 1, operations: [{id, body}]}. Check says what is wrong with a document; the error names
// all that something is wrong with.
func ReadManifest(text []byte, check func(text string) error) (*Manifest, error) {
	entries, err := readEntries(text)
	if err != nil {
		return nil, err
	}

	m := &Manifest{byID: make(map[string]string, len(entries)), byHash: make(map[string]string, len(entries))}

	var errs []error

	for _, e := range entries {
		if _, taken := m.byID[e.id]; taken || e.id == "" {
			errs = append(errs, fmt.Errorf("%w: the id %q is empty or not the only one", errManifest, e.id))
		}

		if err := check(e.text); err != nil {
			errs = append(errs, fmt.Errorf("%w: the document %q: %s", errManifest, e.id, err.Error())) // not wrapped: it is no fault of a request
		}

		m.byID[e.id], m.byHash[Hash(e.text)] = e.text, e.text
	}

	return m, errors.Join(errs...)
}

// Len returns how many documents there are.
func (m *Manifest) Len() int {
	if m == nil {
		return 0
	}

	return len(m.byID)
}

// find returns the document with that id, or with the hash that the id is: "sha256:" and hexadecimal digits, or the digits alone.
func (m *Manifest) find(id string) (text string, ok bool) {
	if m == nil {
		return "", false
	}

	if text, ok = m.byID[id]; ok {
		return text, true
	}

	text, ok = m.byHash[strings.ToLower(strings.TrimPrefix(id, hashScheme))]

	return text, ok
}

func readEntries(text []byte) ([]entry, error) {
	var apollo struct {
		Format     json.RawMessage
		Version    json.RawMessage
		Operations []struct{ ID, Body string }
	}

	if err := json.Unmarshal(text, &apollo); err == nil && string(apollo.Format) == `"`+apolloFormat+`"` {
		if string(apollo.Version) != "1" {
			return nil, fmt.Errorf("%w: version %s of %s is not known", errManifest, apollo.Version, apolloFormat)
		}

		entries := make([]entry, len(apollo.Operations))
		for i, o := range apollo.Operations {
			entries[i] = entry{o.ID, o.Body}
		}

		return entries, nil
	}

	return readPairs(json.NewDecoder(bytes.NewReader(text)))
}

// readPairs reads an object of strings, with every pair of it: a map would hide that a name comes twice.
func readPairs(d *json.Decoder) (entries []entry, err error) {
	var (
		strs          []string
		depth, opened int
	)

	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && opened == 1 && depth == 0 {
			break
		}

		delim, isDelim := token.(json.Delim)
		text, isText := token.(string)

		switch {
		case err != nil, !isDelim && !isText, delim == '[', delim == '{' && opened > 0:
			return nil, fmt.Errorf("%w: neither an object of strings nor a list of Apollo's", errManifest)
		case delim == '{':
			depth, opened = depth+1, opened+1
		case delim == '}':
			depth--
		default:
			strs = append(strs, text)
		}
	}

	for i := 0; i < len(strs); i += 2 {
		entries = append(entries, entry{strs[i], strs[i+1]})
	}

	return entries, nil
}
