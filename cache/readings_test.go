package cache_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"sidereal/cache"
	"sidereal/reading"
)

// shelf is a store of readings that counts what it is asked for.
type shelf struct {
	reading.Store

	readings map[string]reading.Reading
	sections map[string][]reading.Section
	asked    []string
	err      error
}

func (s *shelf) ByIDs(_ context.Context, ids []string) (map[string]reading.Reading, error) {
	found := make(map[string]reading.Reading)

	for _, id := range ids {
		s.asked = append(s.asked, "reading "+id)

		if r, ok := s.readings[id]; ok {
			found[id] = r
		}
	}

	return found, s.err
}

func (s *shelf) Sections(_ context.Context, ids []string) (map[string][]reading.Section, error) {
	found := make(map[string][]reading.Section)

	for _, id := range ids {
		s.asked = append(s.asked, "sections "+id)
		found[id] = s.sections[id]
	}

	return found, s.err
}

func TestCompletedReadingsAreKeptAndOthersAreNot(t *testing.T) {
	const done, under, unknown = "done", "under way", "unknown"

	behind := &shelf{
		readings: map[string]reading.Reading{done: {ID: done, Status: reading.Completed}, under: {ID: under, Status: reading.Writing}},
		sections: map[string][]reading.Section{done: {{Title: "one"}, {Title: "two"}}, under: {{Title: "one"}}},
	}
	c := cache.NewReadings(behind, 10)

	look := func() {
		t.Helper()

		found, err := c.ByIDs(t.Context(), []string{done, under, unknown})
		if err != nil || len(found) != 2 || found[done].Status != reading.Completed || found[under].ID != under {
			t.Fatalf("want both readings, got %v, %v", found, err)
		}

		sections, err := c.Sections(t.Context(), []string{done, under})
		if err != nil || len(sections[done]) != 2 || len(sections[under]) != len(behind.sections[under]) {
			t.Fatalf("want what is written, got %v, %v", sections, err)
		}
	}

	look()

	behind.asked = nil
	behind.sections[under] = append(behind.sections[under], reading.Section{Title: "two"})

	look() // another section of the one under way is seen at once

	if want := []string{"reading " + under, "reading " + unknown, "sections " + under}; !slices.Equal(behind.asked, want) {
		t.Errorf("want the store asked for %q, got %q", want, behind.asked)
	}

	behind.readings[under] = reading.Reading{ID: under, Status: reading.Completed}

	look()
	look()

	behind.err = errors.New("down")

	if found, err := c.ByIDs(t.Context(), []string{done, under}); err != nil || len(found) != 2 {
		t.Errorf("want both from the cache, got %v, %v", found, err)
	}

	if _, err := c.ByIDs(t.Context(), []string{done, unknown}); !errors.Is(err, behind.err) {
		t.Errorf("want the store's error, got %v", err)
	}

	if _, err := c.Sections(t.Context(), []string{done, under}); err != nil {
		t.Errorf("want both from the cache, got %v", err)
	}

	if _, err := c.Sections(t.Context(), []string{done, unknown}); !errors.Is(err, behind.err) {
		t.Errorf("want the store's error, got %v", err)
	}
}
