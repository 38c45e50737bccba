package readingtest

import (
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"sidereal/chart"
	"sidereal/fault"
	"sidereal/job"
	"sidereal/reading"
)

func comesBack(f *fixture) {
	r, spec := f.reading("a 'key' ? $1", 0)
	r.TransitsOn = time.Date(2026, 3, 29, 12, 0, 0, 0, time.UTC)
	r.Request = reading.Request{
		Chart: f.charts[1], Kind: reading.Relationship, Sections: []reading.SectionKind{reading.Synastry, reading.Overview}, Zodiac: chart.ZodiacCount - 1,
		Houses: chart.HouseSystemCount - 1, Detail: reading.Comprehensive, IncludeTransits: true, SynastryWith: f.charts[0], Engine: reading.OnlyLanguageModel,
		Language: "pt", Regenerate: true,
	}

	stored, created, err := f.Store.Ask(f.Context(), r, spec, "Ædda", reading.ReuseAny)
	if err != nil || !created {
		f.Fatal(created, err)
	}

	f.wantSame(r, stored)
	f.wantSame(r, f.find(r.ID))

	if j, err := f.Jobs.Find(f.Context(), r.ID); err != nil || j.Kind != kind || j.Key != r.Key || j.Owner != "owner" || string(j.Payload) != string(spec.Payload) {
		f.Errorf("want its job, got %+v, %v", j, err)
	}

	plain, spec := f.reading("plain", 1)
	if _, _, err := f.Store.Ask(f.Context(), plain, spec, "", reading.ReuseNone); err != nil {
		f.Fatal(err)
	}

	f.wantSame(plain, f.find(plain.ID))

	for n := range reading.SectionKindCount { // each word of each enumeration
		r, spec := f.reading("all", n)
		r.ID, spec.ID, r.Key, spec.Key = id(n), id(n), id(n), id(n)
		r.Request.Sections = []reading.SectionKind{reading.SectionKind(n)}
		r.Request.Kind, r.Request.Zodiac = reading.Kind(n%reading.KindCount), chart.Zodiac(n%chart.ZodiacCount)
		r.Request.Houses, r.Request.Detail = chart.HouseSystem(n%chart.HouseSystemCount), reading.Detail(n%reading.DetailCount)
		r.Request.Engine = reading.EngineChoice(n % reading.EngineChoiceCount)

		if _, _, err := f.Store.Ask(f.Context(), r, spec, "", reading.ReuseNone); err != nil {
			f.Fatal(err)
		}

		f.wantSame(r, f.find(r.ID))
	}
}

func followsItsJob(f *fixture) {
	state := func(done int) (reading.State, []byte) {
		s := reading.State{
			Planned: []reading.SectionKind{reading.Overview, reading.Synthesis}, Omitted: []reading.Omission{{Kind: reading.Houses, Reason: "The time is not known."}},
			Done: done, Engine: reading.LanguageModel, Degraded: done > 1, DegradedReason: "It was away.", Usage: reading.Usage{PromptTokens: 1, CompletionTokens: 2, CostMicros: 3, Calls: 4},
		}

		text, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}

		return s, text
	}

	want := f.create("k", "a")
	check := func() {
		f.Helper()
		f.wantSame(want, f.find(want.ID))
	}
	begun := func() job.Job {
		f.Helper()

		j := f.claim(want.ID)
		want.StartedAt, want.Status = j.StartedAt, reading.Writing

		if j.StartedAt.IsZero() {
			f.Error("want it begun")
		}

		check()

		return j
	}

	first, text := state(1)
	j := begun()
	f.write(j, job.Change{Status: job.Running, Progress: text})

	want.State = first
	check()

	f.write(j, job.Change{Status: job.Queued, Reason: "It broke."})

	want.Status, want.Reason = reading.Queued, "It broke."
	check()

	last, text := state(2)
	f.write(begun(), job.Change{Status: job.Completed, Result: text})

	j, err := f.Jobs.Find(f.Context(), want.ID)
	if err != nil || j.EndedAt.IsZero() {
		f.Fatal(j, err)
	}

	want.Status, want.State, want.Reason, want.EndedAt = reading.Completed, last, "", j.EndedAt
	check()

	failed := f.create("failed", "a")
	f.write(f.claim(failed.ID), job.Change{Status: job.Failed, Reason: "It would not do."})

	if got := f.find(failed.ID); got.Status != reading.Failed || got.Reason != "It would not do." {
		f.Errorf("want it FAILED with a reason, got %+v", got)
	}

	cancelled := f.create("cancelled", "a")
	f.cancel(cancelled.ID)

	if got := f.find(cancelled.ID); got.Status != reading.Cancelled || got.EndedAt.IsZero() {
		f.Errorf("want it CANCELLED, got %+v", got)
	}
}

