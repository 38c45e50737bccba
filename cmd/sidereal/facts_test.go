package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// birthWith is the variables of a birth in New York with further fields of the input.
func birthWith(date string, clock any, fields map[string]any) map[string]any {
	variables := birth(date, clock)
	maps.Copy(variables["birth"].(map[string]any), fields)

	return variables
}

// selectFromChart asks for fields of a chart that is calculated.
func selectFromChart(fields string) string {
	return `mutation($birth: BirthInput!) { calculateChart(input: $birth) { chart { ` + fields + ` } } }`
}

// chartOf decodes the chart of a payload.
func (a answer) chartOf(t testing.TB, into any) {
	t.Helper()

	var payload struct {
		CalculateChart struct{ Chart json.RawMessage }
	}

	a.into(t, &payload)

	if err := json.Unmarshal(payload.CalculateChart.Chart, into); err != nil {
		t.Fatal(err)
	}
}

// wantJSON checks what a field of the answer is, as JSON without spaces.
func wantJSON(t *testing.T, want string, got json.RawMessage) {
	t.Helper()

	if string(got) != want {
		t.Errorf("want %s\n got %s", want, got)
	}
}

func TestTheTimeOfBirthIsToldHonestly(t *testing.T) {
	s := start(t, embedded(t))

	for name, test := range map[string]struct {
		variables map[string]any
		want      string
	}{
		"standard time": {
			birth("1990-01-15", "10:30"),
			`STANDARD 0 EST - <nil> GREGORIAN 1990-01-15 <nil> HIGH COORDINATES GIVEN`,
		},
		"daylight saving time": {
			birth("1990-07-15", "10:30"),
			`DAYLIGHT 3600 EDT - <nil> GREGORIAN 1990-07-15 <nil> HIGH COORDINATES GIVEN`,
		},
		"war time": {
			birth("1943-01-15", "10:30"),
			`WAR_TIME 3600 EWT - <nil> GREGORIAN 1943-01-15 <nil> HIGH COORDINATES GIVEN`,
		},
		"local mean time": {
			birth("1880-01-15", "10:30"),
			`LOCAL_MEAN_TIME 0 LMT - <nil> GREGORIAN 1880-01-15 <nil> MEDIUM COORDINATES GIVEN`,
		},
		"shown twice": {
			birthWith("1990-10-28", "01:30", map[string]any{"disambiguation": "LATER"}),
			`STANDARD 0 EST ambiguous LATER GREGORIAN 1990-10-28 <nil> MEDIUM COORDINATES GIVEN`,
		},
		"never shown": {
			birthWith("1990-04-01", "02:30", map[string]any{"disambiguation": "EARLIER"}),
			`DAYLIGHT 3600 EDT skipped EARLIER GREGORIAN 1990-04-01 <nil> LOW COORDINATES GIVEN`,
		},
		"Julian": {
			birthWith("1900-02-29", "10:30", map[string]any{"calendar": "JULIAN"}),
			`STANDARD 0 EST - <nil> JULIAN 1900-03-13 1900-02-29 HIGH COORDINATES GIVEN`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got struct {
				Birth struct {
					Resolution struct {
						Rule, Abbreviation, Calendar, Date, Confidence, PlaceSource, ZoneSource string
						SavingSeconds                                                           int
						Ambiguous, Skipped                                                      bool
						Disambiguation, JulianDate, PlaceID                                     any
						ZoneDistanceKm                                                          any
						Notes                                                                   []string
					}
				}
			}

			s.post(t, selectFromChart(`birth { resolution { rule abbreviation calendar date confidence placeSource zoneSource savingSeconds ambiguous skipped
				disambiguation julianDate placeId zoneDistanceKm notes } }`), test.variables).chartOf(t, &got)

			r := got.Birth.Resolution

			reading := map[[2]bool]string{{}: "-", {true, false}: "ambiguous", {false, true}: "skipped"}[[2]bool{r.Ambiguous, r.Skipped}]
			if have := fmt.Sprint(r.Rule, " ", r.SavingSeconds, " ", r.Abbreviation, " ", reading, " ", r.Disambiguation, " ", r.Calendar, " ", r.Date,
				" ", r.JulianDate, " ", r.Confidence, " ", r.PlaceSource, " ", r.ZoneSource); have != test.want {
				t.Errorf("want %s\n got %s", test.want, have)
			}

			if r.PlaceID != nil || r.ZoneDistanceKm != nil {
				t.Errorf("coordinates have no id and a given zone no distance: %v, %v", r.PlaceID, r.ZoneDistanceKm)
			}

			if r.Confidence != "HIGH" && len(r.Notes) == 0 {
				t.Error("nothing says why the confidence is not high")
			}
		})
	}

	s.post(t, calculate, birth("1900-02-29", "10:30")).wantError(t, "VALIDATION_FAILED", "input.date")
	s.post(t, calculate, birthWith("1900-02-28", "10:30", map[string]any{"calendar": "MAYAN"})).wantError(t, "VALIDATION_FAILED", "input.calendar")
}

