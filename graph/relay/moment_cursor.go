package relay

import (
	"strconv"
	"strings"
	"time"

	"sidereal/fault"
)

// momentCursor returns the opaque cursor of a place in a list that is ordered by time, to the microsecond, and then by id. The version begins it, so that no other list's
// cursor is taken for one.
func momentCursor(version string, at time.Time, id string) string {
	return opaque(version + "." + strconv.FormatInt(at.UnixMicro(), 10) + "." + id)
}

// parseMomentCursor reads a cursor of a list of that version, whose ids are of a form. One that is not of ours is a VALIDATION_FAILED fault of the given argument.
func parseMomentCursor(version, argument, cursor string, isID func(id string) bool) (at time.Time, id string, err error) {
	const maxCursor = 80 // characters; ours have 80 at most

	broken := fault.Invalid(argument, "is no cursor of this list; use the cursors that it answered with")

	raw, ok := readOpaque(cursor, maxCursor)
	if !ok {
		return time.Time{}, "", broken
	}

	parts := strings.Split(raw, ".")
	if len(parts) != 3 || parts[0] != version || !isID(parts[2]) {
		return time.Time{}, "", broken
	}

	micros, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || strconv.FormatInt(micros, 10) != parts[1] {
		return time.Time{}, "", broken
	}

	return time.UnixMicro(micros).UTC(), parts[2], nil
}
