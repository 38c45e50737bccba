package db

import (
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"sidereal/atlas"
	"sidereal/people"
)

// personRow is a row of the table person. The clock is in seconds since midnight; it and the coordinates are NULL when unknown.
type personRow struct {
	bun.BaseModel `bun:"table:person"`

	Key          string   `bun:"key,pk"`
	Folded       string   `bun:"folded"`
	Name         string   `bun:"name"`
	Born         string   `bun:"born"` // 1990-01-15
	YearOnly     bool     `bun:"year_only"`
	ClockSeconds *int32   `bun:"clock_s"`
	Rating       string   `bun:"rating"`
	Place        string   `bun:"place"`
	Country      string   `bun:"country"`
	Latitude     *float64 `bun:"latitude"`
	Longitude    *float64 `bun:"longitude"`
	Zone         *string  `bun:"zone"`
	Occupation   string   `bun:"occupation"`
	Link         string   `bun:"link"`
	DateSource   string   `bun:"date_source"`
	TimeSource   string   `bun:"time_source"`
	CalendarNote string   `bun:"calendar_note"`
}

// personColumns are the columns of a personRow.
var personColumns = []string{
	"key", "folded", "name", "born", "year_only", "clock_s", "rating", "place", "country", "latitude", "longitude", "zone", "occupation", "link",
	"date_source", "time_source", "calendar_note",
}

func newPersonRow(p people.Person) personRow {
	mark := p.Mark()
	row := personRow{
		Key: string(mark.Key), Folded: mark.Name, Name: p.Name, Born: p.Date.String(), YearOnly: p.YearOnly, Rating: p.Rating.String(),
		Place: p.Place.Name, Country: p.Place.Country, Occupation: p.Occupation, Link: p.Link,
		DateSource: p.DateSource, TimeSource: p.TimeSource, CalendarNote: p.CalendarNote,
	}

	if p.TimeKnown {
		row.ClockSeconds = new(int32(p.Clock.Hour*3600 + p.Clock.Minute*60 + p.Clock.Second))
	}

	if p.Place.Located {
		row.Latitude, row.Longitude, row.Zone = new(p.Place.Latitude), new(p.Place.Longitude), new(p.Place.Zone)
	}

	return row
}

func (r *personRow) person() (people.Person, error) {
	date, err := atlas.ParseDate(r.Born)
	if err != nil {
		return people.Person{}, fmt.Errorf("person %s: %w", r.Key, err)
	}

	rating, ok := people.ParseRating(r.Rating)
	if !ok {
		return people.Person{}, fmt.Errorf("person %s: %q is no rating", r.Key, r.Rating)
	}

	p := people.Person{
		Name: r.Name, Date: date, YearOnly: r.YearOnly, Rating: rating, Place: people.Place{Name: r.Place, Country: r.Country},
		Occupation: r.Occupation, Link: r.Link, DateSource: r.DateSource, TimeSource: r.TimeSource, CalendarNote: r.CalendarNote,
	}

	if r.ClockSeconds != nil {
		p.TimeKnown, p.Clock = true, atlas.ClockOf(time.Unix(int64(*r.ClockSeconds), 0).UTC())
	}

	if r.Latitude != nil && r.Longitude != nil && r.Zone != nil {
		p.Place.Located, p.Place.Latitude, p.Place.Longitude, p.Place.Zone = true, *r.Latitude, *r.Longitude, *r.Zone
	}

	return p, nil
}
