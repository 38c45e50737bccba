package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const placed = `mutation Placed($place: PlaceInput!) { calculateChart(input: {date: "1990-01-15", time: "10:30", place: $place}) { created chart {
	hash birth { placeName timeZone latitude longitude } } } }`

type placedChart struct {
	CalculateChart struct {
		Created bool
		Chart   struct {
			Hash  string
			Birth struct {
				PlaceName           *string
				TimeZone            string
				Latitude, Longitude float64
			}
		}
	}
}

func (s *testServer) place(t *testing.T, place map[string]any) placedChart {
	t.Helper()

	var made placedChart

	s.post(t, placed, map[string]any{"place": place}).into(t, &made)

	return made
}

func (s *testServer) countCharts(t *testing.T) int {
	t.Helper()

	var counted struct{ Charts struct{ TotalCount int } }

	s.post(t, `{ charts { totalCount } }`, nil, administrator(t)...).into(t, &counted)

	return counted.Charts.TotalCount
}

func TestPlacesAreFoundByNameIDAndCoordinates(t *testing.T) {
	s := start(t, embedded(t))

	var found struct {
		Places []struct {
			ID, Name, CountryCode, TimeZone string
			MatchedName                     *string
			GeonamesID                      int
			Population                      *int
		}
		NearestPlace struct {
			Place      struct{ Name string }
			DistanceKm float64
		}
		Sea, Border struct {
			TimeZone string
			Nautical bool
			Rival    *string
		}
	}

	s.post(t, `{ places(search: "sao pau", first: 3) { id name countryCode timeZone matchedName geonamesID: geonamesId population }
		nearestPlace(latitude: 48.1, longitude: 11.5) { place { name } distanceKm }
		sea: timeZoneAt(latitude: 0, longitude: -30) { timeZone nautical rival }
		border: timeZoneAt(latitude: 47.6, longitude: 7.59) { timeZone nautical rival } }`, nil).into(t, &found)

	first := found.Places[0]
	if len(found.Places) != 3 || first.Name != "São Paulo" || first.GeonamesID != 3448439 || first.TimeZone != "America/Sao_Paulo" || first.MatchedName == nil || *first.Population < 1e7 {
		t.Errorf("places: %+v", found.Places)
	}

	if found.NearestPlace.Place.Name != "Neuried" || found.NearestPlace.DistanceKm > 5 {
		t.Errorf("the nearest place is %+v", found.NearestPlace)
	}

	if found.Sea.TimeZone != "Etc/GMT+2" || !found.Sea.Nautical || found.Border.Nautical || found.Border.Rival == nil {
		t.Errorf("zones: %+v, %+v", found.Sea, found.Border)
	}

	byName, byID := s.place(t, map[string]any{"search": "são paulo"}), s.place(t, map[string]any{"id": first.ID})
	byPoint := s.place(t, map[string]any{"coordinates": map[string]any{"latitude": -23.5475, "longitude": -46.6361}})

	if made := byName.CalculateChart; !made.Created || made.Chart.Birth.TimeZone != "America/Sao_Paulo" || *made.Chart.Birth.PlaceName != "São Paulo, Brazil" {
		t.Errorf("by name: %+v", made)
	}

	for name, again := range map[string]placedChart{"id": byID, "coordinates": byPoint} {
		if again.CalculateChart.Created || again.CalculateChart.Chart.Hash != byName.CalculateChart.Chart.Hash {
			t.Errorf("by %s it is another chart: %+v", name, again)
		}
	}

	var nodes struct {
		Nodes []*struct{ Typename, ID string }
	}

	ids := []string{first.ID, "UGxhY2U6MQ", first.ID} // the second is Place:1
	s.post(t, `query($ids: [ID!]!) { nodes(ids: $ids) { typename: __typename id } }`, map[string]any{"ids": ids}).into(t, &nodes)

	if n := nodes.Nodes; n[0] == nil || n[0].Typename != "Place" || n[0].ID != first.ID || n[1] != nil || n[2] == nil {
		t.Errorf("nodes: %+v", n)
	}
}

