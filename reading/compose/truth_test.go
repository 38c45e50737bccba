package compose_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/reading"
)

func TestEverySentenceKnowsWhy(t *testing.T) {
	c := composer(t)

	for i, b := range append(births(20), withoutTimes(births(20))...) {
		o := optionsOf(i, reading.Comprehensive)
		o.TransitsAt = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		o.With = cast(t, births(30)[29])

		for _, s := range sentencesOf(written(t, c, cast(t, b), o)) {
			if len(s.Because) == 0 || slices.Contains(s.Because, "") {
				t.Errorf("reading %d: no reason for: %s", i, s.Text)
			}
		}
	}
}

// unsound is what no sentence of a reading may show: braces that nothing filled, words run together, doubled words and points, a word that is forbidden, two sentences in one.
var unsound = regexp.MustCompile(`[{}]|  |[.?!] [A-Z]| [,.;:?!]|[.,;:]{2}|^[^A-Z"]|[^.?!]$|\b(\w+) $|[^\x00-\x7f]|(?i)\b(always|never|doomed|fated|destiny|must|will|health|illness|death|` +
	`money|lawsuit|pregnan\w+|he|she|his|her|him)\b`)

var doubled = regexp.MustCompile(`(?i)\b(the the|a a|an an|your your|in in|of of|to to|and and|is is|with with|a [aeiou]\w+|an [^aeiouh\W]\w*)\b`)

func TestSentencesAreSound(t *testing.T) {
	c := composer(t)

	for i, b := range append(births(24), withoutTimes(births(12))...) {
		for detail := range reading.Detail(reading.DetailCount) {
			o := optionsOf(i, detail)
			o.TransitsAt = time.Date(2020, 1, 1+i, 0, 0, 0, 0, time.UTC)
			o.With = cast(t, births(30)[i%30])

			for _, s := range sentencesOf(written(t, c, cast(t, b), o)) {
				if bad := unsound.FindString(s.Text); bad != "" {
					t.Errorf("reading %d: %q in: %s", i, bad, s.Text)
				}

				if bad := doubled.FindString(s.Text); bad != "" && !strings.HasPrefix(bad, "a one") && !strings.HasPrefix(bad, "a u") {
					t.Errorf("reading %d: %q in: %s", i, bad, s.Text)
				}
			}
		}
	}
}

// TestReasonsAreTrueOfTheChart holds every reason of a placement or an aspect to the chart itself.
func TestReasonsAreTrueOfTheChart(t *testing.T) {
	c := composer(t)
	orbs := chart.StandardOrbs()

	for i, b := range births(30) {
		o := optionsOf(i, reading.Comprehensive)
		natal := cast(t, b)
		holds := map[string]bool{}

		for _, p := range natal.Positions(o.Zodiac) {
			holds[p.Body.String()+" in "+p.Sign.String()] = true
		}

		for _, a := range natal.Aspects(orbs) {
			holds[a.First.String()+" "+a.Kind.String()+" "+a.Second.String()] = true
		}

		inSign := regexp.MustCompile(`^(Sun|Moon|Mercury|Venus|Mars|Jupiter|Saturn|Uranus|Neptune|Pluto|Chiron|True Node) in [A-Z][a-z]+$`)
		aspect := regexp.MustCompile(`^(.*), orb [0-9.]+°$`)
		checked := 0

		for _, s := range sentencesOf(written(t, c, natal, o)) {
			for _, because := range s.Because {
				claim := because
				if m := aspect.FindStringSubmatch(because); m != nil && !strings.HasSuffix(m[1], "Ascendant") && !strings.HasSuffix(m[1], "Midheaven") {
					claim = m[1]
				} else if !inSign.MatchString(because) {
					continue
				}

				checked++

				if !holds[claim] {
					t.Errorf("reading %d: %s is not true of the chart: %s", i, because, s.Text)
				}
			}
		}

		if checked < 50 {
			t.Errorf("reading %d: only %d reasons were checked", i, checked)
		}
	}
}

func TestAnUnknownTimeTellsOnlyWhatIsCertain(t *testing.T) {
	c := composer(t)
	uncertain := 0

	for i, b := range withoutTimes(births(60)) {
		natal := cast(t, b)
		o := optionsOf(i, reading.Comprehensive)
		o.Sections = nil
		moon, _ := natal.Position(chart.Moon, o.Zodiac)

		certainty, err := moon.Certainty()
		if err != nil {
			t.Fatal(err)
		}

		for _, s := range sentencesOf(written(t, c, natal, o)) {
			for _, because := range s.Because {
				if strings.Contains(because, " house") || strings.Contains(because, "Ascendant") || strings.Contains(because, "Midheaven") {
					t.Errorf("reading %d speaks of %s", i, because)
				}

				if strings.HasPrefix(because, "Moon in ") && !certainty.Certain() {
					t.Errorf("reading %d says %s, of a Moon that changed its sign that day", i, because)
				}
			}
		}

		if !certainty.Certain() {
			uncertain++
		}
	}

	if uncertain < 10 {
		t.Errorf("only %d of the charts have a Moon that changes its sign", uncertain)
	}
}

