package relay

import (
	"strings"

	"sidereal/fault"
	"sidereal/people"
)

// personCursorVersion begins every cursor of a list of people, so that no other list's is taken for one.
const personCursorVersion = "p1"

// PersonCursor returns the opaque cursor of a person's place in the order of names.
func PersonCursor(m people.Mark) string {
	return opaque(personCursorVersion + "." + string(m.Key) + "." + m.Name)
}

// ParsePersonCursor reads a cursor of a list of people. One that is not of ours is a VALIDATION_FAILED fault of the given argument.
func ParsePersonCursor(argument, cursor string) (people.Mark, error) {
	const maxCursor = 4096 // characters; a folded name has at most some hundred letters of up to four bytes

	broken := fault.Invalid(argument, "is no cursor of this list; use the cursors that it answered with")

	raw, ok := readOpaque(cursor, maxCursor)
	if !ok {
		return people.Mark{}, broken
	}

	parts := strings.SplitN(raw, ".", 3)
	if len(parts) != 3 || parts[0] != personCursorVersion || people.Fold(parts[2]) != parts[2] {
		return people.Mark{}, broken
	}

	key, ok := people.ParseKey(parts[1])
	if !ok {
		return people.Mark{}, broken
	}

	return people.Mark{Name: parts[2], Key: key}, nil
}
