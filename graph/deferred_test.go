package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"sidereal/account"
	"sidereal/account/collection"
	"sidereal/chart"
	"sidereal/fault"
	"sidereal/graph"
	"sidereal/graph/loader"
	"sidereal/graph/model"
	"sidereal/people"
	"sidereal/reading"
	"sidereal/resilience"
	"sidereal/telemetry"
)

// stage is resolvers of which one field waits until it is told what to say. The others are not asked for.
type stage struct {
	graph.ResolverRoot

	asked chan struct{} // gets a value when the field begins
	say   chan error    // ends the field: nil for no matches
}

func newStage() *stage { return &stage{asked: make(chan struct{}, 10), say: make(chan error)} }

func (s *stage) Query() graph.QueryResolver       { return theQuery{} }
func (s *stage) Mutation() graph.MutationResolver { return theMutation{} }
func (s *stage) Chart() graph.ChartResolver       { return theChart{stage: s} }

type theChart struct {
	graph.ChartResolver

	stage *stage
}

func (c theChart) FamousMatches(ctx context.Context, _ *model.Chart, _ int) ([]model.FamousMatch, error) {
	c.stage.asked <- struct{}{}

	select {
	case err := <-c.stage.say:
		return nil, err
	case <-ctx.Done():
		c.stage.asked <- struct{}{}

		return nil, ctx.Err()
	}
}

type theQuery struct{ graph.QueryResolver }

func (theQuery) Chart(context.Context, chart.Hash) (*model.Chart, error) {
	return new(model.Chart), nil
}

type theMutation struct{ graph.MutationResolver }

func (theMutation) CalculateChart(context.Context, model.BirthInput) (*model.CalculateChartPayload, error) {
	return &model.CalculateChartPayload{Created: true, Chart: new(model.Chart)}, nil
}

// nothing is a source that holds nothing.
type nothing struct{}

func (nothing) ByHashes(context.Context, []chart.Hash) (map[chart.Hash]chart.Stored, error) {
	return map[chart.Hash]chart.Stored{}, nil
}

func (nothing) ByKeys(context.Context, []people.Key) (map[people.Key]people.Person, error) {
	return map[people.Key]people.Person{}, nil
}

func (nothing) MatchAll(_ context.Context, wanted []people.Wanted) ([][]people.Match, error) {
	return make([][]people.Match, len(wanted)), nil
}

// none is a collection of nothing.
type none struct{}

func (none) ByIDs(context.Context, []collection.ID) (map[collection.ID]collection.Saved, error) {
	return map[collection.ID]collection.Saved{}, nil
}

// unread are readings, of which there are none.
type unread struct{}

func (unread) ByIDs(context.Context, []string) (map[string]reading.Reading, error) {
	return map[string]reading.Reading{}, nil
}

func (unread) Sections(context.Context, []string) (map[string][]reading.Section, error) {
	return map[string][]reading.Section{}, nil
}

func (s *stage) handler() http.Handler {
	return graph.NewServer(graph.ServerConfig{
		Resolvers: s, Sources: loader.Sources{Charts: nothing{}, People: nothing{}, Collections: none{}, Readings: unread{}},
		Process: telemetry.NewProcess(time.Now, telemetry.NewConnections(nil), func() []resilience.Status { return nil }), Log: slog.New(slog.DiscardHandler),
		Authenticate: func(context.Context, string) (account.Viewer, error) { return account.Viewer{}, nil },
		Documents:    graph.DocumentConfig{Introspection: true},
		MaxBodyBytes: 1 << 20,
		MaxTime:      30 * time.Second, // of a clock that stands still, or a test that hangs
	})
}

const hash = `"0000000000000000000000000000000000000000000000000000000000000000"`

// ask returns a request whose client takes answers in parts.
func ask(t testing.TB, url, document string) *http.Request {
	t.Helper()

	body, err := json.Marshal(map[string]any{"query": document})
	if err != nil {
		t.Fatal(err)
	}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}

	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "multipart/mixed;deferSpec=20220824, application/json")

	return request
}

// partsOf returns a reader of the parts of an answer.
func partsOf(t testing.TB, contentType string, body io.Reader) *multipart.Reader {
	t.Helper()

	mediaType, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || mediaType != "multipart/mixed" || parameters["deferspec"] != "20220824" {
		t.Fatalf("want multipart/mixed by deferSpec 20220824, got %s, %v", contentType, err)
	}

	return multipart.NewReader(body, parameters["boundary"])
}

