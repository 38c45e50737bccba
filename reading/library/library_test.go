package library

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func loaded(t *testing.T) *Library {
	t.Helper()

	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}

	return l
}

// all returns every fragment, in the order of files and ids.
func all(l *Library) []Fragment {
	var fragments []Fragment
	for _, wordings := range l.fragments {
		fragments = append(fragments, wordings...)
	}

	slices.SortFunc(fragments, func(a, b Fragment) int { return strings.Compare(a.File+string(a.ID), b.File+string(b.ID)) })

	return fragments
}

// sayings returns the texts of all phrases and words, by where they stand.
func sayings(l *Library) map[string][]string {
	texts := map[string][]string{}

	for group, phrases := range l.phrases {
		for _, p := range phrases {
			texts[group] = append(texts[group], p.Text)
		}
	}

	for key, word := range l.words {
		texts[key] = append(texts[key], word)
	}

	return texts
}

var wordPattern = regexp.MustCompile(`[A-Za-z0-9'-]+`)

func wordsOf(text string) []string {
	words := wordPattern.FindAllString(text, -1)
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}

	return words
}

// forbidden are words that no text may have: what sounds like fate; health, death, law, money and birth-giving; a gender; jargon.
var forbidden = strings.Fields(`
	will doomed always never fate fated destined destiny must cursed curse inevitable inevitably
	health healthy ill illness sick sickness disease medicine medical heal heals healing healer cure remedy doctor symptom diagnosis therapy body surgery nerves
	nervous pain wound wounds wounded scar
	death die dies dying dead deadly kill kills killing grave graves suicide blood
	law laws legal lawyer court judge judges verdict trial jury crime guilty prison
	money wealth wealthy rich riches salary income debt debts invest investment finance financial bank cash
	pregnant pregnancy fertility birthing
	he she his her him hers himself herself man woman men women mother father husband wife king queen boy girl lady sir`)

// jargon is what fragments leave to the phrases before them.
var jargon = strings.Fields(`house houses ruler rulership exalted detriment cardinal fixed mutable natal aspect aspects transit transits conjunction trine square sextile`)

func TestTheLibraryIsComplete(t *testing.T) {
	l := loaded(t)
	if got := len(all(l)); got < 750 {
		t.Errorf("%d fragments, want at least the 750 that were written", got)
	}
}

func TestFragmentsHaveThirtyToSixtyWords(t *testing.T) {
	for _, f := range all(loaded(t)) {
		if n := len(strings.Fields(f.Text)); n < 30 || n > 60 {
			t.Errorf("%s: %s has %d words", f.File, f.ID, n)
		}

		if n := len(f.Sentences); n < 1 || n > 4 {
			t.Errorf("%s: %s has %d sentences, want 1 to 4", f.File, f.ID, n)
		}

		if strings.Join(f.Sentences, " ") != f.Text {
			t.Errorf("%s: %s does not end with a full stop", f.File, f.ID)
		}
	}
}

var braces = regexp.MustCompile(`\{[a-zA-Z-]+\}`)

func TestNoTextHasForbiddenWords(t *testing.T) {
	l := loaded(t)

	for _, f := range all(l) {
		for _, w := range wordsOf(f.Text) {
			if slices.Contains(forbidden, w) || slices.Contains(jargon, w) && f.File != "balance.yaml" {
				t.Errorf("%s: %s says %q, which no text may", f.File, f.ID, w)
			}
		}
	}

	for group, texts := range sayings(l) {
		for _, text := range texts {
			for _, w := range wordsOf(braces.ReplaceAllString(text, "")) {
				if slices.Contains(forbidden, w) {
					t.Errorf("phrases.yaml: %s says %q, which no text may", group, w)
				}
			}
		}
	}
}

var british = regexp.MustCompile(`(?i)\b\w*(colour|honour|favour|labour|humour|neighbour|centre|theatre|realis[ei]|organis[ei]|recognis[ei]|travell|grey|behaviour|practis)\w*`)

