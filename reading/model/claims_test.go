package model

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/reading"
)

func TestClaimsAreFound(t *testing.T) {
	for text, want := range map[string][]claim{
		"Your Sun in Capricorn likes order.":                                         {"Sun in Capricorn"},
		"The Moon, which stands in the sign of Leo, warms it.":                       {"Moon in Leo"},
		"Saturn is retrograde in Aquarius here.":                                     {"Saturn in Aquarius"},
		"Your Ascendant is in Pisces and your MC in Sagittarius.":                    {"Ascendant in Pisces", "Midheaven in Sagittarius"},
		"Mars in the 5th house and Venus sits in your eleventh house.":               {"Mars in house 5", "Venus in house 11"},
		"With the Sun in Capricorn in the 10th house, much is seen.":                 {"Sun in Capricorn", "Sun in house 10"},
		"Moon in Leo and in the fourth house":                                        {"Moon in Leo", "Moon in house 4"},
		"Moon square Saturn, orb 1.2°":                                               {"Moon square Saturn"},
		"Saturn squares your Moon, and Mercury forms an exact trine to Pluto.":       {"Moon square Saturn", "Mercury trine Pluto"},
		"Mercury's opposition to the Ascendant; a sextile between Mars and Moon":     {"Mercury opposition Ascendant", "Moon sextile Mars"},
		"transiting Saturn square Sun, orb 0.5°":                                     {"Sun square Saturn"},
		"Moon trine the other's Venus, orb 2.0°":                                     {"Moon trine Venus"},
		"the other's Sun in the 5th house":                                           {"Sun in house 5"},
		"The North Node in Gemini conjunct Jupiter":                                  {"True Node in Gemini"},
		"A square deal. Moonlight in Leonberg; the Sun, the Moon and all square up.": nil,
	} {
		got := slices.Sorted(maps.Keys(claimsOf(text)))

		slices.Sort(want)

		// A claim behind a sign is none of the body before it.
		if !slices.Equal(got, want) {
			t.Errorf("%s: want %q, got %q", text, want, got)
		}
	}
}

// sayings is an answer of sentences that all stand on the first factor.
func sayings(texts ...string) *answer {
	var sentences []string
	for _, text := range texts {
		sentences = append(sentences, `{"text": "`+text+`", "because": ["f1", "f1"]}`)
	}

	a := answer{text: `{"title": "T", "paragraphs": [{"sentences": [` + strings.Join(sentences, ",") + `]}]}`, finish: "stop"}

	var s scanner

	s.write(a.text)
	a.said = s.text()

	return &a
}

// problemOf is what is wrong with an answer of one sentence in a section of a kind.
func problemOf(t *testing.T, b chart.Birth, kind reading.SectionKind, language, text string) string {
	t.Helper()

	o := reading.Options{
		Detail: reading.Brief, TransitsAt: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		With: cast(t, chart.Birth{Instant: time.Date(1987, 6, 3, 4, 5, 0, 0, time.UTC), TimeKnown: true, Zone: "UTC", Latitude: 52, Longitude: 13}),
	}

	all := assignments(t, cast(t, b), o)
	i := slices.IndexFunc(all, func(a reading.Assignment) bool { return a.Kind == kind })
	all[i].Language = language

	task, err := newTask(&all[i])
	if err != nil {
		t.Fatal(err)
	}

	filling := strings.TrimSpace(strings.Repeat("This is a word or two more, so that there are enough. ", task.Words/11))
	_, problem := task.check(sayings(text, filling[:min(len(filling), maxSentence-1)]))

	return problem
}

func TestWhatTheChartDoesNotHaveIsRefused(t *testing.T) {
	unknown := birth
	unknown.TimeKnown = false
	unknown.Instant = time.Date(1990, 1, 15, 15, 0, 0, 0, time.UTC)

	for text, c := range map[string]struct {
		birth    chart.Birth
		kind     reading.SectionKind
		language string
		bad      bool
	}{
		"The Sun in Capricorn is at work.":           {birth, reading.Overview, "en", false},
		"The Sun in Aries is at work.":               {birth, reading.Overview, "en", true},
		"The Sun in Aries is at work, says somebody": {birth, reading.Overview, "de", false}, // words of other languages are not looked at
		"The Sun in the 3rd house is at work.":       {birth, reading.Overview, "en", true},
		"The Sun in Capricorn has a day.":            {unknown, reading.Overview, "en", false},
		"The Ascendant in Pisces has a day.":         {unknown, reading.Overview, "en", true},
		"The Sun in the tenth house has a day.":      {unknown, reading.Overview, "en", true},
		"The Sun trine Neptune is a dream.":          {birth, reading.Aspects, "en", true},
		"The Saturn conjunct Neptune is a dream.":    {birth, reading.Aspects, "en", false},
		"The other brings the Sun in Gemini.":        {birth, reading.Synastry, "en", false}, // where it is
		"The other brings the Sun in Leo.":           {birth, reading.Synastry, "en", true},
		"Yours is the Sun in Gemini.":                {birth, reading.Overview, "en", true},
		"There is an illness in it.":                 {birth, reading.Overview, "en", true},
		"You are destined for it.":                   {birth, reading.Overview, "en", true},
	} {
		if problem := problemOf(t, c.birth, c.kind, c.language, text); (problem != "") != c.bad {
			t.Errorf("%s: want a problem %t, got %q", text, c.bad, problem)
		}
	}
}

