package people_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"sidereal/atlas"
	"sidereal/fault"
	"sidereal/internal/casttest"
	"sidereal/people"
	"sidereal/people/peopletest"
)

// onlyVienna knows one place.
type onlyVienna struct{}

func (onlyVienna) Locate(text string) (latitude, longitude float64, zone string, ok bool) {
	if text != "Vienna" {
		return 0, 0, "", false
	}

	return 48.20849, 16.37208, "Europe/Vienna", true
}

func service(t testing.TB, store people.Store) *people.Service {
	t.Helper()

	caster, zones := casttest.Open(t)

	return people.NewService(store, caster, zones, onlyVienna{})
}

func dirty(t testing.TB) []byte {
	t.Helper()

	text, err := os.ReadFile("testdata/dirty.csv")
	if err != nil {
		t.Fatal(err)
	}

	return text
}

func TestADirtyListIsReportedByLineAndTheRestKept(t *testing.T) {
	store := new(peopletest.Memory)
	s := service(t, store)

	var progress []int

	report, err := s.Import(t.Context(), bytes.NewReader(dirty(t)), func(r people.Report) { progress = append(progress, r.Rows) })
	if err != nil {
		t.Fatal(err)
	}

	var got strings.Builder

	_, _ = fmt.Fprintf(&got, "%d rows, %d new, %d rejected, %d without a day, %d without a place\n",
		report.Rows, report.Created, report.Rejected, report.YearOnly, report.Unlocated)

	for _, p := range report.Problems {
		_, _ = fmt.Fprintf(&got, "line %d: %s\n", p.Line, p.Reason)
	}

	page, err := s.Search(t.Context(), "", nil, 100)
	if err != nil {
		t.Fatal(err)
	}

	for _, p := range page.People {
		_, _ = fmt.Fprintf(&got, "%s | %s %t | %s %t %s | %q %t %.4f %.4f %s | %s\n", p.Name, p.Date, p.YearOnly, p.Clock, p.TimeKnown, p.Rating,
			p.Place.Name, p.Place.Located, p.Place.Latitude, p.Place.Longitude, p.Place.Zone, p.Occupation)
	}

	golden(t, "testdata/dirty.golden", got.String())

	if len(progress) == 0 || progress[len(progress)-1] != report.Rows {
		t.Errorf("want the progress to end at %d rows, got %v", report.Rows, progress)
	}

	again, err := s.Import(t.Context(), bytes.NewReader(dirty(t)), nil)
	if err != nil || again.Created+again.Changed != 0 || again.Unchanged != report.Created {
		t.Errorf("the second time: want %d unchanged, got %+v, %v", report.Created, again.Saved, err)
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()

	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}

	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s: -want +got\n%s", file, d)
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "no names": "who,when\na,b\n", "no dates": "name\na\n", "binary": "\x00\x01\x02\n", "UTF-16": "\xff\xfen\x00a\x00\n\x00",
	} {
		_, err := service(t, new(peopletest.Memory)).Import(t.Context(), strings.NewReader(text), nil)

		if f, ok := fault.As(err); !ok || f.Code != fault.ValidationFailed || f.Field != "file" {
			t.Errorf("%s: want VALIDATION_FAILED of the file, got %v", name, err)
		}
	}
}

// long returns a list of n good rows.
func long(n int) io.Reader {
	var b strings.Builder

	b.WriteString("name,birth_date\n")

	for i := range n {
		_, _ = fmt.Fprintf(&b, "Person %d,19%02d-02-03\n", i, i%100)
	}

	return strings.NewReader(b.String())
}

func TestAnImportThatBreaksOffHasStoredWholeBatchesAndCanBeRepeated(t *testing.T) {
	broken := errors.New("the disk is gone")

	for name, run := range map[string]struct {
		store *peopletest.Memory
		file  io.Reader
	}{
		"the file breaks off": {new(peopletest.Memory), io.MultiReader(io.LimitReader(long(1200), 14_000), iotest.ErrReader(broken))},
		"the store fails":     {&peopletest.Memory{FailAt: 2}, long(1200)},
	} {
		s := service(t, run.store)

		report, err := s.Import(t.Context(), run.file, nil)
		if err == nil || report.Created != 500 {
			t.Errorf("%s: want 500 stored and an error, got %d, %v", name, report.Created, err)
		}

		run.store.FailAt = 0

		report, err = s.Import(t.Context(), long(1200), nil)
		if err != nil || report.Created != 700 || report.Unchanged != 500 {
			t.Errorf("%s: want the other 700, got %+v, %v", name, report.Saved, err)
		}
	}
}

