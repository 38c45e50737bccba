package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"sidereal/chart/explain"
)

const difference = `query Difference($input: ExplainDifferenceInput!) { explainDifference(input: $input) {
	text agrees tooFew differences { point body house minutes }
	explanations { rank text causes { kind text } settings { date time utcOffsetSeconds instant latitude longitude zodiac houseSystem otherNode } differences { point minutes } } } }`

type differenceReport struct {
	ExplainDifference struct {
		Text           string
		Agrees, TooFew bool
		Differences    []figureDifference
		Explanations   []struct {
			Rank     int
			Text     string
			Causes   []struct{ Kind, Text string }
			Settings struct {
				Date, Time, Instant, Zodiac, HouseSystem string
				UtcOffsetSeconds                         int
			}
			Differences []figureDifference
		}
	}
}

type figureDifference struct {
	Point   string
	Body    *string
	House   *int
	Minutes *float64
}

// standing is where a chart has its points.
type standing struct {
	Hash      string
	Positions []struct {
		Body, Sign              string
		Longitude, DegreeInSign float64
	}
	Angles *struct{ Ascendant, Midheaven, Vertex struct{ Longitude float64 } }
	Houses *struct {
		Cusps []struct {
			House     int
			Longitude float64
		}
	}
}

func (s *testServer) standing(t *testing.T, variables map[string]any, zodiac, system string) (p standing) {
	t.Helper()

	s.post(t, selectFromChart(`hash positions(zodiac: `+zodiac+`) { body sign longitude degreeInSign } angles(zodiac: `+zodiac+`) { ascendant { longitude } midheaven { longitude } vertex { longitude } }
		houses(system: `+system+`, zodiac: `+zodiac+`) { cusps { house longitude } }`), variables).chartOf(t, &p)

	return p
}

func TestWhyAnotherSiteDiffers(t *testing.T) {
	s := start(t, embedded(t))
	summer := birth("1990-07-15", "10:30")
	ours := s.standing(t, summer, "TROPICAL", "PLACIDUS")
	at := func(longitude float64) map[string]any { return map[string]any{"longitude": longitude} }

	ask := func(t *testing.T, input map[string]any) (r differenceReport) {
		t.Helper()

		input["chartHash"] = ours.Hash
		s.post(t, difference, map[string]any{"input": input}).into(t, &r)

		return r
	}

	t.Run("it agrees", func(t *testing.T) {
		r := ask(t, map[string]any{"moon": at(ours.Positions[1].Longitude), "vertex": at(ours.Angles.Vertex.Longitude)}).ExplainDifference
		if !r.Agrees || len(r.Explanations) != 0 || len(r.Differences) != 2 || r.Differences[0].Point != "Moon" || r.Differences[1].Point != "Vertex" ||
			*r.Differences[0].Body != "MOON" || r.Differences[1].Body != nil || !strings.Contains(r.Text, "same figures") {
			t.Errorf("unexpected: %+v", r)
		}
	})

	t.Run("no daylight saving time", func(t *testing.T) {
		theirs := s.standing(t, birth("1990-07-15", "11:30"), "TROPICAL", "PLACIDUS") // 10:30 taken for EST
		r := ask(t, map[string]any{
			"sun":       map[string]any{"sign": theirs.Positions[0].Sign, "degreeInSign": theirs.Positions[0].DegreeInSign},
			"moon":      map[string]any{"sign": theirs.Positions[1].Sign, "degreeInSign": theirs.Positions[1].DegreeInSign},
			"ascendant": at(theirs.Angles.Ascendant.Longitude), "midheaven": at(theirs.Angles.Midheaven.Longitude),
		}).ExplainDifference

		if r.Agrees || len(r.Explanations) == 0 {
			t.Fatalf("unexpected: %+v", r)
		}

		best := r.Explanations[0]
		if best.Rank != 1 || len(best.Causes) != 1 || best.Causes[0].Kind != "NO_DAYLIGHT_SAVING" || best.Settings.UtcOffsetSeconds != -18000 ||
			best.Settings.Time != "10:30:00" || best.Settings.Instant != "1990-07-15T15:30:00Z" || !strings.Contains(r.Text, best.Text) || best.Text != best.Causes[0].Text {
			t.Errorf("unexpected: %+v", best)
		}

		if d := best.Differences[2]; d.Point != "Ascendant" || d.Minutes == nil || *d.Minutes > 1 || *d.Minutes < -1 {
			t.Errorf("the Ascendant is not explained: %+v", d)
		}
	})

	t.Run("another zodiac and another house system", func(t *testing.T) {
		theirs := s.standing(t, summer, "LAHIRI", "KOCH")

		var bodies, cusps []any

		for _, p := range theirs.Positions[:5] {
			bodies = append(bodies, map[string]any{"body": p.Body, "sign": p.Sign, "degreeInSign": p.DegreeInSign})
		}

		for _, c := range theirs.Houses.Cusps {
			cusps = append(cusps, map[string]any{"house": c.House, "longitude": c.Longitude, "precision": 1})
		}

		r := ask(t, map[string]any{"bodies": bodies, "cusps": cusps}).ExplainDifference
		if len(r.Explanations) == 0 || len(r.Explanations[0].Causes) != 2 || r.Explanations[0].Settings.Zodiac != "LAHIRI" || r.Explanations[0].Settings.HouseSystem != "KOCH" {
			t.Fatalf("unexpected: %+v", r)
		}

		if d := r.Differences[5]; d.Point != "cusp 1" || d.House == nil || *d.House != 1 || d.Body != nil {
			t.Errorf("unexpected: %+v", d)
		}
	})

	t.Run("too few figures", func(t *testing.T) {
		r := ask(t, map[string]any{"moon": map[string]any{"longitude": 7, "precision": 60}, "sun": map[string]any{"longitude": 115, "precision": 60}}).ExplainDifference
		if r.Agrees || r.Text == "" {
			t.Errorf("unexpected: %+v", r)
		}
	})

	t.Run("a point that the chart does not have", func(t *testing.T) {
		ours := s.standing(t, birth("1990-07-15", nil), "TROPICAL", "PLACIDUS")

		var r differenceReport

		s.post(t, difference, map[string]any{"input": map[string]any{"chartHash": ours.Hash, "ascendant": at(12)}}).into(t, &r)

		if d := r.ExplainDifference.Differences[0]; d.Minutes != nil || r.ExplainDifference.Agrees {
			t.Errorf("a chart without a time has no Ascendant: %+v", d)
		}
	})
}

