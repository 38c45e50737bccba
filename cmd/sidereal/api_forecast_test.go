package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// onChart asks for fields of the chart with a hash.
func (s *testServer) onChart(t testing.TB, hash, fields string) answer {
	t.Helper()

	return s.post(t, `query($hash: ChartHash!) { chart(hash: $hash) { `+fields+` } }`, map[string]any{"hash": hash})
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()

	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}

	return at
}

type transitView struct {
	Body, Target, Kind             string
	Orb, Strength, Uncertainty     float64
	Applying                       bool
	Exact                          []string
	Previous, Next, Enters, Leaves *string
}

func TestTransitsOfAnInstant(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	var got struct {
		Chart struct {
			Transits, Few, Exact []transitView
		}
	}

	s.onChart(t, hash, `
		transits(at: "2026-02-01T12:00:00Z") { body target kind orb strength uncertainty applying exact previous next enters leaves }
		few: transits(at: "2026-02-01T12:00:00+00:00", bodies: [SATURN], targets: [SUN, ASCENDANT], orbs: [{kind: SEXTILE, limit: 15}]) { body target kind orb uncertainty exact }
		exact: transits(at: "2026-02-01T12:00:00Z", orbs: [{kind: CONJUNCTION, limit: 0}]) { kind }`).into(t, &got)

	all := got.Chart.Transits
	if len(all) < 10 || !slices.IsSortedFunc(all, func(a, b transitView) int { return -cmpFloat(a.Strength, b.Strength) }) {
		t.Errorf("want at least 10 transits, strongest first, got %+v", all)
	}

	now := instant(t, "2026-02-01T12:00:00Z")

	for _, x := range all {
		if x.Enters != nil && instant(t, *x.Enters).After(now) || x.Leaves != nil && instant(t, *x.Leaves).Before(now) || x.Uncertainty != 0 {
			t.Errorf("the passage does not hold the instant: %+v", x)
		}

		// The next exact instant of an applying aspect that a look at the chart confirms.
		if x.Next != nil && x.Orb < 1 && x.Applying {
			var then struct {
				Chart struct{ Transits []transitView }
			}

			s.onChart(t, hash, fmt.Sprintf("transits(at: %q, bodies: [%s], targets: [%s]) { kind orb }", *x.Next, x.Body, x.Target)).into(t, &then)

			if n := then.Chart.Transits; len(n) != 1 || n[0].Kind != x.Kind || n[0].Orb > 1e-5 {
				t.Errorf("%s %s %s at %s: want it exact, got %+v", x.Body, x.Kind, x.Target, *x.Next, n)
			}
		}
	}

	if few := got.Chart.Few; len(few) != 1 || few[0].Body != "SATURN" || few[0].Target != "SUN" || few[0].Kind != "SEXTILE" {
		t.Errorf("want Saturn in sextile to the Sun, got %+v", few)
	}

	for _, x := range got.Chart.Exact {
		if x.Kind == "CONJUNCTION" {
			t.Errorf("a conjunction within an orb of 0: %+v", x)
		}
	}
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}

	return 0
}

// At left out, the transits are those of the clock's now.
func TestTransitsAreThoseOfNow(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	var got struct {
		Chart struct {
			Transits    []struct{ Previous, Next *string }
			LunarReturn struct{ Exact string }
		}
	}

	before := time.Now()

	s.onChart(t, hash, "transits { previous next } lunarReturn { exact }").into(t, &got)

	after := time.Now()

	for _, x := range got.Chart.Transits {
		if x.Previous != nil && instant(t, *x.Previous).After(after) || x.Next != nil && instant(t, *x.Next).Before(before.Add(-time.Second)) {
			t.Errorf("this is no transit of now: %v, %v", x.Previous, x.Next)
		}
	}

	if exact := instant(t, got.Chart.LunarReturn.Exact); exact.Before(before.Add(-time.Second)) || exact.After(after.AddDate(0, 0, 28)) {
		t.Errorf("the next lunar return is at %s", exact)
	}
}

type eventView struct {
	Kind, At, Body                       string
	Aspect, Target, Sign, Phase, Eclipse *string
	House                                *int
	Uncertainty                          *float64
	Retrograde                           bool
	Place                                struct{ Longitude float64 }
}

const eventFields = "kind at body aspect target uncertainty sign house phase eclipse retrograde place { longitude }"

