package reading_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sidereal/fault"
	"sidereal/reading"
)

func TestTheLanguageModelWritesAndIsHeard(t *testing.T) {
	f := setUp(t).modelled()
	f.model.write = func(ctx context.Context, number int, a reading.Assignment, l reading.Listener) (reading.Section, reading.Usage, error) {
		if number == 0 {
			_ = l.Begin(ctx)
			_ = l.Text(ctx, "forget ")
			_ = l.Begin(ctx)
			_ = l.Text(ctx, "this ")

			f.clock.move(250 * time.Millisecond)
			_ = l.Text(ctx, "at once ")
			_ = l.Text(ctx, "later ")

			f.clock.move(50 * time.Millisecond)

			return reading.Section{Kind: a.Kind, Title: "T"}, usual, l.Text(ctx, "with the rest")
		}

		return reading.Section{Kind: a.Kind, Title: "T"}, usual, nil
	}
	f.start(f.jobs)

	r := f.asks()
	r.Sections = r.Sections[:2]
	asked, _ := f.request(f.as("ann"), r)
	got := f.await(asked.ID, reading.Completed)
	twice := usual.Add(usual)

	f.wantEvents(
		"started OVERVIEW PLANETS", "section 0 OVERVIEW", "section 0 OVERVIEW", "text 0 this at once ", "text 0 later with the rest", "section_ready 0 OVERVIEW",
		"progress 1 of 2, 50.0 %, 300 ms", "section 1 PLANETS", "section_ready 1 PLANETS", "progress 2 of 2, 100.0 %, 0 ms", "completed",
	)

	if s := got.State; s.Done != 2 || s.Usage != twice || s.Degraded || s.Engine != reading.LanguageModel || f.spent() != twice || f.engines(asked.ID) != "mm" {
		t.Errorf("got the state %+v, spent %+v, by %s", s, f.spent(), f.engines(asked.ID))
	}
}

func TestTheModelIsGivenWhatItNeeds(t *testing.T) {
	f := setUp(t).modelled()
	f.start(f.jobs)

	r := f.asks()
	r.Language = "de"
	asked, _ := f.request(t.Context(), r)
	f.await(asked.ID, reading.Completed)

	composed := f.composed(r)

	for i, a := range f.model.calls() {
		if a.Kind != r.Sections[i] || len(a.Before) != i || fmt.Sprint(a.Source) != fmt.Sprint(composed[i]) || a.Language != "de" || a.Natal.Hash != f.ann ||
			len(a.Plan.Sections()) != 3 {
			t.Errorf("section %d: got %+v", i, a)
		}

		for _, b := range a.Before {
			if b.Engine != reading.LanguageModel {
				t.Errorf("section %d: want what the model wrote before it, got %+v", i, b)
			}
		}
	}
}

func TestTextIsToldInPiecesThatEndWithALetter(t *testing.T) {
	const letters = 1500

	f := setUp(t).modelled()
	f.model.write = func(ctx context.Context, _ int, a reading.Assignment, l reading.Listener) (reading.Section, reading.Usage, error) {
		return written(ctx, a, l, "."+strings.Repeat("é", letters))
	}
	f.start(f.jobs)

	r := f.asks()
	r.Sections = r.Sections[:1]
	asked, _ := f.request(t.Context(), r)
	f.await(asked.ID, reading.Completed)

	var pieces []string

	for _, e := range f.events() {
		if piece, ok := strings.CutPrefix(e, "text 0 "); ok {
			pieces = append(pieces, piece)

			if len(piece) > 1024 {
				t.Errorf("want at most 1 kB, got %d bytes", len(piece))
			}
		}
	}

	if text := strings.Join(pieces, ""); text != "."+strings.Repeat("é", letters) || len(pieces) != 3 {
		t.Errorf("want the text in 3 pieces, got %d: %q", len(pieces), pieces)
	}
}

// failing has the model fail at a section, after it has begun and used something.
func (f *fixture) failing(at int, err error) {
	f.model.write = func(ctx context.Context, number int, a reading.Assignment, l reading.Listener) (reading.Section, reading.Usage, error) {
		s, used, failed := written(ctx, a, l, "a piece")
		if number == at {
			return reading.Section{}, used, err
		}

		return s, used, failed
	}
}

var (
	errAway     = fault.New(fault.UpstreamUnavailable, "the language model is not available")
	errUnusable = fault.Wrap(reading.ErrUnusable, fault.UpstreamUnavailable, "the answer was not usable")
)

func TestTheBuiltInEngineStandsIn(t *testing.T) {
	for name, c := range map[string]struct {
		err           error
		ready         bool
		engines, says string
		calls         int
	}{
		"for the rest when the service is away":     {errAway, true, "mcc", "the language model is not available", 2},
		"for the rest when it does not answer":      {fault.New(fault.Timeout, "no answer in time"), true, "mcc", "no answer in time", 2},
		"for one section that was not usable":       {errUnusable, true, "mcm", "the answer was not usable", 3},
		"for the rest when nothing more is usable":  {errUnusable, false, "mcc", "the answer was not usable", 2},
		"for the rest, without a secret in reasons": {errors.New("key 123"), true, "mcc", "the language model could not be used", 2},
	} {
		t.Run(name, func(t *testing.T) {
			f := setUp(t).modelled()
			f.model.set(c.ready)
			f.failing(1, c.err)
			f.start(f.jobs)

			asked, _ := f.request(f.as("ann"), f.asks())
			s := f.await(asked.ID, reading.Completed).State

			if f.engines(asked.ID) != c.engines || !s.Degraded || s.DegradedReason != c.says || s.Usage.Calls != c.calls || f.spent() != s.Usage {
				t.Errorf("want %s, degraded as %q, %d calls; got %s, %+v, spent %+v", c.engines, c.says, c.calls, f.engines(asked.ID), s, f.spent())
			}

			if _, told := fault.As(c.err); f.log.has(c.err.Error()) == told {
				t.Errorf("want in the log what callers are not told, and only that: %t", told)
			}

			once(t, f.events())

			if begun := strings.Count(strings.Join(f.events(), "\n"), "section 1 PLANETS"); begun != 2 {
				t.Errorf("want who heard a part of the section told that it begins anew, got %d beginnings", begun)
			}
		})
	}
}

