package gazetteer

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// testdata/searches.tsv holds what a person would expect to find, first or, where the query is ambiguous, among the first three.
func TestSearchFindsWhatAPersonMeans(t *testing.T) {
	g := open(t)

	text, err := os.ReadFile("testdata/searches.tsv")
	if err != nil {
		t.Fatal(err)
	}

	n := 0

	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}

		f := strings.Split(strings.TrimSpace(line), "\t")
		id, _ := strconv.Atoi(f[1])
		among, _ := strconv.Atoi(f[2])
		n++

		t.Run(f[0], func(t *testing.T) {
			got, err := g.Search(f[0], 10)
			if err != nil {
				t.Fatal(err)
			}

			if at := slices.IndexFunc(got, func(m Match) bool { return m.ID == id }); at < 0 || at >= among {
				t.Errorf("want %s (%d) among the first %d, got it at %d of %v", f[3], id, among, at, labels(got))
			}
		})
	}

	if n < 120 {
		t.Errorf("want at least 120 queries, got %d", n)
	}
}

func labels(matches []Match) []string {
	list := make([]string, len(matches))
	for i, m := range matches {
		list[i] = m.Name + "/" + m.MatchedName + ", " + m.Admin1 + ", " + m.CountryCode
	}

	return list
}