func TestTransitEventsOfAYear(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	var got struct {
		Chart struct{ TransitEvents, First, Eclipses []eventView }
	}

	s.onChart(t, hash, `transitEvents(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z") { `+eventFields+` }
		first: transitEvents(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z", first: 7) { `+eventFields+` }
		eclipses: transitEvents(from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z", kinds: [LUNATION], bodies: [SUN]) { `+eventFields+` }`).into(t, &got)

	kinds := map[string]int{}
	previous := ""

	for _, e := range got.Chart.TransitEvents {
		kinds[e.Kind]++

		has := map[string]bool{
			"EXACT_ASPECT": e.Aspect != nil && e.Target != nil && e.Uncertainty != nil, "SIGN_INGRESS": e.Sign != nil, "HOUSE_INGRESS": e.House != nil,
			"LUNATION": e.Phase != nil, "STATION": e.Aspect == nil && e.Sign == nil && e.House == nil && e.Phase == nil,
		}
		if !has[e.Kind] || e.Kind != "EXACT_ASPECT" && e.Target != nil || e.Kind != "SIGN_INGRESS" && e.Sign != nil || e.Kind != "HOUSE_INGRESS" && e.House != nil {
			t.Errorf("the fields do not fit the kind: %+v", e)
		}

		if at := instant(t, e.At).Format("2006-01-02T15:04:05.000"); at < previous {
			t.Errorf("%s comes behind %s", at, previous)
		} else {
			previous = at
		}
	}

	if len(kinds) != 5 {
		t.Errorf("want events of all kinds, got %v", kinds)
	}

	if want, have := fmt.Sprint(len(got.Chart.TransitEvents[:7])), fmt.Sprint(len(got.Chart.First)); want != have || got.Chart.First[6].At != got.Chart.TransitEvents[6].At {
		t.Errorf("want the first 7 of all, got %+v", got.Chart.First)
	}

	// The eclipses of 2026 by NASA's catalogues (F. Espenak): an annular and a total one of the Sun, a total and a partial one of the Moon.
	var eclipses []string

	for _, e := range got.Chart.Eclipses {
		if e.Eclipse != nil {
			eclipses = append(eclipses, e.At[:10]+" "+*e.Phase+" "+*e.Eclipse)
		}
	}

	want := []string{"2026-02-17 NEW_MOON SOLAR", "2026-03-03 FULL_MOON TOTAL_LUNAR", "2026-08-12 NEW_MOON SOLAR", "2026-08-28 FULL_MOON PARTIAL_LUNAR"}
	if !slices.Equal(eclipses, want) {
		t.Errorf("want %v, got %v", want, eclipses)
	}
}

func TestReturnsAndProgressions(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
	timeless := s.calculate(t, "1990-01-15", nil).CalculateChart.Chart.Hash

	type view struct {
		Chart struct {
			Sun                      struct{ Positions []struct{ Longitude float64 } }
			SolarReturn, LunarReturn struct {
				Body, Exact        string
				Longitude          float64
				UncertaintySeconds int
				Chart              struct {
					Hash, CalculatedAt string
					Birth              struct {
						Date, TimeZone string
						Latitude       float64
					}
					Positions []struct{ Longitude float64 }
					Angles    *struct{ Ascendant struct{ Formatted string } }
				}
			}
			Progression struct {
				Years              float64
				UncertaintySeconds int
				Ascendant          *struct{ Longitude float64 }
				Houses             *struct{ Cusps []struct{ House int } }
				Positions          []struct {
					Body                   string
					House, ProgressedHouse *int
				}
				Aspects []struct{ Orb float64 }
			}
		}
	}

	const fields = `
		solarReturn(year: 2026, place: {latitude: 48.8566, longitude: 2.3522, timeZone: "Europe/Paris"}) { body exact longitude uncertaintySeconds
			chart { hash calculatedAt birth { date timeZone latitude } positions(bodies: [SUN]) { longitude } angles { ascendant { formatted } } } }
		lunarReturn(after: "2026-01-01T00:00:00Z", nth: 2) { body exact longitude uncertaintySeconds
			chart { hash calculatedAt birth { date timeZone latitude } positions(bodies: [MOON]) { longitude } angles { ascendant { formatted } } } }
		progression(at: "2026-01-01T00:00:00Z") { years uncertaintySeconds ascendant { longitude } houses { cusps { house } }
			positions { body house progressedHouse } aspects { orb } }`

	var known, unknown view

	s.onChart(t, hash, fields).into(t, &known)
	s.onChart(t, timeless, fields).into(t, &unknown)

	solar, lunar := known.Chart.SolarReturn, known.Chart.LunarReturn
	if off := math.Abs(solar.Longitude-solar.Chart.Positions[0].Longitude) * 3600; solar.Body != "SUN" || off > 0.05 || solar.UncertaintySeconds != 0 {
		t.Errorf("the Sun is %.3f arc seconds from its place: %+v", off, solar)
	}

	if off := math.Abs(lunar.Longitude-lunar.Chart.Positions[0].Longitude) * 3600; lunar.Body != "MOON" || off > 0.5 || lunar.Chart.Birth.TimeZone != "America/New_York" {
		t.Errorf("the Moon is %.3f arc seconds from its place: %+v", off, lunar)
	}

	if c := solar.Chart; c.Birth.TimeZone != "Europe/Paris" || c.Birth.Date != "2026-01-15" || c.Birth.Latitude != 48.8566 || c.Angles == nil || c.CalculatedAt == "" {
		t.Errorf("the return's chart: %+v", c)
	}

	var none struct{ Chart *struct{ Hash string } }

	if s.onChart(t, solar.Chart.Hash, "hash").into(t, &none); none.Chart != nil {
		t.Error("the return's chart is stored")
	}

	if p := known.Chart.Progression; math.Abs(p.Years-35.96) > 0.01 || p.Ascendant == nil || len(p.Houses.Cusps) != 12 || p.Positions[0].House == nil || len(p.Aspects) == 0 {
		t.Errorf("the progression: %+v", p)
	}

	if r := unknown.Chart.SolarReturn; r.Chart.Angles != nil || r.UncertaintySeconds < 11*3600 || r.UncertaintySeconds > 13*3600 {
		t.Errorf("without a time, the return: %+v", r)
	}

	if p := unknown.Chart.Progression; p.Ascendant != nil || p.Houses != nil || p.Positions[0].House != nil || p.UncertaintySeconds == 0 {
		t.Errorf("without a time, the progression: %+v", p)
	}
}