func TestBadPlacesNameTheirFieldAndStoreNothing(t *testing.T) {
	s := start(t, embedded(t))

	coordinates := func(latitude, longitude float64) map[string]any {
		return map[string]any{"latitude": latitude, "longitude": longitude}
	}

	for name, test := range map[string]struct {
		place map[string]any
		field string
	}{
		"nothing":               {map[string]any{}, "input.place"},
		"two at once":           {map[string]any{"search": "Paris", "id": "x"}, "input.place"},
		"only null":             {map[string]any{"search": nil}, "input.place.search"},
		"an id of nothing":      {map[string]any{"id": "nonsense"}, "input.place.id"},
		"an id of a chart":      {map[string]any{"id": "Q2hhcnQ6MQ"}, "input.place.id"},
		"an id of no place":     {map[string]any{"id": "UGxhY2U6MQ"}, "input.place.id"},
		"a place that is none":  {map[string]any{"search": "xyzzyqqville"}, "input.place.search"},
		"an empty search":       {map[string]any{"search": " "}, "input.place.search"},
		"control characters":    {map[string]any{"search": "Par\x00is"}, "input.place.search"},
		"a very long search":    {map[string]any{"search": strings.Repeat("x", 10_000)}, "input.place.search"},
		"latitude without zone": {map[string]any{"coordinates": coordinates(91, 0)}, "input.place.coordinates.latitude"},
		"longitude":             {map[string]any{"coordinates": coordinates(0, 181)}, "input.place.coordinates.longitude"},
	} {
		t.Run(name, func(t *testing.T) {
			s.post(t, placed, map[string]any{"place": test.place}).wantError(t, "VALIDATION_FAILED", test.field)
		})
	}

	t.Run("two about as likely", func(t *testing.T) {
		e := s.post(t, placed, map[string]any{"place": map[string]any{"search": "Cambridge"}}).wantError(t, "VALIDATION_FAILED", "input.place.search")
		if candidates := fmt.Sprint(e.Extensions["candidates"]); !strings.Contains(candidates, "England") || !strings.Contains(candidates, "Massachusetts") {
			t.Errorf("the candidates are %s", candidates)
		}
	})

	for _, literal := range []string{`{search: "Paris", id: "x"}`, `{search: "Paris", id: null}`, `{search: null}`, `{}`} {
		t.Run("literal "+literal, func(t *testing.T) {
			a := s.post(t, `mutation { calculateChart(input: {date: "1990-01-15", place: `+literal+`}) { created } }`, nil)
			if len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != "VALIDATION_FAILED" {
				t.Errorf("want VALIDATION_FAILED, got %+v", a)
			}
		})
	}

	if n := s.countCharts(t); n != 0 {
		t.Errorf("bad places stored %d charts", n)
	}

	for document, field := range map[string]string{
		`{ places(search: "") { id } }`:                                        "search",
		`{ places(search: "Paris", first: 0) { id } }`:                         "first",
		`{ places(search: "Paris", first: 51) { id } }`:                        "first",
		`{ nearestPlace(latitude: 91, longitude: 0) { distanceKm } }`:          "latitude",
		`{ timeZoneAt(latitude: 0, longitude: 181) { timeZone } }`:             "longitude",
		`{ geocode(search: "Paris", first: 0) { name } }`:                      "first",
		`{ famousPeople(first: 101) { nodes { name } } }`:                      "first",
		`{ famousPeople(after: "b2Zmc2V0OjE=") { nodes { name } } }`:           "after",
		`{ famousPeople(search: "a b c d e f g h i j k") { nodes { name } } }`: "search",
	} {
		s.post(t, document, nil).wantError(t, "VALIDATION_FAILED", field)
	}
}