func TestTheShippedListIsSeededOnce(t *testing.T) {
	store := new(peopletest.Memory)
	s := service(t, store)

	report, err := s.Seed(t.Context())
	if err != nil || report.Created < 250 || report.Rejected+report.YearOnly+report.Unlocated != 0 {
		t.Fatalf("want everybody, got %+v, %v", report, err)
	}

	if again, err := s.Seed(t.Context()); err != nil || again.Rows != 0 {
		t.Errorf("the second time: want nothing read, got %+v, %v", again, err)
	}
}

func TestSearchesAreChecked(t *testing.T) {
	s := service(t, new(peopletest.Memory))

	for field, search := range map[string]func() error{
		"search": func() error { _, err := s.Search(t.Context(), strings.Repeat("a", 201), nil, 1); return err },
		"first":  func() error { _, err := s.Search(t.Context(), "a", nil, 101); return err },
	} {
		if f, ok := fault.As(search()); !ok || f.Code != fault.ValidationFailed || f.Field != field {
			t.Errorf("want VALIDATION_FAILED of %s, got %v", field, search())
		}
	}

	if _, err := s.Match(t.Context(), nil, 0); fault.CodeOf(err) != fault.ValidationFailed {
		t.Errorf("want VALIDATION_FAILED of first, got %v", err)
	}
}

func TestEverybodyIsMostAlikeToThemselves(t *testing.T) {
	s := service(t, new(peopletest.Memory))
	if _, err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}

	page, err := s.Search(t.Context(), "", nil, 100)
	if err != nil {
		t.Fatal(err)
	}

	for _, p := range page.People {
		c, err := s.Chart(p)
		if err != nil {
			t.Fatal(err)
		}

		matches, err := s.Match(t.Context(), c, 3)
		if err != nil || len(matches) != 3 {
			t.Fatalf("%s: got %+v, %v", p.Name, matches, err)
		}

		// Abraham Lincoln and Charles Darwin were born on one day, and nobody knows when: without a time they are one chart.
		i := slices.IndexFunc(matches, func(m people.Match) bool { return m.Person == p })
		if i < 0 || matches[i].Score < matches[0].Score || matches[i].Likeness < 0.999 || matches[i].Percentile < 99.9 || len(matches[i].Reasons) < 5 {
			t.Errorf("%s: is number %d of %+v", p.Name, i, matches)
		}
	}
}

func TestMatchesFollowTheStore(t *testing.T) {
	store := new(peopletest.Memory)
	s := service(t, store)

	if _, err := s.Import(t.Context(), long(100), nil); err != nil {
		t.Fatal(err)
	}

	person := people.Person{Name: "Twin", Date: atlas.Date{Year: 1950, Month: 2, Day: 3}, Rating: people.RatingX, Place: people.Place{
		Name: "Vienna", Located: true, Latitude: 48.2, Longitude: 16.37, Zone: "Europe/Vienna",
	}}

	c, err := s.Chart(person)
	if err != nil {
		t.Fatal(err)
	}

	first := func() people.Match {
		t.Helper()

		matches, err := s.Match(t.Context(), c, 1)
		if err != nil || len(matches) != 1 {
			t.Fatal(matches, err)
		}

		return matches[0]
	}

	if m := first(); m.Person.Name != "Person 50" { // the same date, and no place
		t.Errorf("want the one of the same date, got %+v", m)
	}

	reads := store.Reads
	if first(); store.Reads != reads {
		t.Error("the index was built again without a change")
	}

	if _, err := store.Save(t.Context(), people.Batch{People: []people.Person{person}}); err != nil {
		t.Fatal(err)
	}

	if m := first(); m.Person != person {
		t.Errorf("want the one that was added, got %+v", m)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := s.Match(ctx, c, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("want context.Canceled, got %v", err)
	}
}

func FuzzImport(f *testing.F) {
	f.Add(dirty(f))
	f.Add([]byte("name,birth_date\n\"a\n\"b\",1900-01-02\n"))
	f.Add([]byte("name,birth_date,lat,lng,timezone,time\nx,1990-01-02,1,2,UTC,10:30\n"))

	f.Fuzz(func(t *testing.T, text []byte) {
		store := new(peopletest.Memory)
		s := service(t, store)

		report, err := s.Import(t.Context(), bytes.NewReader(text), nil)
		if err != nil {
			return
		}

		if report.Created+report.Rejected != report.Rows || report.Changed+report.Unchanged != 0 {
			t.Fatalf("rows do not add up: %+v", report)
		}

		again, err := s.Import(t.Context(), bytes.NewReader(text), nil)
		if err != nil || again.Created+again.Changed != 0 || again.Unchanged != report.Created {
			t.Fatalf("the second time: %+v after %+v, %v", again, report, err)
		}
	})
}