func TestOphiuchusIsOfTheTrueSiderealZodiac(t *testing.T) {
	c := composer(t)
	natal := cast(t, born("1990-12-08T12:00:00Z", 40, 10)) // the Sun among the stars of Ophiuchus

	for zodiac := range chart.Zodiac(chart.ZodiacCount) {
		text := markdown("", written(t, c, natal, reading.Options{Detail: reading.Comprehensive, Zodiac: zodiac}))
		if got, want := strings.Contains(text, "Sun in Ophiuchus"), zodiac == chart.TrueSidereal; got != want {
			t.Errorf("%s: Ophiuchus %t, want %t", zodiac, got, want)
		}
	}
}

func TestThePhaseIsThatOfTheLunationCycle(t *testing.T) {
	c := composer(t)
	told, apart := 0, 0

	for i, b := range births(24) {
		o := optionsOf(i, reading.Comprehensive)
		natal := cast(t, b)
		phase := natal.MoonPhase()
		want := strings.TrimSuffix(phase.Lunation.LunationName(), " Moon") + " Moon"

		for _, s := range sentencesOf(written(t, c, natal, o)) {
			if got := s.Because[0]; strings.HasSuffix(got, " Moon") && !strings.Contains(got, " in ") && len(s.Because) == 1 && !strings.Contains(got, ",") {
				told++

				if got != want {
					t.Errorf("reading %d: %s, want %s, for: %s", i, got, want, s.Text)
				}
			}
		}

		if phase.Phase != phase.Lunation {
			apart++
		}
	}

	if told < 24 || apart < 6 {
		t.Errorf("%d sentences on the phase were told, and %d charts have another phase by light than by Rudhyar", told, apart)
	}
}

// TestAReasonIsCountedOnce holds themes to facts that do not follow from each other: who rules the Ascendant follows from its sign.
func TestAReasonIsCountedOnce(t *testing.T) {
	c := composer(t)
	ruled := 0

	for i, b := range births(24) {
		o := optionsOf(i, reading.Comprehensive)
		natal := cast(t, b)
		sign := natal.Angles(o.Zodiac).Ascendant.Sign

		for _, s := range sentencesOf(written(t, c, natal, o)) {
			if !slices.Contains(s.Because, sign.Ruler().String()+" rules the Ascendant") {
				continue
			}

			ruled++

			if slices.Contains(s.Because, "Ascendant in "+sign.String()) {
				t.Errorf("reading %d: one fact is two reasons, %q, for: %s", i, s.Because, s.Text)
			}
		}
	}

	if ruled < 24 {
		t.Errorf("only %d sentences stand on the ruler of the Ascendant", ruled)
	}
}

func TestClosenessAgreesWithTheOrbThatIsShown(t *testing.T) {
	c := composer(t)
	orb := regexp.MustCompile(`, orb (\d+)\.\d°$`)
	near := 0

	for i, b := range births(24) {
		o := optionsOf(i, reading.Comprehensive)
		o.With = cast(t, births(25)[24])

		for _, s := range sentencesOf(written(t, c, cast(t, b), o)) {
			if !strings.Contains(s.Text, "within a degree") && !strings.Contains(s.Text, "less than a degree") {
				continue
			}

			near++

			if m := orb.FindStringSubmatch(s.Because[0]); m == nil || m[1] != "0" {
				t.Errorf("reading %d: %s is not what is said of it: %s", i, s.Because[0], s.Text)
			}
		}
	}

	if near < 24 {
		t.Errorf("only %d contacts are near", near)
	}
}

func TestATransitToItselfSaysWhichIsWhich(t *testing.T) {
	c := composer(t)
	itself := regexp.MustCompile(`^transiting (.+) (?:conjunction|sextile|square|trine|opposition) (.+?)(?:, orb .*)?$`)
	found := 0

	for i, b := range births(60) {
		o := optionsOf(i, reading.Comprehensive)
		o.Sections = []reading.SectionKind{reading.Transits}
		o.TransitsAt = b.Instant.AddDate(29, 6, 0)

		for _, s := range sentencesOf(written(t, c, cast(t, b), o)) {
			m := itself.FindStringSubmatch(s.Because[0])
			if m == nil || m[1] != m[2] || strings.Count(s.Text, m[1]) < 2 {
				continue
			}

			found++

			if !strings.Contains(s.Text, "natal "+m[1]) {
				t.Errorf("reading %d: which is which in: %s", i, s.Text)
			}
		}
	}

	if found < 10 {
		t.Errorf("only %d transits of a body to its own place", found)
	}
}
