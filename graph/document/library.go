// Package document finds the document that a request means: its own text, one that was sent before (Apollo's automatic persisted queries), or one of a
// manifest that the operator trusts.
package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"sidereal/fault"
)

// Store keeps the texts of documents by their SHA-256, in hexadecimal digits of lower case. It is a cache: what it forgets is sent again.
type Store interface {
	Get(ctx context.Context, hash string) (text string, ok bool)
	Set(ctx context.Context, hash, text string)
}

// Library is where documents are found. The zero Library knows only those that requests carry.
type Library struct {
	Sent        Store     // of automatic persisted queries; nil turns them off
	Trusted     *Manifest // nil for none
	TrustedOnly bool      // nothing but the documents of Trusted is executed
}

// Ask is what a request says of its document.
type Ask struct {
	Text       *string // the document itself; nil when there is none
	ID         string  // documentId; empty when there is none
	Extensions map[string]any
}

// Found is the document that a request means.
type Found struct {
	Text      string
	Persisted bool // it has a name that will mean the same text for ever: requests for it can be cached by their URL

	learn string // the hash under which it is to be kept, once it has proved to be a document of the schema; empty for not
}

const (
	hashDigits   = 2 * sha256.Size
	hashScheme   = "sha256:" // of a documentId that is a hash
	notFound     = "PersistedQueryNotFound"
	notSupported = "PersistedQueryNotSupported"
)

// Find returns the document that a request means, or a fault: VALIDATION_FAILED when the request contradicts itself or names none, NOT_FOUND,
// PERSISTED_QUERY_NOT_FOUND or PERSISTED_QUERY_NOT_SUPPORTED when it names one that is not known, FORBIDDEN when it is not among those that are trusted.
func (l *Library) Find(ctx context.Context, ask Ask) (Found, error) {
	hash, err := hashOf(ask.Extensions)
	if err != nil {
		return Found{}, err
	}

	switch {
	case ask.ID != "" && (ask.Text != nil || hash != ""):
		return Found{}, fault.New(fault.ValidationFailed, "documentId stands alone: neither query nor extensions.persistedQuery goes with it")
	case ask.ID != "":
		return l.byID(ask.ID)
	case hash != "" && (ask.Text == nil || *ask.Text == ""):
		return l.byHash(ctx, hash)
	case ask.Text == nil:
		return Found{}, fault.New(fault.ValidationFailed, "the parameter query is missing")
	default:
		return l.byText(*ask.Text, hash)
	}
}

// Learn keeps a document that came with its hash. It is called once the document has proved to be one of the schema, so that nothing else takes up room.
func (l *Library) Learn(ctx context.Context, f Found) {
	if f.learn != "" {
		l.Sent.Set(ctx, f.learn, f.Text)
	}
}

func (l *Library) byID(id string) (Found, error) {
	if text, ok := l.Trusted.find(id); ok {
		return Found{Text: text, Persisted: true}, nil
	}

	if l.TrustedOnly {
		return Found{}, untrusted()
	}

	return Found{}, fault.New(fault.NotFound, "no document has that documentId")
}

// byHash finds what automatic persisted queries name. Trusted documents may be named in the same way, by their ids, too.
func (l *Library) byHash(ctx context.Context, hash string) (Found, error) {
	if text, ok := l.Trusted.find(hash); ok {
		return Found{Text: text, Persisted: true}, nil
	}

	switch {
	case l.TrustedOnly: // and not PersistedQueryNotFound, on which clients would send the text
		return Found{}, untrusted()
	case l.Sent == nil:
		return Found{}, fault.New(fault.PersistedQueryNotSupported, notSupported)
	case len(hash) == hashDigits:
		if text, ok := l.Sent.Get(ctx, strings.ToLower(hash)); ok {
			return Found{Text: text, Persisted: true}, nil
		}
	}

	return Found{}, fault.New(fault.PersistedQueryNotFound, notFound)
}

// byText takes a document as it comes, and checks it against its hash, where it has one.
func (l *Library) byText(text, hash string) (Found, error) {
	found := Found{Text: text}

	if hash != "" {
		hash = strings.ToLower(hash)

		if hash != Hash(text) {
			return Found{}, fault.New(fault.ValidationFailed, "extensions.persistedQuery.sha256Hash is not the hash of the query")
		}

		if found.Persisted = l.Sent != nil; found.Persisted {
			found.learn = hash
		}
	}

	if !l.TrustedOnly {
		return found, nil
	}

	if _, ok := l.Trusted.find(hashScheme + Hash(text)); !ok {
		return Found{}, untrusted()
	}

	return Found{Text: text, Persisted: hash != ""}, nil
}

// Hash returns the SHA-256 of a document in hexadecimal digits of lower case.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))

	return hex.EncodeToString(sum[:])
}

func untrusted() error {
	return fault.New(fault.Forbidden, "only documents of this server's list are executed, and this is none of them")
}

// hashOf returns the hash of extensions.persistedQuery; empty when there is none.
func hashOf(extensions map[string]any) (string, error) {
	value, ok := extensions["persistedQuery"]
	if !ok || value == nil {
		return "", nil
	}

	entry, _ := value.(map[string]any)
	hash, _ := entry["sha256Hash"].(string)

	if version, ok := entry["version"].(json.Number); !ok || version != "1" || hash == "" {
		return "", fault.New(fault.ValidationFailed, "extensions.persistedQuery must be {version: 1, sha256Hash: \"…\"}")
	}

	return hash, nil
}
