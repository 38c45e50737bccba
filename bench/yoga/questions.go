package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"sidereal/bench/process"
	"sidereal/internal/everyfield"
)

// simple is what the two configurations are compared by.
const simple = `query Latest { charts(first: 1) { nodes { hash calculatedAt } } }`

// charts is how many charts there are.
const charts = 200

// computed are the fields that look beyond the birth, and change with the time when they are asked without one.
var computed = []string{"transits", "transitWheel", "lunarReturn", "wheel", "famousMatches"}

// beyond asks for what is computed, at a time that stands still. The charts of returns have no time of calculation of their own, so it is left out.
const beyond = ` transits(at: "2026-01-01T00:00:00Z") { body target kind orb strength applying speed uncertainty enters leaves exact previous next }
	lunarReturn(after: "2026-01-01T00:00:00Z") { body exact longitude uncertaintySeconds }
	wheel transitWheel(at: "2026-01-01T00:00:00Z") famousMatches { percentile score person { id name } } `

// ask calculates the charts and returns what is asked about them.
func ask(server *process.Process) ([]question, error) {
	hash := ""

	for i := range charts {
		answer, err := once(server, question{name: "calculateChart", document: `mutation($birth: BirthInput!) {
			calculateChart(input: $birth) { chart { hash } } }`, variables: map[string]any{"birth": birth(i)}})
		if err != nil {
			return nil, err
		}

		var body struct {
			Data struct {
				CalculateChart struct{ Chart struct{ Hash string } }
			}
		}

		if err := json.Unmarshal(answer, &body); err != nil {
			return nil, err
		}

		hash = body.Data.CalculateChart.Chart.Hash
	}

	facts, err := selection("Chart", computed...)
	if err != nil {
		return nil, err
	}

	positions, err := selection("Position")
	if err != nil {
		return nil, err
	}

	aspects, err := selection("Aspect")
	if err != nil {
		return nil, err
	}

	one := map[string]any{"hash": hash}
	everything := strings.TrimSuffix(strings.TrimSpace(facts), "}") + beyond + "}"

	return []question{
		{"a chart with all its facts", "query Chart($hash: ChartHash!) { chart(hash: $hash) " + facts + "}", one},
		{"a page of 50 charts", "query Page { charts(first: 50) { edges { cursor node { id hash positions " + positions + "aspects " + aspects +
			"} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }", nil},
		{"a chart with all that is computed", "query Chart($hash: ChartHash!) { chart(hash: $hash) " + everything + "}", one},
		{"{ __typename }", "{ __typename }", nil},
	}, nil
}

func selection(of string, except ...string) (string, error) {
	text, err := everyfield.Selection("schema.graphqls", of, except...)
	if err != nil {
		return "", fmt.Errorf("%w (run it from the root of the module)", err)
	}

	return text, nil
}

// birth returns the i-th birth; each has another instant and place.
func birth(i int) map[string]any {
	at := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 1999 * time.Hour)

	return map[string]any{
		"date": at.Format("2006-01-02"), "time": at.Format("15:04:05"),
		"place": map[string]any{"coordinates": map[string]any{
			"latitude": float64(i%120) - 59.5, "longitude": float64(i*7%359) - 179.5, "timeZone": "UTC", "name": "Somewhere",
		}},
	}
}
