package gazetteer

import (
	"slices"
	"sort"
	"strings"
)

// regions are the countries and states by every name that a search may narrow itself with, in order of key.
type regions []region

type region struct {
	key string // the words of a name or code, joined by spaces
	span
}

// minPartialRegion is how many letters a state or country needs before it may be taken for an unfinished one.
const minPartialRegion = 3

func newRegions(areas []area) regions {
	var found regions

	add := func(name string, s span) {
		for _, words := range spellings(name, false) {
			if len(words) > 0 {
				found = append(found, region{strings.Join(words, " "), s})
			}
		}
	}

	whole := make(map[string]span)

	for _, a := range areas {
		add(a.name, a.span)

		if name := shortAreas[a.country+"."+a.code]; name != "" {
			add(name, a.span)
		}

		if a.country == "US" {
			add(a.code, a.span)
		}

		s, known := whole[a.country]
		if !known {
			s = a.span
		}

		s.end = a.end
		whole[a.country] = s
	}

	for code, s := range whole {
		add(code, s)
		add(countryName(code), s)

		for _, name := range otherCountryNames[code] {
			add(name, s)
		}
	}

	slices.SortFunc(found, func(a, b region) int {
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}

		return a.start - b.start
	})

	return slices.Compact(found)
}

// named returns where the regions lie that words name; partial allows the last word to be unfinished. Several regions may follow each other, the
// narrower and the wider: "texas usa".
func (rs regions) named(words []string, partial bool) []span {
	if len(words) == 0 {
		return nil
	}

	if found := rs.find(strings.Join(words, " "), partial); len(found) > 0 {
		return found
	}

	for i := 1; i < len(words); i++ {
		if found := intersect(rs.find(strings.Join(words[:i], " "), false), rs.named(words[i:], partial)); len(found) > 0 {
			return found
		}
	}

	return nil
}

func (rs regions) find(key string, partial bool) []span {
	at := sort.Search(len(rs), func(i int) bool { return rs[i].key >= key })

	var found []span

	for ; at < len(rs) && rs[at].key == key; at++ {
		found = append(found, rs[at].span)
	}

	if len(found) > 0 || !partial || len(key) < minPartialRegion {
		return found
	}

	for ; at < len(rs) && strings.HasPrefix(rs[at].key, key); at++ {
		found = append(found, rs[at].span)
	}

	return found
}

func intersect(a, b []span) []span {
	var both []span

	for _, s := range a {
		for _, t := range b {
			if common := (span{max(s.start, t.start), min(s.end, t.end)}); common.start < common.end {
				both = append(both, common)
			}
		}
	}

	return both
}

// shortAreas are postal abbreviations of states; those of the United States are GeoNames' own codes.
var shortAreas = map[string]string{
	"CA.01": "AB", "CA.02": "BC", "CA.03": "MB", "CA.04": "NB", "CA.05": "NL", "CA.07": "NS", "CA.08": "ON", "CA.09": "PE", "CA.10": "QC", "CA.11": "SK",
	"CA.12": "YT", "CA.13": "NT", "CA.14": "NU", "AU.01": "ACT", "AU.02": "NSW", "AU.03": "NT", "AU.04": "QLD", "AU.05": "SA", "AU.06": "TAS", "AU.07": "VIC",
	"AU.08": "WA",
}

// otherCountryNames are what people call countries besides the name of the table: official and former names, abbreviations, their own languages.
var otherCountryNames = map[string][]string{
	"AE": {"UAE", "Emirates"}, "AM": {"Hayastan"}, "AR": {"República Argentina"}, "AT": {"Österreich", "Oesterreich"}, "BA": {"Bosnia"}, "BE": {"België", "Belgique", "Belgien"},
	"BG": {"България", "Bulgarien"}, "BR": {"Brasil", "Brasilien"}, "BY": {"Беларусь", "Belorussia"}, "CD": {"Zaire", "Democratic Republic of the Congo", "Congo"},
	"CG": {"Congo"}, "CH": {"Schweiz", "Suisse", "Svizzera"}, "CI": {"Ivory Coast"}, "CN": {"中国", "PRC"}, "CV": {"Cabo Verde"}, "CZ": {"Czech Republic", "Česko", "Tschechien"},
	"DE": {"Deutschland", "Allemagne", "Alemania"}, "DK": {"Danmark"}, "DZ": {"Algérie"}, "EE": {"Eesti"}, "EG": {"مصر"}, "ES": {"España", "Espagne", "Spanien"},
	"FI": {"Suomi"}, "FR": {"Frankreich", "Francia"}, "GB": {"UK", "U.K.", "Great Britain", "Britain"}, "GE": {"Sakartvelo"}, "GR": {"Ελλάδα", "Hellas", "Griechenland"},
	"HR": {"Hrvatska"}, "HU": {"Magyarország", "Ungarn"}, "IE": {"Éire"}, "IL": {"ישראל"}, "IN": {"Bharat", "भारत"}, "IR": {"Persia", "ایران"}, "IS": {"Ísland"},
	"IT": {"Italia", "Italien", "Italie"}, "JP": {"日本", "Nippon"}, "KR": {"Korea", "한국", "대한민국"}, "LT": {"Lietuva"}, "LV": {"Latvija"}, "MA": {"Maroc"}, "MK": {"Macedonia"},
	"MM": {"Burma"}, "MX": {"México", "Mexique"}, "NL": {"Holland", "The Netherlands", "Nederland"}, "NO": {"Norge", "Noreg"}, "PE": {"Perú"}, "PL": {"Polska", "Polen"},
	"RO": {"România"}, "RS": {"Srbija", "Србија"}, "RU": {"Russian Federation", "Россия", "Rossiya"}, "SE": {"Sverige", "Schweden"}, "SI": {"Slovenija"}, "SK": {"Slovensko"},
	"SZ": {"Swaziland"}, "TL": {"East Timor"}, "TR": {"Türkiye"}, "TW": {"台灣", "台湾"}, "UA": {"Україна", "Украина"},
	"US": {"USA", "U.S.", "U.S.A.", "United States of America", "America"}, "VA": {"Vatican", "Holy See"}, "ZA": {"RSA", "Suid-Afrika"},
}
