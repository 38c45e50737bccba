package main

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var requestID = regexp.MustCompile(`"requestId":"[^"]*"`)

// counted returns the bytes of an answer, without the request's id, and how many statements the operation ran.
func (w *world) counted(t *testing.T, operation, document string, variables map[string]any, header ...string) (body string, statements int) {
	t.Helper()

	response, text := w.raw(t, http.DefaultClient, http.MethodPost, "/graphql", bodyOf(t, operation+" "+document, variables),
		append([]string{"Content-Type", "application/json"}, header...)...)
	name, _, _ := strings.Cut(strings.Fields(operation)[1], "(")

	return fmt.Sprint(response.StatusCode, " ", requestID.ReplaceAllString(text, "")), len(w.log.lines(`msg="slow query"`, "operation="+name+" "))
}

// What another owns and what does not exist are answered by the same bytes and the same number of statements: the same question is put while the chart is
// in its owner's collection and once it is not.
func TestWhatAnotherOwnsIsAnsweredAsWhatDoesNotExist(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		w := prepare(t, start(t, append(environment, "SIDEREAL_CACHE_CHARTS=0", "SIDEREAL_REDIS_URL=")))
		w.quiet(t)
		w.keep(t)

		type question struct{ operation, document string }

		questions := []question{
			{"query Node$($id: ID!)", "{ node(id: $id) { id ... on SavedChart { label chart { hash } } } }"},
			{"query Nodes$($id: ID!, $own: ID!)", "{ nodes(ids: [$own, $id, $own]) { id ... on SavedChart { label chart { hash } } } }"},
			{"query Both$($id: ID!, $own: ID!)", "{ a: node(id: $id) { id } b: node(id: $own) { ... on SavedChart { label } } c: nodes(ids: [$id]) { id } }"},
			{"mutation Update$($id: ID!)", `{ updateSavedChart(input: {id: $id, label: "mine now"}) { savedChart { id } } }`},
			{"mutation Empty$($id: ID!)", `{ updateSavedChart(input: {id: $id, label: ""}) { savedChart { id } } }`},
			{"mutation Delete$($id: ID!)", "{ deleteSavedChart(input: {id: $id}) { deletedId } }"},
		}

		for _, c := range []caller{{is: "nobody"}, w.other, w.administrator} {
			is, header, own := c.is, c.header, w.chart

			if is != "nobody" {
				var mine struct {
					SaveChart struct{ SavedChart struct{ ID string } }
				}

				w.post(t, `mutation($hash: ChartHash!) { saveChart(input: {chartHash: $hash, label: "x"}) { savedChart { id } } }`,
					map[string]any{"hash": w.hash}, header...).into(t, &mine)

				own = mine.SaveChart.SavedChart.ID
			}

			ask := func(q question, when string) (string, int) {
				variables := map[string]any{"id": w.saved}
				if strings.Contains(q.operation, "$own") {
					variables["own"] = own
				}

				return w.counted(t, strings.Replace(q.operation, "$", is+when, 1), q.document, variables, header...)
			}

			t.Run(is, func(t *testing.T) {
				w.keep(t)

				bodies, counts := make([]string, len(questions)), make([]int, len(questions))
				for i, q := range questions {
					bodies[i], counts[i] = ask(q, "Then")
				}

				w.isKept(t)
				w.post(t, "mutation($id: ID!) { deleteSavedChart(input: {id: $id}) { deletedId } }", map[string]any{"id": w.saved}, w.owner.header...).
					into(t, &struct{}{})

				w.stale = true

				for i, q := range questions {
					body, count := ask(q, "Gone")

					// In development an error has the operation's name.
					if before := strings.ReplaceAll(bodies[i], "Then", "Gone"); before != body {
						t.Errorf("%s: while another owns it\n%s\nand once it does not exist\n%s", q.operation, before, body)
					}

					if counts[i] != count || is != "nobody" && count == 0 && !strings.Contains(q.operation, "Empty") {
						t.Errorf("%s: %d statements while another owns it, and %d once it does not exist", q.operation, counts[i], count)
					}

					if strings.Contains(bodies[i], secretLabel) {
						t.Errorf("%s: the secret is in %s", q.operation, bodies[i])
					}
				}
			})
		}
	})
}

