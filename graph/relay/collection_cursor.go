package relay

import "sidereal/account/collection"

// savedChartCursorVersion is that of the cursors of collections.
const savedChartCursorVersion = "s1"

// SavedChartCursor returns the opaque cursor of a chart's place in its collection.
func SavedChartCursor(m collection.Mark) string {
	return momentCursor(savedChartCursorVersion, m.At, string(m.ID))
}

// ParseSavedChartCursor reads a cursor of a collection. One that is not of ours is a VALIDATION_FAILED fault of the given argument.
func ParseSavedChartCursor(argument, cursor string) (collection.Mark, error) {
	at, id, err := parseMomentCursor(savedChartCursorVersion, argument, cursor, func(id string) bool {
		_, ok := collection.ParseID(id)

		return ok
	})

	return collection.Mark{At: at, ID: collection.ID(id)}, err
}
