package model

import (
	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/graph/relay"
	"sidereal/people"
)

// FamousPersonType is the name of the type FamousPerson in global ids.
const FamousPersonType = "FamousPerson"

// FamousPerson is the view of a famous person.
type FamousPerson struct {
	people.Person

	ChartHash *chart.Hash // nil when the day or the place of birth is not known
}

// ID returns the global id.
func (p *FamousPerson) ID() string { return relay.GlobalID(FamousPersonType, string(p.Key())) }

// BirthDate returns the date of birth, nil when only the year is known.
func (p *FamousPerson) BirthDate() *atlas.Date {
	if p.YearOnly {
		return nil
	}

	return &p.Date
}

// BirthYear returns the year of birth.
func (p *FamousPerson) BirthYear() int { return p.Date.Year }

// Time returns the time of birth, nil when it is unknown.
func (p *FamousPerson) Time() *atlas.Clock {
	if !p.TimeKnown {
		return nil
	}

	return &p.Clock
}

// TimeRating returns how reliable the time is.
func (p *FamousPerson) TimeRating() people.Rating { return p.Rating }

// Place returns the place's name, nil when it is unknown.
func (p *FamousPerson) Place() *string { return orNil(p.Person.Place.Name) }

// Country returns the country, nil when it is unknown.
func (p *FamousPerson) Country() *string { return orNil(p.Person.Place.Country) }

// Latitude returns the latitude, nil when the place is not located.
func (p *FamousPerson) Latitude() *float64 { return located(p, p.Person.Place.Latitude) }

// Longitude returns the longitude, nil when the place is not located.
func (p *FamousPerson) Longitude() *float64 { return located(p, p.Person.Place.Longitude) }

// TimeZone returns the IANA name of the zone, nil when the place is not located.
func (p *FamousPerson) TimeZone() *string { return located(p, p.Person.Place.Zone) }

func located[T any](p *FamousPerson, value T) *T {
	if !p.Person.Place.Located {
		return nil
	}

	return &value
}

// Occupation returns what the person is known for, nil when it is unknown.
func (p *FamousPerson) Occupation() *string { return orNil(p.Person.Occupation) }

// Link returns a page about the person, nil when there is none.
func (p *FamousPerson) Link() *string { return orNil(p.Person.Link) }

// DateSource returns where the date comes from, nil when nobody says.
func (p *FamousPerson) DateSource() *string { return orNil(p.Person.DateSource) }

// TimeSource returns where the time comes from, nil when nobody says.
func (p *FamousPerson) TimeSource() *string { return orNil(p.Person.TimeSource) }

// CalendarNote returns what was done to a date of another calendar, nil when nothing was.
func (p *FamousPerson) CalendarNote() *string { return orNil(p.Person.CalendarNote) }

// FamousMatch is the view of a match.
type FamousMatch struct {
	people.Match

	Person *FamousPerson
}

// FamousPersonConnection is a page of famous people.
type FamousPersonConnection struct {
	Edges    []FamousPersonEdge
	PageInfo relay.PageInfo
}

// FamousPersonEdge is a famous person in a list.
type FamousPersonEdge struct {
	Cursor string
	Node   *FamousPerson
}

// NewFamousPersonConnection returns the connection of a page; after says that it starts behind a cursor.
func NewFamousPersonConnection(page people.Page, after bool, view func(people.Person) *FamousPerson) *FamousPersonConnection {
	connection := &FamousPersonConnection{Edges: make([]FamousPersonEdge, len(page.People))}
	cursors := make([]string, len(page.People))

	for i, p := range page.People {
		cursors[i] = relay.PersonCursor(p.Mark())
		connection.Edges[i] = FamousPersonEdge{Cursor: cursors[i], Node: view(p)}
	}

	connection.PageInfo = relay.NewPageInfo(cursors, false, page.More, after, false)

	return connection
}

// Nodes returns the people without their cursors.
func (c *FamousPersonConnection) Nodes() []*FamousPerson {
	nodes := make([]*FamousPerson, len(c.Edges))
	for i := range c.Edges {
		nodes[i] = c.Edges[i].Node
	}

	return nodes
}
