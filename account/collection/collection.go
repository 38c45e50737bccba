// Package collection is the charts that a viewer keeps under labels of their own.
//
// Who owns a collection is read from the context, here and nowhere else, and goes into every statement of the store: what belongs to somebody else is not
// found in the same way, and by the same statements, as what does not exist. Administrators are no exception.
package collection

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sidereal/chart"
	"sidereal/fault"
)

const (
	// MaxSaved is how many charts a collection holds.
	MaxSaved = 10_000

	maxLabel = 100  // characters
	maxNote  = 2000 // characters
)

// ID is the identity of a chart in a collection: 26 characters of base 32, which nobody can guess.
type ID string

// ParseID reads an id; false for what is none.
func ParseID(text string) (ID, bool) {
	const length = 26 // of rand.Text

	outside := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '2' || r > '7') }

	return ID(text), len(text) == length && !strings.ContainsFunc(text, outside)
}

// Saved is a chart in a collection.
type Saved struct {
	ID      ID
	Owner   string // the subject of the viewer
	Chart   chart.Hash
	Label   string
	Note    string    // empty for none
	SavedAt time.Time // UTC, microseconds; when the chart was first put into the collection
}

// Mark is a saved chart's place in the order of a collection: newest first, and by the id among equals, the greater one first. It stays valid when its own
// chart is gone.
type Mark struct {
	At time.Time
	ID ID
}

// Mark returns the chart's place in the order of its collection.
func (s Saved) Mark() Mark { return Mark{At: s.SavedAt, ID: s.ID} }

// Change is what becomes of a saved chart; nil leaves as it is.
type Change struct{ Label, Note *string }

// checked returns the change as it is stored, or a VALIDATION_FAILED fault of "label" or "note".
func (c Change) checked() (Change, error) {
	if c.Label != nil {
		label := strings.TrimSpace(*c.Label)
		c.Label = &label

		switch {
		case label == "":
			return c, fault.Invalid("label", "must not be empty")
		case utf8.RuneCountInString(label) > maxLabel:
			return c, fault.Invalid("label", "has at most %d characters, not %d", maxLabel, utf8.RuneCountInString(label))
		case strings.ContainsFunc(label, unicode.IsControl):
			return c, fault.Invalid("label", "must be one line without control characters")
		}
	}

	if c.Note != nil {
		switch {
		case utf8.RuneCountInString(*c.Note) > maxNote:
			return c, fault.Invalid("note", "has at most %d characters, not %d", maxNote, utf8.RuneCountInString(*c.Note))
		case strings.ContainsFunc(*c.Note, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }):
			return c, fault.Invalid("note", "must have no control characters but line ends and tabs")
		}
	}

	return c, nil
}
