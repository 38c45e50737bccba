package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

const calculate = `mutation Calculate($birth: BirthInput!) { calculateChart(input: $birth) { created chart { id hash calculatedAt } } }`

// birth is the variables of a birth in New York.
func birth(date string, clock any) map[string]any {
	at := map[string]any{"latitude": 40.7128, "longitude": -74.006, "timeZone": "America/New_York", "name": "New York"}

	return map[string]any{"birth": map[string]any{"date": date, "time": clock, "place": map[string]any{"coordinates": at}}}
}

type calculated struct {
	CalculateChart struct {
		Created bool
		Chart   struct{ ID, Hash, CalculatedAt string }
	}
}

func (s *testServer) calculate(t testing.TB, date string, clock any) calculated {
	t.Helper()

	var c calculated

	s.post(t, calculate, birth(date, clock)).into(t, &c)

	return c
}

func TestACorrectChartThatOutlivesTheProcess(t *testing.T) {
	const fields = `{
		hash calculatedAt
		birth { date time timeKnown instant timeZone utcOffsetSeconds latitude longitude placeName }
		positions(bodies: [SUN, MOON]) { body longitude formatted house(system: WHOLE_SIGN) longitudeRange { from } }
		sidereal: positions(zodiac: TRUE_SIDEREAL, bodies: [SUN, MOON]) { sign formatted }
		angles { ascendant { longitude formatted } }
		houses { fellBack cusps { house longitude } }
		aspects(first: 3) { first kind second orb }
	}`

	type view struct {
		Hash, CalculatedAt string
		Birth              struct {
			Date, Time, Instant, TimeZone, PlaceName string
			TimeKnown                                bool
			UtcOffsetSeconds                         int
			Latitude, Longitude                      float64
		}
		Positions []struct {
			Body, Formatted string
			Longitude       float64
			House           int
			LongitudeRange  *struct{ From float64 }
		}
		Sidereal []struct{ Sign, Formatted string }
		Angles   struct {
			Ascendant struct {
				Longitude float64
				Formatted string
			}
		}
		Houses struct {
			FellBack bool
			Cusps    []struct {
				House     int
				Longitude float64
			}
		}
		Aspects []struct {
			First, Kind, Second string
			Orb                 float64
		}
	}

	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)

		var made struct {
			CalculateChart struct {
				Created bool
				Chart   view
			}
		}

		s.post(t, `mutation($birth: BirthInput!) { calculateChart(input: $birth) { created chart `+fields+` } }`, birth("1990-01-15", "10:30")).into(t, &made)

		got := made.CalculateChart.Chart

		// 25°13′36″ Capricorn, 19°19′10″ Virgo and 5°45′33″ Aries by Swiss Ephemeris.
		for name, pair := range map[string][2]float64{
			"Sun":       {got.Positions[0].Longitude, 270 + 25 + 13/60. + 36/3600.},
			"Moon":      {got.Positions[1].Longitude, 150 + 19 + 19/60. + 10/3600.},
			"Ascendant": {got.Angles.Ascendant.Longitude, 5 + 45/60. + 33/3600.},
		} {
			if math.Abs(pair[0]-pair[1])*3600 > 1 {
				t.Errorf("%s: want %.5f within a second of arc, got %.5f", name, pair[1], pair[0])
			}
		}

		want := fmt.Sprint("25°13′36″ Capricorn", "19°19′10″ Virgo", "5°45′33″ Aries", "1990-01-15", "10:30:00", "1990-01-15T15:30:00Z", -18000, "New York", true, 10, 6)
		if have := fmt.Sprint(got.Positions[0].Formatted, got.Positions[1].Formatted, got.Angles.Ascendant.Formatted, got.Birth.Date, got.Birth.Time, got.Birth.Instant,
			got.Birth.UtcOffsetSeconds, got.Birth.PlaceName, made.CalculateChart.Created, got.Positions[0].House, got.Positions[1].House); have != want {
			t.Errorf("want %s\n got %s", want, have)
		}

		if got.Sidereal[0].Sign != "SAGITTARIUS" || got.Sidereal[1].Sign != "LEO" || len(got.Houses.Cusps) != 12 || len(got.Aspects) != 3 {
			t.Errorf("unexpected: %+v", got)
		}

		again := s.calculate(t, "1990-01-15", "10:30:00").CalculateChart
		if again.Created || again.Chart.Hash != got.Hash || again.Chart.CalculatedAt != got.CalculatedAt {
			t.Errorf("the second time: %+v", again)
		}

		if code := s.stop(t); code != exitOK {
			t.Errorf("want exit code %d, got %d", exitOK, code)
		}

		var found struct {
			Chart  view
			Node   struct{ Hash string }
			Charts struct {
				TotalCount int
				Nodes      []struct{ Hash string }
			}
		}

		s = start(t, environment)
		s.post(t, `query($hash: ChartHash!, $id: ID!) { chart(hash: $hash) `+fields+` node(id: $id) { ... on Chart { hash } } charts { totalCount nodes { hash } } }`,
			map[string]any{"hash": got.Hash, "id": again.Chart.ID}, administrator(t)...).into(t, &found)

		if have, want := fmt.Sprintf("%+v", found.Chart), fmt.Sprintf("%+v", got); have != want {
			t.Errorf("after the restart: want\n%s, got\n%s", want, have)
		}

		if found.Node.Hash != got.Hash || found.Charts.TotalCount != 1 || found.Charts.Nodes[0].Hash != got.Hash {
			t.Errorf("after the restart: %+v", found)
		}
	})
}

