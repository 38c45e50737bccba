// Package people is famous people with well-documented births: the list that ships, imports of further ones, search by name, and how alike two charts are.
package people

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"sidereal/atlas"
	"sidereal/chart"
	"sidereal/fault"
)

// Person is somebody whose birth is public. It is comparable.
type Person struct {
	Name       string
	Date       atlas.Date // local date of birth in the Gregorian calendar; 1 January where YearOnly
	YearOnly   bool       // the day is not known: there is no chart
	Clock      atlas.Clock
	TimeKnown  bool // without it Clock is zero
	Rating     Rating
	Place      Place
	Occupation string
	Link       string // http or https; may be empty

	DateSource, TimeSource string // in words; may be empty
	CalendarNote           string // what was done to a date of another calendar; may be empty
}

// Place is where somebody was born.
type Place struct {
	Name    string // as the source writes it; may be empty
	Country string // of today; may be empty

	Located             bool    // the rest is known
	Latitude, Longitude float64 // degrees, north and east positive, rounded to 1e-4 degree
	Zone                string  // IANA name
}

// Rating is how reliable a time of birth is, on the scale of Lois Rodden (Astro-Databank).
type Rating uint8

// The ratings, the best first.
const (
	RatingAA    Rating = iota // birth certificate or record
	RatingA                   // from memory, by the person or the family
	RatingB                   // from a biography
	RatingC                   // caution: no source
	RatingDD                  // dirty data: sources contradict each other
	RatingX                   // no time
	RatingCount = iota
)

var ratingNames = [RatingCount]string{"AA", "A", "B", "C", "DD", "X"}

// String returns the rating as the field writes it.
func (r Rating) String() string { return ratingNames[r] }

// ParseRating reads a rating as String writes it.
func ParseRating(text string) (Rating, bool) {
	for r, name := range ratingNames {
		if name == text {
			return Rating(r), true
		}
	}

	return RatingX, false
}

// Key is the identity of a person, 32 lower-case hexadecimal digits: the folded name and the date of birth, or the year where only that is known.
type Key string

const keyBytes = 16

// Key returns the person's identity.
func (p Person) Key() Key {
	born := p.Date.String()
	if p.YearOnly {
		born = fmt.Sprintf("%04d", p.Date.Year)
	}

	sum := sha256.Sum256([]byte(Fold(p.Name) + "|" + born))

	return Key(hex.EncodeToString(sum[:keyBytes]))
}

// ParseKey checks the form of a key from outside.
func ParseKey(text string) (Key, bool) {
	raw, err := hex.DecodeString(text)

	return Key(text), err == nil && len(raw) == keyBytes && hex.EncodeToString(raw) == text
}

// Supersedes says whether p takes the place of what is stored under its key: when it says something else, and is documented no worse. So an import
// repeats without effect, and a bare list does not wipe out a better one.
func (p Person) Supersedes(stored Person) bool {
	return p != stored && p.documentation() >= stored.documentation()
}

// documentation ranks how much is known of a birth: the time before the place, the place before the sources.
func (p Person) documentation() int {
	rank := 0

	for bit, known := range []bool{p.DateSource != "", p.Place.Located, p.TimeKnown} {
		if known {
			rank |= 1 << bit
		}
	}

	return rank
}

// Birth resolves the person's birth. Without a day or a located place there is none, and known is false.
func (p Person) Birth(zones *atlas.Zones) (birth chart.Birth, known bool, err error) {
	if p.YearOnly || !p.Place.Located {
		return chart.Birth{}, false, nil
	}

	in := chart.Input{
		Date: p.Date, Latitude: p.Place.Latitude, Longitude: p.Place.Longitude, Zone: p.Place.Zone, PlaceName: p.Place.Name,
		Disambiguation: chart.Earlier, // of noon; a given time is checked by check
	}

	if p.TimeKnown {
		in.Clock, in.Disambiguation = &p.Clock, chart.Reject
	}

	birth, err = in.Resolve(zones)

	return birth, err == nil, err
}

// check returns a VALIDATION_FAILED fault for what no list should hold: a birth that cannot be cast.
func (p Person) check(zones *atlas.Zones) error {
	if p.Date.Year < chart.FirstYear || p.Date.Year > chart.LastYear {
		return fault.Invalid("birth_date", "%s is outside the years that charts are cast for, %d to %d", p.Date, chart.FirstYear, chart.LastYear)
	}

	_, _, err := p.Birth(zones)

	return err
}