func TestWhatADayWithoutATimeLeavesOpen(t *testing.T) {
	s := start(t, embedded(t))

	const fields = `positions(bodies: [SUN, MOON, MERCURY]) { certainty { certain sign changes { localTime from sign } motionCertain turns { localTime retrograde } } }
		aspects { certain } patterns { kind certain } moonPhase { certain } sect sunAltitude dominance { chartRuler } dignities { uncertain triplicity }
		houses { system } angles { vertex { sign } } chineseZodiac { solar { changesAt year { name } alternative { name } } }`

	var got struct {
		Positions, Aspects, Patterns                                   []json.RawMessage
		MoonPhase, Sect, SunAltitude, Dominance, Houses, ChineseZodiac json.RawMessage
		Dignities                                                      []struct{ Uncertain, Triplicity bool }
	}

	// The Sun enters Aquarius at 3:01:33 (8:01:33 UT, by Swiss Ephemeris' and our own reckoning), and Mercury turned direct that night at 23:31:29.
	s.post(t, selectFromChart(fields), birth("1990-01-20", nil)).chartOf(t, &got)

	wantJSON(t, `{"certainty":{"certain":false,"sign":null,"changes":[{"localTime":"03:01:33","from":"CAPRICORN","sign":"AQUARIUS"}],"motionCertain":true,"turns":[]}}`,
		got.Positions[0])
	wantJSON(t, `{"certainty":{"certain":true,"sign":"SCORPIO","changes":[],"motionCertain":true,"turns":[]}}`, got.Positions[1])
	wantJSON(t, `{"certain":false}`, got.MoonPhase)
	wantJSON(t, `null`, got.Sect)
	wantJSON(t, `null`, got.SunAltitude)
	wantJSON(t, `{"chartRuler":null}`, got.Dominance)
	wantJSON(t, `null`, got.Houses)

	open := strings.Count(fmt.Sprintf("%s", got.Aspects), `{"certain":false}`)
	if open == 0 || open == len(got.Aspects) {
		t.Errorf("%d of %d aspects are uncertain", open, len(got.Aspects))
	}

	uncertain := 0

	for _, d := range got.Dignities {
		if d.Uncertain {
			uncertain++
		}

		if d.Triplicity {
			t.Error("a triplicity by an unknown sect")
		}
	}

	if uncertain == 0 {
		t.Error("no dignity is uncertain")
	}

	s.post(t, selectFromChart(fields), birth("1990-01-19", nil)).chartOf(t, &got)
	wantJSON(t, `{"certainty":{"certain":true,"sign":"CAPRICORN","changes":[],"motionCertain":false,"turns":[{"localTime":"23:31:29","retrograde":false}]}}`, got.Positions[2])

	// Lichun of 1990 was at 2:14:00 UT of 4 February, on the evening of the 3rd in New York.
	s.post(t, selectFromChart(fields), birth("1990-02-03", nil)).chartOf(t, &got)
	wantJSON(t, `{"solar":{"changesAt":"1990-02-04T02:14:00Z","year":{"name":"Earth Snake"},"alternative":{"name":"Metal Horse"}}}`, got.ChineseZodiac)

	s.post(t, selectFromChart(fields), birth("1990-01-20", "12:00")).chartOf(t, &got)
	wantJSON(t, `{"certainty":null}`, got.Positions[0])
	wantJSON(t, `{"certain":true}`, got.MoonPhase)
	wantJSON(t, `"DIURNAL"`, got.Sect)

	if fmt.Sprintf("%s", got.Aspects) != "["+strings.TrimSpace(strings.Repeat(`{"certain":true} `, len(got.Aspects)))+"]" {
		t.Errorf("with a time everything is certain, but not %s", got.Aspects)
	}
}

