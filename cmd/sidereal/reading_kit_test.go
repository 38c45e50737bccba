package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// readingFields is everything that a reading says of itself.
const readingFields = `{ id status progress plannedSections omittedSections { kind reason } engine degraded degradedReason error { message } words createdAt startedAt endedAt
	chart { hash } usage { promptTokens completionTokens costUsd calls }
	options { kind sections zodiac houseSystem detail transitsOn synastryWith engine language }
	sections ` + sectionFields + ` }`

const sectionFields = "{ kind title text engine paragraphs { text sentences { text because } } }"

// readingView is what readingFields come as.
type readingView struct {
	ID, Status, Engine string
	Progress           float64
	PlannedSections    []string
	OmittedSections    []struct{ Kind, Reason string }
	Degraded           bool
	DegradedReason     *string
	Error              *struct{ Message string }
	Words              int
	CreatedAt          time.Time
	StartedAt, EndedAt *time.Time
	Chart              struct{ Hash string }
	Usage              struct{ PromptTokens, CompletionTokens, CostUsd, Calls float64 }
	Options            readingOptions
	Sections           []sectionView
}

type readingOptions struct {
	Kind, Zodiac, HouseSystem, Detail, Engine, Language string
	Sections                                            []string
	TransitsOn, SynastryWith                            *string
}

type sectionView struct {
	Kind, Title, Text, Engine string
	Paragraphs                []struct {
		Text      string
		Sentences []struct {
			Text    string
			Because []string
		}
	}
}

const requestReading = `mutation($input: RequestReadingInput!) { requestReading(input: $input) { created reading ` + readingFields + ` } }`

// ask asks for a reading of a chart, with fields of the input, name and value in turn; header says who asks.
func (s *testServer) ask(t testing.TB, hash string, header []string, fields ...any) (r readingView, created bool) {
	t.Helper()

	var asked struct {
		RequestReading struct {
			Created bool
			Reading readingView
		}
	}

	s.post(t, requestReading, input(append([]any{"chartHash", hash}, fields...)...), header...).into(t, &asked)

	return asked.RequestReading.Reading, asked.RequestReading.Created
}

// reading returns the reading with an id; nil when there is none.
func (s *testServer) reading(t testing.TB, id string) *readingView {
	t.Helper()

	var found struct{ Reading *readingView }

	s.post(t, "query($id: ID!) { reading(id: $id) "+readingFields+" }", map[string]any{"id": id}).into(t, &found)

	return found.Reading
}

// read asks for a reading of a chart as ask does, and waits for its end.
func (s *testServer) read(t testing.TB, hash string, header []string, fields ...any) readingView {
	t.Helper()

	asked, _ := s.ask(t, hash, header, fields...)

	return s.ended(t, asked.ID)
}

// ended waits for the end of a reading.
func (s *testServer) ended(t testing.TB, id string) readingView {
	t.Helper()

	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		r := s.reading(t, id)
		if r == nil {
			t.Fatalf("there is no reading %s", id)
		}

		if r.EndedAt != nil {
			return *r
		}

		if time.Now().After(deadline) {
			t.Fatalf("the reading does not end: %+v", r)
		}
	}
}

const followOne = `subscription($hash: ChartHash!, $reading: ID, $after: Cursor) { readingEvents(chartHash: $hash, readingId: $reading, after: $after) {
	__typename id cursor type chartHash readingId reading { id }
	... on ReadingStarted { sections }
	... on ReadingSectionStarted { kind number }
	... on ReadingText { kind number text }
	... on ReadingSectionReady { kind number section ` + sectionFields + ` }
	... on ReadingProgress { done total percent timeLeftMs }
	... on ReadingFailed { reason } } }`

// course reads the events of a reading, of the latest one when id is empty, to the end.
func (s *testServer) course(t testing.TB, hash, id, after string) (all []heard) {
	t.Helper()

	variables := map[string]any{"hash": hash}
	if id != "" {
		variables["reading"] = id
	}

	if after != "" {
		variables["after"] = after
	}

	l := s.listen(t, "", followOne, variables)
	l.socket.SetReadLimit(1 << 20) // of a section with all that it says

	for {
		h := l.next(t)

		switch {
		case h.Code != "":
			t.Fatalf("the subscription failed: %+v", h)
		case h.End:
			return all
		}

		all = append(all, h)
	}
}

// wantCourse checks that events tell of a completed reading: that it began, of each section in order, what it says, and that it is complete.
func wantCourse(t *testing.T, r readingView, events []heard) {
	t.Helper()

	if len(events) < 2 || events[0].Type != "READING_STARTED" || events[len(events)-1].Type != "READING_COMPLETED" {
		t.Fatalf("want a reading from its start to its end, got %+v", events)
	}

	if diff := cmp.Diff(r.PlannedSections, events[0].Sections); diff != "" {
		t.Errorf("what was planned (-reading +event):\n%s", diff)
	}

	var (
		told  []sectionView
		begun []string
		done  int
	)

	for _, e := range events {
		if e.ReadingID != r.ID || e.ChartHash != r.Chart.Hash || e.Reading == nil || e.Reading.ID != r.ID {
			t.Errorf("an event is of another reading: %+v", e)
		}

		switch e.Type {
		case "READING_SECTION_STARTED":
			if e.Number != len(begun) || len(told) != len(begun) {
				t.Errorf("section %d begins as the %d.", e.Number, len(begun))
			}

			begun = append(begun, e.Kind)
		case "READING_SECTION_READY":
			if e.Section == nil || e.Number != len(told) || e.Section.Kind != e.Kind {
				t.Fatalf("want section %d, got %+v", len(told), e)
			}

			told = append(told, *e.Section)
		case "READING_PROGRESS":
			if e.Done <= done || e.Done != len(told) || e.Total != len(r.PlannedSections) || e.Percent != 100*float64(e.Done)/float64(e.Total) {
				t.Errorf("after %d sections: %+v", len(told), e)
			}

			done = e.Done
		}
	}

	if diff := cmp.Diff(r.Sections, told); diff != "" {
		t.Errorf("the sections (-reading +events):\n%s", diff)
	}

	if diff := cmp.Diff(r.PlannedSections, begun); diff != "" || done != len(begun) {
		t.Errorf("%d sections are done; those that began (-reading +events):\n%s", done, diff)
	}
}