func TestWheelsAreWholePictures(t *testing.T) {
	s := start(t, embedded(t))
	a, b := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash, s.calculate(t, "1985-07-03", nil).CalculateChart.Chart.Hash

	var got struct {
		Chart    struct{ Wheel, Dark, TransitWheel string }
		Synastry struct{ Wheel, Swapped string }
	}

	s.post(t, `query($a: ChartHash!, $b: ChartHash!) {
		chart(hash: $a) { wheel dark: wheel(theme: DARK, size: 300, zodiac: LAHIRI, system: WHOLE_SIGN, title: "A <chart> & \"more\"") transitWheel(at: "2026-01-01T00:00:00Z") }
		synastry(a: $a, b: $b) { wheel swapped: wheel(swapped: true) } }`, map[string]any{"a": a, "b": b}).into(t, &got)

	for name, text := range map[string]string{
		"wheel": got.Chart.Wheel, "dark": got.Chart.Dark, "transits": got.Chart.TransitWheel, "synastry": got.Synastry.Wheel, "swapped": got.Synastry.Swapped,
	} {
		decoder, elements := xml.NewDecoder(strings.NewReader(text)), 0

		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}

			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}

			if _, ok := token.(xml.StartElement); ok {
				elements++
			}
		}

		if elements < 20 || len(text) > 60_000 {
			t.Errorf("%s: %d elements in %d bytes", name, elements, len(text))
		}
	}

	if !strings.Contains(got.Chart.Wheel, `width="800"`) || !strings.Contains(got.Chart.Dark, `width="300"`) || !strings.Contains(got.Chart.TransitWheel, "2025-12-31 19:00") {
		t.Error("the sizes or the instant are not those that were asked for")
	}

	if got.Synastry.Wheel == got.Synastry.Swapped {
		t.Error("swapped, the wheel is the same")
	}
}

