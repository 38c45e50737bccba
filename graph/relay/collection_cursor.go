package relay

import (
	"strconv"
	"strings"
	"time"

	"sidereal/account/collection"
	"sidereal/fault"
)

// savedChartCursorVersion begins every cursor of a collection, so that no other list's is taken for one.
const savedChartCursorVersion = "s1"

// SavedChartCursor returns the opaque cursor of a chart's place in its collection.
func SavedChartCursor(m collection.Mark) string {
	return opaque(savedChartCursorVersion + "." + strconv.FormatInt(m.At.UnixMicro(), 10) + "." + string(m.ID))
}

// ParseSavedChartCursor reads a cursor of a collection. One that is not of ours is a VALIDATION_FAILED fault of the given argument.
func ParseSavedChartCursor(argument, cursor string) (collection.Mark, error) {
	const maxCursor = 80 // characters; ours have 67 at most

	broken := fault.Invalid(argument, "is no cursor of this list; use the cursors that it answered with")

	raw, ok := readOpaque(cursor, maxCursor)
	if !ok {
		return collection.Mark{}, broken
	}

	parts := strings.Split(raw, ".")
	if len(parts) != 3 || parts[0] != savedChartCursorVersion {
		return collection.Mark{}, broken
	}

	micros, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || strconv.FormatInt(micros, 10) != parts[1] {
		return collection.Mark{}, broken
	}

	id, ok := collection.ParseID(parts[2])
	if !ok {
		return collection.Mark{}, broken
	}

	return collection.Mark{At: time.UnixMicro(micros).UTC(), ID: id}, nil
}
