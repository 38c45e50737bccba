package gazetteer

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWordsFoldWhatPeopleTypeInDifferentWays(t *testing.T) {
	for text, want := range map[string]string{
		"São Paulo": "sao paulo", "ŁÓDŹ": "lodz", "Großglockner": "grossglockner", "Tromsø": "tromso", "Đà Nẵng": "da nang", "Æbeltoft": "aebeltoft",
		"İstanbul": "istanbul", "Iğdır": "igdir", "Xi’an": "xian", "L'Aquila": "laquila", "Aix-en-Provence": "aix en provence", "St. John's": "st johns",
		"Ｔｏｋｙｏ": "tokyo", "ﬁrenze": "firenze", "東京": "東京", "ガンジ": "ガンジ", "서울": "서울", "दिल्ली": "दिल्ली", "القَاهِرَة": "القاهرة", "Αθήνα": "αθηνα",
		"Йошкар-Ола": "иошкар ола", "กรุงเทพ": "กรุงเทพ", "Þórshöfn": "thorshofn", "  a\u00a0b  ": "a b", "…": "", "Ivano-Frankivs’k": "ivano frankivsk",
	} {
		if got := strings.Join(Words(text), " "); got != want {
			t.Errorf("%q: want %q, got %q", text, want, got)
		}
	}
}

func TestWordsOfWordsAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		want := Words(text)

		if got := Words(strings.Join(want, " ")); !slices.Equal(want, got) {
			t.Errorf("%q: folded once %q, twice %q", text, want, got)
		}
	})
}

func TestSpellings(t *testing.T) {
	for name, want := range map[string][]string{
		"Paris":           {"paris"},
		"L'Aquila":        {"laquila", "l aquila"},
		"St. Pölten":      {"st polten", "st poelten", "saint polten", "saint poelten"},
		"Mount Pleasant":  {"mount pleasant", "mt pleasant"},
		"Sainte-Foy":      {"sainte foy", "ste foy"},
		"Coeur d'Alene":   {"coeur dalene", "coeur d alene"},
		"'s-Gravenhage":   {"s gravenhage"},
		"Fort Wayne City": {"fort wayne city", "ft wayne city"},
	} {
		var got []string
		for _, words := range spellings(name, true) {
			got = append(got, strings.Join(words, " "))
		}

		if !slices.Equal(want, got) {
			t.Errorf("%s: want %q, got %q", name, want, got)
		}
	}
}
