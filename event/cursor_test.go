package event_test

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sidereal/event"
)

func TestACursorIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := event.Cursor{
			Epoch:    rapid.StringMatching(`[a-z0-9]{1,40}`).Draw(t, "epoch"),
			Sequence: rapid.Uint64().Draw(t, "sequence"),
		}

		if got, err := event.ParseCursor(want.String()); err != nil || got != want {
			t.Fatalf("want %+v, got %+v, %v", want, got, err)
		}
	})
}

// Texts that clients hold must be understood by later versions.
func TestTheTextOfACursorStays(t *testing.T) {
	for want, cursor := range map[string]event.Cursor{
		"YWJjLjA":                {Epoch: "abc"},
		"ZHo0Lnpp":               {Epoch: "dz4", Sequence: 35*36 + 18},
		"eC4zdzVlMTEyNjRzZ3Nm":   {Epoch: "x", Sequence: math.MaxUint64},
		"w6Ygw58uMQ":             {Epoch: "æ ß", Sequence: 1},
		"MTIzLTQ1Nl83ODkuMTAwMA": {Epoch: "123-456_789", Sequence: 36 * 36 * 36},
	} {
		if got := cursor.String(); got != want {
			t.Errorf("%+v: want %q, got %q", cursor, want, got)
		}

		if got, err := event.ParseCursor(want); err != nil || got != cursor {
			t.Errorf("%q: want %+v, got %+v, %v", want, cursor, got, err)
		}
	}
}

func TestWhatIsNoCursorIsRefused(t *testing.T) {
	coded := base64.RawURLEncoding.EncodeToString

	for name, text := range map[string]string{
		"nothing":                     "",
		"not base64":                  "abc.5",
		"padded":                      base64.URLEncoding.EncodeToString([]byte("abc.5")),
		"with bits that mean nothing": "YWJjLjB", // the last letter's low bits are not 0
		"with a line break":           "YWJj\nLjA",
		"without an epoch":            coded([]byte(".5")),
		"without a sequence":          coded([]byte("abc.")),
		"without a dot":               coded([]byte("abc5")),
		"with another dot":            coded([]byte("abc.5.6")),
		"with a leading zero":         coded([]byte("abc.05")),
		"in capitals":                 coded([]byte("abc.Z")),
		"with a sign":                 coded([]byte("abc.+5")),
		"beyond 64 bits":              coded([]byte("abc.3w5e11264sgsg")),
		"too long":                    coded([]byte(strings.Repeat("a", 100) + ".5")),
	} {
		if got, err := event.ParseCursor(text); err == nil {
			t.Errorf("%s: want an error for %q, got %+v", name, text, got)
		}
	}
}

func TestTheZeroCursorIsNoPlace(t *testing.T) {
	if !(event.Cursor{}).IsZero() || (event.Cursor{Epoch: "abc"}).IsZero() || (event.Cursor{Sequence: 1}).IsZero() {
		t.Error("want only the zero value to be zero: the place before the first event is one")
	}
}

func FuzzParseCursor(f *testing.F) {
	for _, text := range []string{"", "YWJjLjA", "ZHo0Lnpp", "YWJjLjB", "YWJjLjA=", "w6Ygw58uMQ", strings.Repeat("YWJj", 40)} {
		f.Add(text)
	}

	f.Fuzz(func(t *testing.T, text string) {
		c, err := event.ParseCursor(text)
		if err != nil {
			if !c.IsZero() {
				t.Errorf("want nothing beside an error, got %+v", c)
			}

			return
		}

		if c.String() != text || c.Epoch == "" || c.IsZero() || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("want one text of plain characters for each place, got %+v for %q", c, text)
		}
	})
}
