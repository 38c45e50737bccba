package relay

import (
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/fault"
)

const hash = chart.Hash("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")

func TestGlobalIDsComeBackAsTheyWere(t *testing.T) {
	typeName, key, ok := ParseGlobalID(GlobalID("Chart", string(hash)))
	if !ok || typeName != "Chart" || key != string(hash) {
		t.Errorf("got %q %q %t", typeName, key, ok)
	}
}

func TestWhatIsNoGlobalIDIsRefused(t *testing.T) {
	for _, id := range []string{"", "x", "Q2hhcnQ", "Q2hhcnQ6", "OmFiYw", GlobalID("Chart", "a") + "=", GlobalID("Chart", "a\x00"), GlobalID("Chart", "\xff"), strings.Repeat("A", 10_000)} {
		if typeName, key, ok := ParseGlobalID(id); ok {
			t.Errorf("%.20q was read as %q %q", id, typeName, key)
		}
	}
}

func TestCursorsComeBackAsTheyWere(t *testing.T) {
	for _, at := range []time.Time{time.Unix(0, 0), time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2399, 12, 31, 23, 59, 59, 999_999_000, time.UTC)} {
		want := chart.Mark{At: at.UTC(), Hash: hash}

		got, err := ParseChartCursor("after", ChartCursor(chart.ByInstant, want), chart.ByInstant)
		if err != nil || got != want {
			t.Errorf("want %v, got %v, %v", want, got, err)
		}
	}
}

func TestACursorOfAnotherOrderIsRefusedByName(t *testing.T) {
	cursor := ChartCursor(chart.ByInstant, chart.Mark{At: time.Unix(1, 0), Hash: hash})

	_, err := ParseChartCursor("before", cursor, chart.ByCalculatedAt)
	if f, ok := fault.As(err); !ok || f.Code != fault.ValidationFailed || f.Field != "before" {
		t.Errorf("want VALIDATION_FAILED of before, got %v", err)
	}
}

func FuzzParseChartCursor(f *testing.F) {
	f.Add(ChartCursor(chart.ByInstant, chart.Mark{At: time.Unix(1, 0), Hash: hash}))
	f.Add(ChartCursor(chart.ByCalculatedAt, chart.Mark{At: time.Unix(-1e9, 5000), Hash: hash}))
	f.Add("")
	f.Add("MS4wLjEu")
	f.Add("MS4\rxLi00OTAuZDA0Y2Y0YzA0Y2ZiY2ZlYzA0Y2Y0Y2Y0ZDBhY2ZkY2Y0Y2Y0ZDA0YzA0Y2ZjZGZmZDA0Y2Y0YzA0Y2ZiY2ZlYg") // a line end that base64 passes over

	f.Fuzz(func(t *testing.T, cursor string) {
		for _, key := range []chart.OrderKey{chart.ByCalculatedAt, chart.ByInstant} {
			m, err := ParseChartCursor("after", cursor, key)
			if err == nil && ChartCursor(key, m) != cursor {
				t.Errorf("%q was read as %+v, whose cursor is %q", cursor, m, ChartCursor(key, m))
			}

			if fault, ok := fault.As(err); err != nil && (!ok || fault.Field != "after") {
				t.Errorf("%q: %v", cursor, err)
			}
		}
	})
}

func FuzzParseGlobalID(f *testing.F) {
	f.Add(GlobalID("Chart", string(hash)))
	f.Fuzz(func(t *testing.T, id string) {
		if typeName, key, ok := ParseGlobalID(id); ok && GlobalID(typeName, key) != id {
			t.Errorf("%q was read as %q %q", id, typeName, key)
		}
	})
}

func TestPageSizes(t *testing.T) {
	n := func(i int) *int { return &i }

	tests := []struct {
		name        string
		first, last *int
		want        Size
		field       string
	}{
		{"neither", nil, nil, Size{Limit: DefaultPage}, ""},
		{"first", n(5), nil, Size{Limit: 5}, ""},
		{"last", nil, n(5), Size{Limit: 5, FromEnd: true}, ""},
		{"the largest", n(MaxPage), nil, Size{Limit: MaxPage}, ""},
		{"too many", n(MaxPage + 1), nil, Size{}, "first"},
		{"none", n(0), nil, Size{}, "first"},
		{"negative", nil, n(-1), Size{}, "last"},
		{"both", n(1), n(1), Size{}, "last"},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := PageSize(tt.first, tt.last)
			if f, _ := fault.As(err); (err != nil) != (tt.field != "") || err != nil && f.Field != tt.field {
				t.Fatalf("want a fault of %q, got %v", tt.field, err)
			}

			if err == nil && got != tt.want {
				t.Errorf("want %+v, got %+v", tt.want, got)
			}
		})
	}
}

func TestAnIDCursorBelongsToItsList(t *testing.T) {
	cursor := IDCursor("u1", "0123456789abcdefghijklmnop")

	if id, err := ParseIDCursor("after", "u1", cursor); err != nil || id != "0123456789abcdefghijklmnop" {
		t.Errorf("got %q, %v", id, err)
	}

	for _, other := range []string{"", "x", cursor + "A", IDCursor("k1", "0123"), IDCursor("u1", ""), IDCursor("u1", "A"), IDCursor("u1", "a' OR 1"), strings.Repeat("A", 10_000)} {
		if id, err := ParseIDCursor("after", "u1", other); err == nil {
			t.Errorf("%.20q was read as %q", other, id)
		} else if f, ok := fault.As(err); !ok || f.Field != "after" {
			t.Errorf("%.20q: %v", other, err)
		}
	}
}
