package reading_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/chart"
	"sidereal/job"
	"sidereal/reading"
)

// composed returns what the built-in engine writes for a request.
func (f *fixture) composed(r reading.Request) (sections []reading.Section) {
	f.Helper()

	found, err := f.config.Charts.ByHashes(f.Context(), []chart.Hash{r.Chart})
	if err != nil {
		f.Fatal(err)
	}

	plan, err := f.config.Planner.Plan(found[r.Chart].Chart, reading.Options{Sections: r.Sections, Zodiac: r.Zodiac, Houses: r.Houses, Detail: r.Detail})
	if err != nil {
		f.Fatal(err)
	}

	for s, err := range plan.Write(f.Context()) {
		if err != nil {
			f.Fatal(err)
		}

		sections = append(sections, s)
	}

	return sections
}

func TestTheBuiltInEngineWritesInTwoTransactions(t *testing.T) {
	f := setUp(t)
	store := &counted{Store: f.jobs, dies: -1}
	f.start(store)

	asked, _ := f.request(f.as("ann"), f.asks())
	got := f.await(asked.ID, reading.Completed)

	if store.wrote != 2 {
		t.Errorf("want 2 transactions, got %d", store.wrote)
	}

	if want := f.composed(f.asks()); !reflect.DeepEqual(f.sections(asked.ID), want) {
		t.Errorf("want %+v, got %+v", want, f.sections(asked.ID))
	}

	if s := got.State; s.Done != 3 || s.Degraded || s.Engine != reading.Composed || s.Usage != (reading.Usage{}) || !slices.Equal(s.Planned, f.asks().Sections) {
		t.Errorf("got the state %+v", s)
	}

	f.wantEvents(
		"started OVERVIEW PLANETS SYNTHESIS",
		"section 0 OVERVIEW", "section_ready 0 OVERVIEW", "progress 1 of 3, 33.3 %, 0 ms",
		"section 1 PLANETS", "section_ready 1 PLANETS", "section 2 SYNTHESIS", "section_ready 2 SYNTHESIS", "progress 3 of 3, 100.0 %, 0 ms",
		"completed",
	)
}

func TestOneSectionTakesOneTransaction(t *testing.T) {
	f := setUp(t)
	store := &counted{Store: f.jobs, dies: -1}
	f.start(store)

	r := f.asks()
	r.Sections = []reading.SectionKind{reading.Houses, reading.Patterns, reading.Overview}
	r.Chart = f.timeless

	asked, _ := f.request(t.Context(), r)
	got := f.await(asked.ID, reading.Completed)

	if len(got.State.Omitted) == 0 || got.State.Omitted[0].Kind != reading.Houses {
		t.Errorf("want HOUSES to be omitted, got %+v", got.State)
	}

	if len(got.State.Planned) == 1 && store.wrote != 1 {
		t.Errorf("want 1 transaction, got %d", store.wrote)
	}
}

func TestWhatTakesTimeIsKeptMeanwhile(t *testing.T) {
	f := setUp(t)
	f.config.Planner = slow{f.config.Planner, f.clock, 30 * time.Millisecond}
	f.serve()
	f.start(f.jobs)

	r := f.asks()
	r.Sections = []reading.SectionKind{reading.Overview, reading.Planets, reading.Houses, reading.Aspects, reading.Synthesis}

	asked, _ := f.request(t.Context(), r)
	f.await(asked.ID, reading.Completed)
	f.wantEvents(
		"started OVERVIEW PLANETS HOUSES ASPECTS SYNTHESIS",
		"section 0 OVERVIEW", "section_ready 0 OVERVIEW", "progress 1 of 5, 20.0 %, 120 ms",
		"section 1 PLANETS", "section_ready 1 PLANETS", "section 2 HOUSES", "section_ready 2 HOUSES", "progress 3 of 5, 60.0 %, 60 ms",
		"section 3 ASPECTS", "section_ready 3 ASPECTS", "section 4 SYNTHESIS", "section_ready 4 SYNTHESIS", "progress 5 of 5, 100.0 %, 0 ms",
		"completed",
	)
}

