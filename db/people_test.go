package db

import (
	"testing"

	"sidereal/internal/casttest"
	"sidereal/people"
	"sidereal/people/peopletest"
)

func TestPeoplePassTheStoreSuite(t *testing.T) {
	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			peopletest.TestStore(t, func(t *testing.T) peopletest.Opened {
				d := migrated(t, Config{URL: b.url(t)})

				return peopletest.Opened{Store: NewPeople(d), Close: func() { _ = d.Close() }}
			})
		})
	}
}

// The whole way on both kinds of database: the shipped list put in, and one of its people found by name.
func TestTheShippedListIsSeededAndSearched(t *testing.T) {
	caster, zones := casttest.Open(t)

	for _, b := range backends(t) {
		t.Run(b.name, func(t *testing.T) {
			s := people.NewService(NewPeople(migrated(t, Config{URL: b.url(t)})), caster, zones, nil)

			if report, err := s.Seed(t.Context()); err != nil || report.Created < 250 {
				t.Fatalf("want everybody, got %+v, %v", report, err)
			}

			if report, err := s.Seed(t.Context()); err != nil || report.Rows != 0 {
				t.Errorf("the second time: want nothing read, got %+v, %v", report, err)
			}

			page, err := s.Search(t.Context(), "dvorak", nil, 5)
			if err != nil || len(page.People) != 1 || page.People[0].Name != "Antonín Dvořák" {
				t.Fatalf("want Antonín Dvořák, got %+v, %v", page, err)
			}

			c, err := s.Chart(page.People[0])
			if err != nil {
				t.Fatal(err)
			}

			if matches, err := s.Match(t.Context(), c, 2); err != nil || len(matches) != 2 || matches[0].Person != page.People[0] {
				t.Errorf("want himself first, got %+v, %v", matches, err)
			}
		})
	}
}
