package reading

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sidereal/chart"
	"sidereal/event"
	"sidereal/fault"
	"sidereal/job"
)

// The kinds of jobs.
const (
	composedKind = "reading"       // the built-in engine writes it
	modelKind    = "reading.model" // the language model writes it
)

// Kinds are the kinds of jobs that write readings, for the engine of jobs: one for the built-in engine, one for the language model, so that neither waits for the other.
// composed and model are how many are written at once in this process. Without a model there are both as well: what was asked for while there was one comes to an end.
func Kinds(config Config, composed, model int) []job.Kind {
	w := &writer{config}

	return []job.Kind{
		{Name: composedKind, Handler: w.handle, Ended: w.endings, Workers: composed},
		{Name: modelKind, Handler: w.handle, Ended: w.endings, Workers: model},
	}
}

// writer writes readings.
type writer struct{ Config }

// handle is the handler of both kinds of jobs.
func (w *writer) handle(ctx context.Context, j job.Job, run *job.Run) error {
	t, err := w.take(ctx, j, run)
	if err != nil {
		return err
	}

	if t.order.jobKind() == composedKind {
		return t.compose(ctx)
	}

	return t.converse(ctx)
}

// task is an attempt at a reading.
type task struct {
	*writer
	teller

	run     *job.Run
	natal   *chart.Chart
	options Options
	plan    Plan
	state   State
	fresh   bool      // whether nobody was told yet that it has begun
	began   time.Time // when the attempt did
	found   int       // how many sections were there then
}

// take begins an attempt: where the last checkpoint is, or at the start.
func (w *writer) take(ctx context.Context, j job.Job, run *job.Run) (*task, error) {
	t := &task{writer: w, teller: teller{j.ID, new(order), w.Now}, run: run, fresh: j.Progress == nil, began: w.Now()}

	if err := json.Unmarshal(j.Payload, t.order); err != nil {
		return nil, job.Permanent(fmt.Errorf("reading: order: %w", err))
	}

	natal, with, err := w.charts(ctx, &t.order.Request)
	if fault.CodeOf(err) == fault.NotFound && err != nil {
		return nil, job.Permanent(err)
	}

	if err != nil {
		return nil, err
	}

	t.natal, t.options = natal, t.order.options(with)

	if t.plan, err = w.Planner.Plan(natal, t.options); err != nil {
		return nil, job.Permanent(fmt.Errorf("reading: plan: %w", err))
	}

	t.state = State{
		Planned: t.plan.Sections(), Omitted: t.plan.Omitted(),
		Engine: t.order.Engine, Degraded: t.order.Instead != "", DegradedReason: t.order.Instead,
	}

	if t.fresh {
		return t, nil
	}

	planned := t.state.Planned
	if err = json.Unmarshal(j.Progress, &t.state); err != nil {
		return nil, job.Permanent(fmt.Errorf("reading: checkpoint: %w", err))
	}

	if !slices.Equal(planned, t.state.Planned) {
		return nil, job.Permanent(fault.New(fault.Conflict, "another version of the program began the reading, and planned other sections; ask for it anew"))
	}

	t.found = t.state.Done

	return t, nil
}

// together is how long the built-in engine may write what is kept in one transaction.
const together = 50 * time.Millisecond

// compose has the built-in engine write what is left. The first section is kept at once, as somebody waits for it; what follows in as few transactions as possible, the
// last with the end of the job. The engine knows what it has said only when it writes all: what is there already is written again, and left out.
func (t *task) compose(ctx context.Context) error {
	var (
		written []Section
		number  int
		since   = t.Now()
	)

	for section, err := range t.plan.Write(ctx) {
		if err != nil {
			return fmt.Errorf("reading: compose: %w", err)
		}

		if number++; number <= t.state.Done {
			continue
		}

		written = append(written, section)
		due := t.state.Done == 0 || t.Now().Sub(since) >= together

		if !due || number == len(t.state.Planned) {
			continue
		}

		if err = t.keep(ctx, written, Usage{}, t.whole(written)...); err != nil {
			return err
		}

		written, since = nil, t.Now()
	}

	return t.keep(ctx, written, Usage{}, t.whole(written)...)
}

// whole returns the events of sections that are there as soon as they begin: those next to be kept.
func (t *task) whole(sections []Section) []event.Event {
	told := make([]event.Event, 0, 2*len(sections))

	for i := range sections {
		number, kind := t.state.Done+i, sections[i].Kind
		told = append(told, t.begins(number, kind), t.ready(number, kind))
	}

	return told
}

// keep commits the next sections with what was used for them, what is told of them and how far the reading is; with the last section, its end. Nobody sees a part of that.
func (t *task) keep(ctx context.Context, sections []Section, used Usage, told ...event.Event) error {
	from, next := t.state.Done, t.state
	next.Done += len(sections)
	next.Usage = next.Usage.Add(used)

	if t.fresh {
		told = append([]event.Event{t.started(next.Planned)}, told...)
	}

	told = append(told, t.progress(next.Done, len(next.Planned), t.left(next.Done)))
	also := func(ctx context.Context) error {
		if err := t.Store.SaveSections(ctx, t.id, from, sections); err != nil {
			return err
		}

		return t.charge(ctx, used)
	}

	commit := t.run.SaveWith
	if next.Done == len(next.Planned) {
		commit = t.run.CompleteWith
	}

	if err := commit(ctx, next, also, told...); err != nil {
		return err
	}

	t.state, t.fresh = next, false

	return nil
}

// left returns how long the sections that are left will take, when they take as long as those of this attempt did; nil when it has written none.
func (t *task) left(done int) *time.Duration {
	wrote := done - t.found
	if wrote == 0 {
		return nil
	}

	return new(t.Now().Sub(t.began) / time.Duration(wrote) * time.Duration(len(t.state.Planned)-done))
}

// charge adds what was used to the account's day.
func (t *task) charge(ctx context.Context, used Usage) error {
	if used == (Usage{}) {
		return nil
	}

	return t.Store.Spend(ctx, t.order.Account, dayOf(t.Now()), used)
}
