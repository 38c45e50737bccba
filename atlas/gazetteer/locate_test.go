package gazetteer

import (
	"testing"
)

func TestLocateIsSureOrSilent(t *testing.T) {
	g, err := Open()
	if err != nil {
		t.Fatal(err)
	}

	for _, test := range []struct{ name, text, want string }{
		{"a town with its regions, one of them unknown", "Kingston upon Hull, Humberside, England, UK", "Kingston upon Hull, England, GB"},
		{"a state that is no more", "Ulm, Kingdom of Württemberg, German Empire", "Ulm, Baden-Wurttemberg, DE"},
		{"a town that lies in another country now", "Warsaw, Congress Poland, Russian Empire", "Warsaw, Mazovia, PL"},
		{"another name", "Königsberg, Kingdom of Prussia", "Kaliningrad, Kaliningrad Oblast, RU"},
		{"a hospital in a town", "St. Hospital of X, London, England", "London, England, GB"},
		{"a state that chooses among towns", "Paris, Texas", "Paris, Texas, US"},
		{"a town that outweighs all others of its name", "Paris", "Paris, Île-de-France, FR"},
		{"a town that is a state", "Berlin", "Berlin, State of Berlin, DE"},
		{"a street in a town that is a state", "Charité, Berlin, Germany", "Berlin, State of Berlin, DE"},
		{"an abbreviation", "St. Louis, Missouri, U.S.", "St. Louis, Missouri, US"},
		{"no town: the state would be taken for it", "Unknownville, New York, US", ""},
		{"two towns as likely as each other", "Springfield, USA", ""},
		{"towns of one name without a country", "Birmingham", ""},
		{"a small namesake of what is no town any more", "Elberfeld", ""},
		{"a country", "Canada", ""},
		{"a country and a state", "Georgia", ""},
		{"a state in its country", "Texas, USA", ""},
		{"regions that contradict each other", "Paris, Texas, Germany", ""},
		{"a country that the town does not lie in", "Ulm, France", ""},
		{"a typo", "Lonodn, England", ""},
		{"the beginning of a name", "Frankf, Germany", ""},
		{"what is nowhere", "Xyzzyville", ""},
		{"nothing", " , ", ""},
		{"no text", "\xff\x00", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if p, ok := g.Locate(test.text); ok {
				got = p.Name + ", " + p.Admin1 + ", " + p.CountryCode
			}

			if got != test.want {
				t.Errorf("%q: want %q, got %q", test.text, test.want, got)
			}
		})
	}
}

func FuzzLocate(f *testing.F) {
	g, err := Open()
	if err != nil {
		f.Fatal(err)
	}

	for _, text := range []string{"Paris, Texas", "(,", "x, y, z, German Empire", "Baden-Baden", "Congo"} {
		f.Add(text)
	}

	f.Fuzz(func(t *testing.T, text string) {
		if p, ok := g.Locate(text); ok && (p.ID == 0 || p.Zone == "") {
			t.Errorf("%q is %+v", text, p)
		}
	})
}
