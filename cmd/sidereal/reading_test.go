package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sidereal/chart"
	"sidereal/db"
	"sidereal/graph/relay"
	"sidereal/internal/natstest"
	"sidereal/internal/pgtest"
	"sidereal/internal/redistest"
	"sidereal/job"
	"sidereal/reading"
)

func TestAReadingIsAskedForFollowedAndKept(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

		asked, created := s.ask(t, hash, nil, "detail", "BRIEF", "includeTransits", true)
		if !created || asked.Chart.Hash != hash || asked.Engine != "COMPOSED" {
			t.Fatalf("want a new reading of the chart, got %v %+v", created, asked)
		}

		events := s.course(t, hash, asked.ID, "")
		r := s.ended(t, asked.ID)

		wantCourse(t, r, events)
		wantWhole(t, r)

		if today := r.CreatedAt.Format(time.DateOnly); r.Options.Kind != "NATAL" || r.Options.Detail != "BRIEF" || r.Options.TransitsOn == nil || *r.Options.TransitsOn != today {
			t.Errorf("want the options of the request on %s, got %+v", today, r.Options)
		}

		t.Run("the latest is followed without its id", func(t *testing.T) {
			if diff := cmp.Diff(events, s.course(t, hash, "", "")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})

		t.Run("who resumes gets the rest", func(t *testing.T) {
			for i, e := range events {
				if diff := cmp.Diff(events[i+1:], s.course(t, hash, asked.ID, e.Cursor)); len(events[i+1:]) > 0 && diff != "" {
					t.Errorf("behind event %d (-want +got):\n%s", i, diff)
				}
			}

			if rest := s.course(t, hash, asked.ID, events[len(events)-1].Cursor); rest != nil {
				t.Errorf("want the end, got %+v", rest)
			}
		})

		t.Run("the same is not written again", func(t *testing.T) {
			again, created := s.ask(t, hash, nil, "detail", "BRIEF", "sections", nil, "includeTransits", true)
			if diff := cmp.Diff(r, again); created || diff != "" {
				t.Errorf("created %v (-want +got):\n%s", created, diff)
			}
		})

		t.Run("unless who asks insists", func(t *testing.T) {
			anew, created := s.ask(t, hash, nil, "detail", "BRIEF", "includeTransits", true, "regenerate", true)
			if diff := cmp.Diff(r.Sections, s.ended(t, anew.ID).Sections); !created || anew.ID == r.ID || diff != "" {
				t.Errorf("created %v (-want +got):\n%s", created, diff)
			}
		})

		t.Run("it outlives the process", func(t *testing.T) {
			if code := s.stop(t); code != 0 {
				t.Fatalf("the server ended with %d", code)
			}

			if diff := cmp.Diff(&r, start(t, environment).reading(t, r.ID)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	})
}

// wantWhole checks that a reading is completed, and that each of its sentences says why.
func wantWhole(t *testing.T, r readingView) {
	t.Helper()

	if r.Status != "COMPLETED" || r.Progress != 1 || r.Degraded || r.Error != nil || r.StartedAt == nil || r.EndedAt == nil || r.Usage.Calls != 0 {
		t.Errorf("want a reading that is complete, got %+v", r)
	}

	words := 0

	for i, s := range r.Sections {
		if s.Kind != r.PlannedSections[i] || s.Title == "" || s.Engine != "COMPOSED" {
			t.Errorf("section %d is %s %q by %s", i, s.Kind, s.Title, s.Engine)
		}

		texts := make([]string, len(s.Paragraphs))

		for j, p := range s.Paragraphs {
			sentences := make([]string, len(p.Sentences))

			for k, sentence := range p.Sentences {
				sentences[k] = sentence.Text
				words += len(strings.Fields(sentence.Text))

				if len(sentence.Because) == 0 || slices.Contains(sentence.Because, "") {
					t.Errorf("nobody knows why: %q", sentence.Text)
				}
			}

			if texts[j] = strings.Join(sentences, " "); p.Text != texts[j] {
				t.Errorf("want the sentences %q, got %q", texts[j], p.Text)
			}
		}

		if want := strings.Join(texts, "\n\n"); s.Text != want || want == "" {
			t.Errorf("want the paragraphs %q, got %q", want, s.Text)
		}
	}

	if len(r.Sections) == 0 || r.Words != words {
		t.Errorf("want %d words in some sections, got %d in %d", words, r.Words, len(r.Sections))
	}
}

func TestReadingsThatCannotBe(t *testing.T) {
	s := start(t, embedded(t))
	hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
	other := s.calculate(t, "1992-07-02", "18:05").CalculateChart.Chart.Hash
	nobodys := strings.Repeat("0", len(hash))
	asked := s.read(t, other, nil, "detail", "BRIEF")

	for name, test := range map[string]struct {
		fields      []any
		code, field string
	}{
		"a chart that was never calculated":    {[]any{"chartHash", nobodys}, "NOT_FOUND", "input.chartHash"},
		"another that was never calculated":    {[]any{"includeSynastryWith", nobodys}, "NOT_FOUND", "input.includeSynastryWith"},
		"a chart beside itself":                {[]any{"includeSynastryWith", hash}, "VALIDATION_FAILED", "input.includeSynastryWith"},
		"a relationship with nobody":           {[]any{"kind", "RELATIONSHIP"}, "VALIDATION_FAILED", "input.includeSynastryWith"},
		"no sections":                          {[]any{"sections", []string{}}, "VALIDATION_FAILED", "input.sections"},
		"a section twice":                      {[]any{"sections", []string{"PLANETS", "PLANETS"}}, "VALIDATION_FAILED", "input.sections"},
		"a language that nobody writes":        {[]any{"language", "xx"}, "VALIDATION_FAILED", "input.language"},
		"another language of our own engine":   {[]any{"language", "de", "engine", "COMPOSED"}, "VALIDATION_FAILED", "input.language"},
		"a language model where there is none": {[]any{"engine", "LANGUAGE_MODEL"}, "UPSTREAM_UNAVAILABLE", "input.engine"},
	} {
		t.Run(name, func(t *testing.T) {
			s.post(t, requestReading, input(append([]any{"chartHash", hash}, test.fields...)...)).wantError(t, test.code, test.field)
		})
	}

	for name, test := range map[string]struct{ document, code, field string }{
		"the id of a chart":    {`mutation { cancelReading(input: {id: "Q2hhcnQ6eA"}) { cancelled } }`, "NOT_FOUND", "input.id"},
		"no statuses":          {`{ readings(statuses: []) { totalCount } }`, "VALIDATION_FAILED", "statuses"},
		"too long a page":      {`{ readings(first: 101) { totalCount } }`, "VALIDATION_FAILED", "first"},
		"both ends":            {`{ readings(first: 1, last: 1) { totalCount } }`, "VALIDATION_FAILED", "last"},
		"the cursor of a list": {`{ readings(after: "czEuMS54") { totalCount } }`, "VALIDATION_FAILED", "after"},
		"before what is none":  {`{ readings(before: "") { totalCount } }`, "VALIDATION_FAILED", "before"},
	} {
		t.Run(name, func(t *testing.T) {
			s.post(t, test.document, nil, administrator(t)...).wantError(t, test.code, test.field)
		})
	}

	for name, id := range map[string]string{"a reading of another chart": asked.ID, "no id": "x", "an id of no reading": unknownLike(t, asked.ID)} {
		t.Run(name, func(t *testing.T) {
			h := s.listen(t, "", followOne, map[string]any{"hash": hash, "reading": id}).next(t)
			if h.Code != "NOT_FOUND" || h.Field != "readingId" {
				t.Errorf("want NOT_FOUND of readingId, got %+v", h)
			}
		})
	}

	if r := s.reading(t, unknownLike(t, asked.ID)); r != nil {
		t.Errorf("want no reading, got %+v", r)
	}
}

const listReadings = `query($hash: ChartHash!, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $statuses: [ReadingStatus!]) {
	mine: readings(first: $first, after: $after, last: $last, before: $before, statuses: $statuses) { ...page }
	chart(hash: $hash) { readings(first: $first, after: $after, last: $last, before: $before, statuses: $statuses) { ...page } } }
	fragment page on ReadingConnection { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } nodes { id chart { hash } words } }`

type readingPage struct {
	TotalCount int
	PageInfo   struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	Edges []struct {
		Cursor string
		Node   struct{ ID string }
	}
	Nodes []struct {
		ID    string
		Chart struct{ Hash string }
		Words int
	}
}

func (p readingPage) ids() []string {
	ids := make([]string, len(p.Nodes))
	for i := range p.Nodes {
		ids[i] = p.Nodes[i].ID
	}

	return ids
}

// What an account follows, and what there is of a chart, are lists, the newest first.
func TestReadingsAreListed(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
		other := s.calculate(t, "1992-07-02", "18:05").CalculateChart.Chart.Hash
		me := authorized(s.join(t, "reader@example.org").Auth.AccessToken)

		var mine, charts []string

		for i, zodiac := range []string{"TROPICAL", "TRUE_SIDEREAL", "LAHIRI", "RAMAN"} {
			of := []string{hash, other}[i%2]
			r := s.read(t, of, me, "detail", "BRIEF", "zodiac", zodiac)
			mine = append([]string{r.ID}, mine...)

			if of == hash {
				charts = append([]string{r.ID}, charts...)
			}
		}

		nobodys := s.read(t, hash, nil, "detail", "BRIEF", "zodiac", "KRISHNAMURTI")
		charts = append([]string{nobodys.ID}, charts...)

		list := func(variables map[string]any) (own, of readingPage) {
			t.Helper()

			var found struct {
				Mine  readingPage
				Chart struct{ Readings readingPage }
			}

			variables["hash"] = hash
			s.post(t, listReadings, variables, me...).into(t, &found)

			return found.Mine, found.Chart.Readings
		}

		own, of := list(map[string]any{})
		if diff := cmp.Diff([][]string{mine, charts}, [][]string{own.ids(), of.ids()}); diff != "" || own.TotalCount != 4 || of.TotalCount != 3 {
			t.Fatalf("want 4 and 3, got %d and %d (-want +got):\n%s", own.TotalCount, of.TotalCount, diff)
		}

		for i, n := range own.Nodes {
			if n.Words == 0 || n.Chart.Hash != []string{other, hash}[i%2] {
				t.Errorf("reading %d has %d words on the chart %s", i, n.Words, n.Chart.Hash)
			}
		}

		head, _ := list(map[string]any{"first": 3})
		tail, _ := list(map[string]any{"first": 3, "after": *head.PageInfo.EndCursor})
		back, _ := list(map[string]any{"last": 2, "before": tail.Edges[0].Cursor})

		if diff := cmp.Diff([][]string{mine[:3], mine[3:], mine[1:3]}, [][]string{head.ids(), tail.ids(), back.ids()}); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}

		if !head.PageInfo.HasNextPage || tail.PageInfo.HasNextPage || !tail.PageInfo.HasPreviousPage || !back.PageInfo.HasPreviousPage {
			t.Errorf("the pages do not fit: %+v %+v %+v", head.PageInfo, tail.PageInfo, back.PageInfo)
		}

		if none, _ := list(map[string]any{"statuses": []string{"QUEUED", "FAILED"}}); none.TotalCount != 0 || len(none.Nodes) != 0 {
			t.Errorf("want none that waits or failed, got %+v", none)
		}
	})
}