func TestBadFiguresNameTheirField(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	for name, test := range map[string]struct{ input, field string }{
		"none":                   {`{}`, "input"},
		"longitude":              {`{"moon": {"longitude": 360}}`, "input.moon.longitude"},
		"degree":                 {`{"vertex": {"sign": "ARIES", "degreeInSign": 51}}`, "input.vertex.degreeInSign"},
		"both":                   {`{"sun": {"longitude": 1, "sign": "ARIES", "degreeInSign": 1}}`, "input.sun"},
		"sign alone":             {`{"midheaven": {"sign": "ARIES"}}`, "input.midheaven"},
		"precision":              {`{"ascendant": {"longitude": 1, "precision": 1801}}`, "input.ascendant.precision"},
		"body by its place":      {`{"bodies": [{"body": "SUN", "longitude": 1}, {"body": "MOON", "longitude": -1}]}`, "input.bodies[1].longitude"},
		"house":                  {`{"cusps": [{"house": 0, "longitude": 1}]}`, "input.cusps[0].house"},
		"unknown body":           {`{"bodies": [{"body": "EARTH", "longitude": 1}]}`, "input.bodies[0].body"},
		"too many bodies":        {`{"bodies": [` + strings.Repeat(`{"body": "SUN", "longitude": 1}, `, 21) + `{"body": "SUN", "longitude": 1}]}`, "input.bodies"},
		"too many cusps":         {`{"cusps": [` + strings.Repeat(`{"house": 1, "longitude": 1}, `, 12) + `{"house": 1, "longitude": 1}]}`, "input.cusps"},
		"a hash that is no hash": {`{"chartHash": "12ab", "moon": {"longitude": 1}}`, "input.chartHash"},
	} {
		t.Run(name, func(t *testing.T) {
			input := map[string]any{"chartHash": hash}
			if err := json.Unmarshal([]byte(test.input), &input); err != nil {
				t.Fatal(err)
			}

			s.post(t, difference, map[string]any{"input": input}).wantError(t, "VALIDATION_FAILED", test.field)
		})
	}

	unknown := strings.Repeat("0", 64)
	e := s.post(t, difference, map[string]any{"input": map[string]any{"chartHash": unknown, "moon": map[string]any{"longitude": 1}}}).wantError(t, "NOT_FOUND", "")

	if e.Extensions["resourceType"] != "Chart" || e.Extensions["resourceId"] != unknown {
		t.Errorf("unexpected: %+v", e.Extensions)
	}
}

// Every cause of the domain has its name in the schema.
func TestEveryCauseHasAName(t *testing.T) {
	var got struct {
		Type struct {
			EnumValues []struct{ Name, Description string }
		} `json:"__type"`
	}

	start(t, embedded(t)).post(t, `{ __type(name: "DifferenceCauseKind") { enumValues { name description } } }`, nil).into(t, &got)

	var names []string

	for _, v := range got.Type.EnumValues {
		names = append(names, strings.ToLower(strings.ReplaceAll(v.Name, "_", " ")))
	}

	for kind := range explain.Kind(explain.KindCount) {
		if want := strings.ToLower(strings.ReplaceAll(kind.String(), " and ", " ")); !slices.Contains(names, want) {
			t.Errorf("%q is missing in %v", want, names)
		}
	}
}