// A worker that dies after any of its writes leaves a reading that another completes, with each section once.
func TestAReadingSurvivesItsWorker(t *testing.T) {
	for _, engine := range []reading.EngineChoice{reading.OnlyComposed, reading.OnlyLanguageModel} {
		writes := 2 // all that the built-in engine takes
		if engine == reading.OnlyLanguageModel {
			writes = 7 // the start; the beginning and the end of each section
		}

		for dies := range writes {
			t.Run(fmt.Sprintf("engine %d after %d writes", engine, dies), func(t *testing.T) {
				f := setUp(t).modelled()
				dead := &counted{Store: f.jobs, dies: dies}
				stop := f.start(dead)

				r := f.asks()
				r.Engine = engine
				asked, _ := f.request(t.Context(), r)

				var left job.Job

				f.eventually("the worker to die", func() bool {
					dead.mu.Lock()
					defer dead.mu.Unlock()

					var err error
					if left, err = f.jobs.Find(t.Context(), asked.ID); err != nil {
						t.Fatal(err)
					}

					return dead.dead() && left.Status == job.Running
				})

				if lapsed, err := f.jobs.Beat(t.Context(), left.Worker, []string{left.ID}, 0); err != nil || len(lapsed) != 1 { // without waiting for it
					t.Fatal(lapsed, err)
				}

				f.start(f.jobs)
				f.await(asked.ID, reading.Completed)
				stop()

				sections := f.sections(asked.ID)
				if engine == reading.OnlyComposed && !reflect.DeepEqual(sections, f.composed(r)) {
					t.Errorf("want what is written without an interruption, got %+v", sections)
				}

				if len(sections) != 3 {
					t.Errorf("want 3 sections, got %d", len(sections))
				}

				once(t, f.events())
			})
		}
	}
}

// once checks that a reading of three sections was told of once, in order: only the beginning of a section may come again, before it is ready.
func once(t *testing.T, events []string) {
	t.Helper()

	var kept []string

	for _, e := range events {
		switch word, _, _ := strings.Cut(e, " "); word {
		case "section":
			if len(kept) > 0 && kept[len(kept)-1] == e {
				continue
			}

			kept = append(kept, e)
		case "text", "progress":
		default:
			kept = append(kept, e)
		}
	}

	want := []string{
		"started OVERVIEW PLANETS SYNTHESIS", "section 0 OVERVIEW", "section_ready 0 OVERVIEW", "section 1 PLANETS", "section_ready 1 PLANETS",
		"section 2 SYNTHESIS", "section_ready 2 SYNTHESIS", "completed",
	}
	if !slices.Equal(kept, want) {
		t.Errorf("want\n\t%s\ngot\n\t%s", strings.Join(want, "\n\t"), strings.Join(kept, "\n\t"))
	}
}

// begun leaves a reading whose worker died after a checkpoint that is written by hand.
func (f *fixture) begun(kind string, checkpoint any) {
	f.Helper()

	jobs, err := f.jobs.Claim(f.Context(), job.Request{Kind: kind, Worker: "dead", Limit: 1, Length: time.Millisecond})
	if err != nil || len(jobs) != 1 {
		f.Fatal(jobs, err)
	}

	text, err := json.Marshal(checkpoint)
	if err != nil {
		f.Fatal(err)
	}

	if err = f.jobs.Write(f.Context(), jobs[0].Lease(), job.Change{Status: job.Running, Progress: text}); err != nil {
		f.Fatal(err)
	}
}

func TestAReadingThatAnotherVersionPlannedFails(t *testing.T) {
	f := setUp(t)
	asked, _ := f.request(t.Context(), f.asks())
	f.begun("reading", reading.State{Planned: []reading.SectionKind{reading.Overview, reading.Synthesis}, Done: 1})
	f.start(f.jobs)

	if got := f.await(asked.ID, reading.Failed); !strings.Contains(got.Reason, "another version") || got.State.Done != 1 {
		t.Errorf("want a reason, got %+v", got)
	}

	f.wantEvents("failed another version of the program began the reading, and planned other sections; ask for it anew")
}

func TestAReadingWhoseChartsCannotBeReadIsTriedAgain(t *testing.T) {
	f := setUp(t)
	asked, _ := f.request(t.Context(), f.asks())
	f.config.Charts = &frailCharts{Charts: f.config.Charts, fail: 1}
	f.start(f.jobs)
	f.await(asked.ID, reading.Completed)
	once(t, f.events())

	if j, err := f.jobs.Find(t.Context(), asked.ID); err != nil || j.Attempt != 2 {
		t.Errorf("want two attempts, got %+v, %v", j, err)
	}
}

// frailCharts fail so many times.
type frailCharts struct {
	reading.Charts

	fail int
}

func (c *frailCharts) ByHashes(ctx context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Stored, error) {
	if c.fail--; c.fail >= 0 {
		return nil, errDead
	}

	return c.Charts.ByHashes(ctx, hashes)
}