func TestNobodyStandsInWhereOnlyTheModelWillDo(t *testing.T) {
	for name, change := range map[string]func(*reading.Request){
		"as was asked for":    func(r *reading.Request) { r.Engine = reading.OnlyLanguageModel },
		"for its language":    func(r *reading.Request) { r.Language = "fr" },
		"for both, in French": func(r *reading.Request) { r.Language, r.Engine = "fr", reading.OnlyLanguageModel },
	} {
		for _, err := range []*fault.Error{errAway, errUnusable} {
			t.Run(name, func(t *testing.T) {
				f := setUp(t).modelled()
				f.failing(1, err)
				f.start(f.jobs)

				r := f.asks()
				change(&r)

				asked, _ := f.request(f.as("ann"), r)
				got := f.await(asked.ID, reading.Failed)

				if got.Reason != err.Message || got.State.Done != 1 || got.State.Usage.Calls != 2 || f.spent().Calls != 2 || f.engines(asked.ID) != "m" {
					t.Errorf("want it FAILED after a section and two calls, got %+v", got)
				}

				events := f.events()
				if last := events[len(events)-1]; last != "failed "+err.Message || strings.Count(strings.Join(events, "\n"), "failed") != 1 {
					t.Errorf("got %q", events)
				}
			})
		}
	}
}

func TestAModelThatIsConfiguredNoMoreIsStoodInFor(t *testing.T) {
	f := setUp(t).modelled()
	whichever, _ := f.request(t.Context(), f.asks())

	r := f.asks()
	r.Engine = reading.OnlyLanguageModel
	only, _ := f.request(t.Context(), r)

	f.config.Model = nil
	f.start(f.jobs)

	if s := f.await(whichever.ID, reading.Completed).State; !s.Degraded || f.engines(whichever.ID) != "ccc" {
		t.Errorf("want it degraded, got %+v", s)
	}

	const want = "no language model is configured any more"
	if got := f.await(only.ID, reading.Failed); got.Reason != want {
		t.Errorf("want %q, got %q", want, got.Reason)
	}
}

func TestTokensOfADayAreBounded(t *testing.T) {
	f := setUp(t)
	f.config.DailyTokens = 2 * usual.Tokens()
	f.modelled()
	f.start(f.jobs)

	const says = "the tokens of the language model are used up until 00:00 UTC"

	asked, _ := f.request(f.as("ann"), f.asks())
	first := f.await(asked.ID, reading.Completed).State

	if f.engines(asked.ID) != "mmc" || first.DegradedReason != says {
		t.Errorf("want two sections of the model, got %s, %+v", f.engines(asked.ID), first)
	}

	other := f.asks()
	other.Chart = f.bob
	asked, _ = f.request(f.as("ann"), other)

	if s := f.await(asked.ID, reading.Completed).State; f.engines(asked.ID) != "ccc" || s.DegradedReason != says || s.Engine != reading.LanguageModel {
		t.Errorf("want the built-in engine, got %s, %+v", f.engines(asked.ID), s)
	}

	if j, err := f.jobs.Find(t.Context(), asked.ID); err != nil || j.Kind != "reading" {
		t.Errorf("want it not to wait for workers of the model, got %+v, %v", j, err)
	}

	for _, r := range []reading.Request{
		{Chart: f.bob, Language: reading.English, Engine: reading.OnlyLanguageModel},
		{Chart: f.bob, Language: "de"},
	} {
		_, _, err := f.service.Request(f.as("ann"), r)
		if got, ok := fault.As(err); !ok || got.Code != fault.RateLimited || got.RetryAfter != 150*time.Minute {
			t.Errorf("want RATE_LIMITED until midnight, got %v", err)
		}
	}

	if again, created := f.request(f.as("bob"), other); !created || again.ID == asked.ID {
		t.Error("want who has tokens to get a whole one")
	} else if f.await(again.ID, reading.Completed); f.engines(again.ID) != "mmc" {
		t.Errorf("want two sections of the model, got %s", f.engines(again.ID))
	}

	f.clock.move(3 * time.Hour)

	third := f.asks()
	third.Zodiac = 1
	asked, _ = f.request(f.as("ann"), third)

	if f.await(asked.ID, reading.Completed); f.engines(asked.ID) != "mmc" {
		t.Errorf("want the next day to begin anew, got %s", f.engines(asked.ID))
	}

	only := f.asks()
	only.Engine = reading.OnlyLanguageModel
	asked, _ = f.request(f.as(""), only)

	if got := f.await(asked.ID, reading.Failed); got.Reason != says || got.State.Done != 2 {
		t.Errorf("want it FAILED when the tokens end, got %+v", got)
	}
}