func TestUnknownBirthTimes(t *testing.T) {
	var got struct {
		CalculateChart struct {
			Chart struct {
				Birth struct {
					Time      *string
					TimeKnown bool
				}
				Positions []struct {
					Body           string
					House          *int
					LongitudeRange *struct{ From, To float64 }
				}
				Angles, Houses *struct{ Typename string }
			}
		}
	}

	start(t, embedded(t)).post(t, `mutation($birth: BirthInput!) { calculateChart(input: $birth) { chart { birth { time timeKnown }
		positions { body house longitudeRange { from to } } angles { typename: __typename } houses { typename: __typename } } } }`, birth("1990-01-15", nil)).into(t, &got)

	chart := got.CalculateChart.Chart
	if chart.Birth.Time != nil || chart.Birth.TimeKnown || chart.Angles != nil || chart.Houses != nil {
		t.Errorf("unexpected: %+v", chart)
	}

	for _, p := range chart.Positions {
		if p.House != nil || p.LongitudeRange == nil || p.Body == "PART_OF_FORTUNE" {
			t.Errorf("unexpected: %+v", p)
		}
	}

	if moon := chart.Positions[1].LongitudeRange; moon.To-moon.From < 11 || moon.To-moon.From > 16 {
		t.Errorf("the Moon passes %.1f to %.1f in a day", moon.From, moon.To)
	}
}

