package reading

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"sidereal/event"
	"sidereal/fault"
	"sidereal/job"
)

// converse has the language model write what is left, section by section. Where it fails, the built-in engine stands in, unless only the model will do.
func (t *task) converse(ctx context.Context) error {
	sources, err := t.sources(ctx)
	if err != nil {
		return err
	}

	written, err := t.Store.Sections(ctx, []string{t.id})
	if err != nil {
		return fmt.Errorf("reading: sections: %w", err)
	}

	before := written[t.id]

	if t.fresh { // the model takes its time, so this does not wait for the first section
		if err = t.run.Save(ctx, t.state, t.started(t.state.Planned)); err != nil {
			return err
		}

		t.fresh = false
	}

	for t.state.Done < len(sources) {
		kept, err := t.next(ctx, sources[t.state.Done:], before)
		if err != nil {
			return err
		}

		before = append(before, kept...)
	}

	return nil
}

// sources returns what the built-in engine would write: all sections, as each knows what those before it have said.
func (t *task) sources(ctx context.Context) ([]Section, error) {
	sections := make([]Section, 0, len(t.state.Planned))

	for section, err := range t.plan.Write(ctx) {
		if err != nil {
			return nil, fmt.Errorf("reading: compose: %w", err)
		}

		sections = append(sections, section)
	}

	return sections, nil
}

// next has the model write the first of the sections that are left, and returns what was kept: that one, or one or all that the built-in engine has for it.
func (t *task) next(ctx context.Context, left, before []Section) ([]Section, error) {
	refused, err := t.mayAsk(ctx)
	if err != nil {
		return nil, err
	}

	if refused != nil {
		return t.standIn(ctx, refused, left, Usage{})
	}

	number, kind := t.state.Done, left[0].Kind
	hears := &listener{task: t, number: number, kind: kind}

	section, used, err := t.Model.Write(ctx, Assignment{
		Natal: t.natal, Options: t.options, Plan: t.plan, Kind: kind, Source: left[0], Before: before, Language: t.order.Request.Language,
	}, hears)

	switch {
	case hears.err != nil: // that of a write: it is not known what was kept
		return nil, errors.Join(hears.err, t.spend(ctx, used))
	case ctx.Err() != nil: // stopped or lost; no failure of the model
		return nil, errors.Join(context.Cause(ctx), t.spend(ctx, used))
	case err == nil:
		section.Kind, section.Engine = kind, LanguageModel
		kept := []Section{section}

		return kept, t.keep(ctx, kept, used, hears.rest()...)
	case errors.Is(err, ErrUnusable) && t.Model.Ready():
		left = left[:1]
	}

	return t.standIn(ctx, err, left, used)
}

// mayAsk returns why the model is not to be asked, where it is not: there is none any more, or the account's tokens are used up.
func (t *task) mayAsk(ctx context.Context) (refused *fault.Error, err error) {
	if t.Model == nil {
		return fault.New(fault.UpstreamUnavailable, "no language model is configured any more"), nil
	}

	return t.overBudget(ctx, t.order.Account)
}

// standIn keeps what the built-in engine has for sections that the model did not write, for a reason that is told. Where only the model will do, it fails the reading.
func (t *task) standIn(ctx context.Context, reason error, sections []Section, used Usage) ([]Section, error) {
	why, told := tellable(reason)
	if !told {
		t.Log.ErrorContext(ctx, "the language model failed unexpectedly", "reading", t.id, "section", sections[0].Kind, "error", reason)
	}

	if t.order.Request.needsModel() {
		return nil, errors.Join(job.Permanent(why), t.spend(ctx, used))
	}

	if !t.state.Degraded {
		t.state.Degraded, t.state.DegradedReason = true, why.Message
	}

	return sections, t.keep(ctx, sections, used, t.whole(sections)...)
}

// tellable returns an error as a fault whose message is for callers; told is false when that is not what the error says.
func tellable(err error) (why *fault.Error, told bool) {
	if f, ok := fault.As(err); ok && f.Code != fault.Internal {
		return f, true
	}

	return fault.Wrap(err, fault.UpstreamUnavailable, "the language model could not be used"), false
}

// spend keeps what was used for nothing: with the reading while the job is ours, else for the account alone, or who cancels in time would pay nothing.
func (t *task) spend(ctx context.Context, used Usage) error {
	if used == (Usage{}) {
		return nil
	}

	ctx = context.WithoutCancel(ctx) // the store bounds its transactions
	next := t.state
	next.Usage = next.Usage.Add(used)
	charge := func(ctx context.Context) error { return t.charge(ctx, used) }

	err := t.run.SaveWith(ctx, next, charge)
	if errors.Is(err, job.ErrLost) {
		return charge(ctx)
	}

	return err
}

const (
	textPause = 250 * time.Millisecond // between two events of text: as often as somebody who reads along notices
	textBytes = 1 << 10                // of text in an event, at most
)

// listener tells of a section while the model writes it. It needs no timer: text waits for the next piece, or the section's end.
type listener struct {
	*task

	number  int
	kind    SectionKind
	begun   bool
	waiting strings.Builder // text that was not told
	last    time.Time       // when something was told
	err     error           // that ended the writing
}

// Begin implements Listener.
func (l *listener) Begin(ctx context.Context) error {
	l.waiting.Reset()

	return l.save(ctx, l.begins(l.number, l.kind))
}

// Text implements Listener.
func (l *listener) Text(ctx context.Context, piece string) error {
	l.waiting.WriteString(piece)

	if l.waiting.Len() < textBytes && l.Now().Sub(l.last) < textPause {
		return nil
	}

	return l.save(ctx, l.texts()...)
}

func (l *listener) save(ctx context.Context, told ...event.Event) error {
	if l.err = l.run.Save(ctx, nil, told...); l.err != nil {
		return l.err
	}

	l.begun, l.last = true, l.Now()

	return nil
}

// rest returns what is to be told of the section when it is written.
func (l *listener) rest() []event.Event {
	var told []event.Event
	if !l.begun {
		told = append(told, l.begins(l.number, l.kind))
	}

	return append(append(told, l.texts()...), l.ready(l.number, l.kind))
}

// texts returns the events of the text that waits, which then does so no more. No event ends within a letter.
func (l *listener) texts() []event.Event {
	var told []event.Event

	for text := l.waiting.String(); text != ""; {
		end := min(len(text), textBytes)
		for end < len(text) && !utf8.RuneStart(text[end]) {
			end--
		}

		told = append(told, l.text(l.number, l.kind, text[:end]))
		text = text[end:]
	}

	l.waiting.Reset()

	return told
}
