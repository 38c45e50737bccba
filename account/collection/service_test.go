package collection_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"sidereal/account"
	"sidereal/account/collection"
	"sidereal/account/collection/collectiontest"
	"sidereal/chart"
	"sidereal/fault"
)

const (
	known   = chart.Hash("known")
	unknown = chart.Hash("unknown")
)

// calculated is collection.Charts of one chart.
type calculated struct{ err error }

func (c calculated) ByHashes(_ context.Context, hashes []chart.Hash) (map[chart.Hash]chart.Stored, error) {
	if slices.Contains(hashes, known) {
		return map[chart.Hash]chart.Stored{known: {}}, c.err
	}

	return nil, c.err
}

var saturday = time.Date(2026, 11, 21, 8, 0, 0, 123_456_789, time.FixedZone("", 3600))

func newService(store collection.Store) *collection.Service {
	return collection.NewService(store, calculated{}, func() time.Time { return saturday })
}

// as returns a context of a viewer.
func as(t *testing.T, v account.Viewer) context.Context {
	t.Helper()

	if v.Role == "" {
		v.Role = account.User
	}

	return account.WithViewer(t.Context(), v)
}

func TestAChartIsKeptUnderALabel(t *testing.T) {
	s, ctx := newService(new(collectiontest.Memory)), as(t, account.Viewer{Subject: "ann"})

	saved, created, err := s.Save(ctx, known, "\t my own \n", new("a note\nof two lines"))
	if err != nil || !created {
		t.Fatalf("created %t, %v", created, err)
	}

	if _, ok := collection.ParseID(string(saved.ID)); !ok {
		t.Errorf("%q is no id", saved.ID)
	}

	want := collection.Saved{
		ID: saved.ID, Owner: "ann", Chart: known, Label: "my own", Note: "a note\nof two lines", SavedAt: saturday.UTC().Truncate(time.Microsecond),
	}
	if saved != want {
		t.Errorf("want %+v, got %+v", want, saved)
	}

	want.Label = "again"

	if again, created, err := s.Save(ctx, known, "again", nil); err != nil || created || again != want {
		t.Errorf("the second time: want %+v, got %+v, created %t, %v", want, again, created, err)
	}

	want.Note = ""

	if changed, found, err := s.Update(ctx, saved.ID, collection.Change{Note: new("")}); err != nil || !found || changed != want {
		t.Errorf("changed: want %+v, got %+v, %t, %v", want, changed, found, err)
	}

	if found, err := s.Delete(ctx, saved.ID); err != nil || !found {
		t.Errorf("taken out: %t, %v", found, err)
	}

	if n, err := s.Count(ctx); err != nil || n != 0 {
		t.Errorf("want none left, got %d, %v", n, err)
	}
}

func TestLabelsAndNotesHaveAForm(t *testing.T) {
	s, ctx := newService(new(collectiontest.Memory)), as(t, account.Viewer{Subject: "ann"})

	for name, test := range map[string]struct{ label, note, field string }{
		"nothing":             {"", "", "label"},
		"white space":         {" \u00a0\t\n", "", "label"},
		"the longest":         {" " + strings.Repeat("é", 100) + " ", strings.Repeat("🌍", 2000), ""},
		"a label too long":    {strings.Repeat("é", 101), "", "label"},
		"a label of lines":    {"two\nlines", "", "label"},
		"a label with a zero": {"zero\x00", "", "label"},
		"a note too long":     {"x", strings.Repeat("🌍", 2001), "note"},
		"a note with a zero":  {"x", "zero\x00", "note"},
		"a note of lines":     {"x", "one\r\n\ttwo", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, saving := s.Save(ctx, known, test.label, &test.note)
			_, _, updating := s.Update(ctx, "X", collection.Change{Label: &test.label, Note: &test.note})

			for what, err := range map[string]error{"Save": saving, "Update": updating} {
				f, _ := fault.As(err)
				if test.field == "" && err != nil || test.field != "" && (f == nil || f.Code != fault.ValidationFailed || f.Field != test.field) {
					t.Errorf("%s: want a fault of %q, got %v", what, test.field, err)
				}
			}
		})
	}
}

