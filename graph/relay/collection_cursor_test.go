package relay

import (
	"testing"
	"time"

	"sidereal/account/collection"
	"sidereal/chart"
	"sidereal/fault"
)

func FuzzParseSavedChartCursor(f *testing.F) {
	f.Add(SavedChartCursor(collection.Mark{At: time.Unix(1, 0), ID: "ABCDEFGHIJKLMNOPQRSTUVWX27"}))
	f.Add(SavedChartCursor(collection.Mark{At: time.UnixMicro(-1 << 63), ID: "ABCDEFGHIJKLMNOPQRSTUVWX27"}))
	f.Add(SavedChartCursor(collection.Mark{At: time.Unix(1, 0), ID: "ABCDEFGHIJKLMNOPQRSTUVWX2\x00"}))
	f.Add(ChartCursor(chart.ByInstant, chart.Mark{At: time.Unix(1, 0), Hash: hash}))
	f.Add("")
	f.Fuzz(func(t *testing.T, cursor string) {
		m, err := ParseSavedChartCursor("after", cursor)
		if err == nil && SavedChartCursor(m) != cursor {
			t.Errorf("%q was read as %+v, whose cursor is %q", cursor, m, SavedChartCursor(m))
		}

		if f, ok := fault.As(err); err != nil && (!ok || f.Field != "after" || f.Code != fault.ValidationFailed) {
			t.Errorf("%q: %v", cursor, err)
		}
	})
}

func TestCursorsOfCollectionsComeBackAsTheyWere(t *testing.T) {
	for _, at := range []time.Time{time.Unix(0, 0), time.UnixMicro(-1 << 63), time.Date(2399, 12, 31, 23, 59, 59, 999_999_000, time.UTC)} {
		want := collection.Mark{At: at.UTC(), ID: "ABCDEFGHIJKLMNOPQRSTUVWX27"}

		got, err := ParseSavedChartCursor("after", SavedChartCursor(want))
		if err != nil || got != want {
			t.Errorf("want %v, got %v, %v", want, got, err)
		}
	}
}