func TestBadInputNamesItsFieldAndStoresNothing(t *testing.T) {
	s := start(t, embedded(t))

	vary := func(change func(input, at map[string]any)) map[string]any {
		variables := birth("1990-01-15", "10:30")
		input := variables["birth"].(map[string]any)
		change(input, input["place"].(map[string]any)["coordinates"].(map[string]any))

		return variables
	}

	for name, test := range map[string]struct {
		change func(input, at map[string]any)
		field  string
	}{
		"no such day":        {func(in, _ map[string]any) { in["date"] = "1990-02-30" }, "input.date"},
		"date of a number":   {func(in, _ map[string]any) { in["date"] = 1990 }, "input.date"},
		"year out of range":  {func(in, _ map[string]any) { in["date"] = "1799-12-31" }, "input.date"},
		"no such time":       {func(in, _ map[string]any) { in["time"] = "24:00" }, "input.time"},
		"latitude":           {func(_, at map[string]any) { at["latitude"] = 91 }, "input.place.coordinates.latitude"},
		"longitude":          {func(_, at map[string]any) { at["longitude"] = -180.01 }, "input.place.coordinates.longitude"},
		"latitude of a word": {func(_, at map[string]any) { at["latitude"] = "north" }, "input.place.coordinates.latitude"},
		"zone":               {func(_, at map[string]any) { at["timeZone"] = "Mars/Olympus" }, "input.place.coordinates.timeZone"},
		"missing longitude":  {func(_, at map[string]any) { delete(at, "longitude") }, "input.place.coordinates.longitude"},
		"missing place":      {func(in, _ map[string]any) { delete(in, "place") }, "input.place"},
		"empty place":        {func(in, _ map[string]any) { in["place"] = map[string]any{} }, "input.place"},
		"unknown field":      {func(in, _ map[string]any) { in["shoeSize"] = 43 }, "input.shoeSize"},
		"unknown choice":     {func(in, _ map[string]any) { in["disambiguation"] = "MAYBE" }, "input.disambiguation"},
		"skipped time":       {func(in, _ map[string]any) { in["date"], in["time"] = "1990-04-01", "02:30" }, "input.time"},
	} {
		t.Run(name, func(t *testing.T) {
			s.post(t, calculate, vary(test.change)).wantError(t, "VALIDATION_FAILED", test.field)
		})
	}

	t.Run("literal", func(t *testing.T) {
		s.post(t, `mutation { first: calculateChart(input: {date: "1990-01-15", place: {coordinates: {latitude: 95, longitude: 0, timeZone: "UTC"}}}) { created } }`, nil).
			wantError(t, "VALIDATION_FAILED", "input.place.coordinates.latitude")
		s.post(t, `mutation { first: calculateChart(input: {date: "1990-13-15", place: {coordinates: {latitude: 0, longitude: 0, timeZone: "UTC"}}}) { created } }`, nil).
			wantError(t, "VALIDATION_FAILED", "input.date")
	})

	t.Run("ambiguous", func(t *testing.T) {
		variables := vary(func(in, _ map[string]any) { in["date"], in["time"] = "1990-10-28", "01:30" })

		e := s.post(t, calculate, variables).wantError(t, "VALIDATION_FAILED", "input.time")
		candidates := fmt.Sprint(e.Extensions["candidates"])

		for _, word := range []string{"1990-10-28T05:30:00Z", "1990-10-28T06:30:00Z", "EARLIER", "LATER", "EDT", "EST", "-14400", "-18000"} {
			if !strings.Contains(candidates, word) {
				t.Errorf("%s is missing in %s", word, candidates)
			}
		}
	})

	var none struct{ Charts struct{ TotalCount int } }

	s.post(t, `{ charts { totalCount } }`, nil, administrator(t)...).into(t, &none)

	if none.Charts.TotalCount != 0 {
		t.Errorf("bad input stored %d charts", none.Charts.TotalCount)
	}

	variables := vary(func(in, _ map[string]any) {
		in["date"], in["time"], in["disambiguation"] = "1990-10-28", "01:30", "LATER"
	})

	var c calculated

	if s.post(t, calculate, variables).into(t, &c); !c.CalculateChart.Created {
		t.Error("the chosen instant was not stored")
	}
}