func followsOneUnderWay(f *fixture) {
	first := f.create("k", "a")

	for _, reuse := range []reading.Reuse{reading.ReuseAny, reading.ReuseWhole, reading.ReuseNone} {
		if again, created := f.ask("k", "b", reuse); created || again.ID != first.ID || again.Status != reading.Queued {
			f.Errorf("want the one in the queue, got %+v, created %t", again, created)
		}
	}

	f.claim(first.ID)

	if again, created := f.ask("k", "c", reading.ReuseNone); created || again.ID != first.ID || again.Status != reading.Writing {
		f.Errorf("want the one that is being written, got %+v, created %t", again, created)
	}

	for _, account := range []string{"a", "b", "c"} {
		f.count(reading.Query{Follower: &account}, 1)
	}
}

func reuses(f *fixture) {
	whole := f.create("k", "a")
	f.complete(whole.ID, `{"planned":null,"done":0}`)

	again := func(reuse reading.Reuse, want string) {
		f.Helper()

		if got, created := f.ask("k", "b", reuse); created || got.ID != want || got.Status != reading.Completed {
			f.Errorf("want %s, got %+v, created %t", want, got, created)
		}
	}

	again(reading.ReuseAny, whole.ID)
	again(reading.ReuseWhole, whole.ID)

	newer := func(n int, state string) reading.Reading {
		f.Helper()

		r, spec := f.reading("k", n)
		if _, created, err := f.Store.Ask(f.Context(), r, spec, "a", reading.ReuseNone); err != nil || !created {
			f.Fatal(created, err)
		}

		if following, created := f.ask("k", "b", reading.ReuseWhole); created || following.ID != r.ID {
			f.Errorf("want the one under way before the completed one, got %+v, created %t", following, created)
		}

		f.complete(r.ID, state)

		return r
	}

	degraded := newer(1, `{"planned":null,"done":0,"degraded":true}`)
	again(reading.ReuseAny, degraded.ID)
	again(reading.ReuseWhole, whole.ID)

	newest := newer(2, `{"planned":null,"done":0,"degraded":false}`)
	again(reading.ReuseAny, newest.ID)
	again(reading.ReuseWhole, newest.ID)

	for _, end := range []job.Change{{Status: job.Failed, Reason: "No."}, {Status: job.Completed, Result: []byte(`{"degraded":true}`)}} {
		only := f.create("only "+string(end.Status), "a")
		f.write(f.claim(only.ID), end)

		if got, created := f.ask(only.Key, "b", reading.ReuseWhole); !created || got.Status != reading.Queued {
			f.Errorf("%s: want a new one, got %+v, created %t", end.Status, got, created)
		}

		f.cancel(f.underWay(only.Key).ID)
	}
}

// underWay returns the reading of a key that is under way.
func (f *fixture) underWay(key string) reading.Reading {
	f.Helper()

	r, created := f.ask(key, "a", reading.ReuseNone)
	if created {
		f.Fatalf("want one under way, got %+v", r)
	}

	return r
}

func keysAreApart(f *fixture) {
	a, b := f.create("k", "a"), f.create("K", "a")
	if a.ID == b.ID {
		f.Errorf("want two readings, got %s twice", a.ID)
	}
}

func keepsAllOrNothing(f *fixture) {
	r, spec := f.reading("k", 0)
	r.Request.Chart = "no chart"

	other, otherSpec := f.reading("k", 0)
	otherSpec.ID = "another"

	taken, takenSpec := f.reading("taken", 0)

	if _, _, err := f.Jobs.Enqueue(f.Context(), job.Spec{ID: "foreign", Kind: kind, Key: "taken"}); err != nil {
		f.Fatal(err)
	}

	for _, bad := range []struct {
		reading reading.Reading
		spec    job.Spec
	}{{r, spec}, {other, otherSpec}, {taken, takenSpec}} {
		if stored, created, err := f.Store.Ask(f.Context(), bad.reading, bad.spec, "a", reading.ReuseAny); fault.CodeOf(err) != fault.Internal {
			f.Errorf("want INTERNAL, got %+v, %t, %v", stored, created, err)
		}

		if _, err := f.Jobs.Find(f.Context(), bad.spec.ID); !errors.Is(err, job.ErrUnknown) {
			f.Errorf("want no job, got %v", err)
		}
	}

	f.count(reading.Query{}, 0)
	f.count(reading.Query{Follower: new("a")}, 0)
}

func fetches(f *fixture) {
	a, b := f.create("a", ""), f.create("b", "")

	found, err := f.Store.ByIDs(f.Context(), []string{a.ID, "nobody's", b.ID, a.ID})
	if err != nil || !reflect.DeepEqual(found, map[string]reading.Reading{a.ID: a, b.ID: b}) {
		f.Errorf("want both, got %+v, %v", found, err)
	}

	if found, err := f.Store.ByIDs(f.Context(), nil); err != nil || len(found) != 0 {
		f.Errorf("want none, got %+v, %v", found, err)
	}

	if found, err := f.Store.Sections(f.Context(), nil); err != nil || len(found) != 0 {
		f.Errorf("want none, got %+v, %v", found, err)
	}
}
