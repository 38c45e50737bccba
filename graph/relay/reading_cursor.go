package relay

import (
	"sidereal/event"
	"sidereal/reading"
)

// readingCursorVersion is that of the cursors of lists of readings.
const readingCursorVersion = "r1"

// ReadingCursor returns the opaque cursor of a reading's place in a list.
func ReadingCursor(m reading.Mark) string { return momentCursor(readingCursorVersion, m.At, m.ID) }

// ParseReadingCursor reads a cursor of a list of readings. One that is not of ours is a VALIDATION_FAILED fault of the given argument.
func ParseReadingCursor(argument, cursor string) (reading.Mark, error) {
	at, id, err := parseMomentCursor(readingCursorVersion, argument, cursor, event.IsID)

	return reading.Mark{At: at, ID: id}, err
}