func TestTheFactsOfAChart(t *testing.T) {
	s := start(t, embedded(t))

	for field, want := range map[string]string{
		`patterns(includeParts: false) { kind bodies focal element modality sign house partOfLarger certain }`: `[` +
			`{"kind":"SIGN_STELLIUM","bodies":["SUN","MERCURY","SATURN","URANUS","NEPTUNE"],"focal":null,"element":"EARTH","modality":"CARDINAL","sign":"CAPRICORN","house":null,"partOfLarger":false,"certain":true},` +
			`{"kind":"HOUSE_STELLIUM","bodies":["SUN","VENUS","TRUE_NODE"],"focal":null,"element":null,"modality":null,"sign":null,"house":11,"partOfLarger":false,"certain":true},` +
			`{"kind":"HOUSE_STELLIUM","bodies":["MERCURY","SATURN","URANUS","NEPTUNE"],"focal":null,"element":"EARTH","modality":"CARDINAL","sign":null,"house":10,"partOfLarger":false,"certain":true}]`,
		`dominance { elements { element count } dominantSigns dominantElements dominantModalities dominantBodies chartRuler }`: `{"elements":[{"element":"FIRE","count":1},` +
			`{"element":"EARTH","count":6},{"element":"AIR","count":1},{"element":"WATER","count":3}],"dominantSigns":["CAPRICORN"],"dominantElements":["EARTH"],` +
			`"dominantModalities":["CARDINAL"],"dominantBodies":["NEPTUNE"],"chartRuler":"MARS"}`,
		`mutualReceptions { first second by }`: `[]`,
		`sect`:                                 `"DIURNAL"`,
		`moonPhase { waxing phase lunation lunationName lunations { previousNew nextNew previousFull nextFull } }`: `{"waxing":false,"phase":"WANING_GIBBOUS",` +
			`"lunation":"WANING_GIBBOUS","lunationName":"Disseminating","lunations":{"previousNew":"1989-12-28T03:19:35Z","nextNew":"1990-01-26T19:20:02Z",` +
			`"previousFull":"1990-01-11T04:56:50Z","nextFull":"1990-02-09T19:15:44Z"}}`,
		`stations(bodies: [VENUS, MERCURY]) { body retrograde stationary next { instant retrograde } }`: `[{"body":"VENUS","retrograde":true,"stationary":false,` +
			`"next":{"instant":"1990-02-08T09:16:19Z","retrograde":false}},{"body":"MERCURY","retrograde":true,"stationary":false,"next":{"instant":"1990-01-20T04:31:29Z","retrograde":false}}]`,
		`parallels(orb: 0.1) { first second contra }`: `[{"first":"SATURN","second":"NEPTUNE","contra":false},{"first":"MARS","second":"JUPITER","contra":true}]`,
		`outOfBounds { body }`:                        `[{"body":"URANUS"}]`,
		`numerology { lifePath { value } dayNumber { value master root formatted } name { letters } }`: `{"lifePath":{"value":8},"dayNumber":{"value":6,"master":false,"root":6,"formatted":"6"},"name":null}`,
		`numerology(name: "Åsa 山") { name { letters expression { number { value } reason } } }`: `{"name":{"letters":null,"expression":{"number":null,` +
			`"reason":"The letter '山' (Han) has no value in a numerology of Latin letters: give the name as it is written in them."}}}`,
		`chineseZodiac { solar { year { year sexagenary animal element yang pinyin characters } begins ends alternative { name } } lunar { year { name } newYear nextNewYear } }`: `{"solar":{"year":` +
			`{"year":1989,"sexagenary":6,"animal":"SNAKE","element":"EARTH","yang":false,"pinyin":"Jǐsì","characters":"己巳"},"begins":"1989-02-03T20:27:10Z","ends":"1990-02-04T02:14:00Z",` +
			`"alternative":null},"lunar":{"year":{"name":"Earth Snake"},"newYear":"1989-02-06","nextNewYear":"1990-01-27"}}`,
		`houses(system: WHOLE_SIGN) { signs { house shares { sign degrees intercepted } } }`: `{"signs":[` + wholeSigns() + `]}`,
	} {
		name, _, _ := strings.Cut(field, " ")

		t.Run(name, func(t *testing.T) {
			var got map[string]json.RawMessage

			s.post(t, selectFromChart("fact: "+field), birth("1990-01-15", "10:30")).chartOf(t, &got)
			wantJSON(t, want, got["fact"])
		})
	}

	var got struct {
		Dignities []struct {
			Body       string
			Score      *int
			Exaltation bool
			Lords      struct{ Domicile, Exaltation string }
		}
		Houses struct {
			Rulers []struct{ House, RulerHouse int }
		}
		Ruler      []struct{ House int }
		Provenance struct{ Engine, Ephemeris, TimeZones, HashedText, Citation string }
		Hash       string
	}

	s.post(t, selectFromChart(`hash dignities { body score exaltation lords { domicile exaltation } } houses { rulers { house rulerHouse } }
		provenance { engine ephemeris timeZones hashedText citation settings { name value } }`), birth("1990-01-15", "10:30")).chartOf(t, &got)

	if d := got.Dignities[5]; len(got.Dignities) != 11 || d.Body != "JUPITER" || !d.Exaltation || d.Score == nil || *d.Score != 4 || d.Lords.Domicile != "MOON" {
		t.Errorf("Jupiter is exalted in Cancer: %+v", d)
	}

	if d := got.Dignities[9]; d.Body != "PLUTO" || d.Score != nil {
		t.Errorf("Pluto has no score: %+v", d)
	}

	if r := got.Houses.Rulers; len(r) != 12 || r[0].House != 1 || r[0].RulerHouse != 9 {
		t.Errorf("Mars, the ruler of the first house, is in the ninth: %+v", r)
	}

	if p := got.Provenance; p.Engine != version() || p.HashedText != "1990-01-15T15:30:00Z +40.7128 -74.0060 true" || !strings.Contains(p.Citation, got.Hash) {
		t.Errorf("unexpected: %+v", p)
	}
}

