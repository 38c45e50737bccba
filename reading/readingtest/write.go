package readingtest

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"time"

	"sidereal/job"
	"sidereal/reading"
)

func (f *fixture) sections(id string) []reading.Section {
	f.Helper()

	found, err := f.Store.Sections(f.Context(), []string{id})
	if err != nil {
		f.Fatal(err)
	}

	return found[id]
}

func sectionsOnce(f *fixture) {
	a, b, none := f.create("a", ""), f.create("b", ""), f.create("none", "")
	of := map[string][]reading.Section{a.ID: append(sectionsOf("a"), sectionsOf("more of a")...), b.ID: sectionsOf("b")}

	save := func(id string, from int, sections []reading.Section) {
		f.Helper()

		if err := f.Store.SaveSections(f.Context(), id, from, sections); err != nil {
			f.Fatal(err)
		}
	}

	save(b.ID, 0, of[b.ID])
	save(a.ID, 2, of[a.ID][2:])
	save(a.ID, 0, of[a.ID][:2])
	save(a.ID, 4, nil)

	if got, err := f.Store.Sections(f.Context(), []string{b.ID, none.ID, a.ID, "nobody's"}); err != nil || !reflect.DeepEqual(got, of) {
		f.Errorf("want\n%+v, got\n%+v, %v", of, got, err)
	}

	if err := f.Store.SaveSections(f.Context(), b.ID, 1, sectionsOf("once more")); err == nil {
		f.Error("want an error for a section that is there")
	}

	if err := f.Store.SaveSections(f.Context(), "nobody's", 0, sectionsOf("x")); err == nil {
		f.Error("want an error for a section of no reading")
	}

	if got := f.sections(b.ID); !reflect.DeepEqual(got, of[b.ID]) {
		f.Errorf("want\n%+v, got\n%+v", of[b.ID], got)
	}

	all := f.create("all", "")
	kinds := make([]reading.Section, reading.SectionKindCount)

	for i := range kinds {
		kinds[i] = reading.Section{Kind: reading.SectionKind(i), Engine: reading.Engine(i % reading.EngineCount), Paragraphs: []reading.Paragraph{}}
	}

	save(all.ID, 0, kinds)

	if got := f.sections(all.ID); !reflect.DeepEqual(got, kinds) {
		f.Errorf("want\n%+v, got\n%+v", kinds, got)
	}
}

var errBroke = errors.New("it broke")

func joinsTheJob(f *fixture) {
	r := f.create("k", "a")
	j := f.claim(r.ID)

	write := func(lease job.Lease, end error) error {
		return f.Jobs.Write(f.Context(), lease, job.Change{Status: job.Running, Progress: []byte(`{"done":2}`), Also: func(ctx context.Context) error {
			if err := f.Store.SaveSections(ctx, r.ID, 0, sectionsOf("k")); err != nil {
				return err
			}

			if err := f.Store.Spend(ctx, "a", start, reading.Usage{Calls: 1}); err != nil {
				return err
			}

			return end
		}}, happened("k"))
	}

	check := func(sections, calls, done int) {
		f.Helper()

		if got := f.sections(r.ID); len(got) != sections {
			f.Errorf("want %d sections, got %+v", sections, got)
		}

		if got, err := f.Store.Spent(f.Context(), "a", start); err != nil || got.Calls != calls {
			f.Errorf("want %d calls, got %+v, %v", calls, got, err)
		}

		if got := f.find(r.ID); got.State.Done != done {
			f.Errorf("want the checkpoint %d, got %+v", done, got.State)
		}
	}

	if err := write(j.Lease(), errBroke); !errors.Is(err, errBroke) {
		f.Errorf("want the error of what is done as well, got %v", err)
	}

	lost := j.Lease()
	lost.Claim++

	if err := write(lost, nil); !errors.Is(err, job.ErrLost) {
		f.Errorf("want ErrLost, got %v", err)
	}

	check(0, 0, 0)

	if err := write(j.Lease(), nil); err != nil {
		f.Fatal(err)
	}

	check(2, 1, 2)

	if err := write(j.Lease(), nil); err == nil {
		f.Error("want an error for sections that are there")
	}

	check(2, 1, 2)
}

func spends(f *fixture) {
	used := reading.Usage{PromptTokens: 3_000_000_000, CompletionTokens: 20, CostMicros: 5_000_000_000, Calls: 1}

	spent := func(account string, day time.Time, want reading.Usage) {
		f.Helper()

		if got, err := f.Store.Spent(f.Context(), account, day); err != nil || got != want {
			f.Errorf("want %+v, got %+v, %v", want, got, err)
		}
	}

	spent("a", start, reading.Usage{})

	const times = 20

	var wg sync.WaitGroup
	for n := range times {
		wg.Go(func() {
			if err := []reading.Store{f.Store, f.Other}[n%2].Spend(f.Context(), "a", start, used); err != nil {
				f.Error(err)
			}
		})
	}

	wg.Wait()

	var want reading.Usage
	for range times {
		want = want.Add(used)
	}

	east := time.FixedZone("east", 14*3600)
	late := time.Date(2026, 11, 24, 23, 59, 59, 0, time.UTC)

	spent("a", late.In(east), want) // the same day of UTC
	spent("a", late.Add(time.Second), reading.Usage{})
	spent("", start, reading.Usage{})

	for account, day := range map[string]time.Time{"": start, "a": late.Add(time.Second)} {
		if err := f.Store.Spend(f.Context(), account, day.In(east), used); err != nil {
			f.Fatal(err)
		}

		spent(account, day, used)
	}

	spent("a", start, want)
}