func TestBadArgumentsOfForecastsNameTheirField(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	const year = `from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"`

	for field, tests := range map[string][]string{
		"at": {
			`transits(at: "1799-01-01T00:00:00Z") { orb }`, `transits(at: "yesterday") { orb }`, `transitWheel(at: "2400-01-01T00:00:00Z")`,
			`transitWheel(at: "2399-12-31T23:59:59.9Z")`,
		},
		"bodies": {
			`transits(bodies: []) { orb }`, `transits(bodies: [SUN, SUN]) { orb }`, `transits(bodies: [PART_OF_FORTUNE]) { orb }`,
			`transitEvents(` + year + `, bodies: []) { at }`,
		},
		"targets":               {`transits(targets: [ASCENDANT, ASCENDANT]) { orb }`, `transits(targets: []) { orb }`},
		"orbs[1].limit":         {`transits(orbs: [{kind: TRINE, limit: 1}, {kind: SQUARE, limit: 400}]) { orb }`},
		"orbs[0].luminaryLimit": {`progression(at: "2026-01-01T00:00:00Z", orbs: [{kind: TRINE, limit: 1, luminaryLimit: -1}]) { years }`},
		"kinds":                 {`transitEvents(` + year + `, kinds: []) { at }`, `transitEvents(` + year + `, kinds: [STATION, STATION]) { at }`},
		"aspects":               {`transitEvents(` + year + `, aspects: [TRINE, TRINE]) { at }`},
		"first":                 {`transitEvents(` + year + `, first: 0) { at }`, `transitEvents(` + year + `, first: 20001) { at }`},
		"from":                  {`transitEvents(from: "1700-01-01T00:00:00Z", to: "1750-01-01T00:00:00Z") { at }`},
		"to": {
			`transitEvents(from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z") { at }`, `transitEvents(from: "2026-01-01T00:00:00Z", to: "2126-01-02T00:00:00Z") { at }`,
			`transitEvents(from: "2390-01-01T00:00:00Z", to: "2401-01-01T00:00:00Z") { at }`,
			`transitEvents(from: "1950-01-01T00:00:00Z", to: "2049-12-31T00:00:00Z", bodies: [MOON]) { at }`,
		},
		"year":            {`solarReturn(year: 1500) { exact }`, `solarReturn(year: -2147483648) { exact }`, `solarReturn(year: 2147483647) { exact }`},
		"after":           {`lunarReturn(after: "1500-01-01T00:00:00Z") { exact }`, `lunarReturn(after: "2399-12-31T00:00:00Z") { exact }`},
		"nth":             {`lunarReturn(nth: 0) { exact }`, `lunarReturn(nth: 1401) { exact }`},
		"place.latitude":  {`solarReturn(year: 2026, place: {latitude: 91, longitude: 0, timeZone: "UTC"}) { exact }`},
		"place.longitude": {`lunarReturn(place: {latitude: 0, longitude: 181, timeZone: "UTC"}) { exact }`},
		"place.timeZone":  {`lunarReturn(place: {latitude: 0, longitude: 0, timeZone: "Mars/Olympus"}) { exact }`},
		"size":            {`wheel(size: 199)`, `wheel(size: 4001)`, `transitWheel(size: 0)`},
		"title":           {`wheel(title: "` + strings.Repeat("x", 201) + `")`, `transitWheel(title: "a\u0000b")`},
	} {
		for _, fields := range tests {
			t.Run(fields[:min(len(fields), 60)], func(t *testing.T) { s.onChart(t, hash, fields).wantError(t, "VALIDATION_FAILED", field) })
		}
	}

	late := s.calculate(t, "2399-12-01", "10:30").CalculateChart.Chart.Hash
	s.onChart(t, late, `progression(at: "2499-01-01T00:00:00Z") { years }`).wantError(t, "VALIDATION_FAILED", "at")

	unknown := strings.Repeat("0", 64)

	for name, test := range map[string]struct{ document, code, field string }{
		"first unknown":      {`{ synastry(a: "` + unknown + `", b: "` + hash + `") { omissions } }`, "NOT_FOUND", "a"},
		"second unknown":     {`{ composite(a: "` + hash + `", b: "` + unknown + `") { notes } }`, "NOT_FOUND", "b"},
		"both unknown":       {`{ davison(a: "` + unknown + `", b: "` + unknown + `") { hash } }`, "NOT_FOUND", "a"},
		"no hash":            {`{ davison(a: "12", b: "` + unknown + `") { hash } }`, "VALIDATION_FAILED", "a"},
		"points":             {`{ synastry(a: "` + hash + `", b: "` + hash + `", points: [SUN, SUN]) { omissions } }`, "VALIDATION_FAILED", "points"},
		"orbs":               {`{ synastry(a: "` + hash + `", b: "` + hash + `", orbs: [{kind: TRINE, limit: 16}]) { omissions } }`, "VALIDATION_FAILED", "orbs[0].limit"},
		"latitude":           {`{ composite(a: "` + hash + `", b: "` + hash + `", latitude: -90.5) { notes } }`, "VALIDATION_FAILED", "latitude"},
		"size of a synastry": {`{ synastry(a: "` + hash + `", b: "` + hash + `") { wheel(size: 1) } }`, "VALIDATION_FAILED", "size"},
	} {
		t.Run(name, func(t *testing.T) {
			e := s.post(t, test.document, nil).wantError(t, test.code, test.field)
			if test.code == "NOT_FOUND" && (e.Extensions["resourceType"] != "Chart" || e.Extensions["resourceId"] != unknown) {
				t.Errorf("unexpected: %v", e.Extensions)
			}
		})
	}
}