// wholeSigns is each house with one sign, from Aries on.
func wholeSigns() string {
	signs := strings.Fields("ARIES TAURUS GEMINI CANCER LEO VIRGO LIBRA SCORPIO SAGITTARIUS CAPRICORN AQUARIUS PISCES")
	for i, sign := range signs {
		signs[i] = fmt.Sprintf(`{"house":%d,"shares":[{"sign":%q,"degrees":30,"intercepted":false}]}`, i+1, sign)
	}

	return strings.Join(signs, ",")
}

func TestANameIsCountedAndForgotten(t *testing.T) {
	s := start(t, embedded(t))

	const fields = `hash numerology { name { letters expression { number { value } } } }`

	var with, without, stored struct {
		Hash       string
		Numerology struct {
			Name *struct {
				Letters    string
				Expression struct{ Number struct{ Value int } }
			}
		}
	}

	s.post(t, selectFromChart(fields), birthWith("1990-01-15", "10:30", map[string]any{"name": "Zoë Ångström"})).chartOf(t, &with)
	s.post(t, selectFromChart(fields), birth("1990-01-15", "10:30")).chartOf(t, &without)

	// Z8 O6 E5, A1 N5 G7 S1 T2 R9 O6 M4: 54, 9.
	if n := with.Numerology.Name; n == nil || n.Letters != "ZOEANGSTROM" || n.Expression.Number.Value != 9 {
		t.Errorf("unexpected: %+v", n)
	}

	if without.Hash != with.Hash || without.Numerology.Name != nil {
		t.Errorf("the name is part of the hash or was kept: %+v", without)
	}

	var found struct{ Chart json.RawMessage }

	s.post(t, `query($hash: ChartHash!) { chart(hash: $hash) { `+fields+` } }`, map[string]any{"hash": with.Hash}).into(t, &found)

	if err := json.Unmarshal(found.Chart, &stored); err != nil || stored.Numerology.Name != nil {
		t.Errorf("the name was stored: %s", found.Chart)
	}

	if lines := s.log.lines("ngstr"); len(lines) > 0 {
		t.Errorf("the name is in the log: %s", lines[0])
	}
}

