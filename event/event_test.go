package event_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"sidereal/event"
)

// The example of RFC 9562, appendix A.6, but for its random bits.
func TestIDsAreUUIDsThatSortByTime(t *testing.T) {
	moment := time.UnixMilli(0x017F22E279B0)
	first := event.New(event.UserRegistered, moment, "u", "u", nil)

	if !strings.HasPrefix(first.ID, "017f22e2-79b0-7") || !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(first.ID) {
		t.Errorf("want a UUID of version 7 of that time, got %s", first.ID)
	}

	if later := event.New(event.UserRegistered, moment.Add(time.Millisecond), "u", "u", nil); later.ID <= first.ID {
		t.Errorf("want the later one behind the earlier one, got %s, %s", first.ID, later.ID)
	}

	if again := event.New(event.UserRegistered, moment, "u", "u", nil); again.ID == first.ID {
		t.Errorf("want another id for another event, got %s twice", again.ID)
	}
}

func TestEventsKeepTheirMomentToTheMicrosecond(t *testing.T) {
	zone := time.FixedZone("", 3600)

	want := time.Date(2026, 1, 1, 11, 0, 0, 123_456_000, time.UTC)
	if got := event.New(event.ChartCalculated, time.Date(2026, 1, 1, 12, 0, 0, 123_456_789, zone), "c", "", nil).OccurredAt; !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("want %v, got %v", want, got)
	}
}

func TestWhatIsAnID(t *testing.T) {
	for text, want := range map[string]bool{
		event.NewID(time.Unix(0, 0)):            true,
		event.NewID(time.Now()):                 true,
		"":                                      false,
		"0199a4b2-3c4d-7e5f-8a6b-7c8d9e0f1a2":   false,
		"0199a4b2-3c4d-7e5f-8a6b-7c8d9e0f1a2b":  true,
		"0199a4b2-3c4d-7e5f-8a6b-7c8d9e0f1a2bc": false,
		"0199A4B2-3C4D-7E5F-8A6B-7C8D9E0F1A2B":  false,
		"0199a4b2-3c4d-4e5f-8a6b-7c8d9e0f1a2b":  false, // of version 4
		"0199a4b203c4d-7e5f-8a6b-7c8d9e0f1a2b":  false,
		"0199a4b2-3c4d-7e5f-8a6b-7c8d9e0f1a-b":  false,
	} {
		if got := event.IsID(text); got != want {
			t.Errorf("%q: want %v, got %v", text, want, got)
		}
	}
}
