package atlas

import "testing"

// A new file of zones needs a new release beside it: its version is what answers are cited by.
func TestTheVersionIsThatOfTheFile(t *testing.T) {
	zones, err := OpenZones()
	if err != nil {
		t.Fatal(err)
	}

	if want, got := "2025c-a2a3757e", zones.Version(); got != want {
		t.Errorf("want %s, got %s: set the release to that of the new file (and tzdata/README.md), then this test", want, got)
	}
}