// nextPart returns the text of the next part; empty at the end.
func nextPart(t testing.TB, parts *multipart.Reader) string {
	t.Helper()

	p, err := parts.NextPart()
	if errors.Is(err, io.EOF) {
		return ""
	} else if err != nil {
		t.Fatal(err)
	}

	text, err := io.ReadAll(p)
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

// costOfQuery is what a chart and its ten matches might cost, and what they do: there are none. The last part of an answer has it.
const costOfQuery = `"extensions":{"cost":{"requestedQueryCost":222,"actualQueryCost":212}}`

func TestWhatIsDeferredComesLater(t *testing.T) {
	for name, test := range map[string]struct {
		document string
		say      error
		want     []string
	}{
		"a query": {
			`{ chart(hash: ` + hash + `) { __typename ... @defer(label: "later") { famousMatches { score } } } }`, nil,
			[]string{
				`{"data":{"chart":{"__typename":"Chart"}},"hasNext":true}`,
				`{"incremental":[{"data":{"famousMatches":[]},"path":["chart"],"label":"later"}],"hasNext":false,` + costOfQuery + `}`,
			},
		},
		"a mutation": {
			`mutation { calculateChart(input: {date: "1990-01-15", place: {search: "Paris"}}) { created chart { ...Later @defer } } } fragment Later on Chart { famousMatches { score } }`, nil,
			[]string{
				`{"data":{"calculateChart":{"created":true,"chart":{}}},"hasNext":true}`,
				`{"incremental":[{"data":{"famousMatches":[]},"path":["calculateChart","chart"]}],"hasNext":false,"extensions":{"cost":{"requestedQueryCost":263,"actualQueryCost":253}}}`,
			},
		},
		"one within another comes with the outer": {
			`{ chart(hash: ` + hash + `) { __typename ... @defer { ...F } } } fragment F on Chart { ... @defer(label: "inner") { famousMatches { score } } }`, nil,
			[]string{
				`{"data":{"chart":{"__typename":"Chart"}},"hasNext":true}`,
				`{"incremental":[{"data":{"famousMatches":[]},"path":["chart"]}],"hasNext":false,` + costOfQuery + `}`,
			},
		},
		"an error is in the part that it belongs to": {
			`{ chart(hash: ` + hash + `) { __typename ... @defer { famousMatches { score } } } }`, fault.New(fault.Conflict, "not now"),
			[]string{
				`{"data":{"chart":{"__typename":"Chart"}},"hasNext":true}`,
				`{"incremental":[{"errors":[{"message":"not now","path":["chart","famousMatches"],"locations":[{"line":1,"column":109}],"extensions":{"code":"CONFLICT","requestId":""}}],` +
					`"data":null,"path":["chart"]}],"hasNext":false,` + costOfQuery + `}`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			server := httptest.NewServer(s.handler())
			defer server.Close()

			response, err := server.Client().Do(ask(t, server.URL, test.document))
			if err != nil {
				t.Fatal(err)
			}

			defer response.Body.Close()

			parts := partsOf(t, response.Header.Get("Content-Type"), response.Body)
			if got := nextPart(t, parts); got != test.want[0] { // while the field still waits
				t.Errorf("want %s\n got %s", test.want[0], got)
			}

			s.say <- test.say

			for _, want := range append(test.want[1:], "") {
				if got := nextPart(t, parts); got != want {
					t.Errorf("want %s\n got %s", want, got)
				}
			}
		})
	}
}

// Who does not take parts gets everything at once, and so does who says that nothing is deferred.
func TestWhatIsDeferredIsNotLost(t *testing.T) {
	const document = `query($on: Boolean) { chart(hash: ` + hash + `) { ...F @defer(if: $on) ... @defer(if: false) { __typename } } } fragment F on Chart { famousMatches { score } }`

	for name, test := range map[string]struct {
		accept, variables, want string
	}{
		"a client that takes JSON":            {"application/json", `{"on": true}`, "application/json; charset=utf-8"},
		"a client that takes the newest JSON": {"application/graphql-response+json", `{"on": true}`, "application/graphql-response+json; charset=utf-8"},
		"a client of another version":         {"multipart/mixed;incrementalSpec=v0.2, application/json", `{"on": true}`, "application/json; charset=utf-8"},
		"a variable that is false":            {"multipart/mixed;deferSpec=20220824, application/json", `{"on": false}`, "application/json; charset=utf-8"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			request := ask(t, "/graphql", document)
			request.Header.Set("Accept", test.accept)
			request.Body = io.NopCloser(strings.NewReader(`{"query":` + quoted(document) + `,"variables":` + test.variables + `}`))

			go func() { s.say <- nil }()

			w := httptest.NewRecorder()
			s.handler().ServeHTTP(w, request)

			if got, want := w.Body.String(), `{"data":{"chart":{"famousMatches":[],"__typename":"Chart"}},`+costOfQuery+`}`; got != want || w.Header().Get("Content-Type") != test.want {
				t.Errorf("want %s %s\n got %s %s", test.want, want, w.Header().Get("Content-Type"), got)
			}
		})
	}
}

func quoted(text string) string {
	quoted, _ := json.Marshal(text)

	return string(quoted)
}

func TestAClientThatGoesLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())

	s := newStage()
	server := httptest.NewServer(s.handler())
	ctx, leave := context.WithCancel(t.Context())

	response, err := server.Client().Do(ask(t, server.URL, `{ chart(hash: `+hash+`) { __typename ... @defer { famousMatches { score } } } }`).WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}

	if _, err := bufio.NewReader(response.Body).ReadString('}'); err != nil {
		t.Fatal(err)
	}

	<-s.asked
	leave()
	<-s.asked // the field was told
	_ = response.Body.Close()
	server.Close() // waits for the handler
}

// The clock of the test stands still until everything waits.
func TestWhatTakesTooLongEndsWithAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		w := httptest.NewRecorder()
		s.handler().ServeHTTP(w, ask(t, "/graphql", `{ chart(hash: `+hash+`) { __typename ... @defer { famousMatches { score } } } }`))

		parts := partsOf(t, w.Header().Get("Content-Type"), w.Body)
		first, last := nextPart(t, parts), nextPart(t, parts)

		if first != `{"data":{"chart":{"__typename":"Chart"}},"hasNext":true}` {
			t.Errorf("unexpected first part: %s", first)
		}

		if !strings.Contains(last, `"code":"TIMEOUT"`) || !strings.HasSuffix(last, `"hasNext":false,`+costOfQuery+`}`) {
			t.Errorf("want a last part that tells of the time, got %s", last)
		}
	})
}
