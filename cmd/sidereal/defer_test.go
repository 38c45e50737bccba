package main

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/coder/websocket/wsjson"
)

// payload is a part of an answer.
type payload struct {
	Data        any
	Incremental []struct {
		Data   map[string]any
		Path   []any
		Label  string
		Errors []any
	}
	HasNext    *bool
	Errors     []any
	Extensions map[string]json.RawMessage
}

// merge puts the parts of an answer together, as a client does.
func merge(t testing.TB, parts []payload) (data any, labels map[string]int) {
	t.Helper()

	labels = make(map[string]int)

	for i, p := range parts {
		if last := i == len(parts)-1; p.HasNext == nil || *p.HasNext == last || len(p.Errors) > 0 || (p.Data != nil) != (i == 0) {
			t.Fatalf("part %d of %d is not of the form: %+v", i, len(parts), p)
		}

		if i == 0 {
			data = p.Data
		}

		for _, more := range p.Incremental {
			at := data

			for _, element := range more.Path {
				if name, ok := element.(string); ok {
					at = at.(map[string]any)[name]
				} else {
					at = at.([]any)[int(element.(float64))]
				}
			}

			for name, value := range more.Data {
				if _, taken := at.(map[string]any)[name]; taken {
					t.Errorf("%s was there before it came", name)
				}

				at.(map[string]any)[name] = value
			}

			labels[more.Label]++
		}
	}

	return data, labels
}

const deferred = `query($from: DateTime = "2024-01-01T00:00:00Z") {
	charts(first: 10) { totalCount nodes {
		hash
		...Later @defer(label: "later")
		... @defer(label: "returns") { solarReturn(year: 2024) { exact } }
	} }
}
fragment Later on Chart { famousMatches(first: 2) { score person { name } } transits(at: $from) { body target kind } }`

// The parts of an answer make what the answer is in one piece: over HTTP and over a WebSocket.
func TestPartsMakeTheWhole(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)

		for _, date := range []string{"1990-01-15", "1991-02-16", "1992-03-17"} {
			s.calculate(t, date, "10:30")
		}

		var whole any

		s.post(t, deferred, nil, administrator(t)...).into(t, &whole)

		for name, parts := range map[string][]payload{"HTTP": s.overHTTP(t, deferred, administrator(t)...), "WebSocket": s.overWebSocket(t, deferred)} {
			got, labels := merge(t, parts)
			if !reflect.DeepEqual(got, whole) {
				t.Errorf("%s: want %v\n got %v", name, whole, got)
			}

			if labels["later"] != 3 || labels["returns"] != 3 {
				t.Errorf("%s: want three of each label, got %v", name, labels)
			}
		}

		// A mutation defers as well.
		mutation := strings.Replace(calculate, "chart {", "chart { ... @defer { famousMatches(first: 1) { score } }", 1)
		mutation = strings.Replace(mutation, "$birth: BirthInput!", `$birth: BirthInput! = {date: "1990-01-15", place: {search: "Paris"}}`, 1)

		if got, labels := merge(t, s.overHTTP(t, mutation)); labels[""] != 1 {
			t.Errorf("unexpected: %v %v", got, labels)
		}
	})
}