// stage keeps a reading of a chart that an account asked for, and that no worker may begin yet.
func (s *testServer) stage(t *testing.T, hash, asker string) string {
	t.Helper()

	d := s.database(t)
	request := reading.Request{Chart: chart.Hash(hash), Language: reading.English}

	spec, err := job.NewSpec(time.Now(), "reading", "staged", asker, map[string]any{"request": request, "account": asker})
	if err != nil {
		t.Fatal(err)
	}

	spec.Delay = time.Hour

	r := reading.Reading{ID: spec.ID, Key: spec.Key, Request: request, CreatedAt: time.Now().UTC().Truncate(time.Microsecond)}
	if _, _, err = db.NewReadings(d).Ask(t.Context(), r, spec, asker, reading.ReuseNone); err != nil {
		t.Fatal(err)
	}

	return relay.GlobalID("Reading", spec.ID)
}

const cancelReading = `mutation($id: ID!) { cancelReading(input: {id: $id}) { cancelled reading { id status progress plannedSections sections { kind } words endedAt } } }`

// A reading is called off by who asked for it, and its followers are told.
func TestAReadingIsCalledOff(t *testing.T) {
	forms(t, func(t *testing.T, environment []string) {
		s := start(t, environment)
		hash := s.calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash
		me, another := s.join(t, "reader@example.org").Auth, s.join(t, "another@example.org").Auth
		_, account, _ := relay.ParseGlobalID(me.Viewer.ID)
		staged := map[string]any{"id": s.stage(t, hash, account)}

		if r := s.reading(t, staged["id"].(string)); r == nil || r.Status != "QUEUED" || r.Progress != 0 || r.StartedAt != nil || r.Words != 0 {
			t.Errorf("want a reading that waits, got %+v", r)
		}

		s.post(t, cancelReading, staged).wantError(t, "FORBIDDEN", "input.id")
		s.post(t, cancelReading, staged, authorized(another.AccessToken)...).wantError(t, "FORBIDDEN", "input.id")

		l := s.listen(t, "", followOne, map[string]any{"hash": hash, "reading": staged["id"]})

		for _, want := range []bool{true, false} { // the second time it has ended
			var got struct {
				CancelReading struct {
					Cancelled bool
					Reading   readingView
				}
			}

			s.post(t, cancelReading, staged, authorized(me.AccessToken)...).into(t, &got)

			if r := got.CancelReading.Reading; got.CancelReading.Cancelled != want || r.Status != "CANCELLED" || r.EndedAt == nil {
				t.Errorf("want cancelled %v, got %+v", want, got)
			}
		}

		if h := l.next(t); h.Type != "READING_CANCELLED" || h.ReadingID != staged["id"] {
			t.Errorf("want READING_CANCELLED, got %+v", h)
		}

		if h := l.next(t); !h.End {
			t.Errorf("want the end, got %+v", h)
		}
	})
}