func TestTextsAreAmericanAndPlain(t *testing.T) {
	l := loaded(t)

	check := func(where, text string) {
		if word := british.FindString(text); word != "" {
			t.Errorf("%s: %q is not spelled the American way", where, word)
		}

		for _, r := range text {
			if r > '~' || r < ' ' {
				t.Errorf("%s: %q is no plain character", where, r)
			}
		}

		if strings.Contains(text, "  ") {
			t.Errorf("%s: two spaces in a row", where)
		}
	}

	for _, f := range all(l) {
		check(f.File+": "+string(f.ID), f.Text)
	}

	for group, texts := range sayings(l) {
		for _, text := range texts {
			check("phrases.yaml: "+group, text)
		}
	}
}

func TestFragmentsOfAFileOpenDifferently(t *testing.T) {
	type opening struct{ file, words string }

	seen := map[opening]ID{}
	you, count := map[string]int{}, map[string]int{}

	for _, f := range all(loaded(t)) {
		words := wordsOf(f.Text)
		o := opening{f.File, strings.Join(words[:3], " ")}

		if other, twice := seen[o]; twice {
			t.Errorf("%s: %s and %s both open with %q", f.File, other, f.ID, o.words)
		}

		seen[o] = f.ID
		count[f.File]++

		if words[0] == "you" {
			you[f.File]++
		}
	}

	for file, n := range you {
		if n > max(1, count[file]/8) {
			t.Errorf("%s: %d of %d fragments begin with \"You\", want one in eight at most", file, n, count[file])
		}
	}
}

func TestNoSentenceStandsInTwoFragments(t *testing.T) {
	seen := map[string]ID{}

	for _, f := range all(loaded(t)) {
		for _, s := range f.Sentences {
			if other, twice := seen[s]; twice {
				t.Errorf("%s and %s share a sentence: %s", other, f.ID, s)
			}

			seen[s] = f.ID
		}
	}
}

func TestEveryGroupCanBegin(t *testing.T) {
	l := loaded(t)
	for group := range l.phrases {
		if !slices.ContainsFunc(l.Phrases(group), func(p Phrase) bool { return !p.Follows }) {
			t.Errorf("%s has no phrase that can be the first", group)
		}
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"without a version":       "fragments:\n  - id: closing\n    text: Some words.\n",
		"with an unknown field":   "version: 1\nfragmants: []\n",
		"with an id twice":        "version: 1\nfragments:\n  - id: closing\n    text: One.\n  - id: closing\n    text: Two.\n",
		"with a wording left out": "version: 1\nfragments:\n  - id: closing.2\n    text: Two.\n",
		"that is no YAML":         "version: [1\n",
	} {
		if _, err := load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}); err == nil {
			t.Errorf("a file %s was accepted", name)
		}
	}
}

func TestWhatIsMissingOrUnknownIsNamed(t *testing.T) {
	l, err := load(fstest.MapFS{"a.yaml": {Data: []byte("version: 1\nfragments:\n  - id: sun-in-arles\n    text: A slip of the pen.\n")}})
	if err != nil {
		t.Fatal(err)
	}

	err = l.complete()
	for _, want := range []string{"sun-in-aries is missing (a.yaml)", "sun-in-arles: no chart asks for it (a.yaml)", "the word topic-1 is missing (phrases.yaml)"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in: %.200v", want, err)
		}
	}
}

func TestTheVersionIsThatOfTheTexts(t *testing.T) {
	version := func(text string) string {
		l, err := load(fstest.MapFS{"a.yaml": {Data: []byte("version: 1\nfragments:\n  - id: closing\n    text: " + text)}})
		if err != nil {
			t.Fatal(err)
		}

		return l.Version()
	}

	one, again, two := version("One."), version("One."), version("Two.")
	if one != again || one == two {
		t.Errorf("%s, %s and %s: want the same for the same text only", one, again, two)
	}
}

func TestTextsSplitIntoSentences(t *testing.T) {
	got := sentences(`Who asks? You do. "Too much," they said; fine! And so on.`)
	want := []string{"Who asks?", "You do.", `"Too much," they said; fine!`, "And so on."}

	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
