package relay

import (
	"strconv"
	"strings"
	"time"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/reading"
)

// readingCursorVersion begins every cursor of a list of readings, so that no other list's is taken for one.
const readingCursorVersion = "r1"

// ReadingCursor returns the opaque cursor of a reading's place in a list.
func ReadingCursor(m reading.Mark) string {
	return opaque(readingCursorVersion + "." + strconv.FormatInt(m.At.UnixMicro(), 10) + "." + m.ID)
}

// ParseReadingCursor reads a cursor of a list of readings. One that is not of ours is a VALIDATION_FAILED fault of the given argument.
func ParseReadingCursor(argument, cursor string) (reading.Mark, error) {
	const maxCursor = 80 // characters; ours have 80 at most

	broken := fault.Invalid(argument, "is no cursor of this list; use the cursors that it answered with")

	raw, ok := readOpaque(cursor, maxCursor)
	if !ok {
		return reading.Mark{}, broken
	}

	parts := strings.Split(raw, ".")
	if len(parts) != 3 || parts[0] != readingCursorVersion || !event.IsID(parts[2]) {
		return reading.Mark{}, broken
	}

	micros, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || strconv.FormatInt(micros, 10) != parts[1] {
		return reading.Mark{}, broken
	}

	return reading.Mark{At: time.UnixMicro(micros).UTC(), ID: parts[2]}, nil
}
