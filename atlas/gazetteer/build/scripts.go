package main

import "unicode"

// scripts are those besides Latin that a country's places are written in.
var scripts = scriptsByCountry()

func scriptsByCountry() map[string][]*unicode.RangeTable {
	table := map[string][]*unicode.RangeTable{
		"JP": {unicode.Han, unicode.Hiragana, unicode.Katakana},
		"IN": {unicode.Devanagari, unicode.Bengali, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Gujarati, unicode.Gurmukhi, unicode.Oriya, unicode.Arabic},
		"IL": {unicode.Hebrew, unicode.Arabic}, "PS": {unicode.Arabic, unicode.Hebrew},
		"LK": {unicode.Sinhala, unicode.Tamil}, "KZ": {unicode.Cyrillic, unicode.Arabic}, "TJ": {unicode.Cyrillic, unicode.Arabic},
		"CY": {unicode.Greek}, "GR": {unicode.Greek}, "AM": {unicode.Armenian}, "GE": {unicode.Georgian, unicode.Cyrillic}, "TH": {unicode.Thai},
		"KH": {unicode.Khmer}, "LA": {unicode.Lao}, "MM": {unicode.Myanmar}, "NP": {unicode.Devanagari}, "BD": {unicode.Bengali}, "BT": {unicode.Tibetan},
		"ET": {unicode.Ethiopic}, "ER": {unicode.Ethiopic, unicode.Arabic}, "MV": {unicode.Thaana}, "MN": {unicode.Cyrillic},
		"KR": {unicode.Hangul, unicode.Han}, "KP": {unicode.Hangul, unicode.Han}, "SG": {unicode.Han}, "VN": {unicode.Han},
	}

	for _, group := range []struct {
		script    *unicode.RangeTable
		countries []string
	}{
		{unicode.Cyrillic, []string{"RU", "UA", "BY", "BG", "RS", "MK", "ME", "BA", "KG", "UZ", "AZ", "TM", "MD", "XK"}},
		{unicode.Arabic, []string{
			"SA", "AE", "QA", "BH", "KW", "OM", "YE", "IQ", "SY", "LB", "JO", "EG", "SD", "LY", "TN", "DZ", "MA", "MR", "EH", "IR", "AF", "PK", "DJ", "SO", "TD", "KM",
		}},
		{unicode.Han, []string{"CN", "TW", "HK", "MO"}},
	} {
		for _, country := range group.countries {
			table[country] = append(table[country], group.script)
		}
	}

	return table
}
