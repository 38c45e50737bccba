package relay

import (
	"testing"
	"time"

	"sidereal/fault"
	"sidereal/reading"
)

const readingID = "0199a4b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b"

func FuzzParseReadingCursor(f *testing.F) {
	f.Add(ReadingCursor(reading.Mark{At: time.Unix(1, 0), ID: readingID}))
	f.Add(ReadingCursor(reading.Mark{At: time.UnixMicro(-1 << 63), ID: readingID}))
	f.Add(ReadingCursor(reading.Mark{At: time.Unix(1, 0), ID: "x"}))
	f.Add("")
	f.Fuzz(func(t *testing.T, cursor string) {
		m, err := ParseReadingCursor("after", cursor)
		if err == nil && ReadingCursor(m) != cursor {
			t.Errorf("%q was read as %+v, whose cursor is %q", cursor, m, ReadingCursor(m))
		}

		if f, ok := fault.As(err); err != nil && (!ok || f.Field != "after" || f.Code != fault.ValidationFailed) {
			t.Errorf("%q: %v", cursor, err)
		}
	})
}

func TestCursorsOfReadingsComeBackAsTheyWere(t *testing.T) {
	for _, at := range []time.Time{time.Unix(0, 0), time.UnixMicro(-1 << 63), time.Date(2399, 12, 31, 23, 59, 59, 999_999_000, time.UTC)} {
		want := reading.Mark{At: at.UTC(), ID: readingID}

		got, err := ParseReadingCursor("after", ReadingCursor(want))
		if err != nil || got != want {
			t.Errorf("want %v, got %v, %v", want, got, err)
		}
	}
}