func TestOnlyWhatWasCalculatedIsSaved(t *testing.T) {
	store := new(collectiontest.Memory)
	ctx := as(t, account.Viewer{Subject: "ann"})

	_, _, err := newService(store).Save(ctx, unknown, "x", nil)
	if f, _ := fault.As(err); f == nil || f.Code != fault.NotFound || f.Field != "chartHash" || f.ResourceType != "Chart" || f.ResourceID != string(unknown) {
		t.Errorf("want NOT_FOUND of chartHash, got %v", err)
	}

	broken := errors.New("broken")
	if _, _, err := collection.NewService(store, calculated{broken}, time.Now).Save(ctx, known, "x", nil); !errors.Is(err, broken) {
		t.Errorf("want the error of the charts, got %v", err)
	}

	if n, err := store.Count(t.Context(), "ann"); n != 0 || err != nil {
		t.Errorf("%d were saved, %v", n, err)
	}
}

func TestAFullCollectionIsAConflict(t *testing.T) {
	_, _, err := newService(full{}).Save(as(t, account.Viewer{Subject: "ann"}), known, "x", nil)
	if f, _ := fault.As(err); f == nil || f.Code != fault.Conflict {
		t.Errorf("want CONFLICT, got %v", err)
	}
}

// full is a store that takes nothing.
type full struct{ collection.Store }

func (full) Save(context.Context, collection.Saved, bool, int) (collection.Saved, bool, error) {
	return collection.Saved{}, false, collection.ErrFull
}

// Everything that a viewer may ask is asked by viewers who may not; what another owns is not found, and what needs a viewer says so.
func TestCollectionsBelongToTheirOwners(t *testing.T) {
	store := new(collectiontest.Memory)
	s := newService(store)

	mine, _, err := s.Save(as(t, account.Viewer{Subject: "ann"}), known, "x", nil)
	if err != nil {
		t.Fatal(err)
	}

	const nothing = fault.Code("nothing")

	for name, test := range map[string]struct {
		viewer        *account.Viewer // nil for nobody
		reads, writes fault.Code      // empty for what finds the chart
	}{
		"nobody":              {nil, fault.Unauthenticated, fault.Unauthenticated},
		"another":             {&account.Viewer{Subject: "bob"}, nothing, nothing},
		"an administrator":    {&account.Viewer{Subject: "root", Role: account.Admin}, nothing, nothing},
		"no subject":          {&account.Viewer{}, nothing, nothing},
		"a key without scope": {&account.Viewer{Subject: "ann", Key: "k"}, fault.Forbidden, fault.Forbidden},
		"a key that reads":    {&account.Viewer{Subject: "ann", Key: "k", Scopes: account.ScopeRead}, "", fault.Forbidden},
		"a key that writes":   {&account.Viewer{Subject: "ann", Key: "k", Scopes: account.ScopeWrite}, fault.Forbidden, ""},
		"the owner":           {&account.Viewer{Subject: "ann"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			if test.viewer != nil {
				ctx = as(t, *test.viewer)
			}

			verdict := func(found bool, err error) fault.Code {
				switch {
				case err != nil:
					return fault.CodeOf(err)
				case !found:
					return nothing
				}

				return ""
			}

			check := func(what string, got, want fault.Code) {
				t.Helper()

				if got != want {
					t.Errorf("%s: want %q, got %q", what, want, got)
				}
			}

			page, err := s.Page(ctx, collection.Query{Owner: "ann", Limit: 5})
			check("Page", verdict(len(page.Saved) > 0, err), test.reads)

			n, err := s.Count(ctx)
			check("Count", verdict(n > 0, err), test.reads)

			found, err := s.ByIDs(ctx, []collection.ID{mine.ID})
			if err != nil || slices.Contains(slices.Collect(maps.Keys(found)), mine.ID) != (test.reads == "") {
				t.Errorf("ByIDs: got %+v, %v", found, err)
			}

			_, ok, err := s.Update(ctx, mine.ID, collection.Change{Label: new("x")})
			check("Update", verdict(ok, err), test.writes)

			if test.writes != "" { // who may would leave nothing to the next
				ok, err = s.Delete(ctx, mine.ID)
				check("Delete", verdict(ok, err), test.writes)
			}
		})
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("ABCDEFGHIJKLMNOPQRSTUVWX27")
	f.Add("ABCDEFGHIJKLMNOPQRSTUVWX2\x00")
	f.Fuzz(func(t *testing.T, text string) {
		if id, ok := collection.ParseID(text); ok && (len(text) != 26 || strings.Trim(string(id), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "") {
			t.Errorf("%q was read as an id", text)
		}
	})
}
