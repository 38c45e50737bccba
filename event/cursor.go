package event

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
)

// Cursor is a place in the stream of events: behind the event that has it.
type Cursor struct {
	Epoch    string // which stream, without a dot; one that was lost and made anew has another
	Sequence uint64 // of the event in it, from 1
}

// maxCursor bounds the text of a cursor.
const maxCursor = 128

// errCursor says that a text is no cursor.
var errCursor = errors.New("it is no cursor of an event")

// String returns the cursor as clients see it: opaque, of letters, digits, '-' and '_'.
func (c Cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.Epoch + "." + strconv.FormatUint(c.Sequence, 36)))
}

// IsZero tells whether it is no place at all.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// ParseCursor reads what String wrote, and nothing else.
func ParseCursor(text string) (Cursor, error) {
	if len(text) > maxCursor {
		return Cursor{}, errCursor
	}

	decoded, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return Cursor{}, errCursor
	}

	epoch, digits, found := strings.Cut(string(decoded), ".")
	sequence, err := strconv.ParseUint(digits, 36, 64)

	if c := (Cursor{epoch, sequence}); found && err == nil && epoch != "" && c.String() == text {
		return c, nil
	}

	return Cursor{}, errCursor
}