// Two nodes that are asked for the same at once write it once, and whoever follows on either hears all of it.
func TestTwoNodesShareAReading(t *testing.T) {
	if testing.Short() {
		return
	}

	shared := []string{
		"SIDEREAL_DATABASE_URL=" + pgtest.Start(t).NewDatabase(t), "SIDEREAL_REDIS_URL=" + redistest.Start(t).URL(), "SIDEREAL_NATS_URL=" + natstest.Start(t).URL(),
	}
	nodes := []*testServer{start(t, append(embedded(t), shared...)), start(t, append(embedded(t), shared...))}
	hash := nodes[0].calculate(t, "1990-01-15", "10:30").CalculateChart.Chart.Hash

	const each = 20

	type request struct {
		id      string
		created bool
	}

	asked := make(chan request, each*len(nodes))

	for _, node := range nodes {
		for range each {
			go func() {
				r, created := node.ask(t, hash, nil, "detail", "COMPREHENSIVE")
				asked <- request{r.ID, created}
			}()
		}
	}

	first := <-asked
	created := first.created

	for range each*len(nodes) - 1 {
		r := <-asked
		if r.id != first.id || r.created && created {
			t.Errorf("want one reading %s, got %+v", first.id, r)
		}

		created = created || r.created
	}

	if !created {
		t.Error("nobody's is new")
	}

	courses := make([][]heard, len(nodes))
	for i, node := range nodes {
		courses[i] = node.course(t, hash, first.id, "")
	}

	wantCourse(t, nodes[1].ended(t, first.id), courses[0])

	if diff := cmp.Diff(courses[0], courses[1]); diff != "" {
		t.Errorf("the nodes tell different things (-first +second):\n%s", diff)
	}
}
