package relay

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sidereal/chart"
	"sidereal/fault"
)

// cursorVersion begins every cursor, so that a later form can tell the older ones.
const cursorVersion = "1"

// ChartCursor returns the opaque cursor of a chart's place in a list that is ordered by key. It holds the place itself, so it stays valid when
// charts are added.
func ChartCursor(key chart.OrderKey, m chart.Mark) string {
	raw := fmt.Sprintf("%s.%d.%d.%s", cursorVersion, key, m.At.UnixMicro(), m.Hash)

	return opaque(raw)
}

// ParseChartCursor reads a cursor of a list that is ordered by key. One that is not of ours, or of another order, is a VALIDATION_FAILED fault
// of the given argument.
func ParseChartCursor(argument, cursor string, key chart.OrderKey) (chart.Mark, error) {
	const maxCursor = 160 // characters; ours have 113 at most

	broken := fault.Invalid(argument, "is no cursor of this list; use the cursors that it answered with")

	raw, ok := readOpaque(cursor, maxCursor)
	if !ok {
		return chart.Mark{}, broken
	}

	parts := strings.Split(raw, ".")
	if len(parts) != 4 || parts[0] != cursorVersion {
		return chart.Mark{}, broken
	}

	micros, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || strconv.FormatInt(micros, 10) != parts[2] {
		return chart.Mark{}, broken
	}

	hash, ok := chart.ParseHash(parts[3])
	if !ok {
		return chart.Mark{}, broken
	}

	if parts[1] != strconv.Itoa(int(key)) {
		return chart.Mark{}, fault.Invalid(argument, "is a cursor of another order; give the orderBy that it came from")
	}

	return chart.Mark{At: time.UnixMicro(micros).UTC(), Hash: hash}, nil
}