type collectionPage struct {
	SavedCharts struct {
		TotalCount int
		Edges      []struct {
			Cursor string
			Node   struct {
				ID, Label string
				Note      *string
				Chart     struct{ Hash string }
			}
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
}

const collected = `query Collected($first: Int, $after: Cursor, $last: Int, $before: Cursor) {
	savedCharts(first: $first, after: $after, last: $last, before: $before) {
		totalCount edges { cursor node { id label note chart { hash } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

// A collection is kept, listed both ways and loaded in one statement each for the page, the total and the charts; two collections do not mix.
func TestACollectionIsKeptAndListed(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, append(environment, "SIDEREAL_CACHE_CHARTS=0", "SIDEREAL_REDIS_URL="))
		owner, other := authorized(s.join(t, "owner@example.org").Auth.AccessToken), authorized(s.join(t, "other@example.org").Auth.AccessToken)

		save := func(hash, label string, header []string) (created bool) {
			var made struct{ SaveChart struct{ Created bool } }

			s.post(t, `mutation Save($hash: ChartHash!, $label: String!) { saveChart(input: {chartHash: $hash, label: $label}) { created } }`,
				map[string]any{"hash": hash, "label": label}, header...).into(t, &made)

			return made.SaveChart.Created
		}

		var want []string // newest first

		for day := range 7 {
			hash := s.calculate(t, fmt.Sprintf("1990-01-%02d", day+1), "10:30").CalculateChart.Chart.Hash
			label := fmt.Sprint("day ", day)
			want = append([]string{label + " " + hash}, want...)

			if !save(hash, "  "+label+" ", owner) || !save(hash, "other "+label, other) || save(hash, "other "+label, other) {
				t.Errorf("%s: want each collection to take the chart once", label)
			}
		}

		list := func(variables map[string]any, header []string) (page collectionPage, shown []string) {
			s.post(t, collected, variables, header...).into(t, &page)

			for _, e := range page.SavedCharts.Edges {
				shown = append(shown, e.Node.Label+" "+e.Node.Chart.Hash)
			}

			return page, shown
		}

		var forward, backward []string

		for after := (*string)(nil); ; {
			page, shown := list(map[string]any{"first": 3, "after": after}, owner)
			forward = append(forward, shown...)

			if page.SavedCharts.TotalCount != 7 || page.SavedCharts.PageInfo.HasPreviousPage != (after != nil) {
				t.Errorf("unexpected: %+v", page)
			}

			if after = page.SavedCharts.PageInfo.EndCursor; !page.SavedCharts.PageInfo.HasNextPage {
				break
			}
		}

		for before := (*string)(nil); ; {
			page, shown := list(map[string]any{"last": 3, "before": before}, owner)
			backward = append(shown, backward...)

			if before = page.SavedCharts.PageInfo.StartCursor; !page.SavedCharts.PageInfo.HasPreviousPage {
				break
			}
		}

		if !slices.Equal(forward, want) || !slices.Equal(backward, want) {
			t.Errorf("want\n%v, forward\n%v, backward\n%v", want, forward, backward)
		}

		// The cursor of another's collection is a place in the order, and shows nothing of it.
		theirs, _ := list(nil, other)
		if _, shown := list(map[string]any{"before": theirs.SavedCharts.Edges[3].Cursor}, owner); slices.ContainsFunc(shown, func(s string) bool { return strings.HasPrefix(s, "other") }) {
			t.Errorf("another's collection is in %v", shown)
		}

		ids := make([]string, 7)
		for i, e := range theirs.SavedCharts.Edges {
			ids[i] = e.Node.ID
		}

		for _, test := range []struct {
			operation, document string
			variables           map[string]any
			want                int
		}{
			{"OnePage", strings.Replace(collected, "Collected", "OnePage", 1), nil, 3},
			{"WithoutCharts", "query WithoutCharts { savedCharts { nodes { label } } }", nil, 1},
			{"Alike", "query Alike { savedCharts(first: 5) { nodes { chart { famousMatches(first: 1) { score } } } } }", nil, 4},
			{"Several", "query Several($ids: [ID!]!) { nodes(ids: $ids) { ... on SavedChart { label chart { hash } } } }", map[string]any{"ids": ids}, 2},
			{
				"Aliases", fmt.Sprintf("query Aliases { a: node(id: %q) { id } b: node(id: %q) { id } c: nodes(ids: [%q]) { id } }", ids[0], ids[1], ids[2]), nil, 1,
			},
		} {
			s.post(t, test.document, test.variables, other...).into(t, &struct{}{})

			if lines := s.log.lines(`msg="slow query"`, "operation="+test.operation+" "); len(lines) != test.want {
				t.Errorf("%s: want %d statements, got %d:\n%s", test.operation, test.want, len(lines), strings.Join(lines, ""))
			}
		}
	})
}

func TestBadRequestsOfCollectionsNameTheirField(t *testing.T) {
	w := prepare(t, start(t, embedded(t)))
	w.keep(t)

	const (
		save   = `mutation($hash: ChartHash!, $label: String!, $note: String) { saveChart(input: {chartHash: $hash, label: $label, note: $note}) { created } }`
		update = `mutation($id: ID!, $label: String, $note: String) { updateSavedChart(input: {id: $id, label: $label, note: $note}) { savedChart { id } } }`
		remove = `mutation($id: ID!) { deleteSavedChart(input: {id: $id}) { deletedId } }`
	)

	for name, test := range map[string]struct {
		document    string
		variables   map[string]any
		code, field string
	}{
		"a chart of nobody":        {save, map[string]any{"hash": strings.Repeat("0", 64), "label": "x"}, "NOT_FOUND", "input.chartHash"},
		"an empty label":           {save, map[string]any{"hash": w.hash, "label": " "}, "VALIDATION_FAILED", "input.label"},
		"a note with a zero":       {save, map[string]any{"hash": w.hash, "label": "x", "note": "\x00"}, "VALIDATION_FAILED", "input.note"},
		"a long label":             {update, map[string]any{"id": w.saved, "label": strings.Repeat("x", 101)}, "VALIDATION_FAILED", "input.label"},
		"a long note":              {update, map[string]any{"id": w.saved, "note": strings.Repeat("x", 2001)}, "VALIDATION_FAILED", "input.note"},
		"the id of a chart":        {remove, map[string]any{"id": w.chart}, "NOT_FOUND", "input.id"},
		"an id of nothing":         {update, map[string]any{"id": "nonsense"}, "NOT_FOUND", "input.id"},
		"an id of nothing at all":  {remove, map[string]any{"id": ""}, "NOT_FOUND", "input.id"},
		"an id with a zero inside": {remove, map[string]any{"id": "U2F2ZWRDaGFydDpBAA"}, "NOT_FOUND", "input.id"},
		"no page":                  {collected, map[string]any{"first": 0}, "VALIDATION_FAILED", "first"},
		"a page too large":         {collected, map[string]any{"last": 101}, "VALIDATION_FAILED", "last"},
		"a cursor of nothing":      {collected, map[string]any{"after": "nonsense"}, "VALIDATION_FAILED", "after"},
		"an id for a cursor":       {collected, map[string]any{"before": w.saved}, "VALIDATION_FAILED", "before"},
	} {
		t.Run(name, func(t *testing.T) {
			w.post(t, test.document, test.variables, w.owner.header...).wantError(t, test.code, test.field)
		})
	}

	w.isKept(t)
}
