package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"sidereal/graph"
	"sidereal/internal/everyfield"
)

// answerer is a whole server without a network.
type answerer struct{ http.Handler }

func newAnswerer(t testing.TB) answerer {
	t.Helper()

	cfg, err := readConfig(embedded(t))
	if err != nil {
		t.Fatal(err)
	}

	a, err := newApp(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = a.Close() })

	return answerer{a.handler}
}

// ask returns the body of the answer to a request with header lines, name and value in turn.
func (a answerer) ask(ctx context.Context, document string, variables map[string]any, header ...string) []byte {
	body, _ := json.Marshal(map[string]any{"query": document, "variables": variables})
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Request-ID", "the-same")

	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}

	recorder := httptest.NewRecorder()
	a.ServeHTTP(recorder, request)
	answer, _ := io.ReadAll(recorder.Body)

	return answer
}

// hash calculates a chart and returns its hash.
func (a answerer) hash(t testing.TB, birth any) string {
	t.Helper()

	var answer struct {
		Data struct {
			CalculateChart struct{ Chart struct{ Hash string } }
		}
	}

	text := a.ask(t.Context(), "mutation($birth: BirthInput!) { calculateChart(input: $birth) { chart { hash } } }", map[string]any{"birth": birth})
	if err := json.Unmarshal(text, &answer); err != nil || answer.Data.CalculateChart.Chart.Hash == "" {
		t.Fatalf("%v: %s", err, text)
	}

	return answer.Data.CalculateChart.Chart.Hash
}

// goldenHashes calculates the well-known births; some have no time.
func (a answerer) goldenHashes(t testing.TB) []string {
	t.Helper()

	text, err := os.ReadFile("testdata/golden/births.json")
	if err != nil {
		t.Fatal(err)
	}

	var births []goldenBirth
	if err := json.Unmarshal(text, &births); err != nil {
		t.Fatal(err)
	}

	hashes := make([]string, len(births))
	for i, b := range births {
		hashes[i] = a.hash(t, b.Birth)
	}

	return hashes
}

