package compose

import (
	"slices"
	"strings"
	"testing"

	"sidereal/chart"
	"sidereal/reading/library"
)

func TestPhrasesAreFilled(t *testing.T) {
	with := fill{"body": "the Moon", "a-kind": "an opposition", "when": ""}

	for text, want := range map[string]string{
		"{Body} makes {a-kind}{when}.": "The Moon makes an opposition.",
		"{A-kind} of {body}.":          "An opposition of the Moon.",
		"Nothing to fill.":             "Nothing to fill.",
	} {
		if got := filled(text, with); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestListsReadAsSentencesDo(t *testing.T) {
	for want, names := range map[string][]string{
		"":                          nil,
		"Mars":                      {"Mars"},
		"Mars and Venus":            {"Mars", "Venus"},
		"Mars, Venus, and the Moon": {"Mars", "Venus", "the Moon"},
	} {
		if got := joined(names); got != want {
			t.Errorf("%v became %q, want %q", names, got, want)
		}
	}
}

// TestEveryPhraseKnowsItsNames holds the names in the braces of phrases to those that the engine fills in, by group.
func TestEveryPhraseKnowsItsNames(t *testing.T) {
	texts, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}

	names := map[string][]string{
		"evidence": {"count", "list"}, "body-in-sign": {"body", "name", "sign", "about"}, "ascendant-in-sign": {"sign"}, "midheaven-in-sign": {"sign"},
		"chart-ruler": {"body"}, "domicile": {"body"}, "exaltation": {"body"}, "detriment": {"body"}, "fall": {"body"},
		"body-in-house": {"body", "name", "house", "topic"}, "body-here": {"body", "name"},
		"cusp": {"sign", "house", "topic"}, "cusp-again": {"sign", "house", "topic"},
		"ruler-elsewhere": {"body", "house"}, "ruler-again": {"body", "house", "topic"}, "ruler-at-home": {"body"},
		"conjunction": pairNames, "flowing": pairNames, "tense": pairNames, "minor": pairNames, "on-angle": {"first", "angle", "close"},
		"close": nil, "close-exact": nil, "figure": {"list", "a-figure"}, "figure-focal": {"list", "a-figure", "focal"}, "figure-again": {"list", "figure"},
		"crowd-in-sign": {"count", "sign", "list"}, "crowd-in-house": {"count", "house", "topic", "list"}, "crowd-again": nil,
		"contrast-signs": {"first", "second", "sign", "other"}, "contrast-aspects": {"body", "friend", "foe"},
		"opening-overview": nil, "opening-planets": nil, "opening-houses": nil, "opening-aspects": nil, "opening-patterns": nil,
		"opening-transits": {"date"}, "opening-synastry": nil, "opening-synthesis": nil, "time-unknown": nil,
		"theme-first": nil, "theme-next": nil, "theme-third": nil,
		"transit": {"body", "target", "kind", "a-kind", "when"}, "transit-now": {"date"}, "transit-past": {"date"}, "transit-none": {"date"},
		"synastry-conjunction": {"first", "second", "close"}, "synastry-flowing": {"first", "second", "kind", "a-kind", "close"},
		"synastry-tense": {"first", "second", "kind", "a-kind", "close"}, "synastry-none": nil, "overlay": {"name", "house", "topic"},
		"resource": {"first", "second"}, "task": {"first", "second"}, "direction": {"sign"},
		"invitation": {"theme"}, "invitation-next": {"theme"}, "invitation-third": {"theme"},
	}

	for group, known := range names {
		phrases := texts.Phrases(group)
		if len(phrases) == 0 {
			t.Errorf("phrases.yaml: there are no phrases %s", group)
		}

		for _, p := range phrases {
			for _, name := range braces(p.Text) {
				if !slices.Contains(known, name) {
					t.Errorf("phrases.yaml: %s: nothing fills {%s} in %q", group, name, p.Text)
				}
			}
		}
	}

	for _, group := range texts.Groups() {
		if _, used := names[group]; !used {
			t.Errorf("phrases.yaml: nothing asks for the phrases %s", group)
		}
	}
}

var pairNames = []string{"first", "second", "part-first", "part-second", "kind", "a-kind", "close"}

func TestSixBodiesASextileApartAreAGrandSextile(t *testing.T) {
	trine := func(bodies ...chart.Body) chart.Pattern { return chart.Pattern{Kind: chart.GrandTrine, Bodies: bodies} }
	opposition := func(a, b chart.Body) chart.Aspect { return chart.Aspect{First: a, Second: b, Kind: chart.Opposition} }

	patterns := []chart.Pattern{trine(chart.Sun, chart.Mars, chart.Neptune), trine(chart.Moon, chart.Saturn, chart.Pluto)}
	aspects := []chart.Aspect{opposition(chart.Sun, chart.Moon), opposition(chart.Mars, chart.Saturn), opposition(chart.Neptune, chart.Pluto)}

	found := grandSextiles(patterns, aspects)
	if len(found) != 1 || len(found[0].Bodies) != 6 || found[0].id != library.GrandSextile {
		t.Errorf("found %v, want one of six bodies", found)
	}

	if found := grandSextiles(patterns, aspects[:2]); len(found) != 0 {
		t.Errorf("two oppositions of three made %v", found)
	}
}

func TestLeadersLeadWhateverTheUncertainOnesAre(t *testing.T) {
	for _, c := range []struct {
		numbers []int
		unsure  int
		want    int
		leads   bool
	}{
		{[]int{5, 3, 2, 1}, 0, 0, true},
		{[]int{4, 4, 2, 1}, 0, 0, false},
		{[]int{2, 5, 3, 0}, 1, 1, true},
		{[]int{2, 4, 4, 0}, 1, 0, false},
		{[]int{2, 5, 4, 0}, 1, 0, false},
	} {
		got, ok := leader(c.numbers, c.unsure)
		if ok != c.leads || ok && got != c.want {
			t.Errorf("%v with %d uncertain: %d, %t; want %d, %t", c.numbers, c.unsure, got, ok, c.want, c.leads)
		}
	}
}

func TestAFigureIsToldOnce(t *testing.T) {
	tSquare := func(bodies ...chart.Body) chart.Pattern { return chart.Pattern{Kind: chart.TSquare, Bodies: bodies} }
	crowd := func(kind chart.PatternKind, bodies ...chart.Body) chart.Pattern {
		return chart.Pattern{Kind: kind, Bodies: bodies}
	}
	found := tSquare(chart.Sun, chart.Moon, chart.Mars)

	for _, c := range []struct {
		found, p chart.Pattern
		want     bool
	}{
		{found, tSquare(chart.Sun, chart.Moon, chart.Pluto), true},
		{found, tSquare(chart.Sun, chart.Venus, chart.Pluto), false},
		{crowd(chart.SignStellium, chart.Sun, chart.Moon, chart.Mars), crowd(chart.HouseStellium, chart.Sun, chart.Moon, chart.Mars), true},
		{crowd(chart.SignStellium, chart.Sun, chart.Moon, chart.Mars), crowd(chart.HouseStellium, chart.Sun, chart.Moon, chart.Venus), false},
		{crowd(chart.SignStellium, chart.Sun, chart.Moon, chart.Mars), crowd(chart.SignStellium, chart.Mercury, chart.Venus, chart.Saturn), false},
	} {
		if got := sameButOne(&c.found, &c.p); got != c.want {
			t.Errorf("%v and %v: %t, want %t", c.found, c.p, got, c.want)
		}
	}
}

// braces returns the names that a phrase has to be filled with, in lower case.
func braces(text string) []string {
	var names []string

	for {
		_, rest, open := strings.Cut(text, "{")
		if !open {
			return names
		}

		name, after, _ := strings.Cut(rest, "}")
		names = append(names, strings.ToLower(name))
		text = after
	}
}