func TestTheGeocoderIsAskedForWhatTheGazetteerLacks(t *testing.T) {
	var (
		asked  atomic.Int32
		answer atomic.Value
	)

	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)

		if r.URL.Query().Get("email") != "operator@example.org" || !strings.Contains(r.UserAgent(), "operator@example.org") {
			t.Errorf("asked %s by %s", r.URL, r.UserAgent())
		}

		if text, _ := answer.Load().(string); text != "" {
			_, _ = io.WriteString(w, text)

			return
		}

		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer service.Close()

	environment := append(embedded(t), "SIDEREAL_GEOCODER_URL="+service.URL, "SIDEREAL_GEOCODER_EMAIL=operator@example.org", "SIDEREAL_GEOCODER_INTERVAL=1ms")
	hamlet := map[string]any{"place": map[string]any{"search": "xyzzyqqville"}}

	s := start(t, environment)
	s.place(t, map[string]any{"search": "Ulm"})

	if asked.Load() != 0 {
		t.Error("the service outside was asked for what the gazetteer has")
	}

	for _, document := range []string{placed, `{ geocode(search: "xyzzyqqville") { name } }`} {
		e := s.post(t, document, hamlet).wantError(t, "UPSTREAM_UNAVAILABLE", "")
		if ms, _ := e.Extensions["retryAfterMs"].(float64); ms < 1 || ms > 7000 {
			t.Errorf("want a retry after 7 s at most, got %v", e.Extensions["retryAfterMs"])
		}
	}

	if n := s.countCharts(t); n != 1 {
		t.Errorf("want the chart of Ulm alone, got %d", n)
	}

	s.stop(t)

	s = start(t, environment)

	for _, nonsense := range []string{"<html>", `[{"lat": "91", "lon": "0", "display_name": "x"}]`} {
		answer.Store(nonsense)

		e := s.post(t, placed, hamlet).wantError(t, "UPSTREAM_UNAVAILABLE", "")
		if ms, _ := e.Extensions["retryAfterMs"].(float64); ms <= 0 {
			t.Errorf("want a time to retry after, got %v", e.Extensions["retryAfterMs"])
		}
	}

	answer.Store(`[]`)
	s.post(t, placed, hamlet).wantError(t, "VALIDATION_FAILED", "input.place.search")

	answer.Store(`[{"lat": "48.25", "lon": "13.03", "display_name": "Xyzzyqqville, Austria", "address": {"country_code": "at"}}]`)

	if made := s.place(t, hamlet["place"].(map[string]any)).CalculateChart; !made.Created || *made.Chart.Birth.PlaceName != "Xyzzyqqville, Austria" || made.Chart.Birth.Latitude != 48.25 {
		t.Errorf("unexpected: %+v", made)
	}

	var found struct {
		Geocode []struct{ Name, CountryCode, TimeZone, Attribution string }
	}

	s.post(t, `{ geocode(search: "xyzzyqqville") { name countryCode timeZone attribution } }`, nil).into(t, &found)

	if g := found.Geocode; len(g) != 1 || g[0].CountryCode != "AT" || g[0].TimeZone == "" || !strings.Contains(g[0].Attribution, "OpenStreetMap") {
		t.Errorf("unexpected: %+v", g)
	}
}

func TestFamousPeopleInPagesAndAsNodes(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)

		var all []string

		for after := any(nil); ; {
			var page struct {
				FamousPeople struct {
					Edges []struct {
						Cursor string
						Node   struct{ ID, Name string }
					}
					PageInfo struct {
						HasNextPage, HasPreviousPage bool
						EndCursor                    *string
					}
				}
			}

			s.post(t, `query($after: Cursor) { famousPeople(first: 100, after: $after) { edges { cursor node { id name } } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
				map[string]any{"after": after}).into(t, &page)

			for _, e := range page.FamousPeople.Edges {
				all = append(all, e.Node.ID)
			}

			if page.FamousPeople.PageInfo.HasPreviousPage != (after != nil) {
				t.Errorf("hasPreviousPage is %t behind %v", page.FamousPeople.PageInfo.HasPreviousPage, after)
			}

			if after = page.FamousPeople.PageInfo.EndCursor; !page.FamousPeople.PageInfo.HasNextPage {
				break
			}
		}

		seen := make(map[string]bool)
		for _, id := range all {
			seen[id] = true
		}

		if len(all) < 250 || len(seen) != len(all) {
			t.Errorf("%d people, %d of them different", len(all), len(seen))
		}

		var nodes struct{ Nodes []*struct{ ID string } }

		s.post(t, `query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": append(all[:99:99], "RmFtb3VzUGVyc29uOjE")}).into(t, &nodes)

		if n := nodes.Nodes; n[0] == nil || n[0].ID != all[0] || n[98] == nil || n[99] != nil {
			t.Errorf("nodes: %+v", n)
		}

		if lines := s.log.lines(`msg="slow query"`, "operation=Nodes "); len(lines) != 1 {
			t.Errorf("want one statement for all people, got %d", len(lines))
		}
	})
}