func TestBadArgumentsOfFactsNameTheirPlace(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	for _, name := range []string{"", "  ", strings.Repeat("x", 201), strings.Repeat("x", 10_000), "a\u0007b"} {
		s.post(t, calculate, birthWith("1991-01-15", "10:30", map[string]any{"name": name})).wantError(t, "VALIDATION_FAILED", "input.name")
	}

	many := func(orb string, n int) string { return strings.Repeat(orb+" ", n) }

	for field, at := range map[string]string{
		`aspects(orbs: [{kind: TRINE, limit: 1}, {kind: SQUARE, limit: 400}]) { orb }`:                       "orbs[1].limit",
		`aspects(orbs: [{kind: TRINE, limit: 1, luminaryLimit: -1}]) { orb }`:                                "orbs[0].luminaryLimit",
		`aspects(orbs: [` + many(`{kind: TRINE, limit: 1}`, 12) + `]) { orb }`:                               "orbs",
		`aspects(bodyOrbs: [{body: SUN, limit: 1}, {body: MOON, kind: TRINE, limit: 15.1}]) { orb }`:         "bodyOrbs[1].limit",
		`aspects(bodyOrbs: [{body: SUN, limit: -1}]) { orb }`:                                                "bodyOrbs[0].limit",
		`aspects(bodyOrbs: [{body: SUN, limit: 1}, {body: SUN, limit: 2}, {body: CERES, limit: 1}]) { orb }`: "bodyOrbs[2].body",
		`aspects(bodyOrbs: [` + many(`{body: SUN, limit: 1}`, 133) + `]) { orb }`:                            "bodyOrbs",
		`parallels(orb: 3.1) { orb }`:                 "orb",
		`parallels(orb: -0.1) { orb }`:                "orb",
		`stations(bodies: [MARS, SUN]) { body }`:      "bodies[1]",
		`stations(bodies: [MARS, MARS]) { body }`:     "bodies",
		`stations(bodies: []) { body }`:               "bodies",
		`numerology(name: "") { lifePath { value } }`: "name",
	} {
		t.Run(field[:min(len(field), 60)], func(t *testing.T) {
			s.post(t, `query($hash: ChartHash!) { chart(hash: $hash) { `+field+` } }`, map[string]any{"hash": hash}).wantError(t, "VALIDATION_FAILED", at)
		})
	}
}

