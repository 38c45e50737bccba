package model

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sidereal/chart"
	"sidereal/reading"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestPromptsAreWhatTheyWere shows what is sent for sections of three kinds.
func TestPromptsAreWhatTheyWere(t *testing.T) {
	unknown := birth
	unknown.TimeKnown = false
	unknown.Instant = time.Date(1990, 1, 15, 15, 0, 0, 0, time.UTC)

	other := cast(t, chart.Birth{Instant: time.Date(1987, 6, 3, 4, 5, 0, 0, time.UTC), TimeKnown: true, Zone: "UTC", Latitude: 52, Longitude: 13})
	o := reading.Options{Detail: reading.Brief, TransitsAt: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), With: other}

	p, err := loadPrompts()
	if err != nil {
		t.Fatal(err)
	}

	for name, c := range map[string]struct {
		birth    chart.Birth
		kind     reading.SectionKind
		language string
	}{
		"planets":              {birth, reading.Planets, "de"},
		"synastry":             {birth, reading.Synastry, "en"},
		"transits-unknowntime": {unknown, reading.Transits, "en"},
	} {
		for _, a := range assignments(t, cast(t, c.birth), o) {
			if a.Kind != c.kind {
				continue
			}

			a.Language = c.language

			task, err := newTask(&a)
			if err != nil {
				t.Fatal(err)
			}

			golden(t, name+".md", p.messages(task)[1].text+"\n")
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()

	path := filepath.Join("testdata", name)

	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not up to date (go test ./reading/model -update):\n%s", path, diff)
	}
}

func TestALanguageThatNobodyWritesIsRefused(t *testing.T) {
	a := overview(t)
	a.Language = "tlh"

	if _, err := newTask(&a); err == nil || !strings.Contains(err.Error(), "language") {
		t.Errorf("want a fault of the language, got %v", err)
	}
}