// TestAllFactorsMayBeClaimed lets a model repeat each factor of each section.
func TestAllFactorsMayBeClaimed(t *testing.T) {
	claimed := 0

	for _, year := range []int{1935, 1974, 2003} {
		at := time.Date(year, time.Month(year%12+1), year%28+1, year%24, 17, 0, 0, time.UTC)
		o := reading.Options{
			Detail: reading.Comprehensive, Zodiac: chart.Zodiac(year % chart.ZodiacCount), Houses: chart.HouseSystem(year % chart.HouseSystemCount),
			TransitsAt: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), With: cast(t, birth),
		}

		for _, known := range []bool{true, false} {
			b := chart.Birth{Instant: at, TimeKnown: known, Zone: "UTC", Latitude: 48, Longitude: 11}
			if !known {
				b.Instant = at.Truncate(24 * time.Hour).Add(12 * time.Hour)
			}

			for _, a := range assignments(t, cast(t, b), o) {
				task, err := newTask(&a)
				if err != nil {
					t.Fatal(err)
				}

				for _, f := range slices.Concat(task.Own, task.Rest) {
					for c, words := range claimsOf("Here " + f.Name + ", in your chart.") {
						claimed++

						if !task.truth[c] {
							t.Errorf("%d, known %t, %s: %q may not be claimed", year, known, a.Kind, words)
						}
					}
				}

				for _, p := range a.Source.Paragraphs {
					for _, s := range p.Sentences {
						for c, words := range claimsOf(s.Text) {
							claimed++

							if !task.truth[c] {
								t.Errorf("%d, known %t, %s: the built-in engine says %q: %s", year, known, a.Kind, words, s.Text)
							}
						}
					}
				}
			}
		}
	}

	if claimed < 1000 {
		t.Errorf("only %d claims were looked at", claimed)
	}
}

func TestLengthsAndFactorsAreChecked(t *testing.T) {
	a := overview(t)

	task, err := newTask(&a)
	if err != nil {
		t.Fatal(err)
	}

	for want, bad := range map[string]*answer{
		"words, where about": sayings("Too short."),
		"characters":         sayings(strings.Repeat("x", maxSentence+1)),
		"names no factor":    {text: `{"title":"T","paragraphs":[{"sentences":[{"text":"A.","because":[]}]}]}`, said: "A."},
		"title":              {text: `{"paragraphs":[{"sentences":[{"text":"A.","because":["f1"]}]}]}`, said: "A."},
		"without sentences":  {text: `{"title":"T","paragraphs":[{"sentences":[]}]}`},
		"twice":              {text: `{"title":"T","paragraphs":[{"sentences":[{"text":"A.","Text":"B.","because":["f1"]}]}]}`, said: "A."},
		"one JSON object":    {text: `{"title":"T","paragraphs":[{"sentences":"no"}]}`},
	} {
		if _, problem := task.check(bad); !strings.Contains(problem, want) {
			t.Errorf("want a problem with %q, got %q", want, problem)
		}
	}
}

// FuzzAnswer holds what is accepted to its promises, whatever a model answers.
func FuzzAnswer(f *testing.F) {
	a := overview(f)

	task, err := newTask(&a)
	if err != nil {
		f.Fatal(err)
	}

	good := sayings(strings.Split(strings.Repeat("This is a sentence of some words that says so.|", task.Words/9), "|")[:task.Words/9]...).text
	f.Add(good, uint8(5))
	f.Add("Well: "+strings.Replace(good, "text", "Text", 1)+" }", uint8(1))
	f.Add(strings.Replace(good, "This is", `\ud83c\n\u0000 This is`, 1), uint8(200))
	f.Fuzz(func(t *testing.T, text string, step uint8) {
		got := answer{text: text, finish: "stop"}

		var s scanner

		for rest := text; rest != ""; {
			n := min(int(step)+1, len(rest))
			s.write(rest[:n])
			rest = rest[n:]
		}

		got.said = s.text()

		section, problem := task.check(&got)
		if problem != "" {
			return
		}

		if heard := textOf(&section); heard != got.said {
			t.Fatalf("want the section to be what was heard, %q, got %q", got.said, heard)
		}

		for _, p := range section.Paragraphs {
			for _, sentence := range p.Sentences {
				if sentence.Text == "" || len(sentence.Because) == 0 || strings.HasPrefix(sentence.Because[0], "f1") {
					t.Fatalf("want sentences with the names of their factors, got %+v", sentence)
				}
			}
		}
	})
}