func TestBadVariablesOfFactsNameTheirPlace(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	for at, variables := range map[string]map[string]any{
		"orbs[0].limit":    {"orbs": []any{map[string]any{"kind": "TRINE", "limit": "wide"}}},
		"bodyOrbs[1].body": {"own": []any{map[string]any{"body": "SUN", "limit": 1}, map[string]any{"body": "EARTH", "limit": 1}}},
		"preset":           {"preset": "HUGE"},
	} {
		t.Run(at, func(t *testing.T) {
			variables["hash"] = hash
			s.post(t, `query($hash: ChartHash!, $orbs: [OrbInput!], $own: [BodyOrbInput!], $preset: OrbPreset! = WIDE) {
				chart(hash: $hash) { aspects(orbs: $orbs, bodyOrbs: $own, preset: $preset) { orb } } }`, variables).wantError(t, "VALIDATION_FAILED", at)
		})
	}
}

func TestOrbsByPresetAndBody(t *testing.T) {
	s := start(t, embedded(t))

	var got map[string][]struct {
		First, Second, Kind string
		Orb                 float64
	}

	s.post(t, selectFromChart(`standard: aspects { first second kind orb } tight: aspects(preset: TIGHT) { first second kind orb } wide: aspects(preset: WIDE) { first second kind orb }
		kerykeion: aspects(preset: KERYKEION) { first second kind orb } lilly: aspects(preset: LILLY) { first second kind orb }
		none: aspects(bodyOrbs: [{body: SUN, limit: 0}]) { first second kind orb } own: aspects(preset: LILLY, bodyOrbs: [{body: SUN, limit: 0}]) { first second kind orb }
		mixed: aspects(preset: TIGHT, orbs: [{kind: QUINTILE, limit: 3}]) { first second kind orb }`), birth("1990-01-15", "10:30")).chartOf(t, &got)

	if s, tight, wide := len(got["standard"]), len(got["tight"]), len(got["wide"]); tight >= s || s >= wide {
		t.Errorf("tight %d, standard %d, wide %d", tight, s, wide)
	}

	for _, a := range got["lilly"] {
		if !slices.Contains([]string{"CONJUNCTION", "OPPOSITION", "TRINE", "SQUARE", "SEXTILE"}, a.Kind) {
			t.Errorf("Lilly has no %s", a.Kind)
		}
	}

	for _, a := range got["none"] {
		if a.First == "SUN" {
			t.Errorf("the Sun has an orb of 0: %+v", a)
		}
	}

	for _, a := range got["own"] { // half of the Moon's orb of 12, say, is all that is left
		if a.First == "SUN" && a.Orb > 6 {
			t.Errorf("more than half an orb: %+v", a)
		}
	}

	if len(got["mixed"]) <= len(got["tight"]) {
		t.Errorf("a wider quintile adds nothing: %d, %d", len(got["tight"]), len(got["mixed"]))
	}
}

// What lies beyond the ephemeris is null and no made-up number.
func TestFactsAtTheEndsOfTheEphemeris(t *testing.T) {
	s := start(t, embedded(t))

	const fields = `moonPhase { lunations { previousNew nextNew ageDays } } stations(bodies: [JUPITER]) { previous { instant } next { instant } } chineseZodiac { solar { begins ends } lunar { newYear nextNewYear } }`

	var got struct{ MoonPhase, Stations, ChineseZodiac json.RawMessage }

	s.post(t, selectFromChart(fields), birth("1800-01-02", "10:30")).chartOf(t, &got)
	wantJSON(t, `{"lunations":{"previousNew":null,"nextNew":"1800-01-25T03:21:00Z","ageDays":null}}`, got.MoonPhase)
	wantJSON(t, `{"solar":{"begins":null,"ends":"1800-02-03T23:34:35Z"},"lunar":{"newYear":"1799-02-05","nextNewYear":"1800-01-25"}}`, got.ChineseZodiac)

	if !strings.Contains(string(got.Stations), `"previous":null`) || strings.Contains(string(got.Stations), `"next":null`) {
		t.Errorf("unexpected: %s", got.Stations)
	}

	s.post(t, selectFromChart(fields), birth("2399-12-31", nil)).chartOf(t, &got)

	if !strings.Contains(string(got.Stations), `"next":null`) || strings.Contains(string(got.Stations), `"previous":null`) {
		t.Errorf("unexpected: %s", got.Stations)
	}
}