type chartPage struct {
	Charts struct {
		TotalCount int
		Edges      []struct {
			Cursor string
			Node   struct{ Hash string }
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
}

const pages = `query Pages($first: Int, $after: Cursor, $last: Int, $before: Cursor, $by: ChartOrder, $filter: ChartFilter) {
	charts(first: $first, after: $after, last: $last, before: $before, orderBy: $by, filter: $filter) {
		totalCount edges { cursor node { hash } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

func TestPagesHoldStillWhileChartsAreAdded(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)

		var hashes []string // newest birth first

		for day := 20; day > 0; day-- {
			hashes = append(hashes, s.calculate(t, fmt.Sprintf("1990-01-%02d", day), "10:30").CalculateChart.Chart.Hash)
		}

		byBirth := map[string]any{"field": "INSTANT", "direction": "DESC"}

		var forward []string

		for after := any(nil); ; {
			var p chartPage

			s.post(t, pages, map[string]any{"first": 3, "after": after, "by": byBirth}, administrator(t)...).into(t, &p)

			for _, e := range p.Charts.Edges {
				forward = append(forward, e.Node.Hash)
			}

			if p.Charts.PageInfo.HasPreviousPage != (after != nil) {
				t.Errorf("hasPreviousPage is %t behind %v", p.Charts.PageInfo.HasPreviousPage, after)
			}

			if after = p.Charts.PageInfo.EndCursor; !p.Charts.PageInfo.HasNextPage {
				break
			}

			// A newer birth comes before the page: it must neither shift nor repeat what follows.
			s.calculate(t, fmt.Sprintf("1991-01-%02d", len(forward)), "10:30")
		}

		if !slices.Equal(forward, hashes) {
			t.Errorf("forward: want %v, got %v", hashes, forward)
		}

		var backward []string

		filter := map[string]any{"bornBefore": "1990-12-31T00:00:00Z"}

		for before := any(nil); ; {
			var p chartPage

			s.post(t, pages, map[string]any{"last": 7, "before": before, "by": byBirth, "filter": filter}, administrator(t)...).into(t, &p)

			if p.Charts.TotalCount != len(hashes) {
				t.Errorf("want %d in all, got %d", len(hashes), p.Charts.TotalCount)
			}

			for _, e := range slices.Backward(p.Charts.Edges) {
				backward = append(backward, e.Node.Hash)
			}

			if before = p.Charts.PageInfo.StartCursor; !p.Charts.PageInfo.HasPreviousPage {
				break
			}
		}

		slices.Reverse(backward)

		if !slices.Equal(backward, hashes) {
			t.Errorf("backward: want %v, got %v", hashes, backward)
		}
	})
}

func TestBadPagesNameTheirArgument(t *testing.T) {
	s := start(t, embedded(t))
	s.calculate(t, "1990-01-15", "10:30")

	var p chartPage

	s.post(t, pages, nil, administrator(t)...).into(t, &p)

	for name, test := range map[string]struct {
		variables map[string]any
		field     string
	}{
		"negative":                {map[string]any{"first": -1}, "first"},
		"too many":                {map[string]any{"last": 101}, "last"},
		"both":                    {map[string]any{"first": 1, "last": 1}, "last"},
		"cursor of somebody else": {map[string]any{"after": "b2Zmc2V0OjE="}, "after"},
		"cursor of another order": {map[string]any{"before": p.Charts.PageInfo.EndCursor, "by": map[string]any{"field": "INSTANT"}}, "before"},
	} {
		t.Run(name, func(t *testing.T) {
			s.post(t, pages, test.variables, administrator(t)...).wantError(t, "VALIDATION_FAILED", test.field)
		})
	}
}

func TestNodesKeepTheirOrderAndLeaveHoles(t *testing.T) {
	s := start(t, embedded(t))
	first, second := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart, s.calculate(t, "1990-01-16", nil).CalculateChart.Chart

	var got struct {
		Nodes []*struct{ ID string }
		Node  *struct{ ID string }
		Chart *struct{ ID string }
	}

	const document = `query($ids: [ID!]!, $id: ID!, $hash: ChartHash!) { nodes(ids: $ids) { id } node(id: $id) { id } chart(hash: $hash) { id } }`

	unknown := strings.Repeat("0", 64)
	s.post(t, document, map[string]any{"ids": []string{second.ID, "nonsense", first.ID, second.ID}, "id": "nonsense", "hash": unknown}).into(t, &got)

	if n := got.Nodes; len(n) != 4 || n[0] == nil || n[1] != nil || n[2] == nil || n[3] == nil || n[0].ID != second.ID || n[2].ID != first.ID || n[3].ID != second.ID {
		t.Errorf("unexpected: %+v", n)
	}

	if got.Node != nil || got.Chart != nil {
		t.Errorf("what does not exist is %+v, %+v", got.Node, got.Chart)
	}

	ids := slices.Repeat([]string{first.ID}, 101)
	s.post(t, `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": ids}).wantError(t, "VALIDATION_FAILED", "ids")
	s.post(t, `query($hash: ChartHash!) { chart(hash: $hash) { id } }`, map[string]any{"hash": "12ab"}).wantError(t, "VALIDATION_FAILED", "hash")
}

// The log of statements tells how many each document costs.
func TestStatementsOfTheBusiestDocuments(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, append(environment, "SIDEREAL_CACHE_CHARTS=0", "SIDEREAL_REDIS_URL=", "SIDEREAL_MAX_ALIASES=100", "SIDEREAL_MAX_ROOT_FIELDS=100"))
		s.quiet(t)

		var (
			many   strings.Builder
			lone   string
			hashes []any
		)

		for i := range 50 {
			made := s.calculate(t, "1990-01-15", fmt.Sprintf("10:%02d", i)).CalculateChart.Chart
			lone = fmt.Sprintf("explainDifference(input: {chartHash: %q, moon: {longitude: 7}}) { agrees }", made.Hash)
			hashes = append(hashes, made.Hash)
			fmt.Fprintf(&many, "c%d: chart(hash: %q) { hash positions { longitude } } n%d: node(id: %q) { id } ", i, made.Hash, i, made.ID)
		}

		for _, test := range []struct {
			operation, document string
			variables           map[string]any
			want                int
		}{
			{"New", strings.Replace(calculate, "Calculate", "New", 1), birth("1990-01-16", "10:30"), 4},     // the transaction, the chart and its event
			{"Again", strings.Replace(calculate, "Calculate", "Again", 1), birth("1990-01-16", "10:30"), 4}, // the transaction, the chart, and what was there
			{"Aliases", "query Aliases {" + many.String() + "}", nil, 1},
			{"List", "query List { charts(first: 50) { nodes { hash birth { placeName } positions { formatted } houses { cusps { longitude } } aspects { orb } } } }", nil, 1},
			{"Counted", "query Counted { charts(first: 50) { totalCount nodes { hash } } }", nil, 2},
			{"Difference", "query Difference {" + lone + "}", nil, 1},
			{"Facts", "query Facts { charts(first: 50) { nodes { patterns { certain } dignities { score } stations { body } chineseZodiac { lunar { newYear } } provenance { citation } } } }", nil, 1},
			{"Pair", fmt.Sprintf(`query Pair { synastry(a: %q, b: %q) { a { hash } b { hash } score { value } wheel } }`, hashes[:2]...), nil, 1},
			{"Same", fmt.Sprintf(`query Same { davison(a: %q, b: %[1]q) { hash } }`, hashes[0]), nil, 1},
			{"Pairs", fmt.Sprintf(`query Pairs { synastry(a: %q, b: %q) { omissions } composite(a: %q, b: %q) { notes } davison(a: %q, b: %q) { hash } }`,
				hashes[:6]...), nil, 1},
			{"Forecast", fmt.Sprintf(`query Forecast { chart(hash: %q) { transits { orb } lunarReturn { chart { hash } } wheel transitWheel } }`, hashes[0]), nil, 1},
			{"Placed", "mutation Placed { calculateChart(input: {date: \"1990-01-17\", place: {search: \"Ulm\"}}) { created } }", nil, 4},
			{"People", "query People { famousPeople(first: 50) { nodes { name chartHash } pageInfo { endCursor } } }", nil, 1},
			{"Matched", "query Matched { charts(first: 10) { nodes { famousMatches(first: 20) { score person { name } } } } }", nil, 3},
			{"Nothing", "query Nothing { __typename }", nil, 0},
		} {
			if a := s.post(t, test.document, test.variables, administrator(t)...); len(a.Errors) > 0 {
				t.Fatalf("%s: %+v", test.operation, a.Errors)
			}

			if lines := s.log.lines(`msg="slow query"`, "operation="+test.operation+" "); len(lines) != test.want {
				t.Errorf("%s: want %d statements, got %d:\n%s", test.operation, test.want, len(lines), strings.Join(lines, ""))
			}
		}

		for _, literal := range []string{"40.7128", "America/New_York"} {
			if lines := s.log.lines(`msg="slow query"`, literal); len(lines) > 0 {
				t.Errorf("the literal %s is in the log: %s", literal, lines[0])
			}
		}
	})
}
