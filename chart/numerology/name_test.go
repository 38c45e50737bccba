package numerology_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sidereal/chart/numerology"
	"sidereal/fault"
)

func nameOf(t *testing.T, text string) numerology.Name {
	t.Helper()

	n, err := numerology.OfName(text)
	if err != nil {
		t.Fatal(err)
	}

	return n
}

func TestNamesAreCountedByTheirLetters(t *testing.T) {
	tests := []struct{ name, text, expression, soulUrge, personality string }{
		{"20 and 24 are 44; vowels 15; consonants 29, a master number", "John Smith", "8", "6", "11/2"},
		{"case and blanks do not count", "  jOHN\u00a0 smITH. ", "8", "6", "11/2"},
		{"all letters make 45, 45 and 36", "abcdefghijklmnopqrstuvwxyz", "9", "6", "3"},
		{"a master number as it stands: 9 + 2", "ik", "11/2", "9", "2"},
		{"33 stands: 5 + 9 + 5 + 9 + 5", "eieie", "33/6", "33/6", ""},
		{"Y is a consonant", "Lynn", "2", "", "2"},
		{"digits and hyphens do not count", "Anna-Lena 2.", "8", "8", "9"},
	}

	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := nameOf(t, tt.text)
			for part, pair := range map[string]struct {
				want string
				got  numerology.NameNumber
			}{"expression": {tt.expression, n.Expression}, "soul urge": {tt.soulUrge, n.SoulUrge}, "personality": {tt.personality, n.Personality}} {
				if pair.want == "" {
					if pair.got.Known() || pair.got.Reason == "" {
						t.Errorf("%s: want none and a reason, got %+v", part, pair.got)
					}

					continue
				}

				if got := pair.got.Number.String(); got != pair.want || pair.got.Reason != "" {
					t.Errorf("%s: want %s, got %s (%s) of %s", part, pair.want, got, pair.got.Reason, n.Letters)
				}
			}
		})
	}
}

func TestNamesOfOtherLettersAreRomanised(t *testing.T) {
	tests := map[string]string{
		"Jürgen Groß":       "JURGENGROSS",
		"GROẞ":              "GROSS",
		"Søren Ærø":         "SORENAERO",
		"Łukasz Żółć":       "LUKASZZOLC",
		"Þórður Ðór":        "THORDURDOR",
		"İstanbul Işık":     "ISTANBULISIK",
		"Nguyễn Thị Đào":    "NGUYENTHIDAO",
		"Beyoncé Knowles":   "BEYONCEKNOWLES",
		"O’Neil-Smith, Jr.": "ONEILSMITHJR",
		"Hawaiʻi":           "HAWAII",
		"ＪＯＨＮ":              "JOHN",
		"ﬁona ĳs":           "FIONAIJS",
		"zero\u200dwidth":   "ZEROWIDTH",
		"Пётр Чайковский":   "PETRCHAIKOVSKII",
		"Юрий Гагарин":      "IURIIGAGARIN",
		"Щедрин Объездов Гоголь":  "SHCHEDRINOBIEEZDOVGOGOL",
		"Їжак Єва Ґалаґан":        "IZHAKIEVAGALAGAN",
		"Новак Ђоковић":           "NOVAKDOKOVIC",
		"Нұрсұлтан Әбішұлы":       "NURSULTANABISHULY",
		"Γιώργος Παπανδρέου":      "GIORGOSPAPANDREOU",
		"Ευαγγελία Μπούμπα":       "EVANGELIABOUMPA",
		"Αύγουστος Ελευθέριος":    "AVGOUSTOSELEFTHERIOS",
		"Μαΐου Προϋπολογισμός":    "MAIOUPROYPOLOGISMOS",
		"Σφίγξ Σύγχρονος άυλος":   "SFINXSYNCHRONOSAYLOS",
		"Kurt Wojciech Кузнецов":  "KURTWOJCIECHKUZNETSOV",
		"Cafe\u0301 A\u0308ndern": "CAFEANDERN",
	}

	for text, want := range tests {
		for _, form := range []string{norm.NFC.String(text), norm.NFD.String(text)} {
			if got := nameOf(t, form).Letters; got != want {
				t.Errorf("%s (%+q): want %s, got %s", text, form, want, got)
			}
		}
	}
}

func TestNamesInOtherScriptsHaveAReasonAndNoNumber(t *testing.T) {
	tests := map[string]string{
		"山田太郎": "Han", "やまだ": "Hiragana", "محمد": "Arabic", "דוד": "Hebrew", "김정은": "Hangul", "สมชาย": "Thai", "राम": "Devanagari", "გიორგი": "Georgian",
		"山田 Taro": "Han", "Taro 山": "Han",
	}

	for text, script := range tests {
		n := nameOf(t, text)
		for _, number := range []numerology.NameNumber{n.Expression, n.SoulUrge, n.Personality} {
			if number.Known() || !strings.Contains(number.Reason, script) || n.Letters != "" {
				t.Errorf("%s: want no number and a reason that names %s, got %+v", text, script, n)
			}
		}
	}
}

func TestNamesWithoutLettersHaveNoNumber(t *testing.T) {
	for _, text := range []string{"123", "-", "🙂", "\u0301"} {
		if n := nameOf(t, text); n.Expression.Known() || n.Expression.Reason == "" {
			t.Errorf("%q: %+v", text, n)
		}
	}
}

func TestBadNamesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "blank": " \u00a0\u3000", "10 000 characters": strings.Repeat("a", 10_000), "201 characters": strings.Repeat("ß", 201),
		"a control character": "John\x00Smith", "a line break": "John\nSmith", "a C1 control": "John\u0085", "not UTF-8": "John\xff",
	} {
		if _, err := numerology.OfName(text); fault.CodeOf(err) != fault.ValidationFailed {
			t.Errorf("%s: want a fault, got %v", name, err)
		} else if f, _ := fault.As(err); f.Field != "name" {
			t.Errorf("%s: want the field name, got %q", name, f.Field)
		}
	}

	if _, err := numerology.OfName(strings.Repeat("ß", 200)); err != nil {
		t.Errorf("200 characters are no fault: %v", err)
	}
}

func FuzzOfName(f *testing.F) {
	for _, seed := range []string{"John Smith", "Ευαγγελία", "Пётр", "山田", "e\u0301", "", "\xff", "μπ", "αυ", "\u0301υ", "ΓΓ"} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, text string) {
		n, err := numerology.OfName(text)
		if err != nil {
			if fault.CodeOf(err) != fault.ValidationFailed {
				t.Fatal(err)
			}

			return
		}

		if !utf8.ValidString(text) || strings.Trim(n.Letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			t.Fatalf("%q became %q", text, n.Letters)
		}

		for _, number := range []numerology.NameNumber{n.Expression, n.SoulUrge, n.Personality} {
			if number.Known() == (number.Reason != "") || number.Number < 0 || number.Number > 33 {
				t.Fatalf("%q: %+v", text, number)
			}
		}

		if known := n.Letters != ""; known != n.Expression.Known() {
			t.Fatalf("%q: %+v", text, n)
		}
	})
}

func BenchmarkOfName(b *testing.B) {
	b.ReportAllocs()

	for b.Loop() {
		if _, err := numerology.OfName("Nguyễn Thị Minh Khai"); err != nil {
			b.Fatal(err)
		}
	}
}