// The hash of a person is that of the chart by the person's data, and that chart's best match is the person.
func TestAPersonIsMostLikeThemselves(t *testing.T) {
	s := start(t, embedded(t))

	var found struct {
		FamousPeople struct {
			Nodes []struct {
				Name, BirthDate, Time, TimeRating, TimeZone, ChartHash string
				Latitude, Longitude                                    float64
			}
		}
	}

	s.post(t, `{ famousPeople(search: "einst alb") { nodes { name birthDate time timeRating timeZone chartHash latitude longitude } } }`, nil).into(t, &found)

	p := found.FamousPeople.Nodes[0]

	var made struct {
		CalculateChart struct {
			Chart struct {
				Hash          string
				FamousMatches []struct {
					Person            struct{ Name string }
					Likeness          float64
					Score, Percentile float64
					Reasons           []string
				}
			}
		}
	}

	s.post(t, `mutation($birth: BirthInput!) { calculateChart(input: $birth) { chart { hash famousMatches(first: 3) { person { name } likeness score percentile reasons } } } }`,
		map[string]any{"birth": map[string]any{"date": p.BirthDate, "time": p.Time, "place": map[string]any{"coordinates": map[string]any{
			"latitude": p.Latitude, "longitude": p.Longitude, "timeZone": p.TimeZone,
		}}}}).into(t, &made)

	matches := made.CalculateChart.Chart.FamousMatches
	if p.TimeRating != "AA" || p.ChartHash != made.CalculateChart.Chart.Hash || len(matches) != 3 || matches[0].Person.Name != "Albert Einstein" || matches[0].Likeness != 1 ||
		matches[1].Likeness >= 1 || len(matches[0].Reasons) == 0 {
		t.Errorf("%+v is most like %+v", p, matches)
	}

	hash := map[string]any{"hash": p.ChartHash}
	for _, first := range []string{"0", "101"} {
		s.post(t, `query($hash: ChartHash!) { chart(hash: $hash) { famousMatches(first: `+first+`) { score } } }`, hash).wantError(t, "VALIDATION_FAILED", "first")
	}

	var many strings.Builder
	for first := range 11 {
		fmt.Fprintf(&many, "m%d: famousMatches(first: %d) { score } ", first, first+1)
	}

	a := s.post(t, `query($hash: ChartHash!) { chart(hash: $hash) { `+many.String()+` } }`, hash)
	if len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != "COMPLEXITY_LIMIT" {
		t.Errorf("want COMPLEXITY_LIMIT, got %+v", a.Errors)
	}
}

// An import by another process is seen by a server that runs.
func TestAServerNoticesAnImport(t *testing.T) {
	environment := embedded(t)
	s := start(t, environment)
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	best := func() string {
		var found struct {
			Chart struct {
				FamousMatches []struct{ Person struct{ Name string } }
			}
		}

		s.post(t, `query($hash: ChartHash!) { chart(hash: $hash) { famousMatches(first: 1) { person { name } } } }`, map[string]any{"hash": hash}).into(t, &found)

		return found.Chart.FamousMatches[0].Person.Name
	}

	if name := best(); name == "Somebody New" {
		t.Fatal("nobody new is there yet")
	}

	file := filepath.Join(t.TempDir(), "new.csv")
	row := "name,birth_date,birth_time,birth_place\nSomebody New,1990-01-15,10:30,\"New York City, New York, U.S.\"\n"

	if err := os.WriteFile(file, []byte(row), 0o600); err != nil {
		t.Fatal(err)
	}

	if code := run(t.Context(), []string{"sidereal", "people", "import", file}, environment, io.Discard, s.log); code != exitOK {
		t.Fatalf("the import ends with %d:\n%s", code, s.log)
	}

	deadline := time.Now().Add(patience)
	for best() != "Somebody New" && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond) // one caller builds the new index while others go on with the old
	}

	if name := best(); name != "Somebody New" {
		t.Errorf("want Somebody New, got %s", name)
	}
}
