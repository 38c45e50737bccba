package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"

	"sidereal/internal/livetest"
)

// server returns the process as tests ask it.
func (p *process) server() *testServer { return &testServer{url: "http://" + p.address, log: p.log} }

// step is an event of a reading, as clients follow it.
type step struct {
	ID, Cursor, Type, ReadingID string
	Kind                        string
	Number                      int
	Text                        string
	Sections                    []string
	Reason                      string
}

// readingDocument is the document of who follows a reading.
func readingDocument(hash, id string) string {
	return fmt.Sprintf(`subscription Follow($after: Cursor) { readingEvents(chartHash: %q, readingId: %q, after: $after) {
		id cursor type readingId
		... on ReadingStarted { sections }
		... on ReadingSectionStarted { kind number }
		... on ReadingText { kind number text }
		... on ReadingSectionReady { number }
		... on ReadingFailed { reason }
	} }`, hash, id)
}

// ended tells whether nothing comes behind a step.
func (s step) ended() bool {
	return slices.Contains([]string{"READING_COMPLETED", "READING_FAILED", "READING_CANCELLED"}, s.Type)
}

// followAll follows a reading from its start to its end, through any loss.
func followAll(t testing.TB, endpoints []string, hash, id string, heard func(step)) (steps []step) {
	t.Helper()

	turn := 0
	f := &livetest.Follower{Document: readingDocument(hash, id), FromStart: true, Connect: func() livetest.Config {
		turn++

		return livetest.Config{Endpoint: endpoints[turn%len(endpoints)]}
	}}

	var broken error

	err := f.Run(t.Context(), func(event json.RawMessage) bool {
		var one step

		broken = json.Unmarshal(event, &one)
		steps = append(steps, one)

		if heard != nil {
			heard(one)
		}

		return broken == nil && !one.ended()
	})
	if err != nil || broken != nil {
		t.Errorf("follow %s: %v, %v, after %d events", id, err, broken, len(steps))
	}

	return steps
}

// wantWholeCourse checks that the course of a reading is whole: it starts once, has every section once, in order, and one end.
func wantWholeCourse(t testing.TB, steps []step, end string) {
	t.Helper()

	if len(steps) == 0 || steps[0].Type != "READING_STARTED" || steps[len(steps)-1].Type != end {
		t.Fatalf("want a course from READING_STARTED to %s, got %v", end, steps)
	}

	ready, ids := 0, map[string]bool{}

	for i, s := range steps {
		switch {
		case ids[s.ID]:
			t.Errorf("the event %s comes twice", s.ID)
		case s.Type == "READING_STARTED" && i > 0:
			t.Errorf("the reading starts again as number %d", i)
		case s.ended() && i < len(steps)-1:
			t.Errorf("%s is number %d of %d", s.Type, i, len(steps))
		case s.Type == "READING_SECTION_READY" && s.Number != ready:
			t.Errorf("section %d is ready where %d is due", s.Number, ready)
		case s.Type == "READING_SECTION_READY":
			ready++
		}

		ids[s.ID] = true
	}

	if end == "READING_COMPLETED" && ready != len(steps[0].Sections) {
		t.Errorf("%d sections are ready, of %v", ready, steps[0].Sections)
	}
}

// wantOnce checks that a completed reading has every planned section once.
func wantOnce(t testing.TB, r readingView) {
	t.Helper()

	kinds := make([]string, len(r.Sections))
	for i, s := range r.Sections {
		kinds[i] = s.Kind

		if s.Text == "" {
			t.Errorf("the section %s of %s is empty", s.Kind, r.ID)
		}
	}

	if r.Status != "COMPLETED" || !slices.Equal(kinds, r.PlannedSections) {
		t.Errorf("%s is %s with the sections %v, planned %v", r.ID, r.Status, kinds, r.PlannedSections)
	}
}

// atOnce calls n times at once.
func atOnce(n int, call func(i int) error) error {
	var all errgroup.Group

	begin := make(chan struct{})

	for i := range n {
		all.Go(func() error {
			<-begin

			return call(i)
		})
	}

	close(begin)

	return all.Wait()
}