// What does not wait is written directly, whether or not something beside it is deferred; and the last part has the cost of all.
func TestWhatIsDeferredStandsBesideWhatIsWrittenDirectly(t *testing.T) {
	const fields = `positions { body longitude formatted } aspects { first second kind } houses { cusps { house longitude } }`

	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
	document := `{ chart(hash: "` + hash + `") { ` + fields + ` ... @defer(label: "later") { transits(at: "2024-01-01T00:00:00Z") { body target kind } } } }`

	var whole any

	atOnce := s.post(t, document, nil)
	atOnce.into(t, &whole)

	for name, parts := range map[string][]payload{"HTTP": s.overHTTP(t, document), "WebSocket": s.overWebSocket(t, document)} {
		if len(parts) != 2 {
			t.Fatalf("%s: want two parts, got %+v", name, parts)
		}

		shown, _ := parts[0].Data.(map[string]any)["chart"].(map[string]any)
		if len(shown) != 3 || len(shown["positions"].([]any)) == 0 {
			t.Errorf("%s: want what is not deferred first, got %v", name, parts[0].Data)
		}

		if got, labels := merge(t, parts); !reflect.DeepEqual(got, whole) || labels["later"] != 1 {
			t.Errorf("%s: want %v\n got %v, %v", name, whole, got, labels)
		}

		got := answer{Extensions: parts[1].Extensions}.cost(t)
		if want := atOnce.cost(t); got != want || got.Actual == got.Requested || parts[0].Extensions != nil {
			t.Errorf("%s: want the cost %+v in the last part only, got %+v and %s", name, want, got, parts[0].Extensions)
		}
	}
}

func (s *testServer) overHTTP(t testing.TB, document string, header ...string) (parts []payload) {
	t.Helper()

	response, text := s.raw(t, http.DefaultClient, http.MethodPost, "/graphql", body(t, "query", document),
		append([]string{"Content-Type", "application/json", "Accept", "multipart/mixed;deferSpec=20220824, application/json"}, header...)...)

	mediaType, parameters, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || mediaType != "multipart/mixed" || parameters["deferspec"] != "20220824" {
		t.Fatalf("want multipart/mixed, got %v", response.Header)
	}

	for reader := multipart.NewReader(strings.NewReader(text), parameters["boundary"]); ; {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return parts
		}

		if err != nil {
			t.Fatal(err)
		}

		var p payload
		if err := json.NewDecoder(part).Decode(&p); err != nil || part.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Fatalf("want JSON, got %v %v", part.Header, err)
		}

		parts = append(parts, p)
	}
}

func (s *testServer) overWebSocket(t testing.TB, document string) (parts []payload) {
	t.Helper()

	socket := s.open(t)
	if err := wsjson.Write(t.Context(), socket, message{ID: "1", Type: "subscribe", Payload: json.RawMessage(body(t, "query", document))}); err != nil {
		t.Fatal(err)
	}

	for {
		m, err := receive(t, socket)
		if err != nil {
			t.Fatal(err)
		}

		if m.Type == "complete" {
			return parts
		}

		var p payload
		if err := json.Unmarshal(m.Payload, &p); err != nil || m.Type != "next" {
			t.Fatalf("want next, got %s %s", m.Type, m.Payload)
		}

		parts = append(parts, p)
	}
}

// Clients may look for the directive before they use it.
func TestTheSchemaTellsOfDefer(t *testing.T) {
	var schema struct {
		Schema struct {
			Directives []struct {
				Name      string
				Locations []string
			}
		} `json:"__schema"`
	}

	start(t, embedded(t)).post(t, `{ __schema { directives { name locations } } }`, nil).into(t, &schema)

	for _, d := range schema.Schema.Directives {
		if d.Name == "defer" {
			if !reflect.DeepEqual(d.Locations, []string{"FRAGMENT_SPREAD", "INLINE_FRAGMENT"}) {
				t.Errorf("unexpected: %v", d.Locations)
			}

			return
		}
	}

	t.Error("the schema does not know @defer")
}

// The document of docs/http.md is answered in the parts that the text shows.
func TestTheGuideToHTTP(t *testing.T) {
	text, err := os.ReadFile("../../docs/http.md")
	if err != nil {
		t.Fatal(err)
	}

	_, rest, _ := strings.Cut(string(text), "```graphql\n")
	document, _, ok := strings.Cut(rest, "```")

	if !ok {
		t.Fatal("the guide has no document")
	}

	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
	document = strings.Replace(document, "$hash: ChartHash!", `$hash: ChartHash! = "`+hash+`"`, 1)

	if data, labels := merge(t, s.overHTTP(t, document)); labels["alike"] != 1 {
		t.Errorf("unexpected: %v %v", labels, data)
	}
}
