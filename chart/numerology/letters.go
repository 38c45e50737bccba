package numerology

// romanisations are the letters that are no base letters with marks.
var romanisations = map[rune]string{
	// Latin. Strokes, hooks and dots count as marks; ß, æ, œ, þ and ŋ are two letters.
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ð': "d", 'ø': "o", 'ł': "l", 'đ': "d", 'ħ': "h", 'ı': "i", 'ŧ': "t", 'ŋ': "ng", 'ĸ': "k", 'ə': "e",
	'ɓ': "b", 'ɖ': "d", 'ɗ': "d", 'ɛ': "e", 'ƒ': "f", 'ɠ': "g", 'ǥ': "g", 'ɣ': "g", 'ɨ': "i", 'ɩ': "i", 'ƙ': "k", 'ƚ': "l", 'ɲ': "n", 'ɔ': "o", 'ƥ': "p", 'ʀ': "r", 'ƭ': "t",
	'ʉ': "u", 'ʊ': "u", 'ʋ': "v", 'ƴ': "y", 'ƶ': "z", 'ǝ': "e",

	// Greek, by ELOT 743; pairs are in greekPair.
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p",
	'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",

	// Cyrillic, by ICAO Doc 9303-3, without the exceptions of single languages (Ukrainian г as h, и as y), since the language is not known. й, ё, ї, ў, ѓ
	// and ќ come apart into a letter and its mark, which gives the same.
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "zh", 'з': "z", 'и': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r",
	'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "ie", 'ы': "y", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
	'і': "i", 'є': "ie", 'ґ': "g", 'ђ': "d", 'ѕ': "dz", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz",

	// Cyrillic letters of Kazakh, Kyrgyz, Tatar, Mongolian and others, which the table of ICAO lacks, as the letters that they are made from.
	'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'җ': "zh", 'ҳ': "kh", 'ҷ': "ch", 'ҙ': "z", 'ҫ': "s", 'ҡ': "k", 'ӏ': "",
}
