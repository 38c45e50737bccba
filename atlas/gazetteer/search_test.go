package gazetteer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sidereal/fault"
)

// A place is among the first ten for its own name and country, unless ten that are at least as important bear the same name there.
func TestEveryPlaceIsFoundByItsNameAndCountry(t *testing.T) {
	g := open(t)
	random := rand.New(rand.NewPCG(1, 2))
	crowded := 0

	for range 1500 {
		number := random.IntN(g.Len())
		place, _ := g.place(number)
		query := place.Name + ", " + place.Country

		got, err := g.Search(query, 10)
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}

		if slices.ContainsFunc(got, func(m Match) bool { return m.ID == place.ID }) {
			continue
		}

		crowded++

		for _, m := range got {
			rank := g.ranks[slices.Index(g.ids, uint32(m.ID))]
			if m.CountryCode != place.CountryCode || rank < g.ranks[number] || len(got) < 10 {
				t.Errorf("%q (%d) is not among %v", query, place.ID, labels(got))

				break
			}
		}
	}

	if crowded > 75 { // 5 %
		t.Errorf("%d of 1500 places hide behind ten of the same name", crowded)
	}
}

func TestSearchRefusesWhatIsNoQuery(t *testing.T) {
	g := open(t)

	for name, query := range map[string]string{
		"an empty query":            "",
		"spaces only":               " \t "[:1],
		"a control character":       "par\x00is",
		"a line end":                "paris\n",
		"over 200 characters":       strings.Repeat("ü", 201),
		"what is no UTF-8":          "par\xffis",
		"a C1 control character":    "par\u0085is",
		"an overlong UTF-8 letter":  "\xc0\xaf",
		"a lone surrogate in UTF-8": "\xed\xa0\x80",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := g.Search(query, 5)
			if f, ok := fault.As(err); !ok || f.Code != fault.ValidationFailed || f.Field != "search" {
				t.Errorf("want VALIDATION_FAILED of the field search, got %v", err)
			}
		})
	}
}

func TestSearchWithoutLettersFindsNothing(t *testing.T) {
	g := open(t)

	for _, query := range []string{"?", "…", ", ,", "'", "🙂", "-"} {
		if got, err := g.Search(query, 5); err != nil || len(got) > 0 {
			t.Errorf("%q: want nothing, got %v, %v", query, labels(got), err)
		}
	}
}

func TestSearchTakesTheLimitIntoBounds(t *testing.T) {
	g := open(t)

	for limit, want := range map[int]int{-3: 1, 0: 1, 1: 1, 7: 7, 50: 50, 1000: 50} {
		if got, err := g.Search("san", limit); err != nil || len(got) != want {
			t.Errorf("limit %d: want %d matches, got %d, %v", limit, want, len(got), err)
		}
	}
}

// The best of a short list are the beginning of a long one: the limit cuts, and does not choose.
func TestSearchOrderDoesNotDependOnTheLimit(t *testing.T) {
	g := open(t)

	for _, q := range queries {
		long, err := g.Search(q.query, 50)
		if err != nil {
			t.Fatal(err)
		}

		short, _ := g.Search(q.query, 3)
		if want, got := labels(long[:min(3, len(long))]), labels(short); !slices.Equal(want, got) {
			t.Errorf("%s: want %v, got %v", q.name, want, got)
		}
	}
}

func TestSearchSaysByWhichNameItFound(t *testing.T) {
	g := open(t)

	for query, want := range map[string]string{
		"münchen": "München", "Москва": "Москва", "東京": "東京", "roma": "Roma", "peking": "Peking", "munich": "Munich", "sao pau": "São Paulo", "barcelna": "Barcelona",
		"new yrok": "New York City", "constantinople": "Constantinople",
	} {
		got, err := g.Search(query, 1)
		if err != nil || len(got) != 1 || got[0].MatchedName != want {
			t.Errorf("%q: want %q, got %v, %v", query, want, labels(got), err)
		}
	}
}

func TestSearchIsTheSameForManyAtOnce(t *testing.T) {
	g := open(t)
	done := make(chan error)

	want, err := g.Search("san jo", 10)
	if err != nil {
		t.Fatal(err)
	}

	const askers = 8

	for range askers {
		go func() {
			for _, q := range queries {
				if _, err := g.Search(q.query, 10); err != nil {
					done <- err

					return
				}
			}

			got, err := g.Search("san jo", 10)
			if err == nil && !slices.Equal(want, got) {
				err = fmt.Errorf("want %v, got %v", labels(want), labels(got))
			}

			done <- err
		}()
	}

	for range askers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, q := range queries {
		f.Add(q.query, 5)
	}

	for _, seed := range []string{"", "a,", ",a", "St. John's", "ａｂｃ", "İstanbul", "ﷺ", "\u0301", "가", "x\u200by", "paris, , texas", "1 2 3"} {
		f.Add(seed, 50)
	}

	g := open(f)

	f.Fuzz(func(t *testing.T, query string, limit int) {
		got, err := g.Search(query, limit)
		if err != nil {
			if fault.CodeOf(err) != fault.ValidationFailed {
				t.Errorf("%q: %v", query, err)
			}

			return
		}

		ids := make(map[int]bool)
		for _, m := range got {
			if ids[m.ID] || m.Name == "" || m.MatchedName == "" || m.Zone == "" || m.Country == "" {
				t.Errorf("%q: %+v is repeated or not whole", query, m)
			}

			ids[m.ID] = true
		}

		if len(got) > maxLimit {
			t.Errorf("%q: %d matches", query, len(got))
		}
	})
}
