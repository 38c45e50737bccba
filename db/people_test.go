package db

import (
	"testing"

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
