package relay

import (
	"strings"

	"sidereal/fault"
)

// IDCursor returns the opaque cursor of a place in a list that is ordered by id. Kind names the list, so that no other list's cursor is taken for one.
func IDCursor(kind, id string) string { return opaque(kind + "." + id) }

// ParseIDCursor reads the id from a cursor of a list of that kind. One that is not of ours is a VALIDATION_FAILED fault of the given argument.
func ParseIDCursor(argument, kind, cursor string) (string, error) {
	const maxCursor = 160 // characters; ours are far shorter

	raw, ok := readOpaque(cursor, maxCursor)
	id, ours := strings.CutPrefix(raw, kind+".")

	if !ok || !ours || id == "" || strings.ContainsFunc(id, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
		return "", fault.Invalid(argument, "is no cursor of this list; use the cursors that it answered with")
	}

	return id, nil
}