// sameBothWays asks a document twice, written directly and executed field by field; the data and the cost must be the same bytes, and the errors the same in some order.
func (a answerer) sameBothWays(t *testing.T, document string, variables map[string]any) (data bool, errs int) {
	t.Helper()

	type answer struct {
		Data       json.RawMessage
		Errors     []json.RawMessage
		Extensions json.RawMessage
	}

	var got, want answer

	for into, ctx := range map[*answer]context.Context{&got: t.Context(), &want: graph.ByField(t.Context())} {
		if err := json.Unmarshal(a.ask(ctx, document, variables), into); err != nil {
			t.Fatal(err)
		}

		slices.SortFunc(into.Errors, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	}

	if !bytes.Equal(want.Data, got.Data) {
		line := 0
		for line < min(len(want.Data), len(got.Data)) && want.Data[line] == got.Data[line] {
			line++
		}

		from := max(0, line-60)
		t.Fatalf("%s\n%v\nwant …%.200s %s\n got …%.200s %s", document, variables, want.Data[from:], want.Errors, got.Data[from:], got.Errors)
	}

	if w, g := fmt.Sprintf("%s", want.Errors), fmt.Sprintf("%s", got.Errors); w != g {
		t.Fatalf("%s\n%v\nwant the errors %s\n got %s", document, variables, w, g)
	}

	if !bytes.Equal(want.Extensions, got.Extensions) {
		t.Fatalf("%s\n%v\nwant the extensions %s\n got %s", document, variables, want.Extensions, got.Extensions)
	}

	return len(got.Data) > len("null"), len(got.Errors)
}

func TestGoldenChartsAreWrittenAsTheExecutorWritesThem(t *testing.T) {
	fields, err := everyfield.Selection("../../schema.graphqls", "Chart", "transits", "lunarReturn", "famousMatches", "transitWheel")
	if err != nil {
		t.Fatal(err)
	}

	a := newAnswerer(t)

	for _, hash := range a.goldenHashes(t) {
		if data, errs := a.sameBothWays(t, `{ chart(hash: "`+hash+`") `+fields+"}", nil); !data || errs > 0 {
			t.Errorf("%s: want data and no errors, got %t and %d", hash, data, errs)
		}
	}
}

// roots are fields of Query with objects that are mostly plain; %s are two hashes of charts.
var roots = []struct{ text, of string }{
	{`chart(hash: "%s")`, "Chart"},
	{`chart(hash: "%s")`, "Chart"},
	{`charts(first: 3)`, "ChartConnection"},
	{`synastry(a: "%s", b: "%s", zodiac: $zodiac)`, "Synastry"},
	{`composite(a: "%s", b: "%s")`, "Composite"},
	{`places(search: "Cambridge", first: 3)`, "Place"},
	{`famousPeople(first: 3)`, "FamousPersonConnection"},
	{`timeZoneAt(latitude: 48.2, longitude: 16.4)`, "TimeZoneGuess"},
	{`nearestPlace(latitude: 48.2, longitude: 16.4)`, "NearestPlace"},
	{`explainDifference(input: {chartHash: "%s", sun: {longitude: 100}, ascendant: {longitude: 13, precision: 2}})`, "DifferenceReport"},
}

func TestRandomDocumentsAreAnsweredAsTheExecutorAnswersThem(t *testing.T) {
	documents := 800
	if testing.Short() {
		documents = 150
	}

	a := newAnswerer(t)
	hashes := a.goldenHashes(t)
	q := &randomQuery{
		Rand: rand.New(rand.NewPCG(20, 21)), schema: loadSchema(t),
		// What is computed at length, and what depends on the time of the answer.
		except: []string{"famousMatches", "transitEvents", "transits", "transitWheel", "solarReturn", "lunarReturn", "progression"},
		texts: map[string][]string{
			"Int": {"1", "3", "12", "0", "800"}, "Float": {"1", "0.5", "3", "12.5", "-1"}, "Boolean": {"true", "false"}, "ID": {`"x"`},
			"String": {`"Ada Lovelace"`, `"12"`, `"Zoë \"é\" \\ <&>\t"`, `""`}, "DateTime": {`"2020-01-01T00:00:00Z"`}, "Cursor": {`"x"`},
		},
	}

	withData, withErrors := 0, 0

	for i := range documents {
		root := roots[i%len(roots)]
		one, two := hashes[q.IntN(len(hashes))], hashes[q.IntN(len(hashes))]
		text := root.text

		for _, hash := range []string{one, two} {
			text = strings.Replace(text, "%s", hash, 1)
		}

		document, variables := q.document(text, root.of)
		data, errs := a.sameBothWays(t, document, variables)

		variables["yes"], variables["zodiac"] = variables["yes"] != true, q.value(q.schema.Types["Zodiac"])
		a.sameBothWays(t, document, variables) // what was compiled for the first variables is not taken for others

		if data {
			withData++
		}

		if errs > 0 {
			withErrors++
		}
	}

	if withData < documents/2 || withErrors < documents/50 {
		t.Errorf("of %d documents %d were answered with data and %d with errors: the comparison sees too little", documents, withData, withErrors)
	}
}

// listed counts the objects that lists hold, at any depth.
func listed(data any) (objects int64) {
	switch d := data.(type) {
	case map[string]any:
		for _, value := range d {
			objects += listed(value)
		}
	case []any:
		for _, element := range d {
			if _, ok := element.(map[string]any); ok {
				objects++
			}

			objects += listed(element)
		}
	}

	return objects
}

// These objects in lists cost a point each, however deep they lie and whichever way they are written.
func TestListsCostTheSameBothWays(t *testing.T) {
	a := newAnswerer(t)
	hash := a.hash(t, goldenLike())
	input := `{chartHash: "` + hash + `", sun: {longitude: 100}, ascendant: {longitude: 13, precision: 2}}`

	for name, test := range map[string]struct {
		fields string
		fixed  int64 // points that do not belong to elements of lists
	}{
		"a list":                       {`chart { aspects { kind } }`, 13},
		"lists in a list":              {`explainDifference(input: ` + input + `) { differences { point } explanations { causes { text } differences { point } } }`, 852},
		"beside one that waits":        {`chart { famousMatches(first: 3) { score } aspects { kind } }`, 213},
		"fields of one response name":  {`chart { aspects { first } ...F }`, 14},
		"a fragment at several places": {`a: chart { ...F } b: chart { ...F }`, 27},
	} {
		t.Run(name, func(t *testing.T) {
			document := "{" + strings.ReplaceAll(test.fields, "chart {", `chart(hash: "`+hash+`") {`) + "}"
			if strings.Contains(document, "...F") {
				document += " fragment F on Chart { aspects { second kind } outOfBounds { body } }"
			}

			for way, ctx := range map[string]context.Context{"directly": t.Context(), "by field": graph.ByField(t.Context())} {
				var got struct {
					Data       any
					Errors     []any
					Extensions struct{ Cost costReport }
				}

				if err := json.Unmarshal(a.ask(ctx, document, nil), &got); err != nil || len(got.Errors) > 0 {
					t.Fatalf("%s: %v %v", way, err, got.Errors)
				}

				cost := got.Extensions.Cost
				if want := test.fixed + listed(got.Data); cost.Actual != want || cost.Requested == want || want == test.fixed {
					t.Errorf("%s: want %d points for some lists, and others requested, got %+v", way, want, cost)
				}
			}
		})
	}
}

// Contexts, closures and marshalers of fields would show up as allocations.
func TestWritingDirectlyAllocatesNextToNothing(t *testing.T) {
	a := newAnswerer(t)
	hash := a.hash(t, goldenLike())
	document := `{ chart(hash: "` + hash + `") { positions { body longitude latitude speed sign formatted } aspects { first second kind orb strength } } }`

	direct := testing.AllocsPerRun(50, func() { a.ask(t.Context(), document, nil) })
	byField := testing.AllocsPerRun(50, func() { a.ask(graph.ByField(t.Context()), document, nil) })

	if direct > byField/4 {
		t.Errorf("want less than a quarter of the %.0f allocations that executing each field takes, got %.0f", byField, direct)
	}
}

func goldenLike() map[string]any {
	return map[string]any{"date": "1990-01-15", "time": "10:30", "place": map[string]any{
		"coordinates": map[string]any{"latitude": 48.2, "longitude": 16.4, "timeZone": "Europe/Vienna"},
	}}
}
