package gazetteer

// What was on the soil of empires and unions.
const (
	germanSoil   = "DE PL FR RU LT DK"
	austrianSoil = "AT HU CZ SK PL UA RO HR SI BA IT RS ME"
	hungarySoil  = "HU SK RO UA HR RS AT SI"
	russianSoil  = "RU UA BY PL LT LV EE FI MD GE AM AZ KZ UZ KG TJ TM"
	sovietSoil   = "RU UA BY LT LV EE MD GE AM AZ KZ UZ KG TJ TM"
	yugoslavSoil = "RS HR SI BA ME MK XK"
	ottomanSoil  = "TR GR BG MK AL RS XK BA ME RO SY LB IL PS JO IQ SA YE EG LY TN CY"
	indianSoil   = "IN PK BD MM"
)

// formerCountries are the present countries, in one of which a place lies that is said to lie in a state that is no more, by its folded name. Borders
// moved; the lists are of what they ever held in the years that charts are cast for.
var formerCountries = map[string]string{
	"german empire": germanSoil, "kingdom of prussia": germanSoil, "prussia": germanSoil, "weimar republic": germanSoil, "nazi germany": germanSoil + " AT CZ",
	"german reich": germanSoil, "german confederation": germanSoil + " AT CZ SI IT LU", "north german confederation": germanSoil,
	"west germany": "DE", "east germany": "DE", "gdr": "DE", "allied occupied germany": "DE", "kingdom of bavaria": "DE", "kingdom of wurttemberg": "DE",
	"kingdom of saxony": "DE", "grand duchy of baden": "DE", "kingdom of hanover": "DE", "federal republic of germany": "DE", "german democratic republic": "DE",
	"austria hungary": austrianSoil, "austro hungarian empire": austrianSoil, "austrian empire": austrianSoil, "kingdom of bohemia": "CZ", "bohemia": "CZ", "moravia": "CZ",
	"kingdom of hungary": hungarySoil, "galicia": "PL UA ES", "silesia": "PL CZ DE", "transylvania": "RO", "czechoslovakia": "CZ SK UA",
	"russian empire": russianSoil, "soviet union": sovietSoil, "ussr": sovietSoil, "russian sfsr": "RU", "soviet russia": "RU", "ukrainian ssr": "UA",
	"byelorussian ssr": "BY", "georgian ssr": "GE", "armenian ssr": "AM", "azerbaijan ssr": "AZ", "kazakh ssr": "KZ", "uzbek ssr": "UZ", "latvian ssr": "LV",
	"lithuanian ssr": "LT", "estonian ssr": "EE", "moldavian ssr": "MD", "congress poland": "PL LT", "kingdom of poland": "PL LT", "grand duchy of finland": "FI RU",
	"second polish republic": "PL UA BY LT", "polish peoples republic": "PL",
	"yugoslavia": yugoslavSoil, "sfr yugoslavia": yugoslavSoil, "fpr yugoslavia": yugoslavSoil, "kingdom of yugoslavia": yugoslavSoil, "serbia and montenegro": "RS ME XK",
	"ottoman empire": ottomanSoil, "ottoman syria": "SY LB IL PS JO", "mandatory palestine": "IL PS JO", "palestine": "PS IL",
	"kingdom of italy": "IT SI HR", "papal states": "IT", "kingdom of sardinia": "IT FR", "kingdom of the two sicilies": "IT", "grand duchy of tuscany": "IT",
	"united kingdom of great britain and ireland": "GB IE", "irish free state": "IE", "republic of ireland": "IE", "british india": indianSoil, "british raj": indianSoil,
	"ceylon": "LK", "british hong kong": "HK", "british ceylon": "LK", "straits settlements": "SG MY", "british malaya": "MY SG", "union of south africa": "ZA NA",
	"cape colony": "ZA", "rhodesia": "ZW", "southern rhodesia": "ZW", "northern rhodesia": "ZM", "gold coast": "GH", "tanganyika": "TZ", "zanzibar": "TZ",
	"french algeria": "DZ", "french indochina": "VN LA KH", "french third republic": "FR", "second french empire": "FR", "kingdom of france": "FR",
	"south vietnam": "VN", "north vietnam": "VN", "dutch east indies": "ID", "upper volta": "BF", "dahomey": "BJ", "siam": "TH",
	"empire of japan": "JP KR KP TW", "japanese empire": "JP KR KP TW", "korea under japanese rule": "KR KP", "korea": "KR KP", "qing dynasty": "CN MN TW", "qing empire": "CN MN TW",
	"republic of china": "CN TW", "empire of brazil": "BR", "confederate states": "US", "kingdom of hawaii": "US", "territory of hawaii": "US",
	"indian territory": "US", "oklahoma territory": "US", "utah territory": "US", "dakota territory": "US", "newfoundland colony": "CA", "dominion of newfoundland": "CA",
	"abyssinia": "ET", "ethiopian empire": "ET", "sublime state of persia": "IR", "pahlavi iran": "IR", "kingdom of romania": "RO MD UA BG", "kingdom of serbia": "RS MK XK",
	"kingdom of greece": "GR", "kingdom of egypt": "EG", "khedivate of egypt": "EG", "danzig": "PL", "free city of danzig": "PL", "crimea": "UA RU",
}
